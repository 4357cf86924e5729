package rehearse

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// Result is how one story went.
type Result struct {
	Story    *flows.Story
	Flow     string
	Failed   string   // "" = as written; else what differs, with file:line:col
	Lines    []string // the transcript
	Differs  []int    // which of the lines are not as written
	Used     Used     // for the coverage
	Duration time.Duration
}

// Tell runs one story in a world of its own, up to what is not as written. Duration is the time that passes in the story.
func Tell(w *flows.Workspace, busy func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error), s *flows.Story) Result {
	t := teller{story: s, result: Result{Story: s}, world: &World{Workspace: w, Busy: busy}}
	return t.run()
}

// Retell runs one story to its end whatever differs, and gives what it would have to say to come out. A story that
// cannot go on still has Failed set.
func Retell(w *flows.Workspace, busy func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error), s *flows.Story) (Result, []flows.Amendment) {
	t := teller{story: s, result: Result{Story: s}, world: &World{Workspace: w, Busy: busy}, amending: true}
	return t.run(), t.amendments
}

// teller is one story on its way.
type teller struct {
	story   *flows.Story
	world   *World
	session *Session
	recent  []heard // the bot's words since somebody else did something
	entries int     // of the journal that the coverage has seen
	result  Result

	amending   bool
	amendments []flows.Amendment
}

// heard is one message of the bot.
type heard struct {
	text string
	line int  // of the transcript
	told bool // a line of the story is about it
}

func (t *teller) run() Result {
	t.result.Failed = t.tell()
	if t.session != nil {
		t.result.Duration = t.session.Now.Sub(t.story.Now)
		t.result.Flow = t.session.Conversation.Flow
	}
	for _, rep := range slices.Sorted(maps.Keys(t.world.Unread())) {
		t.line("·", fmt.Sprintf("the calendar of %s cannot be read: %v", rep, t.world.Unread()[rep]))
	}
	return t.result
}

func (t *teller) tell() string {
	var err error
	if t.session, err = t.world.Open(t.story.Flow, t.story.Now); err != nil {
		return at(t.story.Place, err.Error())
	}
	if turns := t.story.Turns; len(turns) > 0 && turns[0].Given != nil {
		t.given(turns[0].Given) // before the first word is said
	}
	started := dialogue.Started{Visit: t.story.Visit}
	if err := t.watch(started); err != nil {
		return at(t.story.Place, err.Error())
	}
	if err := t.take(started); err != nil {
		return at(t.story.Place, err.Error())
	}
	for i := range t.story.Turns {
		turn := &t.story.Turns[i]
		if failed := t.turn(turn); failed != "" {
			return at(turn.Place, failed)
		}
	}
	return ""
}

func at(p flows.Place, failed string) string {
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, failed)
}

// watch gives the session a machine that tells which steps and edges are used.
func (t *teller) watch(in dialogue.Input) error {
	m, err := t.session.compiled(in)
	if err != nil {
		return err
	}
	t.session.machine, err = m.Watched(t.result.Used.moved)
	return err
}

// turn takes one line of the story, and gives what differs.
func (t *teller) turn(turn *flows.StoryTurn) string {
	switch {
	case turn.Bot != "":
		return t.said(turn)
	case turn.Expect != nil:
		return t.expect(turn)
	case turn.Given != nil:
		t.given(turn.Given)
		return ""
	}
	if err := t.do(turn); err != nil {
		return err.Error()
	}
	return ""
}

// given lets the world answer so from here on.
func (t *teller) given(g *flows.Given) { t.session.given = outcome{times: g.Times, rep: g.Rep} }

// do takes a line on which somebody does something.
func (t *teller) do(turn *flows.StoryTurn) error {
	id := fmt.Sprintf("story-%d", len(t.session.Journal))
	switch {
	case turn.Visitor != "":
		t.line("visitor", turn.Visitor)
		return t.take(dialogue.Said{ID: id, Text: turn.Visitor})
	case turn.Value != "":
		t.line("visitor", "["+turn.Value+"]")
		return t.take(dialogue.Said{ID: id, Value: turn.Value})
	case turn.Wait > 0:
		t.line("·", slots.Duration(turn.Wait)+" pass")
		t.recent = nil
		effects, err := t.session.Wait(turn.Wait)
		t.hear(effects)
		return err
	case turn.Visit != "":
		t.line("·", "the visitor opens "+turn.Visit)
		return t.take(dialogue.Visited{Page: turn.Visit})
	case turn.Joins != "":
		return t.joins(turn.Joins)
	case turn.Leaves != "":
		t.line("·", turn.Leaves+" leaves")
		return t.take(dialogue.Left{Rep: turn.Leaves})
	}
	return nil
}

