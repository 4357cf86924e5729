package store

import (
	"context"
	"fmt"
	"strings"

	"usher/bot"
)

// SaveBusy replaces what is known of one rep's calendar. With a Failure the last known times and the time they were
// read stay, and the rep is not offered until the calendar can be read again.
func (d *DB) SaveBusy(ctx context.Context, b bot.Busy) error {
	steps := []step{{sql: failCalendar, args: []any{b.Rep, b.Failure}}}
	if b.Failure == "" {
		steps = []step{
			{sql: saveCalendar, args: []any{b.Rep, micros(b.ReadAt), micros(b.Until)}},
			{sql: deleteBusy, args: []any{b.Rep}},
		}
		steps = append(steps, spanSteps(b)...)
	}
	if err := d.engine.write(ctx, steps); err != nil {
		return fmt.Errorf("save busy times of %s: %w", b.Rep, err)
	}
	return nil
}

var failCalendar = both(`
	insert into calendar (rep, read_at, until_at, failure)
	values ($1, 0, 0, $2)
	on conflict (rep) do update set failure = excluded.failure`)

// saveCalendar comes first: its row is the lock under which two readers of one calendar replace it one after the other.
var saveCalendar = both(`
	insert into calendar (rep, read_at, until_at, failure)
	values ($1, $2, $3, '')
	on conflict (rep) do update set read_at = excluded.read_at, until_at = excluded.until_at, failure = ''`)

var deleteBusy = both(`
	delete from busy
	where rep = $1`)

// spanChunk is how many busy times one insert takes: well below the 32,766 values of a statement in SQLite.
const spanChunk = 512

var insertSpans texts

// spanSteps inserts the busy times by chunks of powers of two, so that few texts serve calendars of all sizes.
func spanSteps(b bot.Busy) []step {
	var steps []step
	for spans := b.Spans; len(spans) > 0; {
		n := spanChunk
		for n > len(spans) {
			n /= 2
		}
		args := []any{b.Rep}
		for _, s := range spans[:n] {
			args = append(args, micros(s.Start), micros(s.End))
		}
		steps = append(steps, step{sql: insertSpans.of(n, spansText), args: args})
		spans = spans[n:]
	}
	return steps
}

func spansText(n int) string {
	var rows []string
	for i := range n {
		rows = append(rows, "($1, "+places(2+2*i, 2)+")")
	}
	return `
	insert into busy (rep, start_at, end_at)
	values ` + strings.Join(rows, ", ") + `
	on conflict do nothing`
}
