package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"usher/bot"
)

// ListPeople lists them, the one that changed last first.
func (d *DB) ListPeople(ctx context.Context, q bot.PeopleQuery) ([]bot.Person, error) {
	where, args := []string{"forward = ''"}, []any{int64(q.Limit)}
	add := func(condition string, values ...any) {
		var names []any
		for i := range values {
			names = append(names, len(args)+i+1)
		}
		where, args = append(where, fmt.Sprintf(condition, names...)), append(args, values...)
	}
	for _, equal := range []struct{ column, value string }{{"stage", q.Stage}, {"owner", q.Owner}, {"waiting", q.Waiting}, {"domain", q.Domain}} {
		if equal.value != "" {
			add(equal.column+" = $%d and "+equal.column+" <> ''", equal.value)
		}
	}
	if !q.Since.IsZero() {
		add("updated_at >= $%d", micros(q.Since))
	}
	if q.After != nil {
		add("(updated_at, id) < ($%d, $%d)", micros(q.After.UpdatedAt), q.After.ID)
	}
	people, err := d.people(ctx, step{sql: both(`
	select ` + personColumns + `
	from person
	where ` + strings.Join(where, " and ") + `
	order by updated_at desc, id desc
	limit cast($1 as bigint)`), args: args})
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return people, nil
}

// Trail reads the person's changes, with those of everybody merged into it, the oldest first.
func (d *DB) Trail(ctx context.Context, person string) ([]bot.Change, error) {
	var all []bot.Change
	err := d.engine.read(ctx, []step{{sql: trail, args: []any{person}, each: func(row scanner) error {
		var c bot.Change
		var at int64
		err := row.Scan(&c.Person, &c.N, &c.Kind, &c.From, &c.To, &c.By, &c.Because, &c.Conversation, &at)
		c.At = instant(at)
		all = append(all, c)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("read the trail of person %s: %w", person, err)
	}
	return all, nil
}

var trail = both(`
	select of, n, kind, was, became, who, because, conversation, at
	from person_change
	where person = ` + forwarded + `
	order by at, of, n`)

// ConversationsOf lists the person's conversations, the oldest first.
func (d *DB) ConversationsOf(ctx context.Context, person string) ([]bot.Past, error) {
	var all []bot.Past
	err := d.engine.read(ctx, []step{{sql: conversationsOf, args: []any{person}, each: func(row scanner) error {
		c, err := scanPast(row)
		all = append(all, c)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list the conversations of person %s: %w", person, err)
	}
	return all, nil
}

var conversationsOf = both(`
	select id, site, visitor, seq, last, state, created_at
	from conversation
	where id in (select conversation from lead where person = ` + forwarded + ` and person <> '')
	order by created_at, id`)

// MeetingsBy lists the person's confirmed and cancelled meetings by their start.
func (d *DB) MeetingsBy(ctx context.Context, person string) ([]bot.Meeting, error) {
	var all []bot.Meeting
	err := d.engine.read(ctx, []step{{sql: meetingsBy, args: []any{person}, each: func(row scanner) error {
		m, err := scanMeeting(row)
		all = append(all, m)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list the meetings of person %s: %w", person, err)
	}
	return all, nil
}

var meetingsBy = both(`
	select ` + meetingColumns + `
	from meeting
	where of = '' and status in ('confirmed', 'cancelled')
	  and conversation in (select conversation from lead where person = ` + forwarded + ` and person <> '')
	order by start_at, uid`)

// VisitorsOf lists the browsers, and names in other channels, that are the person's.
func (d *DB) VisitorsOf(ctx context.Context, person string) ([]bot.Visitor, error) {
	var all []bot.Visitor
	err := d.engine.read(ctx, []step{{sql: visitorsOf, args: []any{person}, each: func(row scanner) error {
		var v bot.Visitor
		var data string
		var created, seen int64
		if err := row.Scan(&v.ID, &v.Site, &data, &created, &seen); err != nil {
			return err
		}
		v.CreatedAt, v.SeenAt = instant(created), instant(seen)
		all = append(all, v)
		return json.Unmarshal([]byte(data), &all[len(all)-1].Data)
	}}})
	if err != nil {
		return nil, fmt.Errorf("list the visitors that are person %s: %w", person, err)
	}
	return all, nil
}

var visitorsOf = both(`
	select id, site, data, created_at, seen_at
	from visitor
	where id in (select value from person_key where kind = 'visitor' and person = ` + forwarded + `)
	order by created_at, id`)

// Folded reads what the person of a conversation was told of it, or bot.ErrNotFound where no turn wrote a lead.
func (d *DB) Folded(ctx context.Context, conversation string) (bot.Folded, error) {
	f := bot.Folded{Conversation: conversation}
	var facts string
	var at int64
	err := d.one(ctx, step{sql: folded, args: []any{conversation}, each: func(row scanner) error { return row.Scan(&f.Person, &facts, &at) }})
	if err != nil {
		return bot.Folded{}, fmt.Errorf("read what is folded of conversation %s: %w", conversation, err)
	}
	if f.At = instant(at); facts != "" {
		f.Facts = strings.Split(facts, "\n")
	}
	return f, nil
}

var folded = both(`
	select person, facts, updated_at
	from lead
	where conversation = $1
	limit 1`)

// Unfolded lists conversations that have no person yet, by id after that one.
func (d *DB) Unfolded(ctx context.Context, after string, limit int) ([]string, error) {
	var ids []string
	err := d.engine.read(ctx, []step{{sql: unfolded, args: []any{after, int64(limit)}, each: func(row scanner) error {
		var id string
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list conversations without a person: %w", err)
	}
	return ids, nil
}

var unfolded = both(`
	select conversation
	from lead
	where person = '' and conversation > $1
	order by conversation
	limit cast($2 as bigint)`)
