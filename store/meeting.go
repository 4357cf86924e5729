package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
)

// meetingSteps writes the turn's meetings, inserted or in place of the row with their UID. What gives time back comes
// first. What takes time is one insert that the database refuses when the time is taken, after the rep's expired
// holds were removed; it goes by rep and time, the same way in every turn, so that two turns cannot wait for each other.
func meetingSteps(t *bot.Turn) []step {
	var free, block []bot.Meeting
	for _, m := range t.Meetings {
		if m.CreatedAt.IsZero() {
			m.CreatedAt = t.Now
		}
		if m.Status == bot.Held || m.Status == bot.Confirmed {
			block = append(block, m)
		} else {
			free = append(free, m)
		}
	}
	slices.SortStableFunc(block, func(a, b bot.Meeting) int {
		return cmp.Or(cmp.Compare(a.Rep, b.Rep), a.Start.Compare(b.Start))
	})
	steps := visitorLocks(block)
	for _, m := range free {
		steps = append(steps, replaceMeeting(m)...)
	}
	for _, m := range block {
		steps = append(steps, blockSteps(m, t.Now)...)
	}
	return steps
}

// visitorLocks lets only one turn at a time count a visitor's holds. SQLite has one writer and needs none.
func visitorLocks(block []bot.Meeting) []step {
	var visitors []string
	for _, m := range block {
		if m.Status == bot.Held && m.Visitor != "" {
			visitors = append(visitors, m.Visitor)
		}
	}
	slices.Sort(visitors)
	var steps []step
	for _, v := range slices.Compact(visitors) {
		steps = append(steps, step{sql: lockVisitor, args: []any{v}})
	}
	return steps
}

var lockVisitor = statement{postgres: `select pg_advisory_xact_lock(hashtextextended($1, 0))`}

// blockSteps takes a time for a meeting or a hold. A conversation's own holds are not in its way: what is offered to it
// leaves them out, and what is offered must be bookable.
func blockSteps(m bot.Meeting, now time.Time) []step {
	start, end := blocked(m)
	steps := []step{{sql: removeHolds, args: []any{m.Rep, micros(now), m.Conversation, start, end}}}
	replace := replaceMeeting(m)
	steps = append(steps, replace[0])
	if m.Status == bot.Held && m.Visitor != "" {
		steps = append(steps, step{sql: dropOldest, args: []any{m.Visitor, micros(now), int64(bot.MaxHolds - 1)}})
	}
	return append(steps, replace[1])
}

// blocked is what a meeting blocks, half open.
func blocked(m bot.Meeting) (start, end int64) {
	return micros(m.Start.Add(-m.Buffer)), micros(m.End.Add(m.Buffer))
}

var removeHolds = both(`
	delete from meeting
	where rep = $1 and status = 'held'
	  and (expires <= $2 or (conversation = $3 and block_end > $4 and block_start < $5))`)

// dropOldest makes room for one more hold of the visitor.
var dropOldest = both(`
	update meeting
	set status = 'dropped'
	where uid in (
	  select uid
	  from meeting
	  where visitor = $1 and status = 'held' and expires > $2
	  order by created_at desc, uid desc
	  limit 1000 offset $3)`)

// replaceMeeting is two steps: the row goes, if it is this conversation's, and comes again.
func replaceMeeting(m bot.Meeting) []step {
	start, end := blocked(m)
	return []step{
		{sql: deleteMeeting, args: []any{m.UID, m.Conversation}},
		{
			sql: insertMeeting, guard: &bot.TakenError{Slot: dialogue.Slot{Rep: m.Rep, Start: m.Start, End: m.End}},
			args: []any{
				m.UID, m.Conversation, m.Visitor, m.Rep, micros(m.Start), micros(m.End), m.Buffer.Microseconds(),
				start, end, m.Status, micros(m.Expires), int64(m.Sequence),
				m.Title, m.Place, m.Attendee, m.Name, m.Timezone, micros(m.CreatedAt),
			},
		},
	}
}

var deleteMeeting = both(`
	delete from meeting
	where uid = $1 and conversation = $2`)

var insertMeeting = guarded("the time is taken", 1, `
	insert into meeting (`+meetingColumns+`)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
	on conflict do nothing
	returning 1 as n`)

const meetingColumns = `uid, conversation, visitor, rep, start_at, end_at, buffer, block_start, block_end,
	  status, expires, sequence, title, place, attendee, name, timezone, created_at`

// Meeting reads a meeting by UID, or bot.ErrNotFound.
func (d *DB) Meeting(ctx context.Context, uid string) (bot.Meeting, error) {
	var m bot.Meeting
	err := d.one(ctx, step{sql: readMeeting, args: []any{uid}, each: func(row scanner) (err error) {
		m, err = scanMeeting(row)
		return err
	}})
	if err != nil {
		return bot.Meeting{}, fmt.Errorf("read meeting %s: %w", uid, err)
	}
	return m, nil
}

var readMeeting = both(`
	select ` + meetingColumns + `
	from meeting
	where uid = $1`)

func scanMeeting(row scanner) (bot.Meeting, error) {
	var m bot.Meeting
	var start, end, buffer, blockStart, blockEnd, expires, sequence, created int64
	err := row.Scan(&m.UID, &m.Conversation, &m.Visitor, &m.Rep, &start, &end, &buffer, &blockStart, &blockEnd,
		&m.Status, &expires, &sequence, &m.Title, &m.Place, &m.Attendee, &m.Name, &m.Timezone, &created)
	m.Start, m.End, m.Buffer = instant(start), instant(end), time.Duration(buffer)*time.Microsecond
	m.Expires, m.Sequence, m.CreatedAt = instant(expires), int(sequence), instant(created)
	return m, err
}
