package dialogue

import (
	"fmt"
	"time"
)

// Entry is one line of a conversation's journal: what came, and when.
type Entry struct {
	Input Input
	At    time.Time
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
