package storetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"usher/bot"
)

// Within bounds every wait of a test for something that must come.
const Within = 20 * time.Second

// Ear collects what a store says.
type Ear struct {
	mu    sync.Mutex
	heard []string
	news  chan struct{}
}

// Listen listens to a store until the test ends.
func Listen(t testing.TB, s bot.Store) *Ear {
	e := &Ear{news: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Listen(ctx, e.hear) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("listening ended with %v", err)
		}
	})
	return e
}

func (e *Ear) hear(id string) {
	e.mu.Lock()
	e.heard = append(e.heard, id)
	e.mu.Unlock()
	select {
	case e.news <- struct{}{}:
	default:
	}
}

// Count says how often an id was heard.
func (e *Ear) Count(id string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, h := range e.heard {
		if h == id {
			n++
		}
	}
	return n
}

// Hears waits until an id was heard n times.
func (e *Ear) Hears(t testing.TB, id string, n int) {
	t.Helper()
	late := time.After(Within)
	for e.Count(id) < n {
		select {
		case <-e.news:
		case <-late:
			t.Fatalf("%q was heard %d times, not %d; heard %q", id, e.Count(id), n, slices.Clone(e.heard))
		}
	}
}

func signals(t *testing.T, fresh Database) {
	tell(t, fresh, "the node hears its own commits, once each", func(w world) {
		e := Listen(w, w.Store)
		w.until(e, "first")
		w.commits(turn("c1", 0))
		e.Hears(w, "c1", 1)
		w.commits(turn("c1", 1))
		e.Hears(w, "c1", 2)
	})
	tell(t, fresh, "a refused turn is not heard", func(w world) {
		e := Listen(w, w.Store)
		w.until(e, "first")
		if err := w.Commit(w.ctx, turn("stale", 9)); !errors.Is(err, bot.ErrStale) {
			w.Fatal(err)
		}
		w.commits(turn("c1", 0))
		e.Hears(w, "c1", 1)
		w.same(e.Count("stale"), 0)
	})
	tell(t, fresh, "a store that is ready says so, a closed one is busy", func(w world) {
		w.must(w.Ready(w.ctx))
		w.must(w.Close())
		if err := w.Ready(w.ctx); !errors.Is(err, bot.ErrBusy) {
			w.Error(err)
		}
		if err := w.Commit(w.ctx, turn("c1", 0)); !errors.Is(err, bot.ErrBusy) {
			w.Error(err)
		}
	})
	t.Run("what was committed is there after the store is opened again", func(t *testing.T) {
		open := fresh(t)
		w := world{TB: t, Store: open(), ctx: context.Background()}
		w.commits(turn("c1", 0))
		w.must(w.Close())
		w.Store = open()
		c, err := w.Load(w.ctx, "c1")
		w.must(err)
		w.same(c.Seq, int64(1))
	})
}

// until commits a conversation until it is heard: from then on the ear listens.
func (w world) until(e *Ear, id string) {
	w.Helper()
	for seq, late := int64(0), time.Now().Add(Within); e.Count(id) == 0; seq++ {
		if time.Now().After(late) {
			w.Fatal("nothing is heard")
		}
		w.commits(turn(id, seq))
		select {
		case <-e.news:
		case <-time.After(10 * time.Millisecond):
		}
	}
}
