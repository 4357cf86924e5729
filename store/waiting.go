package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"usher/bot"
)

// waitingSteps keeps where the lead of the turn waits, or forgets it.
func waitingSteps(t *bot.Turn) ([]step, error) {
	switch w := t.Waiting; {
	case w == nil:
		return nil, nil
	case w.Place == "":
		return []step{{sql: endWaiting, args: []any{t.Conversation.ID}}}, nil
	default:
		return []step{{sql: saveWaiting, args: []any{t.Conversation.ID, w.Place, micros(w.Since), micros(w.Until)}}}, nil
	}
}

var saveWaiting = both(`
	insert into waiting (conversation, place, since, until_at)
	values ($1, $2, $3, $4)
	on conflict (conversation) do update set place = excluded.place, since = excluded.since, until_at = excluded.until_at`)

var endWaiting = both(`
	delete from waiting
	where conversation = $1`)

// Waiting lists leads that wait, the one that has waited longest first.
func (d *DB) Waiting(ctx context.Context, q bot.WaitingQuery) ([]bot.Waiting, error) {
	var all []bot.Waiting
	args := []any{q.Place, micros(q.Over), int64(q.Limit)}
	list := listWaiting
	if q.Closed {
		list = listClosed
	}
	err := d.engine.read(ctx, []step{{sql: list, args: args, each: func(row scanner) error {
		var w bot.Waiting
		var since, until int64
		err := row.Scan(&w.Conversation, &w.Place, &since, &until)
		w.Since, w.Until = instant(since), instant(until)
		all = append(all, w)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list leads that wait: %w", err)
	}
	return all, nil
}

var listWaiting = both(`
	select conversation, place, since, until_at
	from waiting
	where (place = $1 or $1 = '') and (until_at <= $2 or $2 = 0)
	order by since, conversation
	limit cast($3 as bigint)`)

// listClosed is those whose person somebody closed since they wait: neither the end of a flow nor a merge closes a lead. SQLite is
// told to begin with those who wait, of whom there are fewer than leads, and to look a change up by its person.
var listClosed = statement{lite: fmt.Sprintf(closedText, " indexed by person_change_person"), postgres: fmt.Sprintf(closedText, "")}

const closedText = `
	select w.conversation, w.place, w.since, w.until_at
	from waiting w
	cross join lead l
	cross join person p
	where l.conversation = w.conversation and p.id = l.person
	  and (w.place = $1 or $1 = '') and (w.until_at <= $2 or $2 = 0)
	  and p.stage in ('won', 'lost', 'waitlist', 'nurture', 'disqualified')
	  and exists (
	    select 1
	    from person_change c%s
	    where c.person = p.id and c.kind = 'stage' and c.became = p.stage and c.at > w.since
	      and c.who <> '` + bot.HouseKeeping + `' and c.who not like 'flow %%'
	  )
	order by w.since, w.conversation
	limit cast($3 as bigint)`

// Waiters reads the conversations of leads that wait, the one that has waited longest first: of each place the first ones.
func (d *DB) Waiters(ctx context.Context, ofEach int) ([]bot.Conversation, error) {
	var all []bot.Conversation
	err := d.engine.read(ctx, []step{{sql: waiters, args: []any{int64(ofEach)}, each: func(row scanner) error {
		var c bot.Conversation
		var state string
		err := row.Scan(&c.ID, &c.Site, &c.Visitor, &c.Split, &c.Seq, &c.Last, &state)
		if err == nil {
			err = json.Unmarshal([]byte(state), &c.State)
		}
		all = append(all, c)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("read leads that wait: %w", err)
	}
	return all, nil
}

// waiters goes from place to place by the index, and reads no more of those who wait there than it gives: with thousands of
// them it is asked for each lead that is new.
var waiters = statement{
	lite: waitersPlaces + `
	join waiting w on w.conversation in (
	  select conversation
	  from waiting
	  where place = p.place
	  order by since, conversation
	  limit cast($1 as bigint))` + waitersTalks,
	postgres: waitersPlaces + `
	cross join lateral (
	  select conversation, since
	  from waiting
	  where place = p.place
	  order by since, conversation
	  limit cast($1 as bigint)) as w` + waitersTalks,
}

const waitersPlaces = `
	with recursive places as (
	  select min(place) as place
	  from waiting
	  union all
	  select (select min(w.place) from waiting as w where w.place > places.place)
	  from places
	  where places.place is not null
	)
	select c.id, c.site, c.visitor, c.split, c.seq, c.last, c.state
	from places as p`

const waitersTalks = `
	join conversation c on c.id = w.conversation
	order by w.since, w.conversation`

// WaitingPlaces counts leads that wait, by place.
func (d *DB) WaitingPlaces(ctx context.Context) (map[string]int, error) {
	places := map[string]int{}
	err := d.engine.read(ctx, []step{{sql: waitingPlaces, each: func(row scanner) error {
		var place string
		var n int64
		err := row.Scan(&place, &n)
		places[place] = int(n)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("count leads that wait: %w", err)
	}
	return places, nil
}

var waitingPlaces = both(`
	select place, count(*)
	from waiting
	group by place`)

// Orphans lists leads of reps who are none of these: open ones, and those with a meeting ahead.
func (d *DB) Orphans(ctx context.Context, reps []string, now time.Time) ([]bot.Orphan, error) {
	if len(reps) == 0 {
		return nil, nil
	}
	var all []bot.Orphan
	there := padded(reps)
	args := append([]any{micros(now)}, there...)
	err := d.engine.read(ctx, []step{{sql: orphans.of(len(there), orphansText), args: args, each: func(row scanner) error {
		var o bot.Orphan
		err := row.Scan(&o.Conversation, &o.Rep)
		all = append(all, o)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("find leads of reps who left: %w", err)
	}
	return all, nil
}

var orphans texts

func orphansText(n int) statement {
	return both(`
	select conversation, rep
	from lead
	where rep <> '' and stage in ('open', 'qualified') and rep not in (` + places(2, n) + `)
	union
	select m.conversation, l.rep
	from meeting m
	join lead l on l.conversation = m.conversation
	where m.status = 'confirmed' and m.of = '' and m.end_at > $1 and l.rep not in (` + places(2, n) + `)
	order by conversation`)
}
