package dialogue

import (
	"bytes"
	"encoding/json"
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

// Replay runs a journal from the start.
func (m *Machine) Replay(journal []Entry) (Conversation, error) {
	var c Conversation
	for i, e := range journal {
		next, _, err := m.Advance(c, e.Input, e.At)
		if err != nil {
			return c, fmt.Errorf("entry %d: %w", i, err)
		}
		c = next
	}
	return c, nil
}

// MarshalInput writes an input as JSON with its type beside its members: {"type":"said","id":…}.
func MarshalInput(in Input) ([]byte, error) {
	name := inputName(in)
	if name == "" {
		return nil, fmt.Errorf("%w: %T", ErrUnexpected, in)
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("write input %s: %w", name, err)
	}
	out := append(make([]byte, 0, len(body)+len(name)+12), `{"type":"`...)
	out = append(append(out, name...), '"')
	if !bytes.Equal(body, []byte("{}")) {
		out = append(out, ',')
	}
	return append(out, body[1:]...), nil
}

func inputName(in Input) string {
	switch in.(type) {
	case Started:
		return "started"
	case Said:
		return "said"
	case Visited:
		return "visited"
	case Identified:
		return "identified"
	case Assigned:
		return "assigned"
	case Found:
		return "found"
	case Held:
		return "held"
	case Booked:
		return "booked"
	case Taken:
		return "taken"
	case Failed:
		return "failed"
	case Joined:
		return "joined"
	case Spoke:
		return "spoke"
	case Left:
		return "left"
	case Lapsed:
		return "lapsed"
	}
	return ""
}

// UnmarshalInput reads what MarshalInput wrote.
func UnmarshalInput(data []byte) (Input, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("read input: %w", err)
	}
	in, err := readInput(head.Type, data)
	if err != nil {
		return nil, fmt.Errorf("read input %q: %w", head.Type, err)
	}
	return in, nil
}

func readInput(name string, data []byte) (Input, error) {
	switch name {
	case "started":
		return read[Started](data)
	case "said":
		return read[Said](data)
	case "visited":
		return read[Visited](data)
	case "identified":
		return read[Identified](data)
	case "assigned":
		return read[Assigned](data)
	case "found":
		return read[Found](data)
	case "held":
		return read[Held](data)
	case "booked":
		return read[Booked](data)
	case "taken":
		return read[Taken](data)
	case "failed":
		return read[Failed](data)
	case "joined":
		return read[Joined](data)
	case "spoke":
		return read[Spoke](data)
	case "left":
		return read[Left](data)
	case "lapsed":
		return read[Lapsed](data)
	}
	return nil, ErrUnexpected
}

func read[T Input](data []byte) (Input, error) {
	var in T
	err := json.Unmarshal(data, &in)
	return in, err
}
