package slots

import (
	"time"

	"usher/flows"
)

// run is days by their numbers, both included.
type run struct{ first, last int64 }

func runOf(d flows.DateRange) run { return run{number(d.From), number(d.To)} }

func (r run) has(date int64) bool { return r.first <= date && date <= r.last }

// exception is days with hours of their own.
type exception struct {
	run
	spans []flows.Span
}

func exceptions(days []flows.DayHours) (all []exception) {
	for _, d := range days {
		all = append(all, exception{runOf(d.DateRange), d.Spans})
	}
	return all
}

// hours are those of a day: of the date where it has its own, else of the weekday.
func (p *plan) hours(date int64) []flows.Span {
	if e := p.exception(date); e != nil {
		return e.spans
	}
	if p.Rep.Hours == nil {
		return nil
	}
	return p.Rep.Hours.Week[weekday(date)]
}

func (p *plan) exception(date int64) *exception {
	for i := range p.dated {
		if p.dated[i].has(date) {
			return &p.dated[i]
		}
	}
	return nil
}

// Day names the day on which a meeting that starts at the instant takes one of its seats: 2026-11-24 in the roster's
// zone.
func Day(r *flows.Roster, start time.Time) string { return start.In(zoneOf(r)).Format(time.DateOnly) }

// full is the stretch of each day whose seats are gone.
func (r Request) full(lo, hi int64) []span {
	var days []Interval
	for _, name := range r.Full {
		date, err := time.ParseInLocation(time.DateOnly, name, time.UTC)
		if err != nil {
			continue // no day at all
		}
		z := zone{location: zoneOf(r.Roster)}
		n := floor(date.Unix(), day)
		days = append(days, Interval{time.Unix(z.starts(n), 0), time.Unix(z.starts(n+1), 0)})
	}
	return spans(days, lo, hi)
}

func zoneOf(r *flows.Roster) *time.Location {
	if r == nil || r.Location == nil {
		return time.UTC
	}
	return r.Location
}
