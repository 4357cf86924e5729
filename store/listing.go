package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"usher/bot"
)

// ListMeetings lists confirmed and cancelled meetings by their start.
func (d *DB) ListMeetings(ctx context.Context, q bot.MeetingQuery) ([]bot.Meeting, error) {
	var out []bot.Meeting
	args := []any{q.Rep, micros(q.From), until(q.To), micros(q.After.Start), q.After.UID, int64(q.Limit)}
	err := d.engine.read(ctx, []step{{sql: listMeetings, args: args, each: func(row scanner) error {
		m, err := scanMeeting(row)
		out = append(out, m)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	return out, nil
}

// until is an end as it is stored; without one, the end of time.
func until(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return micros(t)
}

var listMeetings = both(`
	select ` + meetingColumns + `
	from meeting m
	where of = '' and status in ('confirmed', 'cancelled')
	  and ($1 = '' or rep = $1 or exists (select 1 from meeting g where g.of = m.uid and g.rep = $1 and g.of <> ''))
	  and end_at > $2 and start_at < $3
	  and (start_at > $4 or start_at = $4 and uid > $5)
	order by start_at, uid
	limit cast($6 as bigint)`)
