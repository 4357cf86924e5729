package dialogue

import (
	"context"
	"fmt"
	"time"

	"github.com/looplab/fsm"

	"usher/flows"
)

// Advance takes one input. On an error the conversation comes back as it was; the argument is never changed.
//
// A Lapsed that is not the conversation's WakeAt, a Left of somebody who is not there, a Joined of who is there already,
// a Claimed of what is claimed, a Passed or Snoozed of somebody who does not have the lead, what is told of a meeting that
// does not stand or is so already, and what a page tells after MaxTurns do nothing at all: not even Turns grows.
func (m *Machine) Advance(c Conversation, in Input, now time.Time) (Conversation, []Effect, error) {
	at, ok := m.states[c.State]
	if started := c.State != stateNew; started && !ok {
		return c, nil, fmt.Errorf("%w: %q in flow %s", ErrState, c.State, m.flow.ID)
	} else if started && c.Flow != m.flow.ID {
		return c, nil, fmt.Errorf("%w: a conversation of flow %s in flow %s", ErrState, c.Flow, m.flow.ID)
	} else if !c.sound(at.phase) {
		return c, nil, fmt.Errorf("%w: %q without what belongs to it", ErrState, c.State)
	} else if _, first := in.(Started); first == started {
		return c, nil, fmt.Errorf("%w: %T in state %q", ErrUnexpected, in, c.State)
	}
	if stale(&c, in) {
		return c, nil, nil
	}
	f := m.pool.Get().(*fsm.FSM)
	defer m.pool.Put(f)
	f.SetState(c.State)
	t := turn{m: m, f: f, c: c, at: at, now: instant(now), dirty: true}
	if err := t.take(in); err != nil {
		return c, nil, err
	}
	if _, err := t.view(); err != nil {
		return c, nil, err
	}
	t.c.Turns++
	return t.c, t.effects, nil
}

// sound says whether the conversation holds what the phase goes on with.
func (c *Conversation) sound(p phase) bool {
	switch p {
	case finding, offered:
		return c.Assigned != nil
	case holding, asking, booking:
		return c.Assigned != nil && c.Chosen != nil
	}
	return true
}

// instant is t as conversations keep it: UTC, without what JSON would lose.
func instant(t time.Time) time.Time { return t.UTC().Round(0) }

// stale says whether the input speaks of something that is over, or tells a page's news to a conversation that is full.
func stale(c *Conversation, in Input) bool {
	switch in := in.(type) {
	case Lapsed:
		return c.WakeAt.IsZero() || !in.At.Equal(c.WakeAt)
	case Left:
		return c.Joined == nil || in.Rep != "" && in.Rep != c.Joined.Rep
	case Visited, Returned, Identified:
		return c.Turns >= MaxTurns
	case Joined:
		return c.Joined != nil && c.Joined.Rep == in.Rep
	case Claimed:
		return c.Claimed != "" && (!in.Over || c.Claimed == in.Rep) || in.Rep == ""
	case Passed:
		return !c.ownedBy(in.Rep) || in.Tier && (c.Claimed != "" || c.Meeting != nil || c.Assigned.Next == nil)
	case Freed:
		return c.Waiting == nil || !c.Waiting.Since.Equal(in.Since)
	case Snoozed:
		return !c.ownedBy(in.Rep)
	case Cancelled:
		return !c.meets(in.UID)
	case Rescheduled:
		return !c.meets(in.UID) && (c.Clashed == nil || c.Clashed.UID != in.UID) ||
			c.meets(in.UID) && c.Meeting.Start.Equal(in.Slot.Start) && c.Meeting.End.Equal(in.Slot.End)
	case Clashed:
		return !c.meets(in.UID)
	case Shifted:
		return !c.meets(in.UID) || !in.End.After(in.Start) || c.Meeting.Start.Equal(in.Start) && c.Meeting.End.Equal(in.End)
	case Placed:
		return !c.meets(in.UID) || c.Meeting.Place == in.Place
	case Replied:
		return !c.meets(in.UID)
	case Missed:
		return !c.meets(in.UID)
	}
	return false
}

// meets says whether the meeting that stands is this one.
func (c *Conversation) meets(uid string) bool { return c.Meeting != nil && c.Meeting.UID == uid }

// turn is one Advance at work. It owns c, but not what c points at: slices are cloned and pointers replaced, never
// written through.
type turn struct {
	m        *Machine
	f        *fsm.FSM
	c        Conversation
	at       place
	now      time.Time
	effects  []Effect
	scope    *flows.Scope
	dirty    bool // the score may have changed
	steps    int
	returned bool // the visitor came back after the conversation lapsed
}

