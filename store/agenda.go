package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
	"usher/bot/slots"
)

// Agenda reads busy times, blocking meetings, announced absence, shares and seats in one round trip. Holds that expired before
// Now do not block, nor do holds of the conversation Except. A rep whose calendar could not be read has no Read; what
// lies beyond the time up to which a calendar is known is busy.
func (d *DB) Agenda(ctx context.Context, q bot.AgendaQuery) (desk.Agenda, error) {
	a := agenda{query: q, Agenda: desk.Agenda{
		Busy: map[string][]slots.Interval{}, Read: map[string]time.Time{}, Blocked: map[string][]slots.Interval{},
		Booked: map[string][]time.Time{}, Away: map[string][]slots.Interval{}, Shares: desk.Shares{},
		Draws: map[string]int64{}, Seats: map[string]map[string]int{},
	}}
	if len(q.Reps) == 0 && q.Kind == "" {
		return a.Agenda, nil
	}
	if err := d.engine.read(ctx, a.steps()); err != nil {
		return desk.Agenda{}, fmt.Errorf("read the agenda: %w", err)
	}
	return a.Agenda, nil
}

// agenda is an agenda being read.
type agenda struct {
	desk.Agenda
	query bot.AgendaQuery
}

func (a *agenda) steps() []step {
	var steps []step
	if len(a.query.Reps) > 0 {
		steps = a.repSteps()
	}
	if len(a.query.Open) > 0 {
		reps := padded(a.query.Open)
		a.Open = map[string]int{}
		steps = append(steps, step{sql: agendaOpen.of(len(reps), openText), args: append([]any{a.query.Except}, reps...), each: a.open})
	}
	if q := a.query; q.Kind != "" {
		a.Seats[q.Kind] = map[string]int{}
		first := q.From.AddDate(0, 0, -1).Format(time.DateOnly) // whatever the zone
		steps = append(steps, step{sql: agendaSeats, args: []any{q.Kind, first, micros(q.Now), q.Except, q.Instead}, each: a.seat})
	}
	return steps
}

func (a *agenda) repSteps() []step {
	reps := padded(a.query.Reps)
	n := len(reps)
	from, to := micros(a.query.From), micros(a.query.To)
	with := func(first ...any) []any { return append(first, reps...) }
	return []step{
		{sql: agendaBusy.of(n, busyText), args: with(), each: a.busy},
		{sql: agendaAway.of(n, awayText), args: with(from, to), each: a.away},
		{sql: agendaMeetings.of(n, meetingsText), args: with(from, micros(a.query.Now), a.query.Except, a.query.Instead), each: a.meeting},
		{sql: agendaDraws, each: a.draw}, // before the shares: a turn decided on older draws than shares is refused, never let through
		{sql: agendaShares.of(n, sharesText), args: with(), each: a.share},
	}
}

var agendaBusy, agendaAway, agendaMeetings, agendaShares, agendaOpen texts

func busyText(n int) statement {
	return both(`
	select rep, read_at, until_at, failure, spans
	from busy
	where rep in (` + places(1, n) + `)`)
}

func awayText(n int) statement {
	return both(`
	select rep, start_at, end_at
	from rep_state
	where rep in (` + places(3, n) + `) and end_at > $1 and start_at < $2
	order by rep, start_at`)
}

func meetingsText(n int) statement {
	return both(`
	select rep, start_at, block_start, block_end
	from meeting
	where rep in (` + places(5, n) + `) and status in ('held', 'confirmed') and block_end > $1
	  and (status = 'confirmed' or (expires > $2 and conversation <> $3))
	  and uid <> $4 and (of = '' or of <> $4)
	order by rep, start_at`)
}

func sharesText(n int) statement {
	return both(`
	select team, queue, rep, count, due, missed, got, gave, weight, last_at
	from share
	where rep in (` + places(1, n) + `)`)
}

