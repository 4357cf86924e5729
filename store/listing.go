package store

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"usher/bot"
)

// ListLeads lists persons whom somebody can write to or should talk to, by when they came.
func (d *DB) ListLeads(ctx context.Context, q bot.LeadQuery) ([]bot.Person, error) {
	like := ""
	if q.Text != "" {
		like = "%" + likeless.Replace(lower(q.Text)) + "%"
	}
	people, err := d.people(ctx, step{sql: listLeads, args: []any{
		q.Stage, q.Owner, micros(q.Since), like, micros(q.After.CreatedAt), q.After.ID, int64(q.Limit),
	}})
	if err != nil {
		return nil, fmt.Errorf("list leads: %w", err)
	}
	return people, nil
}

// likeless takes from a text what like would make something of.
var likeless = strings.NewReplacer(`!`, `!!`, `%`, `!%`, `_`, `!_`)

var listLeads = both(`
	select ` + personColumns + `
	from person
	where forward = '' and (email <> '' or phone <> '' or stage <> 'visitor')
	  and ($1 = '' or stage = $1) and ($2 = '' or owner = $2) and updated_at >= $3
	  and ($4 = '' or called like $4 escape '!' or lower(email) like $4 escape '!' or lower(company) like $4 escape '!')
	  and (created_at > $5 or created_at = $5 and id > $6)
	order by created_at, id
	limit cast($7 as bigint)`)

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
