package flows

import (
	"slices"
	"time"
)

// Open says whether the hours of that name are kept now, or somebody of the team of that name can be handed a visitor.
func (r *Roster) Open(name string, now time.Time) bool {
	if hours := r.Hours[name]; hours != nil {
		return r.open(hours, r.Location, now)
	}
	team := r.Team(name)
	return team != nil && r.manned(team, now)
}

// manned says whether a team can be handed somebody now: by its own hours, or those of any of its reps.
func (r *Roster) manned(t *Team, now time.Time) bool {
	if t.Hours != nil {
		return r.open(t.Hours, r.Location, now)
	}
	return slices.ContainsFunc(t.Reps, func(rep *Rep) bool { return r.works(rep, now) })
}

// works says whether the rep is at work now: by the hours of the date where it has its own, else by the week, on the
// clock where the rep is.
func (r *Roster) works(rep *Rep, now time.Time) bool {
	zone := rep.whereabouts(now)
	if now.IsZero() || zone == nil {
		return false
	}
	local := now.In(zone)
	today := dateOf(local)
	if slices.ContainsFunc(rep.Away, func(a DateRange) bool { return a.has(today) }) {
		return false
	}
	for _, d := range rep.Dates {
		if d.has(today) {
			return keeps(d.Spans, local)
		}
	}
	return rep.Hours != nil && r.open(rep.Hours, zone, now)
}

// whereabouts is the zone the rep is in now; nil while they are on the way: no longer in the one, not yet in the other.
func (rep *Rep) whereabouts(now time.Time) *time.Location {
	if rep.Location == nil {
		return nil
	}
	home := rep.Location
	for _, s := range rep.Travel {
		if s.has(dateOf(now.In(s.Location))) {
			return s.Location
		}
		if s.has(dateOf(now.In(rep.Location))) {
			home = nil
		}
	}
	return home
}

// open says whether hours are kept now by somebody in that zone.
func (r *Roster) open(hours *Hours, zone *time.Location, now time.Time) bool {
	if now.IsZero() || zone == nil {
		return false
	}
	local := now.In(zone)
	return !slices.Contains(r.Holidays, dateOf(local)) && keeps(hours.Week[local.Weekday()], local)
}

func keeps(spans []Span, local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	return slices.ContainsFunc(spans, func(s Span) bool { return s.From <= minute && minute < s.To })
}

func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// has says whether the date is one of the run.
func (r DateRange) has(d Date) bool { return !d.before(r.From) && !r.To.before(d) }
