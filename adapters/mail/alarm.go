package mail

import (
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// alarms is what is wrong with a server and somebody has to mend.
type alarms struct {
	mu     sync.Mutex
	reason string
	since  time.Time
}

// raise tells the operator once, and readiness until it is over.
func (a *alarms) raise(log *slog.Logger, reason string, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.reason == "" {
		a.since = at
	}
	if a.reason == reason {
		return
	}
	a.reason = reason
	if log == nil {
		log = slog.Default()
	}
	log.Error("mail: needs mending", "reason", reason)
}

// clear is called when something works.
func (a *alarms) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.reason = ""
}

func (a *alarms) problems() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.reason == "" {
		return nil
	}
	return []string{fmt.Sprintf("mail: %s (since %s)", a.reason, a.since.UTC().Format(time.RFC3339))}
}

// Problems says what of mail does not work and somebody has to mend, for the operator.
func (p *Post) Problems() []string {
	if p == nil {
		return nil
	}
	all := p.Server.alarms.problems()
	if p.Box != nil {
		all = append(all, p.Box.alarms.problems()...)
	}
	return all
}

func now(clock func() time.Time) time.Time {
	if clock == nil {
		return time.Now()
	}
	return clock()
}
