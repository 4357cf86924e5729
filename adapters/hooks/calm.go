package hooks

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"usher/bot"
)

// How much one receiver is asked for. One that hangs holds up its own messages alone: it never has more than atOnce of the
// server's hands, and after some failures in a row it is asked by one message at a time, ever more seldom.
const (
	atOnce     = 8
	patienceOf = 5 // failures in a row
	firstRest  = 15 * time.Second
	longRest   = 10 * time.Minute
	turnWait   = time.Second // until a message that is not its turn asks again
)

// calm remembers how receivers are. The zero value knows of none.
type calm struct {
	mu sync.Mutex
	by map[string]*mood
}

// mood is how one receiver is.
type mood struct {
	now    int       // messages on the way
	failed int       // in a row
	rest   time.Time // nothing is sent until then
	why    error     // of the last failure
}

// enter lets one message go, or says how long it is to wait for its turn.
func (c *calm) enter(id string, now time.Time) (wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[string]*mood{}
	}
	m := c.by[id]
	if m == nil {
		m = &mood{}
		c.by[id] = m
	}
	most := atOnce
	if m.failed >= patienceOf {
		most = 1
	}
	switch {
	case now.Before(m.rest):
		return m.rest.Sub(now) + rand.N(turnWait)
	case m.now >= most:
		return turnWait + rand.N(turnWait)
	}
	m.now++
	return 0
}

// leave takes how it went.
func (c *calm) leave(id string, now time.Time, a answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.by[id]
	m.now--
	if a.err == nil || a.status == http.StatusGone {
		m.failed, m.rest = 0, time.Time{}
		return
	}
	m.failed, m.why = m.failed+1, a.err
	after := a.after
	if n := m.failed - patienceOf; n >= 0 {
		after = max(after, min(firstRest<<min(n, 16), longRest))
	}
	if until := now.Add(after); after > 0 && until.After(m.rest) {
		m.rest = until
	}
}

// keep forgets all receivers but those of the webhooks, and those that a message is on the way to.
func (c *calm) keep(all []bot.Webhook) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.by, func(id string, m *mood) bool {
		return m.now == 0 && !slices.ContainsFunc(all, func(w bot.Webhook) bool { return w.ID == id })
	})
}

// troubled are the receivers that failed some times in a row, with why.
func (c *calm) troubled() map[string]error {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]error{}
	for id, m := range c.by {
		if m.failed >= patienceOf {
			out[id] = m.why
		}
	}
	return out
}
