package calendar

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"usher/bot"
	"usher/flows"
)

// Defaults and bounds of a Sync.
const (
	DefaultEvery = 5 * time.Minute // each calendar is read again, for changes and for instances that come into the horizon
	DefaultPoll  = 3 * time.Second // a changed file is noticed
	readFor      = time.Minute     // of one reading, whoever waits for it
	readers      = 8               // calendars read at once: each may hold MaxBytes
	margin       = 7 * 24 * time.Hour
)

// BusyStore keeps what was read. SaveBusy replaces one rep's busy times and may be called again.
type BusyStore interface {
	SaveBusy(ctx context.Context, b bot.Busy) error
}

// Sync keeps the store's busy times as the reps' calendars say. A rep of whose calendars one cannot be read is stored with
// the failure and the last known times, and not offered until it can be read again.
type Sync struct {
	Workspace func() *flows.Workspace // the one in force; it may change
	Store     BusyStore
	Accounts  Accounts
	Meetings  Meetings                                  // nil = there are none of ours in the calendars
	Own       func(ctx context.Context, f Found)        // told after each reading of a Book in the background; nil = nobody is
	Back      func(ctx context.Context, rep *flows.Rep) // told when a calendar that could not be read can be again; nil = nobody is
	Links     bot.Links                                 // lets one of several nodes read; nil = there is one
	Now       func() time.Time
	Every     time.Duration // 0 = DefaultEvery
	Poll      time.Duration // 0 = DefaultPoll
	Log       *slog.Logger

	mu      sync.Mutex
	of      *flows.Workspace
	reps    map[string]*diary
	follows bool // another node reads
	ended   bool
	flights sync.WaitGroup
	hands   chan struct{} // one for each reader
	lease   lease
}

var _ BusyStore = bot.Agendas(nil)

// Run reads all calendars now and again every few minutes, each by its own clock, and a file at once when it changes, until
// ctx ends. On several nodes one does.
func (s *Sync) Run(ctx context.Context) {
	poll := s.Poll
	if poll == 0 {
		poll = DefaultPoll
	}
	s.lease.links = s.Links
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		s.round(ctx)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	s.end(ctx)
}

// end waits for what was begun and leaves the calendars to another node.
func (s *Sync) end(ctx context.Context) {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.flights.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseRenew)
	defer cancel()
	if err := s.lease.release(ctx, s.Now()); err != nil {
		s.Log.Warn("another node reads the calendars only in a while", "err", err)
	}
}

// round begins to read what is due.
func (s *Sync) round(ctx context.Context) {
	held, err := s.lease.held(ctx, s.Now())
	if err != nil && ctx.Err() == nil {
		s.Log.Warn("which node reads the calendars cannot be told", "err", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.follows = !held; s.follows {
		return
	}
	s.adopt()
	now := s.Now()
	for _, d := range s.reps {
		if d.flight != nil {
			continue // which alone uses the sources until it is done
		}
		if due := d.due(now); len(due) > 0 || len(d.accounts) == 0 && !now.Before(d.next) {
			s.begin(ctx, d, due, true)
		}
	}
}

// adopt follows the workspace: a calendar that stays keeps what was read of it.
func (s *Sync) adopt() {
	w := s.Workspace()
	if w == s.of || w == nil || w.Roster == nil {
		return
	}
	reps := map[string]*diary{}
	for _, rep := range w.Roster.Reps {
		reps[rep.ID] = newDiary(rep, s.reps[rep.ID])
	}
	s.of, s.reps = w, reps
}

// jitter keeps nodes and calendars that started together from being read together.
func jitter(d time.Duration) time.Duration {
	return d - d/10 + rand.N(d/5+1)
}

// Files reads the calendars of all reps who have theirs in files alone: quick, and done before the first visitor comes.
func (s *Sync) Files(ctx context.Context) {
	s.mu.Lock()
	s.adopt()
	var begun []*flight
	for _, d := range s.reps {
		if d.flight == nil && d.local() {
			begun = append(begun, s.begin(ctx, d, d.accounts, false))
		}
	}
	s.mu.Unlock()
	for _, f := range begun {
		<-f.done
	}
}

// Refresh reads a rep's calendars now. Who asks at the same time waits for the same reading, each as long as their ctx
// lets them; the reading itself goes on. The error says why the rep's times are not known as they are now.
func (s *Sync) Refresh(ctx context.Context, rep string) error {
	for {
		f, err := s.join(ctx, rep)
		if f == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("calendar of %s: %w", rep, ctx.Err())
		case <-f.done:
		}
		if f.all {
			return f.err
		}
	}
}

// Renew reads a rep's calendars as Refresh does, whatever became of them a moment ago: the rep has just connected one. A
// reading that began before is waited for, and another follows it.
func (s *Sync) Renew(ctx context.Context, rep string) error {
	if f := s.anew(rep); f != nil {
		select {
		case <-ctx.Done():
			return fmt.Errorf("calendar of %s: %w", rep, ctx.Err())
		case <-f.done:
		}
	}
	return s.Refresh(ctx, rep)
}

// anew has a rep's calendars read by whoever comes next, and gives the reading that is under way.
func (s *Sync) anew(rep string) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.adopt()
	d := s.reps[rep]
	if d == nil {
		return nil
	}
	for _, a := range d.accounts {
		a.anew = true
	}
	return d.flight
}

// join gives the reading to wait for, begun now unless one is under way; or none, and why there is no use in one.
func (s *Sync) join(ctx context.Context, rep string) (*flight, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.adopt()
	d := s.reps[rep]
	switch {
	case s.ended:
		return nil, context.Canceled
	case d == nil:
		return nil, fmt.Errorf("%w: %s", bot.ErrNoRep, rep)
	case d.flight != nil:
		return d.flight, nil
	}
	now := s.Now()
	for _, a := range d.accounts {
		if a.resting(now) {
			return nil, d.err()
		}
	}
	return s.begin(context.WithoutCancel(ctx), d, d.accounts, false), nil
}

// begin starts a reading. The caller holds mu.
func (s *Sync) begin(ctx context.Context, d *diary, which []*account, polled bool) *flight {
	f := &flight{done: make(chan struct{}), all: len(which) == len(d.accounts)}
	d.flight = f
	for _, a := range which {
		a.anew = false
	}
	if s.hands == nil {
		s.hands = make(chan struct{}, readers)
	}
	r := &reading{Sync: s, rep: d.rep, of: s.of, which: which, polled: polled}
	s.flights.Go(func() {
		defer close(f.done)
		f.err = r.run(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		d.flight = nil
		if now := s.reps[d.rep.ID]; now != nil && now.flight == f {
			now.flight = nil
		}
	})
	return f
}

// Ages is how long ago each rep's calendars were last read in full; a rep whose calendars cannot be read now has the age of
// what is known, or -1 where nothing is. The node that reads tells, and no other.
func (s *Sync) Ages() map[string]time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.follows {
		return nil
	}
	now, out := s.Now(), map[string]time.Duration{}
	for id, d := range s.reps {
		for _, a := range d.accounts {
			switch age := now.Sub(a.readAt); {
			case a.readAt.IsZero():
				out[id] = -1
			case out[id] >= 0:
				out[id] = max(out[id], age)
			}
		}
	}
	return out
}
