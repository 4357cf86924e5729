package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
)

// meetingSteps writes the turn's meetings with a row for each guest, in place of the rows with their UID. First the
// locks, then what goes, then what gives time back. What takes time is one insert that the database refuses when the
// time is taken, after the rep's expired holds were removed; it goes by rep and time, the same way in every turn.
func meetingSteps(t *bot.Turn) []step {
	meetings := lasting(t)
	var free, block []bot.Meeting
	for _, m := range meetings {
		rows := append([]bot.Meeting{m}, guests(m)...)
		if m.Status == bot.Held || m.Status == bot.Confirmed {
			block = append(block, rows...)
		} else {
			free = append(free, rows...)
		}
	}
	slices.SortStableFunc(block, func(a, b bot.Meeting) int {
		return cmp.Or(cmp.Compare(a.Rep, b.Rep), a.Start.Compare(b.Start))
	})
	steps := meetingLocks(block)
	for _, m := range meetings {
		steps = append(steps,
			step{sql: deleteMeeting, args: []any{m.UID, m.Conversation}},
			step{sql: deleteGuests, args: []any{m.UID, m.Conversation}})
	}
	for _, m := range free {
		steps = append(steps, putMeeting(m))
	}
	for _, m := range block {
		steps = append(steps, blockSteps(m, t.Now)...)
	}
	return steps
}

// lasting is the turn's meetings as they are in the end: of two with one UID the later. Guests have their rows by the
// meeting's With alone.
func lasting(t *bot.Turn) (meetings []bot.Meeting) {
	for _, m := range t.Meetings {
		if m.Of != "" {
			continue
		}
		if m.CreatedAt.IsZero() {
			m.CreatedAt = t.Now
		}
		meetings = slices.DeleteFunc(meetings, func(old bot.Meeting) bool { return old.UID == m.UID })
		meetings = append(meetings, m)
	}
	return meetings
}

// guests is a row for each rep who comes too: it blocks them as the meeting blocks its rep.
func guests(m bot.Meeting) (rows []bot.Meeting) {
	for _, rep := range strings.Fields(m.With) {
		row := m
		row.UID, row.Of, row.Rep = m.UID+"."+rep, m.UID, rep
		rows = append(rows, row)
	}
	return rows
}

// blockSteps takes a time for a meeting or a hold. A conversation's own holds are not in its way: what is offered to it
// leaves them out, and what is offered must be bookable.
func blockSteps(m bot.Meeting, now time.Time) []step {
	start, end := blocked(m)
	steps := []step{{sql: removeHolds, args: []any{m.Rep, micros(now), m.Conversation, start, end}}}
	if m.Of == "" && m.Status == bot.Held && m.Visitor != "" {
		steps = append(steps, step{sql: dropOldest, args: []any{m.Visitor, micros(now), int64(bot.MaxHolds - 1)}})
	}
	if m.Of == "" && m.Seats > 0 {
		steps = append(steps, step{
			sql: takeSeat, guard: taken(m),
			args: []any{m.Kind, m.Day, m.UID, micros(now), m.Conversation, int64(m.Seats)},
		})
	}
	return append(steps, putMeeting(m))
}

// blocked is what a meeting blocks, half open.
func blocked(m bot.Meeting) (start, end int64) {
	return micros(m.Start.Add(-m.Buffer)), micros(m.End.Add(m.Buffer))
}

func taken(m bot.Meeting) error {
	return &bot.TakenError{Slot: dialogue.Slot{Rep: m.Rep, Start: m.Start, End: m.End}}
}

var removeHolds = both(`
	delete from meeting
	where rep = $1 and status = 'held'
	  and (expires <= $2 or (conversation = $3 and block_end > $4 and block_start < $5))`)

