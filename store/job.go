package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"usher/bot"
)

// jobSteps inserts the turn's jobs; a job whose id is known is the same job, and is left alone unless it is one to be done Again.
func jobSteps(t *bot.Turn) ([]step, error) {
	var steps []step
	for _, j := range t.Jobs {
		if j.RunAt.IsZero() {
			j.RunAt = t.Now
		}
		steps = append(steps, jobStep(j))
	}
	return steps, nil
}

func jobStep(j bot.Job) step {
	text := insertJob
	if j.Again {
		text = armJob
	}
	return step{sql: text, args: []any{j.ID, j.Kind, j.Key, j.Place, string(j.Payload), micros(j.RunAt)}}
}

// Enqueue stores jobs outside of a turn; one whose id is known is the same job, and is left alone unless it is one to be done Again.
func (d *DB) Enqueue(ctx context.Context, jobs ...bot.Job) error {
	var steps []step
	for _, j := range jobs {
		steps = append(steps, jobStep(j))
	}
	if err := d.engine.write(ctx, steps); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", len(jobs), err)
	}
	return nil
}

var insertJob = both(`
	insert into job (id, kind, key, place, payload, run_at, due_at, attempts, state, error)
	values ($1, $2, $3, $4, $5, $6, $6, 0, 'ready', '')
	on conflict (id) do nothing`)

// armJob leaves what runs to end as it will, and has it carried out once more.
var armJob = both(`
	insert into job (id, kind, key, place, payload, run_at, due_at, attempts, state, error)
	values ($1, $2, $3, $4, $5, $6, $6, 0, 'ready', '')
	on conflict (id) do update
	set payload = excluded.payload,
	  state = 'ready',
	  attempts = case when job.state = 'ready' then job.attempts else 0 end,
	  run_at = case when job.state = 'ready' and job.run_at < excluded.run_at then job.run_at else excluded.run_at end,
	  due_at = case when job.state = 'ready' and job.run_at < excluded.run_at then job.run_at else excluded.run_at end`)

// Claim takes up to n due jobs for the lease; a job whose lease ran out is due again. A job waits while one of
// its key runs and while one that comes before it in their order is unfinished. Attempts counts this claim.
func (d *DB) Claim(ctx context.Context, now time.Time, lease time.Duration, n int) ([]bot.Job, error) {
	var rows []claimed
	err := d.engine.write(ctx, []step{{sql: claimJobs, args: []any{micros(now), micros(now.Add(lease)), int64(n)}, each: func(row scanner) error {
		c, err := scanClaimed(row)
		rows = append(rows, c)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	slices.SortFunc(rows, func(a, b claimed) int { return cmp.Or(a.job.RunAt.Compare(b.job.RunAt), cmp.Compare(a.n, b.n)) })
	var jobs []bot.Job
	for _, r := range rows {
		jobs = append(jobs, r.job)
	}
	return jobs, nil
}

const claimText = `
	with due as materialized (
	  select n
	  from job%s
	  where state in ('ready', 'running') and due_at <= $1
	    and not exists (
	      select 1
	      from job as other
	      where job.key <> '' and other.key = job.key and other.n <> job.n and other.state in ('ready', 'running')
	        and ((other.place, other.n) < (job.place, job.n) or other.state = 'running' and other.due_at > $1))
	  order by due_at, n
	  limit cast($3 as bigint)`

const claimUpdate = `)
	update job
	set state = 'running', due_at = $2, attempts = attempts + 1
	where n in (select n from due)
	returning n, id, kind, key, payload, run_at, due_at, attempts, error`

// claimJobs names SQLite the index: without statistics it would read and sort all that are due for the few it takes.
var claimJobs = statement{
	lite:     fmt.Sprintf(claimText, " indexed by job_due") + claimUpdate,
	postgres: fmt.Sprintf(claimText, "") + ` for update skip locked` + claimUpdate,
}

// claimed is a job with its place in the queue.
type claimed struct {
	n   int64
	job bot.Job
}

func scanClaimed(row scanner) (claimed, error) {
	var c claimed
	var payload string
	var run, lease, attempts int64
	err := row.Scan(&c.n, &c.job.ID, &c.job.Kind, &c.job.Key, &payload, &run, &lease, &attempts, &c.job.Error)
	c.job.Payload, c.job.RunAt, c.job.Lease = []byte(payload), instant(run), instant(lease)
	c.job.Attempts, c.job.State = int(attempts), bot.JobRunning
	return c, err
}

// errJobState is the programmer's: a job is finished as done, ready (at RunAt) or dead.
var errJobState = errors.New("a job cannot be finished in this state")

// Finish ends a claimed job: done, tried again at RunAt, or dead. It does nothing when the lease was lost: the lease
// that the claim gave tells it from a later one. Attempts is what it says: one that only waited for its turn takes it back.
func (d *DB) Finish(ctx context.Context, j bot.Job) error {
	if j.State != bot.JobDone && j.State != bot.JobReady && j.State != bot.JobDead {
		return fmt.Errorf("finish job %s: %w: %q", j.ID, errJobState, j.State)
	}
	err := d.engine.write(ctx, []step{{sql: finishJob, args: []any{j.ID, micros(j.Lease), j.State, micros(j.RunAt), j.Error, int64(j.Attempts)}}})
	if err != nil {
		return fmt.Errorf("finish job %s: %w", j.ID, err)
	}
	return nil
}

var finishJob = both(`
	update job
	set state = $3, run_at = $4, due_at = $4, error = $5, attempts = $6
	where id = $1 and state = 'running' and due_at = $2`)

// Forget removes done jobs that were due before then, their OnceLinks, and what was sent to webhooks before then; dead ones
// stay for the operator.
func (d *DB) Forget(ctx context.Context, before time.Time) error {
	if err := d.engine.write(ctx, []step{
		{sql: forgetOnce, args: []any{micros(before), bot.OnceLink}},
		{sql: forgetJobs, args: []any{micros(before)}},
		{sql: forgetDeliveries, args: []any{micros(before)}},
	}); err != nil {
		return fmt.Errorf("forget done jobs: %w", err)
	}
	return nil
}

var forgetOnce = both(`
	delete from link
	where substr(kind, 1, length($2)) = $2 and value in (
	  select id
	  from job
	  where state = 'done' and run_at < $1)`)

var forgetJobs = both(`
	delete from job
	where state = 'done' and run_at < $1`)

// JobCounts counts jobs by state.
func (d *DB) JobCounts(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	err := d.engine.read(ctx, []step{{sql: countJobs, each: func(row scanner) error {
		var state string
		var n int64
		err := row.Scan(&state, &n)
		counts[state] = int(n)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return counts, nil
}

var countJobs = both(`
	select state, count(*)
	from job
	group by state`)
