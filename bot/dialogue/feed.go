package dialogue

import (
	"fmt"
	"time"
)

// Turn runs Advance and feeds back the facts that answer gives for the effects that want one, until none is open. It
// returns the effects in order and the journal of everything that was fed in, bounded by MaxSteps; the journal is empty
// when the input did nothing. answer is called
// for every effect in order, with the conversation as it was when the effect came; it gives nil for those that want no
// answer, and an error ends the turn with the conversation as it was.
func (m *Machine) Turn(c Conversation, in Input, now time.Time, answer func(Conversation, Effect) (Input, error)) (Conversation, []Effect, []Entry, error) {
	now = instant(now)
	next := c
	var effects []Effect
	var journal []Entry
	for in != nil {
		if len(journal) >= MaxSteps {
			return c, nil, nil, fmt.Errorf("%w: %d facts in one turn", ErrLimit, MaxSteps)
		}
		after, did, err := m.Advance(next, in, now)
		if err != nil {
			return c, nil, nil, err
		}
		if after.Turns > next.Turns {
			journal = append(journal, Entry{in, now})
		}
		effects = append(effects, did...)
		if next, in = after, nil; len(did) > 0 {
			in, err = facts(next, did, answer)
		}
		if err != nil {
			return c, nil, nil, err
		}
	}
	return next, effects, journal, nil
}

// facts asks for the answers of all effects; at most the last of them wants one.
func facts(c Conversation, effects []Effect, answer func(Conversation, Effect) (Input, error)) (Input, error) {
	var fact Input
	for _, e := range effects {
		in, err := answer(c, e)
		if err != nil {
			return nil, fmt.Errorf("answer %T: %w", e, err)
		}
		name, wants := wanted(e)
		switch {
		case wants && in == nil:
			fact = Failed{Effect: name, Reason: "no answer"}
		case wants:
			fact = in
		}
	}
	return fact, nil
}

// wanted says whether the effect wants an answer inside the turn, and what it is called.
func wanted(e Effect) (name string, wants bool) {
	switch e.(type) {
	case Assign:
		return "assign", true
	case Find:
		return "find", true
	case Hold:
		return "hold", true
	case Book:
		return "book", true
	}
	return "", false
}
