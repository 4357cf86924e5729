package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"usher/bot"
)

// queue commits a turn that adds jobs.
func (w world) queue(conversation string, jobs ...bot.Job) {
	w.Helper()
	t := turn(conversation, 0)
	t.Jobs = jobs
	w.commits(t)
}

func job(id, key string, after time.Duration) bot.Job {
	return bot.Job{ID: id, Kind: "mail", Key: key, Payload: []byte(`{"b": 1, "a":2}`), RunAt: noon.Add(after)}
}

// claim lists the ids of what is claimed.
func (w world) claim(after time.Duration, n int) ([]string, []bot.Job) {
	w.Helper()
	got, err := w.Claim(w.ctx, noon.Add(after), time.Minute, n)
	w.must(err)
	ids := []string{}
	for _, j := range got {
		ids = append(ids, j.ID)
	}
	return ids, got
}

func jobs(t *testing.T, fresh Database) {
	tell(t, fresh, "due jobs are claimed once, the longest due first, byte for byte", func(w world) {
		w.queue("c1", job("late", "", 0), job("future", "", time.Microsecond), job("first", "", -time.Hour))
		ids, got := w.claim(0, 10)
		w.same(ids, []string{"first", "late"})
		w.same(string(got[0].Payload), `{"b": 1, "a":2}`)
		w.same([]any{got[0].Kind, got[0].Attempts, got[0].State, got[0].RunAt, got[0].Lease}, []any{"mail", 1, bot.JobRunning, noon.Add(-time.Hour), noon.Add(time.Minute)})
		ids, _ = w.claim(0, 10)
		w.same(ids, []string{})
	})
	tell(t, fresh, "a job is stored outside of a turn too, once by its id", func(w world) {
		w.must(w.Enqueue(w.ctx, job("a", "", 0), job("b", "", 0)))
		w.must(w.Enqueue(w.ctx, job("b", "", 0), job("c", "", 0)))
		ids, _ := w.claim(0, 10)
		w.same(ids, []string{"a", "b", "c"})
	})
	tell(t, fresh, "done jobs of old are forgotten, and dead, waiting and recent ones are not", func(w world) {
		w.queue("c1", job("done", "", -2*time.Hour), job("dead", "", -2*time.Hour), job("recent", "", -time.Minute))
		_, got := w.claim(0, 10)
		for _, j := range got {
			j.State = map[string]string{"done": bot.JobDone, "dead": bot.JobDead, "recent": bot.JobDone}[j.ID]
			w.must(w.Finish(w.ctx, j))
		}
		w.must(w.Enqueue(w.ctx, job("waiting", "", -2*time.Hour)))
		for _, id := range []string{"done", "recent"} {
			w.must(w.SaveLink(w.ctx, bot.OnceLink+"message", "of "+id, id))
			w.must(w.SaveLink(w.ctx, "card", "of "+id, id))
		}
		w.must(w.Forget(w.ctx, noon.Add(-time.Hour)))
		_, err := w.Link(w.ctx, bot.OnceLink+"message", "of done")
		w.same(errors.Is(err, bot.ErrNotFound), true)
		for _, kept := range [][2]string{{bot.OnceLink + "message", "of recent"}, {"card", "of done"}} {
			_, err := w.Link(w.ctx, kept[0], kept[1])
			w.must(err)
		}
		counts, err := w.JobCounts(w.ctx)
		w.must(err)
		w.same(counts, map[string]int{bot.JobDone: 1, bot.JobDead: 1, bot.JobReady: 1})
	})
	tell(t, fresh, "no more are claimed than asked for", func(w world) {
		w.queue("c1", job("a", "", 0), job("b", "", 0), job("c", "", 0))
		ids, _ := w.claim(0, 2)
		w.same(ids, []string{"a", "b"})
	})
	tell(t, fresh, "a job with a known id is the same job", func(w world) {
		w.queue("c1", job("a", "", 0))
		w.queue("c2", job("a", "", 0), job("b", "", 0))
		ids, _ := w.claim(0, 10)
		w.same(ids, []string{"a", "b"})
	})
	tell(t, fresh, "a job that is to be done again is one job, due at the earlier time while it waits", func(w world) {
		again := func(payload string, after time.Duration) bot.Job {
			j := job("fold", "k", after)
			j.Payload, j.Again = []byte(payload), true
			return j
		}
		w.must(w.Enqueue(w.ctx, again("1", time.Hour), job("behind", "k", 0)))
		ids, _ := w.claim(0, 10)
		w.same(ids, []string{})
		w.must(w.Enqueue(w.ctx, again("2", time.Minute), again("3", 2*time.Hour)))
		ids, _ = w.claim(time.Minute-time.Microsecond, 10)
		w.same(ids, []string{})
		ids, got := w.claim(time.Minute, 10)
		w.same(ids, []string{"fold"})
		w.same(string(got[0].Payload), "3")
		w.must(w.Enqueue(w.ctx, again("4", 90*time.Second))) // while it runs
		got[0].State = bot.JobDone
		w.must(w.Finish(w.ctx, got[0]))
		ids, _ = w.claim(90*time.Second-time.Microsecond, 10)
		w.same(ids, []string{})
		ids, got = w.claim(90*time.Second, 10)
		w.same(ids, []string{"fold"})
		w.same([]any{string(got[0].Payload), got[0].Attempts}, []any{"4", 1})
		got[0].State = bot.JobDone
		w.must(w.Finish(w.ctx, got[0]))
		ids, _ = w.claim(2*time.Minute, 10)
		w.same(ids, []string{"behind"})
		w.must(w.Enqueue(w.ctx, again("5", 150*time.Second))) // after it was done, and before that which was behind it and never ended
		ids, _ = w.claim(time.Hour, 10)
		w.same(ids, []string{"fold"})
	})
	tell(t, fresh, "a job whose lease ran out is due again, and its first holder's word is not heard", func(w world) {
		w.queue("c1", job("a", "", 0))
		_, first := w.claim(0, 1)
		ids, _ := w.claim(time.Minute-time.Microsecond, 1)
		w.same(ids, []string{})
		_, second := w.claim(time.Minute, 1)
		w.same(second[0].Attempts, 2)
		w.finish(first[0], bot.JobDone, 0)
		w.counts(map[string]int{bot.JobRunning: 1})
		w.finish(second[0], bot.JobDone, 0)
		w.counts(map[string]int{bot.JobDone: 1})
	})
	tell(t, fresh, "a job is tried again at its time, and knows why", func(w world) {
		w.queue("c1", job("a", "", 0))
		_, got := w.claim(0, 1)
		got[0].Error = "421 try later"
		w.finish(got[0], bot.JobReady, time.Hour)
		ids, _ := w.claim(time.Hour-time.Microsecond, 1)
		w.same(ids, []string{})
		_, got = w.claim(time.Hour, 1)
		w.same([]any{got[0].Attempts, got[0].Error}, []any{2, "421 try later"})
	})
	tell(t, fresh, "a job that only waited for its turn takes its attempt back", func(w world) {
		w.queue("c1", job("a", "", 0))
		_, got := w.claim(0, 1)
		got[0].Attempts--
		w.finish(got[0], bot.JobReady, time.Hour)
		_, got = w.claim(time.Hour, 1)
		w.same(got[0].Attempts, 1)
	})
	tell(t, fresh, "a dead job is not claimed again", func(w world) {
		w.queue("c1", job("a", "", 0))
		_, got := w.claim(0, 1)
		w.finish(got[0], bot.JobDead, 0)
		ids, _ := w.claim(24*time.Hour, 1)
		w.same(ids, []string{})
		w.counts(map[string]int{bot.JobDead: 1})
	})
	tell(t, fresh, "a job cannot be finished as something else", func(w world) {
		if err := w.Finish(w.ctx, bot.Job{ID: "a", State: bot.JobRunning}); err == nil {
			w.Error("it was")
		}
	})
	tell(t, fresh, "jobs of one key run one after the other, others do not wait", func(w world) {
		w.queue("c1", job("a1", "a", 0), job("a2", "a", -time.Hour), job("b1", "b", 0), job("none", "", 0))
		ids, got := w.claim(0, 10)
		w.same(ids, []string{"a1", "b1", "none"})
		w.finish(got[0], bot.JobReady, time.Hour)
		w.finish(got[1], bot.JobDone, 0)
		w.finish(got[2], bot.JobDone, 0)
		ids, _ = w.claim(0, 10)
		w.same(ids, []string{})
		_, got = w.claim(time.Hour, 10)
		w.same([]any{len(got), got[0].ID}, []any{1, "a1"})
		w.finish(got[0], bot.JobDead, 0)
		ids, _ = w.claim(0, 10)
		w.same(ids, []string{"a2"})
	})
	tell(t, fresh, "a job of a lower place goes first, though not before the one that runs", func(w world) {
		place := func(id string, n int64) bot.Job {
			j := job(id, "a", 0)
			j.Place = n
			return j
		}
		w.must(w.Enqueue(w.ctx, place("third", 30), place("second", 20)))
		_, running := w.claim(0, 10)
		w.same([]any{len(running), running[0].ID}, []any{1, "second"})
		w.must(w.Enqueue(w.ctx, place("first", 10)))
		ids, _ := w.claim(0, 10)
		w.same(ids, []string{})
		ids, _ = w.claim(time.Minute, 10)
		w.same(ids, []string{"first"})
	})
	tell(t, fresh, "no job is claimed by two", func(w world) {
		const n = 100
		var all []bot.Job
		for i := range n {
			all = append(all, job(fmt.Sprint(i), "", 0))
		}
		w.queue("c1", all...)
		w.same(w.claimAll(8), n)
	})
}

// claimAll lets several claim until nothing is left, and counts; a job claimed twice fails the test.
func (w world) claimAll(workers int) int {
	var mu sync.Mutex
	seen := map[string]bool{}
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for {
				got, err := w.Claim(w.ctx, noon, time.Minute, 7)
				if err != nil {
					w.Error(err)
				}
				mu.Lock()
				for _, j := range got {
					if seen[j.ID] {
						w.Errorf("job %s was claimed twice", j.ID)
					}
					seen[j.ID] = true
				}
				mu.Unlock()
				if len(got) == 0 {
					return
				}
			}
		})
	}
	wait.Wait()
	// Who skips what another is claiming may leave early; what is left is claimed now.
	left, err := w.Claim(w.ctx, noon, time.Minute, 1000)
	w.must(err)
	return len(seen) + len(left)
}

func (w world) finish(j bot.Job, state string, after time.Duration) {
	w.Helper()
	j.State, j.RunAt = state, noon.Add(after)
	w.must(w.Finish(w.ctx, j))
}

func (w world) counts(want map[string]int) {
	w.Helper()
	got, err := w.JobCounts(w.ctx)
	w.must(err)
	w.same(got, want)
}
