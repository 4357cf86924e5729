package store

import (
	"cmp"
	"slices"

	"usher/bot"
)

// meetingLocks are what turns that block time wait for, in one order in all turns. SQLite has one writer and needs none.
func meetingLocks(block []bot.Meeting) []step {
	steps := append(repsLock(block), visitorLocks(block)...)
	return append(steps, seatLocks(block)...)
}

// repsLock lets one turn at a time be at work on several reps: a meeting with guests, or one that stood already and may
// have had another rep. Of turns that take times of one rep each, none can wait for another that waits for it.
func repsLock(block []bot.Meeting) []step {
	several := slices.ContainsFunc(block, func(m bot.Meeting) bool {
		return m.With != "" || m.Sequence > 0 || m.Rep != block[0].Rep
	})
	if !several {
		return nil
	}
	return []step{{sql: lockReps}}
}

// lockReps locks any number that nobody else locks: "usher" and "reps".
var lockReps = statement{postgres: `select pg_advisory_xact_lock(117115104, 114101112)`}

// visitorLocks lets only one turn at a time count a visitor's holds.
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

// seatLocks lets only one turn at a time count a day's seats.
func seatLocks(block []bot.Meeting) []step {
	type day struct{ kind, day string }
	var days []day
	for _, m := range block {
		if m.Seats > 0 {
			days = append(days, day{m.Kind, m.Day})
		}
	}
	slices.SortFunc(days, func(a, b day) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.day, b.day)) })
	var steps []step
	for _, d := range slices.Compact(days) {
		steps = append(steps, step{sql: lockSeats, args: []any{d.kind, d.day}})
	}
	return steps
}

var lockSeats = statement{postgres: `
	insert into seat (kind, day, n)
	values ($1, $2, 1)
	on conflict (kind, day) do update set n = seat.n + 1`}