// openText counts leads of the reps that are neither closed, by the conversation or by somebody who said so, nor booked: who
// talks in several conversations is one, as soon as the person's record tells. The
// draws of open leads come in the same text, so that they are of the same moment: a turn that is on its way is in both or
// in neither.
func openText(n int) statement {
	return both(`
	select l.rep, count(distinct case when l.person = '' then l.conversation else l.person end)
	from lead l
	where l.rep in (` + places(2, n) + `) and l.rep <> '' and l.stage in ('open', 'qualified') and l.conversation <> $1
	  and not exists (
	    select 1
	    from person p
	    where p.id = l.person and p.stage in ('won', 'lost', 'waitlist', 'nurture', 'disqualified')
	  )
	group by l.rep
	union all
	select team, n
	from draw
	where team like '` + desk.OpenDraw + `%'`)
}

// agendaSeats counts as takeSeat does.
var agendaSeats = both(`
	select day, count(*)
	from meeting
	where kind = $1 and day >= $2 and of = '' and status in ('held', 'confirmed')
	  and (status = 'confirmed' or (expires > $3 and conversation <> $4)) and uid <> $5
	group by day`)

var agendaDraws = both(`
	select team, n
	from draw`)

// padded repeats the last rep up to a power of two, so that few texts serve teams of all sizes.
func padded(reps []string) []any {
	n := 1
	for n < len(reps) {
		n *= 2
	}
	out := make([]any, n)
	for i := range out {
		out[i] = reps[min(i, len(reps)-1)]
	}
	return out
}

func (a *agenda) busy(row scanner) error {
	var rep, failure string
	var read, until int64
	var packed []byte
	if err := row.Scan(&rep, &read, &until, &failure, &packed); err != nil {
		return err
	}
	busy, err := unpack(packed, a.query.From, a.query.To)
	if err != nil {
		return fmt.Errorf("calendar of %s: %w", rep, err)
	}
	if known := instant(until); until > 0 && known.Before(a.query.To) {
		busy = append(busy, slots.Interval{Start: known, End: a.query.To})
	}
	if len(busy) > 0 {
		a.Busy[rep] = busy
	}
	if failure == "" && read > 0 {
		a.Read[rep] = instant(read)
	}
	return nil
}

func (a *agenda) away(row scanner) error {
	var rep string
	var start, end int64
	err := row.Scan(&rep, &start, &end)
	a.Away[rep] = append(a.Away[rep], slots.Interval{Start: instant(start), End: instant(end)})
	return err
}

func (a *agenda) meeting(row scanner) error {
	var rep string
	var start, blockStart, blockEnd int64
	err := row.Scan(&rep, &start, &blockStart, &blockEnd)
	if at := instant(start); !at.Before(a.query.From) {
		a.Booked[rep] = append(a.Booked[rep], at)
	}
	if begins := instant(blockStart); begins.Before(a.query.To) {
		a.Blocked[rep] = append(a.Blocked[rep], slots.Interval{Start: begins, End: instant(blockEnd)})
	}
	return err
}

func (a *agenda) seat(row scanner) error {
	var day string
	var n int64
	err := row.Scan(&day, &n)
	a.Seats[a.query.Kind][day] = int(n)
	return err
}

func (a *agenda) share(row scanner) error {
	q, rep, s, err := scanShare(row)
	if a.Shares[q] == nil {
		a.Shares[q] = map[string]routing.Share{}
	}
	a.Shares[q][rep] = s
	return err
}

func scanShare(row scanner) (q routing.Queue, rep string, s routing.Share, err error) {
	var weight, last int64
	err = row.Scan(&q.Team, &q.Name, &rep, &s.Count, &s.Due, &s.Missed, &s.Got, &s.Gave, &weight, &last)
	s.Weight = int(weight)
	s.Last = instant(last)
	return q, rep, s, err
}

func (a *agenda) draw(row scanner) error {
	of, n, err := scanDraw(row)
	a.Draws[of] = n
	return err
}

func (a *agenda) open(row scanner) error {
	of, n, err := scanDraw(row)
	if strings.HasPrefix(of, desk.OpenDraw) {
		a.Draws[of] = n
	} else {
		a.Open[of] = int(n)
	}
	return err
}

func scanDraw(row scanner) (of string, n int64, err error) {
	err = row.Scan(&of, &n)
	return of, n, err
}
