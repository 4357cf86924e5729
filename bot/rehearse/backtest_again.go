package rehearse

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"usher/bot/dialogue"
)

// again is a conversation on its way through the new version.
type again struct {
	*Backtest
	*runner
	id      string
	past    *past
	facts   []decided
	c       dialogue.Conversation
	now     time.Time
	stops   string
	guessed []string
}

// run feeds what happened, in its order. A question that comes at another place gets the answer it got then.
func (a *again) run() error {
	a.facts = slices.Clone(a.past.facts)
	events := a.past.events
	for next := 0; next < len(events) && a.stops == ""; {
		e := &events[next]
		if e.used || e.field == "" {
			if err := a.feed(e); err != nil {
				return err
			}
			next++
			continue
		}
		asked := a.asked(e.At)
		if asked == "" { // nobody asks: what was an answer is nothing now
			if err := a.pass(e); err != nil {
				return err
			}
			next++
			continue
		}
		if err := a.reply(asked); err != nil {
			return err
		}
		if events[next].used {
			next++
		}
	}
	return a.finish()
}

// finish answers what is still asked and was answered then.
func (a *again) finish() error {
	for range dialogue.MaxTurns {
		asked := a.asked(a.now)
		if asked == "" || a.stops != "" || asked == a.left() {
			return nil
		}
		if err := a.reply(asked); err != nil {
			return err
		}
	}
	return nil
}

// left is the question at which the visitor went away then.
func (a *again) left() string {
	old := a.past
	if old.end.End != "" && old.end.End != dialogue.Expired {
		return ""
	}
	if r, err := a.Backtest.runner(old.workspace, old.flow); err == nil {
		if ask := r.Open(old.end, a.now); ask != nil {
			return ask.Field
		}
	}
	return ""
}

// asked is the field of the open question, or "".
func (a *again) asked(at time.Time) string {
	if a.c.End != "" && a.c.End != dialogue.Expired {
		return ""
	}
	if ask := a.Open(a.c, at); ask != nil {
		return ask.Field
	}
	return ""
}

// reply answers a question with the next answer that it got then; without one the conversation stops.
func (a *again) reply(field string) error {
	for i := range a.past.events {
		if e := &a.past.events[i]; e.field == field && !e.used {
			return a.feed(e)
		}
	}
	a.stops = field
	return nil
}

// pass lets the time of an event come without the event.
func (a *again) pass(e *event) error {
	e.used = true
	return a.wakes(e)
}

// feed gives an event to the conversation.
func (a *again) feed(e *event) error {
	if e.used {
		return nil
	}
	e.used = true
	in := e.Input
	if lapsed, ok := in.(dialogue.Lapsed); ok && !lapsed.At.Equal(a.c.WakeAt) {
		return a.wakes(e)
	}
	if _, first := in.(dialogue.Started); !first && !a.c.WakeAt.Equal(e.wake) {
		if err := a.wakes(e); err != nil {
			return err
		}
	}
	a.tick(e.At)
	return a.input(a.fitting(e), a.now)
}

// tick moves the clock, never back: an answer may be given earlier now than it was.
func (a *again) tick(to time.Time) {
	if to.After(a.now) {
		a.now = to
	}
}

// wakes lets silence be heard until an event, as often as the conversation wants.
func (a *again) wakes(e *event) error {
	for range MaxWakes {
		wake := a.c.WakeAt
		if wake.IsZero() || wake.After(e.At) {
			break
		}
		a.tick(wake)
		if err := a.input(dialogue.Lapsed{At: wake}, a.now); err != nil {
			return err
		}
	}
	a.tick(e.At)
	return nil
}

// fitting is the input as it fits: a time that is not offered now is the one that stands in its place.
func (a *again) fitting(e *event) dialogue.Input {
	said, ok := e.Input.(dialogue.Said)
	if !ok || e.choice < 0 || len(a.c.Offers) == 0 {
		return e.Input
	}
	at, err := time.Parse(time.RFC3339, said.Value)
	if err == nil && slices.ContainsFunc(a.c.Offers, func(s dialogue.Slot) bool { return s.Start.Equal(at) }) {
		return e.Input
	}
	if n, err := strconv.Atoi(said.Text); err == nil && said.Value == "" && n <= len(a.c.Offers) {
		return e.Input
	}
	if said.Value == "" {
		return e.Input
	}
	a.guess("time")
	return dialogue.Said{ID: said.ID, Text: strconv.Itoa(min(e.choice, len(a.c.Offers)-1) + 1)}
}

func (a *again) guess(what string) {
	if !slices.Contains(a.guessed, what) {
		a.guessed = append(a.guessed, what)
	}
}

// input takes one input. What does not fit the conversation any more (words of a colleague who is not called now) is
// nothing to it.
func (a *again) input(in dialogue.Input, now time.Time) error {
	next, _, _, err := a.Turn(a.c, in, now, func(c dialogue.Conversation, e dialogue.Effect) (dialogue.Input, error) {
		return a.fact(c, e, now)
	})
	var joined *dialogue.JoinedError
	if errors.Is(err, dialogue.ErrNotJoined) || errors.Is(err, dialogue.ErrUnexpected) || errors.As(err, &joined) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take %T: %w", in, err)
	}
	a.c = next
	return nil
}
