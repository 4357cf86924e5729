package calendarfake

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// faults is what goes wrong with answers before and after a handler works.
type faults struct {
	mu       sync.Mutex
	throttle int
	status   int // of throttled answers
	after    int // Retry-After in seconds; 0 = without
	lost     int // writes that are done and not answered
	latency  time.Duration
	calls    []string
}

// Throttle refuses the next n calls for want of time: 429 with Retry-After in seconds, or without it when that is 0.
func (f *faults) Throttle(n, after int) { f.Fail(n, http.StatusTooManyRequests, after) }

// Fail answers the next n calls with a status. Google's 403 says rateLimitExceeded.
func (f *faults) Fail(n, status, after int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.throttle, f.status, f.after = n, status, after
}

// LoseAnswers does the next n writes and hangs up without an answer.
func (f *faults) LoseAnswers(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lost = n
}

// Latency makes every answer take this long.
func (f *faults) Latency(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.latency = d
}

// Calls are the requests so far as METHOD /path, and forgets them.
func (f *faults) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls
	f.calls = nil
	return calls
}

// serve lets a request through to the handler, or not.
func (f *faults) serve(w http.ResponseWriter, r *http.Request, handler func(http.ResponseWriter, *http.Request), refuse func(http.ResponseWriter, int)) {
	f.mu.Lock()
	f.calls = append(f.calls, r.Method+" "+r.URL.Path)
	latency, status, after := f.latency, 0, f.after
	if f.throttle > 0 {
		f.throttle--
		status = f.status
	}
	lose := status == 0 && f.lost > 0 && r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/token")
	if lose {
		f.lost--
	}
	f.mu.Unlock()
	if latency > 0 {
		select {
		case <-time.After(latency):
		case <-r.Context().Done():
			return
		}
	}
	switch {
	case status != 0:
		if after > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(after))
		}
		refuse(w, status)
	case lose:
		handler(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	default:
		handler(w, r)
	}
}
