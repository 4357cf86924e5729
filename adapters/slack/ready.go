package slack

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Names of what an alarm may be about beside a channel or a user.
const (
	wholeApp   = "app"
	socketMode = "socket"
)

// stopFor is how long nothing is sent to a target after it refused for good; then one message tries whether somebody
// has mended it.
const stopFor = 10 * time.Minute

// alarms are what is wrong now, by target.
type alarms struct {
	mu  sync.Mutex
	all map[string]alarm
}

type alarm struct {
	reason string
	since  time.Time
	last   time.Time
}

// Problems says what of Slack does not work and somebody has to mend, for the operator. Without an app there are none.
func (a *App) Problems() []string {
	if a == nil {
		return nil
	}
	s := &a.state.alarms
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for target, al := range s.all {
		what := "nothing can be sent to " + target
		switch target {
		case wholeApp:
			what = "nothing works"
		case socketMode:
			what = "nothing comes in"
		}
		out = append(out, fmt.Sprintf("slack: %s: %s (since %s)", what, al.reason, al.since.UTC().Format(time.RFC3339)))
	}
	slices.Sort(out)
	return out
}

// raise tells the operator once, and readiness until it is over.
func (s *alarms) raise(log *slog.Logger, target, reason string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, known := s.all[target]
	if s.all == nil {
		s.all = map[string]alarm{}
	}
	if !known || old.reason != reason {
		log.Error("slack: needs mending", "target", target, "reason", reason)
		old = alarm{reason: reason, since: now}
	}
	old.last = now
	s.all[target] = old
}

// clear is called when something works.
func (s *alarms) clear(target string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, target)
}

// stopped says why nothing is to be sent to a target now, or "".
func (s *alarms) stopped(target string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if al, ok := s.all[target]; ok && now.Sub(al.last) < stopFor {
		return al.reason
	}
	return ""
}
