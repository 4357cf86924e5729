package dialogue

import (
	"time"

	"usher/flows"
)

// Machine is one flow compiled to its transition table; it is safe for any number of conversations at once.
type Machine struct{}

// Compile makes the machine of a flow. The error is the programmer's: a checked flow always compiles.
func Compile(w *flows.Workspace, f *flows.Flow) (*Machine, error) { return &Machine{}, nil }

// Advance takes one input. On an error the conversation comes back as it was; the argument is never changed.
func (m *Machine) Advance(c Conversation, in Input, now time.Time) (Conversation, []Effect, error) {
	return c, nil, nil
}

// Turn runs Advance and feeds back the facts that answer gives for the effects that want one, until none is open. It
// returns the effects in order and the journal of everything that was fed in, bounded by MaxSteps.
func (m *Machine) Turn(c Conversation, in Input, now time.Time, answer func(Conversation, Effect) (Input, error)) (Conversation, []Effect, []Entry, error) {
	return c, nil, nil, nil
}

// Open is the question that is open in the conversation as a channel shows it, or nil.
func (m *Machine) Open(c Conversation, now time.Time) *Ask { return nil }

// Replay runs a journal from the start.
func (m *Machine) Replay(journal []Entry) (Conversation, error) { return Conversation{}, nil }

// Scope is what conditions and texts may name in the conversation at that time.
func (m *Machine) Scope(c Conversation, now time.Time) *flows.Scope { return nil }

// MarshalInput and UnmarshalInput write an input to JSON and read it back: {"type":"said","id":…}.
func MarshalInput(in Input) ([]byte, error) { return nil, nil }

// UnmarshalInput reads what MarshalInput wrote.
func UnmarshalInput(data []byte) (Input, error) { return nil, nil }
