package store

import (
	"context"
	"sync"
)

// maxPending bounds what a listener has not been told yet; beyond it the listener is told that anything may have
// changed.
const maxPending = 4096

// hub tells the listeners of this node what was committed, here and elsewhere. Saying never waits for a listener.
type hub struct {
	mu        sync.Mutex
	listeners map[*listener]struct{}
}

// listener collects ids until they are heard; an id that is said twice meanwhile is heard once.
type listener struct {
	pending map[string]struct{}
	wake    chan struct{}
}

// Listen calls heard, one call at a time, with the conversation id of every commit, of this node and of others, until
// ctx ends. It calls heard("") whenever the connection on which it hears other nodes was made, the first time too:
// anything may have changed before.
func (d *DB) Listen(ctx context.Context, heard func(conversation string)) error {
	_, alone := d.engine.(*lite) // there is no connection to be made: it is as if it were made now
	l := d.hub.join(alone)
	defer d.hub.leave(l)
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- d.engine.listen(ctx) }()
	for {
		select {
		case <-l.wake:
			for _, id := range d.hub.take(l) {
				heard(id)
			}
		case <-ctx.Done():
			stop()
			return <-done
		}
	}
}

// join adds a listener; one that missed something is told that anything may have changed.
func (h *hub) join(missed bool) *listener {
	l := &listener{pending: map[string]struct{}{}, wake: make(chan struct{}, 1)}
	if missed {
		l.add("")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners == nil {
		h.listeners = map[*listener]struct{}{}
	}
	h.listeners[l] = struct{}{}
	return l
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, l)
}

// say puts an id before every listener; "" replaces all ids.
func (h *hub) say(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		l.add(id)
	}
}

func (l *listener) add(id string) {
	if id == "" || len(l.pending) >= maxPending {
		clear(l.pending)
		id = ""
	}
	if _, all := l.pending[""]; !all {
		l.pending[id] = struct{}{}
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (h *hub) take(l *listener) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	ids := make([]string, 0, len(l.pending))
	for id := range l.pending {
		ids = append(ids, id)
	}
	clear(l.pending)
	return ids
}
