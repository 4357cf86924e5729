// Package calendar owns iCalendar: it reads reps' calendars as events and busy times, and writes invitations. Real
// calendars are rarely clean, so the reader forgives what it can, drops one event rather than a feed, and says so;
// what it has to refuse it counts as busy, for a rep who is offered while in a meeting is the worse mistake.
package calendar

import (
	"fmt"
	"slices"
	"time"

	"usher/bot/slots"
)

// Limits of one calendar. They stand far above what people's calendars hold and far below what would hurt a server
// that reads fifty of them every few minutes.
const (
	MaxBytes     = 10 << 20 // of one file
	MaxEvents    = 5000     // VEVENTs and VFREEBUSYs in one file
	MaxInstances = 10000    // of one event within the query
	MaxTotal     = 100000   // instances of one file within the query
	MaxSteps     = 16 << 20 // of one rule, a step being about two nanoseconds of work
	MaxWork      = 64 << 20 // steps of one file: about 200 ms
	MaxProblems  = 1000     // told of one file; who has more knows enough
)

// Query says which part of a calendar is wanted.
type Query struct {
	From, To time.Time // instants, half open
	// Zone reads floating and all-day times where the calendar names no zone of its own; nil = UTC, which is
	// reported when it is used.
	Zone *time.Location
	// Owner is the mail address whose calendar this is: what they declined does not keep them busy.
	Owner string
}

// Event is one instance of an event.
type Event struct {
	UID     string    `json:"uid"`
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	AllDay  bool      `json:"all_day"`
	Busy    bool      `json:"busy"` // false: transparent, or declined by the owner
	Summary string    `json:"summary"`
}

// Problem is one thing in a calendar that could not be read as written.
type Problem struct {
	UID     string // of the event; "" = the file
	Line    int    // where it begins; 0 = not known
	Code    string // stable name: bad-rule, unknown-zone, too-much …
	Message string
	Fatal   bool // nothing can be said about the calendar: whoever asks must assume that it is full
}

// NoZone is the code of the problem that nobody says in which zone floating times are meant.
const NoZone = "no-zone"

// Error is the problem with its place.
func (p Problem) Error() string {
	switch {
	case p.UID != "" && p.Line > 0:
		return fmt.Sprintf("line %d: event %s: %s", p.Line, clip(p.UID), p.Message)
	case p.Line > 0:
		return fmt.Sprintf("line %d: %s", p.Line, p.Message)
	}
	return p.Message
}

// Events reads every instance that overlaps the query, cancelled ones left out, by start. An instance without length
// is there when it starts within the query.
func Events(data []byte, q Query) ([]Event, []Problem) {
	root, problems := decode(data)
	if root == nil {
		return nil, problems
	}
	x := &expansion{query: q, from: q.From.Unix(), to: q.To.Unix(), problems: problems}
	x.file(root)
	slices.SortStableFunc(x.events, func(a, b Event) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return a.End.Compare(b.End)
	})
	return x.events, x.problems
}

// Busy reads the busy times of all files together, merged, in order and cut to the query.
func Busy(q Query, files ...[]byte) ([]slots.Interval, []Problem) {
	var spans []slots.Interval
	var problems []Problem
	for _, data := range files {
		events, ps := Events(data, q)
		problems = append(problems, ps...)
		spans = append(spans, busyOf(events, q)...)
	}
	return slots.Merge(spans), problems
}

func cut(e Event, q Query) slots.Interval {
	s := slots.Interval{Start: e.Start, End: e.End}
	if s.Start.Before(q.From) {
		s.Start = q.From
	}
	if s.End.After(q.To) {
		s.End = q.To
	}
	return s
}
