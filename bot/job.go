package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Job is something that touches the outside.
type Job struct {
	ID       string // derived from (conversation, seq, index): the same turn makes the same job
	Kind     string
	Key      string // jobs of one key run one after the other
	Place    int64  // among those of its key the lower goes first, then the one that was stored first
	Payload  []byte // JSON of an Event
	RunAt    time.Time
	Attempts int // so far, this one included once it is claimed
	State    string
	Lease    time.Time // until when the claim holds; also what tells the claim from a later one
	Error    string    // of the last attempt
	Again    bool      // one whose id is known is to be carried out once more, at the earlier of both times if it is still ready
}

// States of a job.
const (
	JobReady   = "ready"
	JobRunning = "running"
	JobDone    = "done"
	JobDead    = "dead" // given up; kept for the operator
)

// Carrier carries out one kind of job. It may be called again for the same job id and must then do no harm. A
// *RetryError says when a failure is worth another try; any other error is tried again with growing pauses.
type Carrier func(ctx context.Context, j Job) error

// RetryError is a failure that knows when to try again, or that trying is of no use.
type RetryError struct {
	After time.Duration // from now; as a server's Retry-After says
	Never bool
	Waits bool // nothing was tried, for it is not the job's turn yet: that is no attempt and no failure
	Err   error
}

func (e *RetryError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *RetryError) Unwrap() error { return e.Err }

// Bounds of the jobs.
const (
	JobLease    = time.Minute      // longer than any carrier may take (carryFor), so that no job runs twice at once
	carryFor    = 45 * time.Second // one attempt
	hands       = 64               // jobs at once: most of them wait for somebody's server
	MaxAttempts = 20               // with the pauses below about a day
	firstPause  = 2 * time.Second
	longPause   = 2 * time.Hour
)

// work claims due jobs and carries them out, as many at once as there are hands: a slow one holds up nobody else. It
// returns when all that was begun is finished.
func (b *Bot) work(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	var busy atomic.Int32
	for ctx.Err() == nil {
		free := hands - int(busy.Load())
		jobs := b.claim(ctx, free)
		busy.Add(int32(len(jobs)))
		for _, j := range jobs {
			all.Go(func() {
				b.carryOut(ctx, j)
				if busy.Add(-1) == hands-1 || j.Key != "" {
					b.hurry.now()
				}
			})
		}
		if free == 0 || len(jobs) < free {
			b.hurry.pause(ctx, workEvery)
		}
	}
}

func (b *Bot) claim(ctx context.Context, n int) []Job {
	if n == 0 {
		return nil
	}
	jobs, err := b.Store.Claim(ctx, b.now(), JobLease, n)
	if err != nil {
		b.complain(ctx, "claim jobs", err)
		pause(ctx, storeAway)
	}
	return jobs
}

// storeAway is the pause after the store could not be asked: it is away for seconds or longer, and the log should not
// say so all the time.
const storeAway = 3 * time.Second

// hurry cuts the worker's pause short when this node has made a job: a live word waits for nobody.
type hurry struct {
	once sync.Once
	bell chan struct{}
}

func (h *hurry) ring() chan struct{} {
	h.once.Do(func() { h.bell = make(chan struct{}, 1) })
	return h.bell
}

func (h *hurry) now() {
	select {
	case h.ring() <- struct{}{}:
	default:
	}
}

func (h *hurry) pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-h.ring():
	}
}

// carryOut runs one job and stores how it went, also when the program is stopping.
func (b *Bot) carryOut(ctx context.Context, j Job) {
	ctx = context.WithoutCancel(ctx)
	try, cancel := context.WithTimeout(ctx, carryFor)
	defer cancel()
	err := b.carryOne(try, j)
	before := j.Attempts
	if j = j.after(err, b.now()); err != nil && j.Attempts == before {
		b.giveUp(ctx, j)
		b.log().Warn("job failed", "job", j.ID, "kind", j.Kind, "attempts", j.Attempts, "state", j.State, "err", err)
	}
	if err := b.Store.Finish(ctx, j); err != nil {
		b.log().Error("job result not stored", "job", j.ID, "err", err)
	}
}

// carryOne finds the carrier; a panic in it is a failure of this job alone.
func (b *Bot) carryOne(ctx context.Context, j Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("carrier of %s panicked: %v", j.Kind, r)
		}
	}()
	carry := b.Carriers[j.Kind]
	if j.Kind == JobErase {
		carry = b.carryErase
	}
	if carry == nil {
		return fmt.Errorf("nobody carries out %q here", j.Kind)
	}
	return carry(ctx, j)
}

// after is the job as its attempt left it.
func (j Job) after(err error, now time.Time) Job {
	if err == nil {
		j.State, j.Error = JobDone, ""
		return j
	}
	var retry *RetryError
	known := errors.As(err, &retry)
	if known && retry.Waits {
		j.State, j.RunAt, j.Attempts = JobReady, now.Add(retry.After), j.Attempts-1
		return j
	}
	j.State, j.Error = JobReady, err.Error()
	switch {
	case known && retry.Never, j.Attempts >= MaxAttempts:
		j.State = JobDead
	case known && retry.After > 0:
		j.RunAt = now.Add(retry.After)
	default:
		j.RunAt = now.Add(backOff(j.Attempts))
	}
	return j
}

// backOff doubles from firstPause to longPause, with a quarter of jitter so that what failed together does not come
// back together.
func backOff(attempts int) time.Duration {
	d := min(firstPause<<min(attempts-1, 16), longPause)
	return d - d/8 + rand.N(d/4)
}
