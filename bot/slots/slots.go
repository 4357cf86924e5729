// Package slots owns when a meeting can be: hours, holidays, busy times, buffers, notice, horizon and grid. It is a
// pure function; offering, booking and rescheduling all ask it, so that an offered time can always be booked.
package slots

import (
	"time"

	"usher/flows"
)

// Interval is a stretch of time, half open: End is free again.
type Interval struct {
	Start, End time.Time
}

// Request is what the times of one rep depend on.
type Request struct {
	Roster  *flows.Roster // holidays
	Rep     *flows.Rep    // hours, zone, limits, away
	Rules   flows.MeetingRules
	Minutes int
	Now     time.Time
	From    time.Time   // zero = Now + notice
	To      time.Time   // zero = Now + horizon
	Busy    []Interval  // calendar, in any order, may overlap
	Blocked []Interval  // meetings and live holds, buffers already added
	Away    []Interval  // announced absence
	Booked  []time.Time // starts of the rep's meetings, for the day and week limits
}

// Slot is a bookable time of one rep.
type Slot struct {
	Rep string
	Interval
}

// Free is every bookable start in order, at most limit of them (0 = all).
func Free(r Request, limit int) []Slot { return nil }

// Reason is why a time cannot be booked: a stable code and a sentence for whoever asks.
type Reason struct{ Code, Say string }

// Why says why start is not bookable, or ok. Free offers exactly the starts for which Why says ok.
func Why(r Request, start time.Time) (reason Reason, ok bool) { return Reason{}, false }

// Choice is how offers are picked from the free times.
type Choice struct {
	N        int
	Location *time.Location // the visitor's: parts of the day and days are theirs
	Not      []Slot
	// Fits narrows to the times a visitor asked for; nil = all.
	Fits func(start time.Time) bool
}

// Offer picks N times that differ: the soonest, another part of a day, another day; in order of time.
func Offer(free []Slot, c Choice) []Slot { return nil }
