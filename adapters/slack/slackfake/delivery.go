package slackfake

import (
	"context"
	"slices"
	"time"
)

// Delivery is one attempt at telling the app of an event.
type Delivery struct {
	Event   string // its id
	Attempt int    // 0 is the first, 1 to 3 the retries
	Reason  string // of the retry
	Failed  string // "" when the app acknowledged; else http_timeout, http_error, connection_failed, timeout …
	Took    time.Duration
}

// send puts an event in its channel's lane: within a channel the first attempts come one after the other, as they
// mostly do. The lock is held.
func (f *Fake) send(e *Event) {
	for range 1 + f.copies {
		f.pending++
		lane := f.lanes[e.Channel]
		f.lanes[e.Channel] = append(lane, e)
		if lane == nil {
			f.work.Go(func() { f.drain(e.Channel, f.late) })
		}
	}
	f.changed()
}

// drain makes the first attempts of a lane until it is empty.
func (f *Fake) drain(lane string, late time.Duration) {
	for {
		f.mu.Lock()
		if len(f.lanes[lane]) == 0 {
			delete(f.lanes, lane)
			f.mu.Unlock()
			return
		}
		e := f.lanes[lane][0]
		f.lanes[lane] = f.lanes[lane][1:]
		f.mu.Unlock()
		if !f.pause(late) {
			return
		}
		if reason, again := f.attempt(e, 0, ""); again {
			f.work.Go(func() { f.retry(e, reason) })
		} else {
			f.settled()
		}
	}
}

// retry attempts an event again: at once, after a minute, after five.
func (f *Fake) retry(e *Event, reason string) {
	defer f.settled()
	for i, wait := range retryAfter {
		if !f.pause(f.scaled(wait)) {
			return
		}
		again := false
		if reason, again = f.attempt(e, i+1, reason); !again {
			return
		}
	}
	f.options.Log.Warn("an event was given up", "event", e.ID, "reason", reason)
}

// attempt sends an event once; again says that it must be sent once more.
func (f *Fake) attempt(e *Event, number int, because string) (reason string, again bool) {
	began := time.Now()
	if f.options.Socket {
		_, reason = f.push(envelope{Type: "events_api", Payload: e.Body, Retry: number, Because: because})
		again = reason != ""
	} else {
		reason, again = f.postEvent(e, number, because)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.deliveries = append(f.deliveries, Delivery{Event: e.ID, Attempt: number, Reason: because, Failed: reason, Took: time.Since(began)})
	f.changed()
	return reason, again
}

func (f *Fake) settled() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending--
	f.changed()
}

// pause waits; false when the workspace ends meanwhile.
func (f *Fake) pause(d time.Duration) bool {
	if d <= 0 {
		return f.done.Err() == nil
	}
	select {
	case <-time.After(d):
		return true
	case <-f.done.Done():
		return false
	}
}

// Deliveries gives every attempt so far, in the order in which they ended.
func (f *Fake) Deliveries() []Delivery {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.deliveries)
}

// Settle waits until every event is acknowledged or given up; held ones do not count.
func (f *Fake) Settle(ctx context.Context) error {
	return f.until(ctx, func() bool { return f.pending == 0 })
}

// Await waits until a message in a channel (or a user's direct messages) is as wanted, and gives it; ephemeral ones
// too. The condition must not call the Fake.
func (f *Fake) Await(ctx context.Context, name string, want func(Message) bool) (found Message, err error) {
	err = f.until(ctx, func() bool {
		c, _ := f.found(name)
		if c == nil {
			return false
		}
		for _, m := range c.messages {
			if want(*m) {
				found = *m
				return true
			}
		}
		return false
	})
	return found, err
}

// Hold keeps all following events back until Release.
func (f *Fake) Hold() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holding = true
}

// Held gives the events that are kept back.
func (f *Fake) Held() (out []Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.held {
		out = append(out, *e)
	}
	return out
}

// Release sends what was held: in the order named, by place; an event that is not named is lost, one that is named
// twice comes twice. Without an order all come as they happened. Holding ends.
func (f *Fake) Release(order ...int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	held := f.held
	f.held, f.holding = nil, false
	if len(order) == 0 {
		for _, e := range held {
			f.send(e)
		}
	}
	for _, i := range order {
		f.send(held[i])
	}
}

// Duplicate lets each following event come so many times more.
func (f *Fake) Duplicate(more int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.copies = more
}

// Late lets each following event of a quiet channel come so much later.
func (f *Fake) Late(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.late = d
}

// Redeliver sends an event once more, as Slack does when an acknowledgement got lost on its way.
func (f *Fake) Redeliver(e Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending++
	f.work.Go(func() {
		defer f.settled()
		f.attempt(&e, 1, "http_timeout")
	})
}