func (t *turn) take(in Input) error {
	switch in := in.(type) {
	case Started:
		return t.started(in)
	case Said:
		return t.said(in)
	case Visited:
		t.visited(in)
	case Returned:
		return t.cameBack(in)
	case Identified:
		return t.identified(in)
	case Assigned:
		return t.assigned(in)
	case Queued:
		return t.queued(in)
	case Freed:
		return t.freed(in)
	case Found:
		return t.found(in)
	case Held:
		return t.held(in)
	case Booked:
		return t.booked(in)
	case Taken:
		return t.taken(in)
	case Failed:
		return t.failed(in)
	case Joined:
		return t.joined(in)
	case Spoke:
		return t.spoke(in)
	case Left:
		return t.left()
	case Claimed:
		return t.claimed(in)
	case Passed:
		return t.passOn(in)
	case Cancelled:
		t.cancelled(in)
	case Rescheduled:
		return t.rescheduled(in)
	case Clashed:
		return t.clashed(in)
	case Shifted:
		return t.shifted(in)
	case Placed:
		t.placed(in)
	case Replied:
		t.do(Mark{Meeting: *t.c.Meeting, Answer: in.Answer, Sequence: in.Sequence})
	case Missed:
		t.do(Mark{Meeting: *t.c.Meeting, Missed: true})
	case Snoozed:
		t.c.Snoozed = instant(in.Until)
	case Lapsed:
		return t.lapsed()
	default:
		return fmt.Errorf("%w: %T", ErrUnexpected, in)
	}
	return nil
}

// unexpected is the error for a fact nobody asked for.
func (t *turn) unexpected(in Input) error {
	return fmt.Errorf("%w: %T in state %q", ErrUnexpected, in, t.c.State)
}

// move takes the machine to a state by an event. Where it already is there, there is nothing to do.
func (t *turn) move(event, to string) error {
	if t.c.State == to {
		return nil
	}
	if err := t.f.Event(context.Background(), event); err != nil {
		return fmt.Errorf("leave state %q: %w", t.c.State, err)
	}
	if t.f.Current() != to {
		return fmt.Errorf("%w: %q, not %q", ErrState, t.f.Current(), to)
	}
	t.c.State, t.at = to, t.m.states[to]
	return nil
}

// shift moves to another phase of the same step.
func (t *turn) shift(event string, p phase) error { return t.move(event, t.at.node.state[p]) }

// resume comes back to a state by way of aside.
func (t *turn) resume(n *node, p phase) error {
	if t.c.State == n.state[p] {
		return nil
	}
	if err := t.move(eventAside, stateAside); err != nil {
		return err
	}
	if p == inStep {
		return t.move(n.to, n.ID)
	}
	return t.move(n.again[p], n.state[p])
}

func (t *turn) do(e Effect) { t.effects = append(t.effects, e) }

// speak says words of the engine or of the author as they are; silence is not said.
func (t *turn) speak(text string) {
	if text != "" {
		t.do(Say{Step: t.stepID(), Text: text})
	}
}

// say says a text of the author.
func (t *turn) say(text *flows.Text) error {
	s, err := t.render(text)
	if err == nil {
		t.speak(s)
	}
	return err
}

func (t *turn) render(text *flows.Text) (string, error) {
	if text == nil {
		return "", nil
	}
	scope, err := t.view()
	if err != nil {
		return "", err
	}
	s, err := text.In(t.c.Language, scope)
	if err != nil {
		return "", fmt.Errorf("text of step %s: %w", t.stepID(), err)
	}
	return s, nil
}

func (t *turn) stepID() string {
	if t.at.node == nil {
		return ""
	}
	return t.at.node.ID
}

// wait leaves the question open until the flow's expiry. One that is open beyond an end stays so: the end stands anyway.
func (t *turn) wait() {
	if t.c.End == "" {
		t.c.WakeAt = t.now.Add(t.m.expires())
	}
}

// view is the scope as it is now, with the score of now.
func (t *turn) view() (*flows.Scope, error) {
	if t.scope == nil {
		t.scope = t.m.Scope(t.c, t.now)
	}
	if t.dirty {
		t.dirty = false
		if err := t.rescore(); err != nil {
			return nil, err
		}
	}
	return t.scope, nil
}

// changed forgets the scope after a change to what it shows.
func (t *turn) changed() { t.scope, t.dirty = nil, true }
