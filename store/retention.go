package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"usher/bot"
)

// Outlived lists persons, conversations and visitors that nothing happened to since the times.
func (d *DB) Outlived(ctx context.Context, o bot.Outlived) ([]string, error) {
	var out []string
	each := func(row scanner) error {
		var id string
		defer func() { out = append(out, id) }()
		return row.Scan(&id)
	}
	var steps []step
	for _, stage := range slices.Sorted(maps.Keys(o.Leads)) {
		if at := o.Leads[stage]; !at.IsZero() {
			steps = append(steps, step{sql: outlivedPersons, args: []any{stage, micros(at), int64(o.Limit)}, each: each})
		}
	}
	if !o.Conversations.IsZero() {
		steps = append(steps, step{sql: outlivedConversations, args: []any{micros(o.Conversations), int64(o.Limit)}, each: each})
	}
	if !o.Visitors.IsZero() {
		steps = append(steps, step{sql: outlivedVisitors, args: []any{micros(o.Visitors), int64(o.Limit)}, each: each})
	}
	if len(steps) == 0 {
		return nil, nil
	}
	if err := d.engine.read(ctx, steps); err != nil {
		return nil, fmt.Errorf("look for what was kept long enough: %w", err)
	}
	return out, nil
}

// aheadOf says that a meeting of the conversation is still to come, or was just now.
const aheadOf = `exists (select 1 from meeting m where m.conversation = c.id and m.status in ('held', 'confirmed') and m.end_at >= `

// outlivedPersons are in a stage and had nothing happen to them.
var outlivedPersons = both(`
	select p.id
	from person p
	where p.forward = '' and p.stage = $1 and p.updated_at < $2
	  and not exists (select 1 from lead l join conversation c on c.id = l.conversation where l.person = p.id and (c.updated_at >= $2 or ` + aheadOf + `$2)))
	order by p.updated_at, p.id
	limit cast($3 as bigint)`)

// outlivedConversations are over, and those of persons go when all that the person said is as old: they are one subject.
var outlivedConversations = both(`
	select c.id
	from conversation c
	where c.updated_at < $1 and not ` + aheadOf + `$1)
	  and not exists (
	    select 1
	    from lead l
	    join person p on p.id = l.person
	    where l.conversation = c.id and (p.updated_at >= $1 or p.stage in ('won', 'sql', 'sal')
	      or exists (select 1 from lead o join conversation n on n.id = o.conversation where o.person = p.id and n.updated_at >= $1)))
	  and not exists (select 1 from conversation n where n.visitor = c.visitor and n.updated_at >= $1)
	order by c.updated_at, c.id
	limit cast($2 as bigint)`)

// outlivedVisitors never said anything.
var outlivedVisitors = both(`
	select v.id
	from visitor v
	where v.seen_at < $1
	  and not exists (
	    select 1
	    from conversation c
	    join message m on m.conversation = c.id
	    where c.visitor = v.id and m.sender = 'visitor')
	order by v.seen_at, v.id
	limit cast($2 as bigint)`)

// Drop removes rows that tell of nobody but by hashes and ids.
func (d *DB) Drop(ctx context.Context, o bot.Outlived) (letters, jobs, audit int, err error) {
	counted := func(n *int) func(scanner) error {
		return func(scanner) error {
			*n++
			return nil
		}
	}
	var steps []step
	if !o.Letters.IsZero() {
		steps = append(steps,
			step{sql: dropLetters, args: []any{micros(o.Letters)}, each: counted(&letters)},
			step{sql: dropEnrolments, args: []any{micros(o.Letters)}, each: counted(&letters)})
	}
	if !o.Jobs.IsZero() {
		steps = append(steps, step{sql: dropJobs, args: []any{micros(o.Jobs)}, each: counted(&jobs)})
	}
	if len(steps) > 0 {
		if err := d.engine.write(ctx, steps); err != nil {
			return 0, 0, 0, fmt.Errorf("remove what was kept long enough: %w", err)
		}
	}
	if !o.Audit.IsZero() {
		audit, err = d.trimAudit(ctx, o.Audit)
	}
	return letters, jobs, audit, err
}

var dropLetters = both(`delete from follow_up_letter where at < $1 returning 1`)

var dropEnrolments = both(`delete from enrolment where state <> 'running' and began_at < $1 and last_at < $1 returning 1`)

var dropJobs = both(`delete from job where state = 'dead' and run_at < $1 returning 1`)

// trimAudit cuts old lines off the beginning of the chain, all but the last. A new line vouches for where it begins now.
func (d *DB) trimAudit(ctx context.Context, before time.Time) (n int, err error) {
	var last bot.AuditLine
	err = d.one(ctx, step{sql: lastOld, args: []any{micros(before)}, each: func(row scanner) (err error) {
		last, err = scanAudit(row)
		return err
	}})
	if errors.Is(err, bot.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("trim the audit log: %w", err)
	}
	steps, err := auditSteps(bot.AuditLine{
		Who: bot.HouseKeeping, What: bot.AuditTrimmed, Detail: map[string]string{"through": strconv.FormatInt(last.N, 10), "hash": last.Hash},
	})
	if err != nil {
		return 0, err
	}
	steps = append([]step{steps[0], {sql: dropAudit, args: []any{last.N}, each: func(scanner) error {
		n++
		return nil
	}}}, steps[1:]...)
	if err := d.engine.write(ctx, steps); err != nil {
		return 0, fmt.Errorf("trim the audit log: %w", err)
	}
	return n, nil
}

// lastOld is the last line of the old ones; the chain's own end always stays.
var lastOld = both(`
	select n, at, who, what, whom, detail, prev, hash
	from audit
	where at < $1 and n < (select max(n) from audit) and n < (select coalesce(min(n), 9223372036854775807) from audit where at >= $1)
	order by n desc
	limit 1`)

var dropAudit = both(`delete from audit where n <= $1 returning 1`)
