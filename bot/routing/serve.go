package routing

import (
	"fmt"
	"slices"
	"time"

	"usher/flows"
)

// serve picks a rep of the target who can have the lead now. Reps who are away or have met a limit today are passed
// over; where a meeting follows and nobody else can have it, they can, if they have a free time soon enough.
func (d *decision) serve(t target) (Choice, bool) {
	d.tried[t.place()] = d.tried[t.place()] || t.within == 0
	var ready, later []*flows.Rep
	for _, rep := range t.reps {
		switch {
		case slices.Contains(d.q.Not, rep.ID):
			d.note(t, rep.ID, "is not to be asked again")
		case d.barred(t, rep) != "":
			d.note(t, rep.ID, d.barred(t, rep))
		case d.absent(rep) == "":
			ready = append(ready, rep)
		default:
			later = append(later, rep)
		}
	}
	choice, ok := d.spoken(t, ready, d.reachable)
	if ok || !d.q.Meet {
		for _, rep := range later {
			d.note(t, rep.ID, d.absent(rep))
		}
		return choice, ok
	}
	if choice, ok = d.spoken(t, later, d.reachable); ok {
		rep := find(t.reps, choice.Rep)
		choice.Because += "; " + first(rep) + " " + d.absent(rep) + ", but has a free time"
	}
	return choice, ok
}

// pick takes the next rep by the team's way of sharing, until one passes; the others are noted with the reason.
func (d *decision) pick(t target, pool []*flows.Rep, passes func(target, *flows.Rep) string) (Choice, bool) {
	pool = slices.Clone(pool)
	for len(pool) > 0 {
		d.equals = nil
		rep, how := d.next(t, pool)
		if d.renewed(t, rep) {
			continue
		}
		pool = slices.DeleteFunc(pool, func(r *flows.Rep) bool { return r == rep })
		if reason := passes(t, rep); reason != "" {
			d.note(t, rep.ID, reason)
			continue
		}
		choice := Choice{
			Team: t.id(), Rep: rep.ID, Route: t.route, Because: sentence(t, rep, how) + d.beyond(t, rep) + d.foreign(t, rep), Shared: d.shared(t, rep),
		}
		d.trace = append(d.trace, Verdict{Route: t.route, Team: t.id(), Rep: rep.ID, Taken: true, Because: choice.Because})
		for _, other := range pool {
			d.lost(t, other, rep)
		}
		return choice, true
	}
	return Choice{}, false
}

// lack is why a rep does not take leads today, and what would have to differ; none where they do.
type lack struct{ because, need string }

// absent is why a rep does not take leads today, or ""; it is worked out once.
func (d *decision) absent(rep *flows.Rep) string {
	absence, known := d.absence[rep.ID]
	if !known {
		absence = d.awayOrFull(rep)
		d.absence[rep.ID] = absence
	}
	return absence.because
}

func (d *decision) awayOrFull(rep *flows.Rep) lack {
	now := d.q.Now.In(location(d.roster, rep))
	switch {
	case d.s.Away[rep.ID]:
		return lack{"is away now", "to be back"}
	case awayOn(rep, date(now)):
		return lack{"is away today", "to be back from leave"}
	case holiday(d.roster, rep, date(now)):
		return lack{"has a holiday today", "a day that is no holiday"}
	}
	if rep.Limits.Day == 0 && rep.Limits.Week == 0 {
		return lack{}
	}
	const fewer = "a meeting fewer, or a higher limit"
	day, week := 0, 0
	year, isoWeek := now.ISOWeek()
	for _, start := range d.s.Booked[rep.ID] {
		if away := start.Sub(now); away > 8*24*time.Hour || away < -8*24*time.Hour {
			continue // of no week but another
		}
		start = start.In(now.Location())
		if date(start) == date(now) {
			day++
		}
		if y, w := start.ISOWeek(); y == year && w == isoWeek {
			week++
		}
	}
	switch limits := rep.Limits; {
	case limits.Day > 0 && day >= limits.Day:
		return lack{fmt.Sprintf("has %d of %d meetings of the day", day, limits.Day), fewer}
	case limits.Week > 0 && week >= limits.Week:
		return lack{fmt.Sprintf("has %d of %d meetings of the week", week, limits.Week), fewer}
	default:
		return lack{}
	}
}

// barred is why a rep cannot have the lead at all, however soon they are free, or "".
func (d *decision) barred(t target, rep *flows.Rep) string {
	switch {
	case rep.ID == d.q.Keep:
		return ""
	case d.laden(rep) && !d.theirs(t):
		return d.load(rep)
	case t.team != nil && t.team.Languages == flows.LanguagesMatch && !rep.Speaks(d.q.Scope.Language):
		return "does not speak " + d.q.Scope.Language
	}
	return ""
}

// renewed makes sure of the times of the rep whose turn it is; true says that the turn may be another's by what was
// learnt.
func (d *decision) renewed(t target, rep *flows.Rep) bool {
	if _, asked := d.unknown[rep.ID]; asked || d.s.Known == nil || !d.timed(t) {
		return false
	}
	because, renewed := d.s.Known(rep.ID)
	d.unknown[rep.ID] = because
	if renewed {
		delete(d.asked, rep.ID)
	}
	return renewed
}

// timed says whether the choice depends on the reps' times.
func (d *decision) timed(t target) bool {
	return d.s.Soonest != nil && (d.q.Meet || t.within > 0)
}

// reachable is why a rep has no time soon enough, or "".
func (d *decision) reachable(t target, rep *flows.Rep) string {
	if !d.timed(t) {
		return ""
	}
	if because := d.unknown[rep.ID]; because != "" {
		return because
	}
	first := d.soonest(rep.ID)
	switch {
	case !first.ok:
		return "has no free time"
	case t.within > 0 && first.start.After(d.q.Now.Add(t.within)):
		return fmt.Sprintf("is first free %s, later than the route waits", d.clock(rep, first.start))
	default:
		return ""
	}
}

// soonest asks for a rep's first free time once.
func (d *decision) soonest(rep string) soonest {
	if known, ok := d.asked[rep]; ok || d.s.Soonest == nil {
		return known
	}
	var s soonest
	s.start, s.ok = d.s.Soonest(rep)
	d.asked[rep] = s
	return s
}

// clock shows a time on the rep's clock.
func (d *decision) clock(rep *flows.Rep, t time.Time) string {
	return t.In(location(d.roster, rep)).Format("Mon 2 Jan 15:04")
}

func location(r *flows.Roster, rep *flows.Rep) *time.Location {
	switch {
	case rep.Location != nil:
		return rep.Location
	case r.Location != nil:
		return r.Location
	default:
		return time.UTC
	}
}

func date(t time.Time) flows.Date {
	y, m, d := t.Date()
	return flows.Date{Year: y, Month: m, Day: d}
}

func awayOn(rep *flows.Rep, d flows.Date) bool {
	return slices.ContainsFunc(rep.Away, func(r flows.DateRange) bool { return !before(d, r.From) && !before(r.To, d) })
}

// holiday says whether nobody works on the day, but those whose hours of that date are written.
func holiday(r *flows.Roster, rep *flows.Rep, d flows.Date) bool {
	return slices.Contains(r.Holidays, d) &&
		!slices.ContainsFunc(rep.Dates, func(own flows.DayHours) bool { return !before(d, own.From) && !before(own.To, d) && len(own.Spans) > 0 })
}

func before(a, b flows.Date) bool {
	if a.Year != b.Year {
		return a.Year < b.Year
	}
	if a.Month != b.Month {
		return a.Month < b.Month
	}
	return a.Day < b.Day
}
