package slackfake

import (
	"context"
	"net/http"
	"time"
)

// Fault is how a call goes wrong, ordered by a test with Break.
type Fault struct {
	Error   string        // the error in the answer
	Status  int           // of HTTP; 0 means 200
	After   int           // seconds in Retry-After
	Apply   bool          // the call is carried out all the same
	Drop    bool          // the connection ends without an answer
	Hang    bool          // there is no answer, for as long as the app waits
	Wait    time.Duration // before the answer
	Channel string        // only calls about this channel; "" all
	left    int
}

// Fail answers a call with one of Slack's errors.
func Fail(name string) Fault { return Fault{Error: name} }

// Limit answers a call with 429 and Retry-After.
func Limit(seconds int) Fault {
	return Fault{Error: "ratelimited", Status: http.StatusTooManyRequests, After: seconds}
}

// Down answers a call with an HTTP status such as 503 and no JSON.
func Down(status int) Fault { return Fault{Status: status, Error: "internal_error"} }

// Lost carries a call out and then drops the connection: the app cannot know.
func Lost() Fault { return Fault{Apply: true, Drop: true} }

// Dropped drops the connection and carries nothing out.
func Dropped() Fault { return Fault{Drop: true} }

// Hung carries a call out and never answers.
func Hung() Fault { return Fault{Apply: true, Hang: true} }

// Stalled never answers and carries nothing out.
func Stalled() Fault { return Fault{Hang: true} }

// Slow answers rightly, but late.
func Slow(d time.Duration) Fault { return Fault{Apply: true, Wait: d} }

// In lets a fault strike calls about one channel alone.
func (f Fault) In(channel string) Fault { f.Channel = channel; return f }

// Break lets the next n calls of a method go wrong; n below 0 means until Mend. Faults of one method come in the
// order in which they were ordered.
func (f *Fake) Break(method string, n int, how Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	how.left = n
	f.faults[method] = append(f.faults[method], &how)
}

// Mend takes back every fault of a method.
func (f *Fake) Mend(method string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.faults, method)
}

// fault is the one that strikes a call, or nil; the lock is held.
func (f *Fake) fault(c *call) *Fault {
	for _, one := range f.faults[c.method] {
		if one.left == 0 || one.Channel != "" && one.Channel != c.args["channel"] {
			continue
		}
		if one.left > 0 {
			one.left--
		}
		return one
	}
	return nil
}

func (f *Fault) reply() (out reply, status, wait int) {
	status = f.Status
	if status == 0 {
		status = http.StatusOK
	}
	return failed(f.Error), status, f.After
}

// strike keeps an answer back; true when there will be none.
func (f *Fault) strike(w http.ResponseWriter, r *http.Request, done context.Context) bool {
	var wait <-chan time.Time
	if f.Wait > 0 {
		wait = time.After(f.Wait)
	}
	if f.Hang || wait != nil {
		select {
		case <-wait:
		case <-r.Context().Done():
			return true
		case <-done.Done():
			return true
		}
	}
	if f.Drop {
		panic(http.ErrAbortHandler) // net/http cuts the connection
	}
	return f.Hang
}
