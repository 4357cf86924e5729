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
	q.From = time.Date(from.Year(), from.Month()-1, 1, 0, 0, 0, 0, zone)
	if next := time.Date(to.Year(), to.Month()+1, 1, 0, 0, 0, 0, zone); !to.Equal(time.Date(to.Year(), to.Month(), 1, 0, 0, 0, 0, zone)) {
		q.To = next
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
		start := time.Date(local.Year(), first+time.Month(i*months), 1, 0, 0, 0, 0, zone)
		end := time.Date(local.Year(), first+time.Month((i+1)*months), 1, 0, 0, 0, 0, zone)
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