// dropOldest makes room for one more hold of the visitor.
var dropOldest = both(`
	update meeting
	set status = 'dropped'
	where visitor = $1 and status = 'held' and case of when '' then uid else of end in (
	  select uid
	  from meeting
	  where visitor = $1 and status = 'held' and of = '' and expires > $2
	  order by created_at desc, uid desc
	  limit 1000 offset $3)`)

// takeSeat touches a row only if the day has a seat left. The conversation's own holds do not count, as in its agenda.
var takeSeat = guarded("the seats are taken", 1, `
	select 1 as n
	where $6 > (
	  select count(*)
	  from meeting
	  where kind = $1 and day = $2 and of = '' and status in ('held', 'confirmed') and uid <> $3
	    and (status = 'confirmed' or (expires > $4 and conversation <> $5)))`)

var deleteMeeting = both(`
	delete from meeting
	where uid = $1 and conversation = $2`)

var deleteGuests = both(`
	delete from meeting
	where of = $1 and of <> '' and conversation = $2`)

func putMeeting(m bot.Meeting) step {
	start, end := blocked(m)
	return step{sql: insertMeeting, guard: taken(m), args: []any{
		m.UID, m.Conversation, m.Visitor, m.Rep, micros(m.Start), micros(m.End), m.Buffer.Microseconds(),
		start, end, m.Status, micros(m.Expires), int64(m.Sequence),
		m.Title, m.Place, m.Attendee, m.Name, m.Timezone, micros(m.CreatedAt),
		m.Language, m.Phone, m.Kind, int64(m.Seats), m.Day, m.With, m.Of, m.Made, m.Because, flag(m.Clashed), m.Answer, micros(m.NoShow), int64(m.Moved),
	}}
}

var insertMeeting = guarded("the time is taken", 1, `
	insert into meeting (`+meetingColumns+`)
	values (`+places(1, 31)+`)
	on conflict do nothing
	returning 1 as n`)

const meetingColumns = `uid, conversation, visitor, rep, start_at, end_at, buffer, block_start, block_end,
	  status, expires, sequence, title, place, attendee, name, timezone, created_at,
	  language, phone, kind, seats, day, "with", of, made, because, clashed, answer, no_show, moved`

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

// MeetingsOf lists the rep's confirmed and cancelled meetings that touch [from, to), by their start.
func (d *DB) MeetingsOf(ctx context.Context, rep string, from, to time.Time) ([]bot.Meeting, error) {
	var meetings []bot.Meeting
	err := d.engine.read(ctx, []step{{sql: readMeetingsOf, args: []any{rep, micros(from), micros(to)}, each: func(row scanner) error {
		m, err := scanMeeting(row)
		meetings = append(meetings, m)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("read meetings of %s: %w", rep, err)
	}
	return meetings, nil
}

var readMeetingsOf = both(`
	select ` + meetingColumns + `
	from meeting
	where rep = $1 and end_at > $2 and start_at < $3 and status in ('confirmed', 'cancelled')
	order by start_at, uid`)

func scanMeeting(row scanner) (bot.Meeting, error) {
	var m bot.Meeting
	var start, end, buffer, blockStart, blockEnd, expires, sequence, created, seats, clashed, noShow, moved int64
	err := row.Scan(&m.UID, &m.Conversation, &m.Visitor, &m.Rep, &start, &end, &buffer, &blockStart, &blockEnd,
		&m.Status, &expires, &sequence, &m.Title, &m.Place, &m.Attendee, &m.Name, &m.Timezone, &created,
		&m.Language, &m.Phone, &m.Kind, &seats, &m.Day, &m.With, &m.Of, &m.Made, &m.Because, &clashed, &m.Answer, &noShow, &moved)
	m.Start, m.End, m.Buffer = instant(start), instant(end), time.Duration(buffer)*time.Microsecond
	m.Expires, m.Sequence, m.CreatedAt = instant(expires), int(sequence), instant(created)
	m.Seats, m.Clashed, m.NoShow = int(seats), clashed != 0, instant(noShow)
	m.Moved = int(moved)
	return m, err
}
