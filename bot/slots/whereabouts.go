package slots

import (
	"math"
	"time"

	"usher/flows"
)

// whereabouts is the zone a rep is in at each instant: their own, or the one of a stay. It remembers the period it saw
// last, in which neither the place nor the offset changes.
type whereabouts struct {
	home     zone
	stays    []stay
	place    *time.Location
	offset   int64
	from, to int64 // place and offset hold in [from, to)
}

// stay is a run of days that are counted in another zone, from midnight to midnight there.
type stay struct {
	run
	zone     zone
	from, to int64
}

func newWhereabouts(home *time.Location, travel []flows.Stay) whereabouts {
	w := whereabouts{home: zone{location: home}}
	for _, t := range travel {
		if t.Location == nil {
			continue
		}
		s := stay{run: runOf(t.DateRange), zone: zone{location: t.Location}}
		s.from, s.to = s.zone.starts(s.first), s.zone.starts(s.last+1)
		w.stays = append(w.stays, s)
	}
	return w
}

// find makes the period that holds at the instant the current one. Where the days of two zones overlap, those of the
// stay count, and of two stays the first; where there is a gap between them, the rep counts as at home.
func (w *whereabouts) find(at int64) {
	if at >= w.from && at < w.to {
		return
	}
	in := &w.home
	w.from, w.to = math.MinInt64, math.MaxInt64
	for i := len(w.stays) - 1; i >= 0; i-- {
		s := &w.stays[i]
		if s.from <= at && at < s.to {
			in = &s.zone
		}
		w.edge(at, s.from)
		w.edge(at, s.to)
	}
	in.find(at)
	w.place, w.offset = in.location, in.offset
	w.from, w.to = max(w.from, in.from), min(w.to, in.to)
}

// edge ends the current period where a stay begins or ends.
func (w *whereabouts) edge(at, edge int64) {
	if edge <= at {
		w.from = max(w.from, edge)
	} else {
		w.to = min(w.to, edge)
	}
}

// wall is what a clock where the rep is shows at the instant.
func (w *whereabouts) wall(at int64) int64 {
	w.find(at)
	return at + w.offset
}

// date is the number of the day on which the instant falls where the rep is.
func (w *whereabouts) date(at int64) int64 { return floor(w.wall(at), day) }

// week is the number of the ISO week, which begins on Monday, in which the instant falls where the rep is.
func (w *whereabouts) week(at int64) int64 { return floor(w.date(at)+3, 7) } // 1970-01-01 was a Thursday

// location is where the rep is at the instant.
func (w *whereabouts) location(at int64) *time.Location {
	w.find(at)
	return w.place
}

// on is the zone in which the hours of a day are read.
func (w *whereabouts) on(date int64) *zone {
	for i := range w.stays {
		if w.stays[i].has(date) {
			return &w.stays[i].zone
		}
	}
	return &w.home
}

// around is the first and the last day, in any zone the rep is in, that touches [from, to).
func (w *whereabouts) around(from, to int64) (first, last int64) {
	margin := int64(1)
	if len(w.stays) > 0 {
		margin = 3 // two zones are up to 26 hours apart
	}
	return w.home.date(from) - margin, w.home.date(to) + margin
}
