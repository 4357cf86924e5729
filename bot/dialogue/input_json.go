package dialogue

import (
	"bytes"
	"encoding/json"
	"fmt"
)

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
	case Returned:
		return "returned"
	case Identified:
		return "identified"
	case Assigned:
		return "assigned"
	case Queued:
		return "queued"
	case Freed:
		return "freed"
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
	case Claimed:
		return "claimed"
	case Passed:
		return "passed"
	case Snoozed:
		return "snoozed"
	case Cancelled:
		return "cancelled"
	case Rescheduled:
		return "rescheduled"
	case Clashed:
		return "clashed"
	case Shifted:
		return "shifted"
	case Placed:
		return "placed"
	case Replied:
		return "replied"
	case Missed:
		return "missed"
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
	case "returned":
		return read[Returned](data)
	case "identified":
		return read[Identified](data)
	case "assigned":
		return read[Assigned](data)
	case "queued":
		return read[Queued](data)
	case "freed":
		return read[Freed](data)
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
	case "claimed":
		return read[Claimed](data)
	case "passed":
		return read[Passed](data)
	case "snoozed":
		return read[Snoozed](data)
	case "cancelled":
		return read[Cancelled](data)
	case "rescheduled":
		return read[Rescheduled](data)
	case "clashed":
		return read[Clashed](data)
	case "shifted":
		return read[Shifted](data)
	case "placed":
		return read[Placed](data)
	case "replied":
		return read[Replied](data)
	case "missed":
		return read[Missed](data)
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
