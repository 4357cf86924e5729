// Package slots owns when a meeting can be: hours, dates with hours of their own, journeys, holidays, seats, busy times,
// buffers, notice, horizon and grid. It is a pure function; offering, booking and rescheduling all ask it, so that an
// offered time can always be booked.
package slots

import (
	"time"

	"usher/flows"
)

// Request is what the times of one rep depend on.
type Request struct {
	Roster  *flows.Roster      // holidays
	Rep     *flows.Rep         // hours, dates, zone, travel, limits, away
	Rules   flows.MeetingRules // no horizon or grid = flows' defaults; no buffer or notice = none
	Minutes int                // of the meeting; 0 = flows.DefaultMinutes
	Now     time.Time
	From    time.Time   // first start asked for; zero = Now + notice
	To      time.Time   // starts before it are asked for; zero = up to and with Now + horizon
	Busy    []Interval  // calendar, in any order, may overlap
	Blocked []Interval  // meetings and live holds, buffers already added
	Away    []Interval  // announced absence
	Booked  []time.Time // starts of the rep's meetings, for the day and week limits
	Full    []string    // days whose seats are gone, as Day names them
	Guest   bool        // the rep comes to somebody else's meeting: Why does not ask their own grid
}

// Slot is a bookable time of one rep.
type Slot struct {
	Rep string
	Interval
}

// Free is every bookable start in order, at most limit of them (0 = all).
func Free(r Request, limit int) []Slot {
	lo, hi := r.window()
	p := newPlan(r, lo, hi)
	var free []Slot
	for _, open := range p.open {
		at := p.next(max(open.from, lo))
		for at <= hi && at+p.length <= open.to {
			code, over := p.reason(at)
			if code == "" {
				if free = append(free, p.slot(at)); len(free) == limit {
					return free
				}
			}
			at = p.next(max(at+1, over))
		}
	}
	return free
}

// Why says why start is not bookable, or ok. Free offers exactly the starts for which Why says ok.
func Why(r Request, start time.Time) (reason Reason, ok bool) {
	at := start.Unix()
	p := newPlan(r, at, at)
	code, _ := p.reason(at)
	if start.Nanosecond() != 0 && p.late(at) == "" {
		code = OffGrid
	}
	return Reason{Code: code, Say: p.say(code, start)}, code == ""
}

// window is the first and the last start that the rules and the request let through, in Unix seconds.
func (r Request) window() (first, last int64) {
	first, last = seconds(r.Now.Add(r.Rules.Notice)), r.Now.Add(r.horizon()).Unix()
	if !r.From.IsZero() {
		first = max(first, seconds(r.From))
	}
	if !r.To.IsZero() {
		last = min(last, seconds(r.To)-1)
	}
	return first, last
}

func (r Request) horizon() time.Duration {
	if r.Rules.Horizon <= 0 {
		return flows.DefaultHorizon
	}
	return r.Rules.Horizon
}

// location is the zone in which the rep's hours, days and weeks are read, unless they travel.
func (r Request) location() *time.Location {
	if r.Rep.Location != nil {
		return r.Rep.Location
	}
	return zoneOf(r.Roster)
}

// seconds is the first whole second that is not before t.
func seconds(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}
