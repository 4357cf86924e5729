package terminal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"usher/bot"
)

func TestAGateOpensWhenAllHaveCome(t *testing.T) {
	var g gate
	const lines = 20
	g.open(lines)
	var come atomic.Int32
	var all sync.WaitGroup
	for i := range lines {
		all.Go(func() {
			defer g.leave()
			come.Add(1)
			if i%3 == 0 {
				return // it has nothing to write
			}
			for range 2 { // the second time after somebody else was faster
				g.pass()
				if n := come.Load(); n != lines {
					t.Errorf("it opens when %d of %d have come", n, lines)
				}
			}
		})
	}
	all.Wait()
}

// busy is a store that cannot be written for some times.
type busy struct {
	bot.Store
	times, asked int
}

func (b *busy) CommitPerson(context.Context, bot.PersonTurn) error {
	if b.asked++; b.asked <= b.times {
		return fmt.Errorf("commit: %w", bot.ErrBusy)
	}
	return nil
}

func TestAnImportWaitsForABusyDatabase(t *testing.T) {
	for _, stopped := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if stopped {
			cancel()
		}
		b, g := &busy{times: 2}, &gate{}
		g.open(1)
		err := importStore{b, g, false}.CommitPerson(ctx, bot.PersonTurn{})
		if stopped != errors.Is(err, bot.ErrBusy) || !stopped && b.asked != 3 {
			t.Errorf("stopped %v: asked %d times, %v", stopped, b.asked, err)
		}
	}
}
