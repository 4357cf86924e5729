package terminal

import "sync"

// gate has the lines of a batch write at the same moment, so that the database commits them together: whoever comes to it
// waits until everybody who is at work has come too, or has left. The zero value has nobody at work.
type gate struct {
	mu      sync.Mutex
	working int
	waiting []chan struct{}
}

// open begins a batch of n.
func (g *gate) open(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.working += n
}

// pass returns when all who are at work have come.
func (g *gate) pass() {
	g.mu.Lock()
	mine := make(chan struct{})
	g.waiting = append(g.waiting, mine)
	g.stopped()
	g.mu.Unlock()
	<-mine
}

// leave says that one is done.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopped()
}

// stopped takes one away from those at work; the last one lets all in who wait.
func (g *gate) stopped() {
	if g.working--; g.working > 0 {
		return
	}
	g.working = len(g.waiting)
	for _, one := range g.waiting {
		close(one)
	}
	g.waiting = nil
}
