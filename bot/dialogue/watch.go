package dialogue

import (
	"context"

	"github.com/looplab/fsm"
)

// Watched is the machine with every move told to seen, as states of its table: for coverage by stories, for explorers.
// It decides what the machine itself decides, at the price of one call a move.
func (m *Machine) Watched(seen func(from, to string)) (*Machine, error) {
	w, err := Compile(m.workspace, m.flow)
	if err != nil {
		return nil, err
	}
	tell := fsm.Callbacks{"enter_state": func(_ context.Context, e *fsm.Event) { seen(e.Src, e.Dst) }}
	w.pool.New = func() any { return fsm.NewFSM(stateNew, w.events, tell) }
	return w, nil
}