func (t *teller) joins(id string) error {
	rep := t.world.Workspace.Roster.Rep(id)
	if rep == nil {
		return fmt.Errorf("there is no rep %q to join", id)
	}
	t.line("·", rep.Name+" joins")
	return t.take(dialogue.Joined{Person: dialogue.Person{Rep: rep.ID, Name: rep.Name, Picture: rep.Picture}})
}

// take feeds an input and hears what the bot says to it.
func (t *teller) take(in dialogue.Input) error {
	effects, err := t.session.Input(in)
	if err != nil {
		return err
	}
	t.recent = nil
	t.hear(effects)
	return nil
}

func (t *teller) hear(effects []dialogue.Effect) {
	t.used()
	for _, e := range effects {
		say, ok := e.(dialogue.Say)
		if !ok {
			continue
		}
		text := flows.Unmarked(say.Text)
		t.recent = append(t.recent, heard{text: folded(text), line: len(t.result.Lines)})
		t.line("bot", text)
		if say.Ask == nil {
			continue
		}
		for i, o := range say.Ask.Options {
			t.line("", fmt.Sprintf("  %d. %s", i+1, strings.TrimSpace(o.Day+" "+o.Label)))
		}
	}
}

// used tells the coverage what the last input brought.
func (t *teller) used() {
	t.result.Used.scored(t.session.Conversation.Score)
	for _, e := range t.session.Journal[t.entries:] {
		if a, ok := e.Input.(dialogue.Assigned); ok {
			t.result.Used.routed(a.Route)
		}
	}
	t.entries = len(t.session.Journal)
}

func (t *teller) line(who, text string) {
	t.result.Lines = append(t.result.Lines, strings.TrimRight(fmt.Sprintf("%-8s %s", who, strings.ReplaceAll(text, "\n", "\n         ")), " "))
}

// said holds the bot's last words against a line.
func (t *teller) said(turn *flows.StoryTurn) string {
	want := folded(turn.Bot)
	var all []string
	for i, h := range t.recent {
		all = append(all, h.text)
		if strings.Contains(h.text, want) {
			t.recent[i].told = true
			return ""
		}
	}
	said := strings.Join(all, " ")
	if strings.Contains(said, want) {
		return ""
	}
	meant := t.meant(want)
	if t.amending {
		text := ""
		if meant != nil {
			text, meant.told = meant.text, true
		}
		t.amendments = append(t.amendments, flows.Amendment{Turn: turn.Place, Values: map[string]string{"bot": text}})
		return ""
	}
	t.differs(meant, "want", want)
	if said == "" {
		said = "(nothing)"
	}
	return fmt.Sprintf("the bot did not say this\n  want: %s\n  said: %s", want, said)
}

// meant is the message that a line is most likely about: the one that shares most words with it, of equals the last;
// nil when nothing was said that no other line is about.
func (t *teller) meant(want string) (best *heard) {
	most := -1
	for i := range t.recent {
		if n := shared(want, t.recent[i].text); !t.recent[i].told && n >= most {
			best, most = &t.recent[i], n
		}
	}
	return best
}

// shared counts the words of a that are in b.
func shared(a, b string) (n int) {
	words := strings.Fields(strings.ToLower(b))
	for word := range strings.FieldsSeq(strings.ToLower(a)) {
		if slices.Contains(words, word) {
			n++
		}
	}
	return n
}

// differs marks the message that is not as written, with what was wanted below it.
func (t *teller) differs(meant *heard, label, want string) {
	at := len(t.result.Lines)
	if meant != nil {
		at = meant.line
	} else {
		t.line("bot", "(nothing)")
	}
	was := t.result.Lines
	t.line(label, want)
	line := t.result.Lines[len(was)]
	t.result.Lines = slices.Insert(was, at+1, line)
	t.result.Differs = append(t.result.Differs, at, at+1)
}

func folded(s string) string { return strings.Join(strings.Fields(s), " ") }
