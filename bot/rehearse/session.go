package rehearse

import (
	"fmt"
	"slices"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/routing"
)

// Session is one rehearsed conversation. Meetings it books are remembered by its World, so that two sessions of one
// world cannot have the same time.
type Session struct {
	World        *World
	ID           string // names the session's meetings, decides ties of routing
	Conversation dialogue.Conversation
	Journal      []dialogue.Entry
	Ledger       []desk.Entry
	Traces       []routing.Verdict // why reps and times were not taken
	Now          time.Time

	machine *dialogue.Machine // nil = the world's
	given   outcome           // what the desk is not asked
}

// MaxWakes is how often one wait may wake the session: a flow that wakes more often runs in a circle.
const MaxWakes = 100

// Input takes one input and returns the effects in order. On an error nothing has changed.
func (s *Session) Input(in dialogue.Input) ([]dialogue.Effect, error) {
	s.World.mu.Lock()
	defer s.World.mu.Unlock()
	m, err := s.compiled(in)
	if err != nil {
		return nil, err
	}
	d := &desk.Desk{
		Workspace: s.World.Workspace, Key: s.ID, UID: fmt.Sprintf("%s-%d", s.ID, s.Conversation.Turns), Now: s.Now,
		Agenda: func(q desk.Query) (desk.Agenda, error) {
			return s.World.agenda(s, q), nil
		},
	}
	meetings := slices.Clone(s.World.meetings)
	next, effects, journal, err := m.Turn(s.Conversation, in, s.Now, func(c dialogue.Conversation, e dialogue.Effect) (dialogue.Input, error) {
		fact, given := s.given.answer(s.World.Workspace, s.Now, d.UID, e)
		var err error
		if !given {
			fact, err = d.Answer(c, e)
		}
		meetings = s.write(meetings, e, fact)
		return fact, err
	})
	if err != nil {
		return nil, fmt.Errorf("take %T: %w", in, err)
	}
	s.World.meetings = meetings
	s.World.enter(d.Ledger)
	s.Conversation = next
	s.World.leads(s)
	s.Journal = append(s.Journal, journal...)
	s.Ledger = append(s.Ledger, d.Ledger...)
	s.Traces = append(s.Traces, d.Traces...)
	return effects, nil
}

// compiled is the machine of the session's flow; a visit without one gets the flow it would get on the page.
func (s *Session) compiled(in dialogue.Input) (*dialogue.Machine, error) {
	if s.machine != nil {
		return s.machine, nil
	}
	flow := s.Conversation.Flow
	if started, ok := in.(dialogue.Started); ok && flow == "" {
		picked := s.World.Workspace.Pick(started.Visit.Scope(s.World.Workspace.Roster, s.Now))
		if picked == nil {
			return nil, fmt.Errorf("%w: the workspace has none", ErrNoFlow)
		}
		flow = picked.ID
	}
	return s.World.machine(flow)
}

// write keeps what an effect does to the meetings: a hold, a booking in place of the hold or of the meeting at another
// time, a meeting changed or cancelled, or a hold dropped.
func (s *Session) write(meetings []meeting, e dialogue.Effect, fact dialogue.Input) []meeting {
	switch e := e.(type) {
	case dialogue.Hold:
		if held, ok := fact.(dialogue.Held); ok {
			return append(s.without(meetings, e.Slot), meeting{session: s.ID, slot: held.Slot, kind: e.Kind, buffer: e.Rules.Buffer, until: held.Until})
		}
	case dialogue.Book:
		if booked, ok := fact.(dialogue.Booked); ok {
			if e.Instead != nil {
				meetings = s.cancel(meetings, e.Instead.UID)
			}
			return append(s.without(meetings, e.Slot), meeting{session: s.ID, uid: booked.UID, slot: booked.Slot, kind: e.Kind, buffer: e.Rules.Buffer})
		}
	case dialogue.Move:
		return s.change(meetings, e.Meeting)
	case dialogue.Change:
		return s.change(meetings, e.Meeting)
	case dialogue.Cancel:
		return s.cancel(meetings, e.Meeting.UID)
	case dialogue.Drop:
		return s.without(meetings, e.Slot)
	}
	return meetings
}

func (s *Session) cancel(meetings []meeting, uid string) []meeting {
	return slices.DeleteFunc(meetings, func(m meeting) bool { return m.session == s.ID && m.uid == uid })
}

func (s *Session) change(meetings []meeting, to dialogue.Meeting) []meeting {
	for i, m := range meetings {
		if m.session == s.ID && m.uid == to.UID {
			meetings[i].slot = to.Slot
		}
	}
	return meetings
}

// without drops the session's own hold of the slot.
func (s *Session) without(meetings []meeting, slot dialogue.Slot) []meeting {
	return slices.DeleteFunc(meetings, func(m meeting) bool {
		return m.session == s.ID && !m.until.IsZero() && m.slot.Rep == slot.Rep && m.slot.Start.Equal(slot.Start)
	})
}

// Wait lets time pass: wherever silence becomes an input on the way, or a lead has waited long enough for somebody, it is
// taken at its time.
func (s *Session) Wait(d time.Duration) ([]dialogue.Effect, error) {
	until := s.Now.Add(d)
	var effects []dialogue.Effect
	for range MaxWakes {
		wake, in := s.next()
		if in == nil || wake.After(until) {
			break
		}
		if wake.After(s.Now) {
			s.Now = wake
		}
		more, err := s.Input(in)
		if err != nil {
			return effects, err
		}
		effects = append(effects, more...)
	}
	s.Now = until
	return effects, nil
}

// next is what time brings first, and when; nil = nothing.
func (s *Session) next() (at time.Time, in dialogue.Input) {
	c := s.Conversation
	if !c.WakeAt.IsZero() {
		at, in = c.WakeAt, dialogue.Lapsed{At: c.WakeAt}
	}
	if w := c.Waiting; w != nil && (in == nil || w.Until.Before(at)) {
		at, in = w.Until, dialogue.Freed{Since: w.Since, Over: true}
	}
	return at, in
}
