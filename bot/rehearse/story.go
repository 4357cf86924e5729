package rehearse

import (
	"fmt"
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
	Used     Used     // for the coverage
	Duration time.Duration
}

// Tell runs one story in a world of its own. Duration is the time that passes in the story.
func Tell(w *flows.Workspace, busy func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error), s *flows.Story) Result {
	t := teller{story: s, result: Result{Story: s}, world: &World{Workspace: w, Busy: busy}}
	t.result.Failed = t.tell()
	if t.session != nil {
		t.result.Duration = t.session.Now.Sub(s.Now)
		t.result.Flow = t.session.Conversation.Flow
	}
	for rep, err := range t.world.Unread() {
		t.line("·", fmt.Sprintf("the calendar of %s cannot be read: %v", rep, err))
	}
	return t.result
}

// teller is a story at work.
type teller struct {
	story   *flows.Story
	world   *World
	session *Session
	recent  []string // the bot's words since somebody else did something
	result  Result
}

// tell gives what differs, with its place, or "".
func (t *teller) tell() string {
	var err error
	if t.session, err = t.world.Open(t.story.Flow, t.story.Now); err != nil {
		return at(t.story.Place, err.Error())
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
		return t.said(turn.Bot)
	case turn.Expect != nil:
		return t.expect(turn.Expect)
	}
	if err := t.do(turn); err != nil {
		return err.Error()
	}
	return ""
}

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
	t.result.Used.scored(t.session.Conversation.Score)
	for _, e := range effects {
		say, ok := e.(dialogue.Say)
		if !ok {
			continue
		}
		text := flows.Unmarked(say.Text)
		t.recent = append(t.recent, text)
		t.line("bot", text)
		if say.Ask == nil {
			continue
		}
		for i, o := range say.Ask.Options {
			t.line("", fmt.Sprintf("  %d. %s", i+1, strings.TrimSpace(o.Day+" "+o.Label)))
		}
	}
}

func (t *teller) line(who, text string) {
	t.result.Lines = append(t.result.Lines, strings.TrimRight(fmt.Sprintf("%-8s %s", who, strings.ReplaceAll(text, "\n", "\n         ")), " "))
}

// said gives what differs between the words wanted and the bot's recent ones.
func (t *teller) said(want string) string {
	heard := folded(strings.Join(t.recent, " "))
	if strings.Contains(heard, folded(want)) {
		return ""
	}
	if heard == "" {
		heard = "(nothing)"
	}
	return fmt.Sprintf("the bot did not say this\n  want: %s\n  said: %s", folded(want), heard)
}

// folded makes one space of every run of white space.
func folded(s string) string { return strings.Join(strings.Fields(s), " ") }
