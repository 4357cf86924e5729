package slots

import (
	"time"

	"usher/flows"
)

// plan is a request made ready for questions about starts in one stretch of time.
type plan struct {
	Request
	zone     whereabouts
	now      int64
	notice   int64 // first start that keeps the notice
	horizon  int64 // last start within the horizon
	first    int64 // start that is asked for
	last     int64
	length   int64 // of the meeting, seconds
	buffer   int64
	every    int64
	open     []span // the rep's hours, touching ones joined
	dated    []exception
	holidays []span
	away     []span
	seatless []span
	busy     []span
	blocked  []span
	days     map[int64]int // meetings by day
	weeks    map[int64]int
}

// newPlan makes the plan for starts from lo to hi, both included.
func newPlan(r Request, lo, hi int64) *plan {
	p := &plan{Request: r, zone: newWhereabouts(r.location(), r.Rep.Travel), dated: exceptions(r.Rep.Dates)}
	p.length = int64(r.Minutes) * minute
	if r.Minutes <= 0 {
		p.length = flows.DefaultMinutes * minute
	}
	p.buffer = int64(max(r.Rules.Buffer, 0) / time.Second)
	if p.every = int64(r.Rules.Every / time.Second); p.every <= 0 {
		p.every = int64(flows.DefaultEvery / time.Second)
	}
	p.now, p.notice = seconds(r.Now), seconds(r.Now.Add(r.Rules.Notice))
	p.horizon = r.Now.Add(r.horizon()).Unix()
	p.first, p.last = r.window()
	lo, hi = lo-p.buffer, hi+p.length+p.buffer+1
	p.read(lo, hi)
	p.busy = spans(r.Busy, lo, hi)
	p.blocked = spans(r.Blocked, lo, hi)
	p.away = join(append(p.away, spans(r.Away, lo, hi)...))
	p.seatless = r.full(lo, hi)
	p.count()
	return p
}

// read lays out hours, holidays and the rep's days away over the days around [lo, hi).
func (p *plan) read(lo, hi int64) {
	first, last := p.zone.around(lo, hi)
	for date := first; date <= last; date++ {
		zone := p.zone.on(date)
		for _, s := range p.hours(date) {
			s := span{zone.instant(date*day + int64(s.From)*minute), zone.instant(date*day + int64(s.To)*minute)}
			if s.from < s.to {
				p.open = append(p.open, s)
			}
		}
	}
	p.open = join(p.open)
	window := run{first, last}
	p.holidays = join(p.off(window))
	for _, d := range p.Rep.Away {
		r := runOf(d)
		p.away = p.whole(p.away, run{max(r.first, first), min(r.last, last)})
	}
}

// off is the holidays within the window. A date for which the rep has hours, or closes, is none of them: who writes a
// date of their own has looked at it.
func (p *plan) off(window run) (holidays []span) {
	if p.Roster == nil {
		return nil
	}
	for _, d := range p.Roster.Holidays {
		if date := number(d); window.has(date) && p.exception(date) == nil {
			holidays = p.whole(holidays, run{date, date})
		}
	}
	return holidays
}

// whole adds the stretch of whole days, each in the zone that the rep is in.
func (p *plan) whole(to []span, days run) []span {
	for date := days.first; date <= days.last; date++ {
		zone := p.zone.on(date)
		if s := (span{zone.starts(date), zone.starts(date + 1)}); s.from < s.to {
			to = append(to, s)
		}
	}
	return to
}

// count counts the rep's meetings by day and week where a limit asks for it.
func (p *plan) count() {
	if p.Rep.Limits == (flows.Limits{}) {
		return
	}
	p.days, p.weeks = map[int64]int{}, map[int64]int{}
	for _, start := range p.Booked {
		p.days[p.zone.date(start.Unix())]++
		p.weeks[p.zone.week(start.Unix())]++
	}
}

// next is the first instant of the grid that is not before at. The grid is counted from midnight on the rep's clock,
// so every full hour of it is a start wherever `every` divides the hour, and it follows the clock when that is changed.
func (p *plan) next(at int64) int64 {
	for {
		clock := mod(p.zone.wall(at), day)
		past := mod(clock, p.every)
		if past == 0 {
			return at
		}
		at += min(p.every-past, day-clock)
		if at < p.zone.to {
			return at
		}
		at = p.zone.to
	}
}

func (p *plan) slot(at int64) Slot {
	start := time.Unix(at, 0).UTC()
	return Slot{Rep: p.Rep.ID, Interval: Interval{Start: start, End: start.Add(time.Duration(p.length) * time.Second)}}
}
