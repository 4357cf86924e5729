package rehearse

import (
	"errors"
	"fmt"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/flows"
)

// Backtest runs conversations that took place through another version of their workspace, without the world: visitors
// give the answers they gave, whenever their questions come now. What was decided then stays where the new version asks
// the same of the house; where it asks something else, its own routing decides on the agenda that is still known.
type Backtest struct {
	Workspace *flows.Workspace // the new version
	// Agenda reads what is still known of the reps as it was then; nil = all are free in their hours.
	Agenda func(q desk.Query, then time.Time, conversation string) (desk.Agenda, error)

	runners map[string]*runner
}

// Upshot is how a conversation came out.
type Upshot struct {
	Score float64 `json:"score"`
	Grade string  `json:"grade"`
	Step  string  `json:"step"`
	End   string  `json:"end"` // "" = open
	Route string  `json:"route"`
	Rep   string  `json:"rep"`
}

// Difference is what is otherwise with a conversation.
type Difference struct {
	Conversation string   `json:"conversation"`
	Flow         string   `json:"flow"`
	What         []string `json:"what"` // score, grade, end, route, rep
	Was          Upshot   `json:"was"`
	Is           Upshot   `json:"is"`
	Stops        string   `json:"stops,omitempty"`   // the question to which there is no answer, for it was never asked
	Guessed      []string `json:"guessed,omitempty"` // what rests on what cannot be known: rep, time
	Why          []string `json:"why,omitempty"`
}

// ErrNotReplayed says that a conversation cannot be run again.
var ErrNotReplayed = errors.New("cannot be run again")

// Told is a conversation that took place.
type Told struct {
	ID        string
	Flow      string
	Workspace *flows.Workspace // the version it took place in
	Journal   []dialogue.Entry
}

// Run runs one conversation.
func (b *Backtest) Run(t Told) (Difference, error) {
	id, old := t.ID, t.Workspace
	past, err := b.past(t)
	if err != nil {
		return Difference{}, fmt.Errorf("conversation %s %w: %w", id, ErrNotReplayed, err)
	}
	d := Difference{Conversation: id, Flow: past.end.Flow}
	f := b.Workspace.Flow(past.end.Flow)
	if f == nil {
		return d, fmt.Errorf("conversation %s %w: there is no flow %s any more", id, ErrNotReplayed, past.end.Flow)
	}
	now, err := b.runner(b.Workspace, f)
	if err != nil {
		return d, err
	}
	a := again{Backtest: b, id: id, past: past, runner: now, facts: past.facts}
	if err := a.run(); err != nil {
		return d, fmt.Errorf("conversation %s %w: %w", id, ErrNotReplayed, err)
	}
	d.Stops, d.Guessed = a.stops, a.guessed
	d.Was, d.Is = upshot(old, past.end), upshot(b.Workspace, a.c)
	d.compare(past, &a)
	return d, nil
}

func upshot(w *flows.Workspace, c dialogue.Conversation) Upshot {
	o := Upshot{Score: c.Score.Score, Grade: c.Score.Grade, Step: stepOf(c.State), End: c.End}
	if a := c.Assigned; a != nil {
		o.Rep, o.Route = a.Rep, a.Team
		if a.Route >= 0 && a.Route < len(w.Roster.Routes) {
			o.Route = w.Roster.Routes[a.Route].To
		}
	}
	return o
}

// runner is a machine that tells the steps it goes through.
type runner struct {
	*dialogue.Machine
	steps []string
}

// maxRunners is how many machines are kept: those of the versions a month has seen.
const maxRunners = 64

func (b *Backtest) runner(w *flows.Workspace, f *flows.Flow) (*runner, error) {
	key := w.Revision + "/" + f.ID
	if w == b.Workspace {
		key = "new/" + f.ID
	}
	if r := b.runners[key]; r != nil {
		r.steps = nil
		return r, nil
	}
	m, err := dialogue.Compile(w, f)
	if err != nil {
		return nil, err
	}
	r := &runner{}
	r.Machine, err = m.Watched(func(_, to string) {
		if stepOf(to) == to && to != "" {
			r.steps = append(r.steps, to)
		}
	})
	if b.runners == nil || len(b.runners) >= maxRunners {
		b.runners = map[string]*runner{}
	}
	b.runners[key] = r
	return r, err
}

// past is a conversation as it took place.
type past struct {
	workspace *flows.Workspace
	flow      *flows.Flow
	end       dialogue.Conversation
	events    []event
	facts     []decided
	steps     []string
}

// event is something that happened to a conversation.
type event struct {
	dialogue.Entry
	field  string      // the question it answers, dialogue.TypeSlot for a time, or "" = it answers none
	choice int         // the offered time it chose, from 0; -1 = none
	value  flows.Value // the answer as it was read
	wake   time.Time   // when the conversation would have been woken before
	used   bool
}

// decided is a fact of the house, with the rep and the routes it was about.
type decided struct {
	input   dialogue.Input
	rep     string
	skipped map[string]bool // routes that held and could not serve
	used    bool
}

// past runs the journal in the old version and takes it apart.
func (b *Backtest) past(t Told) (*past, error) {
	p := &past{workspace: t.Workspace, flow: t.Workspace.Flow(t.Flow)}
	if p.flow == nil || len(t.Journal) == 0 {
		return nil, errors.New("its flow or its journal is not there")
	}
	m, err := b.runner(t.Workspace, p.flow)
	if err != nil {
		return nil, err
	}
	for _, e := range t.Journal {
		before := p.end
		after, _, err := m.Advance(before, e.Input, e.At)
		if err != nil {
			return nil, err
		}
		p.end = after
		if isFact(e.Input) {
			p.facts = append(p.facts, p.decided(m, before, e))
			continue
		}
		p.events = append(p.events, eventOf(m, before, after, e))
	}
	p.steps = m.steps
	return p, nil
}

func isFact(in dialogue.Input) bool {
	switch in.(type) {
	case dialogue.Assigned, dialogue.Queued, dialogue.Found, dialogue.Held, dialogue.Booked, dialogue.Taken, dialogue.Failed:
		return true
	}
	return false
}
