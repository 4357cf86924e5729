package bot_test

import (
	"sync"
	"testing"
)

func TestARushOfLeadsLosesNone(t *testing.T) {
	for name, url := range databases {
		t.Run("on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), floor)
			const n = 90
			var all sync.WaitGroup
			for range n {
				all.Go(func() { s.offered() })
			}
			all.Wait()
			sum := 0.0
			for _, count := range s.shares() {
				sum += count
			}
			if sum != n {
				t.Errorf("%v leads in the ledger", sum)
			}
		})
	}
}
