package rehearse

import (
	"container/heap"
	"context"
	"fmt"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
)

// meet serves those who want something of the house, one after the other in the order of time: whom a lead goes to and
// which times are free depends on who came before.
func (r *run) meet(ctx context.Context, talks []*talker) (*Outcome, error) {
	office, unread := newOffice(r.Workspace, r.Busy, r.from.AddDate(0, 0, -8), r.to.Add(r.Workspace.Horizon()).AddDate(0, 0, 8))
	office.plain = r.apart
	if r.seen != nil {
		office.all = map[string][]taken{}
		r.seen(office)
	}
	h := &house{run: r, office: office}
	total := newTally(r)
	for i, t := range talks {
		t.office = office
		h.talkers = append(h.talkers, t)
		for _, g := range t.waiting {
			h.coming = append(h.coming, caller{guest: g, talker: i})
		}
		t.waiting = nil
	}
	sortCallers(h.coming)
	if err := h.serve(ctx); err != nil {
		return nil, err
	}
	for _, t := range talks {
		total.add(t.tally)
	}
	if r.Progress != nil {
		r.Progress(1000)
	}
	return total.outcome(unread), nil
}

// caller is a visitor who wants something of the house, with whoever walks them.
type caller struct {
	guest
	talker int
	hold   *dialogue.Slot // in place of a visitor: a hold that ends
}

// house serves callers in the order of time.
type house struct {
	*run
	office  *office
	talkers []*talker
	coming  []caller // in order
	again   callers  // who came back, a heap
}

func (h *house) serve(ctx context.Context) error {
	for n := 0; ; n++ {
		if n%1024 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if h.Progress != nil && n > 0 {
				h.Progress(1000 - 500*len(h.coming)/(len(h.coming)+n))
			}
		}
		c, ok := h.next()
		if !ok {
			return nil
		}
		if c.hold != nil {
			h.office.drop(c.visitor, *c.hold)
			continue
		}
		if err := h.turn(&c); err != nil {
			return fmt.Errorf("visitor %d: %w", c.visitor, err)
		}
	}
}

// next is who comes first.
func (h *house) next() (caller, bool) {
	switch {
	case len(h.coming) == 0 && len(h.again) == 0:
		return caller{}, false
	case len(h.again) == 0 || len(h.coming) > 0 && compareCallers(&h.coming[0], &h.again[0]) < 0:
		c := h.coming[0]
		h.coming = h.coming[1:]
		return c, true
	}
	return heap.Pop(&h.again).(caller), true
}

// turn lets a visitor take one input, answers what it wants, and goes on with them until they come again.
func (h *house) turn(c *caller) error {
	t := h.talkers[c.talker]
	if err := h.input(t, &c.guest); err != nil {
		return err
	}
	if c.last > c.due { // they waited for somebody in vain; others come before that is over
		return h.goOn(t, c)
	}
	now := time.Unix(c.last, 0).UTC()
	var d *desk.Desk
	for c.spot.kind == wants {
		if d == nil {
			d = h.office.desk(c.visitor, c.asked, now)
		}
		if err := h.answer(t, c, d, now); err != nil {
			return err
		}
	}
	if d != nil {
		h.office.enter(d.Ledger)
		t.tally.ledger(d.Ledger)
	}
	return h.goOn(t, c)
}

// goOn lets a visitor go on until they come again.
func (h *house) goOn(t *talker, c *caller) error {
	if err := t.on(&c.guest); err != nil {
		return err
	}
	h.office.leads(c.visitor, &c.spot.c, c.due == 0)
	if c.due != 0 {
		heap.Push(&h.again, *c)
	}
	return nil
}

// input is what comes to a visitor before anything is wanted of the house: a choice, a person, or the end of waiting.
func (h *house) input(t *talker, g *guest) error {
	s, w := g.spot, g.walker
	switch s.kind {
	case offers:
		return h.picks(t, g)
	case waits:
		now := time.Unix(g.due, 0).UTC()
		if rep := h.office.joins(w.calls(s), assignedTo(s), now); rep != nil {
			person := dialogue.Person{Rep: rep.ID, Name: rep.Name}
			return t.tell(g, w.fact("joins "+rep.ID), dialogue.Joined{Person: person}, time.Duration(g.due-g.last)*time.Second)
		}
		wake := s.c.WakeAt.Sub(s.at)
		return t.tell(g, w.fact("waited"), dialogue.Lapsed{}, wake)
	case talks:
		return t.tell(g, w.fact("left"), dialogue.Left{Rep: s.c.Joined.Rep}, Talk)
	}
	return nil
}

var aboutTimes = matter("chooses a time")

// picks chooses among the times shown, each as often as the others and as none of them.
func (h *house) picks(t *talker, g *guest) error {
	shown := g.spot.c.Offers
	said := dialogue.Said{Text: "none of these"}
	if i := int(h.dice.throw(g.visitor, aboutTimes, g.rounds) * float64(len(shown)+1)); i < len(shown) {
		said = dialogue.Said{Value: shown[i].Start.Format(time.RFC3339)}
	}
	return t.tell(g, private, said, Think)
}

// answer gives the fact that a visitor's conversation wants.
func (h *house) answer(t *talker, c *caller, d *desk.Desk, now time.Time) error {
	want := c.spot.want
	switch e := want.(type) {
	case dialogue.Assign:
		if e.Scope != nil {
			scope := *e.Scope
			scope.Now = now.In(scope.Now.Location())
			e.Scope = &scope
		}
		want = e
	case dialogue.Book:
		h.office.drop(c.visitor, e.Slot)
	}
	fact, err := d.Answer(c.spot.c, want)
	if err != nil {
		return err
	}
	if until := h.office.write(c.visitor, want, fact); !until.IsZero() {
		slot := want.(dialogue.Hold).Slot
		heap.Push(&h.again, caller{guest: guest{visitor: c.visitor, due: until.Unix()}, hold: &slot})
	}
	t.tally.fact(&c.guest, want, fact, now)
	return t.tell(&c.guest, c.walker.known(&fact), fact, 0)
}

// known names a fact that comes to many visitors. Why a lead went to its rep differs each time and decides nothing, so
// it is left out.
func (w *walker) known(fact *dialogue.Input) int32 {
	switch f := (*fact).(type) {
	case dialogue.Assigned:
		if w.apart {
			return private
		}
		f.Because = ""
		*fact = f
		return w.fact(fmt.Sprintf("assigned %s %s %d", f.Team, f.Rep, f.Route))
	case dialogue.Found:
		if len(f.Slots) == 0 {
			return w.fact("found none")
		}
	case dialogue.Failed:
		return w.fact("failed " + f.Effect + f.Reason)
	}
	return private
}

// calls is the team that a conversation waits for.
func (w *walker) calls(s *spot) string {
	if s.step >= 0 && w.flow.Steps[s.step].Handoff != nil {
		return w.flow.Steps[s.step].Handoff.Team
	}
	return ""
}

func assignedTo(s *spot) string {
	if s.c.Assigned != nil {
		return s.c.Assigned.Rep
	}
	return ""
}
