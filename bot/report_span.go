package bot

import (
	"fmt"
	"time"
)

// Span is a named stretch of time, half open.
type Span struct {
	Name     string
	From, To time.Time
}

// Months are the months that the period touches, cut to it.
func (q ReportQuery) Months() []Span {
	return q.spans(1, func(t time.Time) string { return t.Format("2006-01") })
}

// WholeMonths are the months that the period touches, and the one before them.
func (q ReportQuery) WholeMonths() []Span {
	zone := q.zone()
	from, to := q.From.In(zone), q.To.In(zone)
	q.From = firstOf(from.Year(), from.Month()-1, zone)
	if !to.Equal(firstOf(to.Year(), to.Month(), zone)) {
		q.To = firstOf(to.Year(), to.Month()+1, zone)
	}
	return q.Months()
}

// Quarters are the quarters that the period touches, cut to it.
func (q ReportQuery) Quarters() []Span {
	return q.spans(3, func(t time.Time) string { return fmt.Sprintf("%d-Q%d", t.Year(), (t.Month()+2)/3) })
}

// maxSpans bounds how many stretches a period is cut into: a century of months.
const maxSpans = 1200

func (q ReportQuery) spans(months int, name func(time.Time) string) (out []Span) {
	zone := q.zone()
	local := q.From.In(zone)
	first := time.Month((int(local.Month())-1)/months*months + 1)
	for i := 0; len(out) < maxSpans; i++ {
		start := firstOf(local.Year(), first+time.Month(i*months), zone)
		end := firstOf(local.Year(), first+time.Month((i+1)*months), zone)
		if !start.Before(q.To) {
			break
		}
		s := Span{Name: name(start), From: start, To: end}
		if s.From.Before(q.From) {
			s.From = q.From
		}
		if s.To.After(q.To) {
			s.To = q.To
		}
		out = append(out, s)
	}
	return out
}

// firstOf is the first instant of a month. Clocks that are put forward at midnight skip it, and those that are put back
// over it show it twice (RFC 5545 3.3.5 says which of them is meant; time.Date does not).
func firstOf(year int, month time.Month, zone *time.Location) time.Time {
	t := time.Date(year, month, 1, 0, 0, 0, 0, zone)
	if t.Day() != 1 {
		_, t = t.ZoneBounds()
	}
	if first := t.Add(-time.Hour); first.Day() == 1 {
		return first
	}
	return t
}
