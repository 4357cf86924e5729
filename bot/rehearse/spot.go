package rehearse

import (
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// MaxSpots is how many merged states of a flow a simulation remembers; beyond them it works each state out anew, which
// is slower and comes to the same. One takes some three kilobytes.
const MaxSpots = 40_000

// MaxWays is how many ways between them it remembers, of some fifty bytes each.
const MaxWays = 2_000_000

// spot is a conversation that many visitors are in: all whose words and facts made the same difference. What came to one
// of them comes to all, so that each way on is worked out once. Its times are those of the visitor who was here first.
type spot struct {
	c        dialogue.Conversation
	at       time.Time // of the last input
	kind     spotKind
	step     int           // index in the flow's steps; -1 = none of them
	open     *dialogue.Ask // the question, of asks and offers
	reply    *reply        // of the open question
	want     dialogue.Effect
	drops    []dialogue.Slot // times given back on the way here
	merged   bool
	next     map[way]*spot
	question uint64 // the matter of leaving here
}

// spotKind is what a conversation waits for.
type spotKind int

const (
	asks   spotKind = iota // an answer
	offers                 // a choice of times
	wants                  // a fact: Assign, Find, Hold or Book
	waits                  // a person
	talks                  // the end of the talk with a person
	over                   // nothing: it has ended
	stuck                  // nothing that will come
)

// way is what leads on: a fact, and the hours it came in as far as they make a difference.
type way struct {
	what  int32 // index of an answer, or of a fact
	hours int32
}

// walker walks the merged states of one flow. It is used by one goroutine at a time.
type walker struct {
	machine *dialogue.Machine
	flow    *flows.Flow
	replies *replies
	clock   *clock
	spots   map[string]*spot
	facts   map[string]int32
	ways    int
	apart   bool // nothing is merged: for tests
}

func newWalker(m *dialogue.Machine, r *replies, c *clock) *walker {
	return &walker{machine: m, flow: m.Flow(), replies: r, clock: c, spots: map[string]*spot{}, facts: map[string]int32{}}
}

// begin is the spot before the first input.
func (w *walker) begin() *spot {
	s := &spot{step: -1, merged: !w.apart}
	if s.merged {
		s.next = map[way]*spot{}
	}
	return s
}

// fact is a number for what a fact is.
func (w *walker) fact(name string) int32 {
	n, ok := w.facts[name]
	if !ok {
		n = int32(-2 - len(w.facts))
		w.facts[name] = n
	}
	return n
}

// to is where an input leads from a spot for a visitor whose last input came at last. known names what the input is; 0
// stands for one that no other visitor will have.
func (w *walker) to(s *spot, known int32, in dialogue.Input, last, now time.Time) (*spot, error) {
	remembered := s.merged && known != private
	by := way{known, w.clock.hours(now)}
	if remembered {
		if next := s.next[by]; next != nil {
			return next, nil
		}
	}
	c := s.c
	if s.merged {
		c = moved(s.c, last.Sub(s.at))
	}
	if lapsed, ok := in.(dialogue.Lapsed); ok && lapsed.At.IsZero() {
		in = dialogue.Lapsed{At: c.WakeAt}
	}
	after, effects, err := w.machine.Advance(c, in, now)
	if err != nil {
		return nil, err
	}
	next := w.spot(after, effects, now)
	if remembered {
		if next = w.merge(next); next.merged && w.ways < MaxWays {
			s.next[by] = next
			w.ways++
		}
	}
	return next, nil
}

// private is the way that no other visitor will go.
const private = int32(-1 << 31)

// spot is what a conversation waits for.
func (w *walker) spot(c dialogue.Conversation, effects []dialogue.Effect, now time.Time) *spot {
	s := &spot{c: c, at: now, step: w.step(c.State)}
	for _, e := range effects {
		switch e := e.(type) {
		case dialogue.Assign, dialogue.Find, dialogue.Hold, dialogue.Book:
			s.want = e
		case dialogue.Drop:
			s.drops = append(s.drops, e.Slot)
		}
	}
	s.question = matter("leaves " + c.State)
	s.kind = w.kind(s, now)
	return s
}

func (w *walker) kind(s *spot, now time.Time) spotKind {
	switch {
	case s.want != nil:
		return wants
	case s.c.End != "":
		return over
	case s.c.Joined != nil:
		return talks
	}
	s.open = w.machine.Open(s.c, now)
	switch {
	case s.open == nil && !s.c.WakeAt.IsZero():
		return waits
	case s.open == nil:
		return stuck
	case s.open.Type == dialogue.TypeSlot:
		return offers
	}
	s.reply = w.replies.fields[s.open.Field]
	if s.reply == nil || s.reply.mute {
		return stuck
	}
	return asks
}

func (w *walker) step(state string) int {
	id := stepOf(state)
	return slices.IndexFunc(w.flow.Steps, func(s *flows.Step) bool { return s.ID == id })
}

// merge is the spot that is remembered for all conversations like this one.
func (w *walker) merge(s *spot) *spot {
	key, ok := w.key(s)
	if !ok {
		return s
	}
	if known := w.spots[key]; known != nil {
		return known
	}
	if len(w.spots) >= MaxSpots {
		return s
	}
	s.merged, s.next = true, map[way]*spot{}
	w.spots[key] = s
	return s
}

// key tells conversations apart that may go on differently; ok is false for one that holds times of its own. How many
// inputs it took and which questions were gone through decide nothing here, for nobody goes back; when an answer came
// counts only where points fade.
func (w *walker) key(s *spot) (key string, ok bool) {
	c := moved(s.c, -time.Duration(s.at.UnixNano()))
	if len(c.Offers) > 0 || len(c.Refused) > 0 || c.Chosen != nil || c.Meeting != nil || len(s.drops) > 0 {
		return "", false
	}
	c.Turns, c.Trail = 0, nil
	if !w.clock.fades {
		c.Began = time.Time{}
		for i := range c.Answers {
			c.Answers[i].At = time.Time{}
		}
		for i := range c.Visit.Pages {
			c.Visit.Pages[i].At = time.Time{}
		}
	}
	data, err := c.AppendJSON(nil)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	b.Write(data)
	switch e := s.want.(type) {
	case dialogue.Assign:
		b.WriteString(" assign " + e.Team)
	case dialogue.Find:
		b.WriteString(" find " + e.Team)
	}
	return b.String(), true
}

// moved is the conversation as it is for a visitor who came so much later. Times of meetings stay what they are.
func moved(c dialogue.Conversation, by time.Duration) dialogue.Conversation {
	if by == 0 && len(c.Answers) == 0 && len(c.Visit.Pages) == 0 {
		return c
	}
	shift := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(by)
		}
	}
	c.Answers, c.Visit.Pages = slices.Clone(c.Answers), slices.Clone(c.Visit.Pages)
	shift(&c.Began)
	shift(&c.WakeAt)
	shift(&c.Revisit)
	for i := range c.Answers {
		shift(&c.Answers[i].At)
	}
	for i := range c.Visit.Pages {
		shift(&c.Visit.Pages[i].At)
	}
	return c
}
