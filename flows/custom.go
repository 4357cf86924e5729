package flows

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// options are the answers of a choice, in the order written: a map of value and label, or a list of values.
type options struct {
	item
	rows []row[words]
}

func (o *options) read(v item) {
	o.keep(v)
	if v.node.Kind != yaml.SequenceNode {
		var t table[words]
		t.read(v)
		o.rows = t.rows
		return
	}
	v.elements(func(e item) bool {
		r := row[words]{key: e, name: e.node.Value}
		r.value.read(e)
		o.rows = append(o.rows, r)
		return true
	})
}

// edges are where a step leads: a list, or the id of the one step it goes on to.
type edges struct {
	item
	list []edgeShape
}

func (e *edges) read(v item) {
	e.keep(v)
	if v.node.Kind == yaml.SequenceNode {
		v.elements(func(one item) bool {
			var edge edgeShape
			one.into(reflectOf(&edge))
			e.list = append(e.list, edge)
			return true
		})
		return
	}
	one := edgeShape{item: v}
	one.To.read(v)
	e.list = []edgeShape{one}
}

// targets are who may get a lead: one, or a list in its order.
type targets struct {
	item
	list []word
}

func (t *targets) read(v item) {
	t.keep(v)
	t.list = listOf(v)
}

// hoursRef is the name of hours, or a week written out.
type hoursRef struct {
	item
	name string
	week weekShape
}

func (h *hoursRef) read(v item) {
	h.keep(v)
	if v.node.Kind == yaml.MappingNode {
		h.week.read(v)
		return
	}
	var w word
	w.read(v)
	h.name = w.text
}

// weekShape is a working week: days (mon, mon-fri, or sat, sun) and spans (09:30-18:00, several with commas).
type weekShape struct {
	item
	days [7][]Span
}

func (w *weekShape) read(v item) {
	w.keep(v)
	var written [7]bool
	v.pairs(func(key, value item) bool {
		days, ok := parseDays(key)
		var spans word
		spans.read(value)
		hours := parseSpans(spans)
		for _, day := range days {
			if written[day] {
				key.wrong("duplicate-day", "name each day once", "the hours of %s are written twice", weekdays[day])
			}
			written[day] = true
			w.days[day] = hours
		}
		return ok
	})
}

// parseDays reads mon, mon-fri, or days with commas.
func parseDays(key item) (days []time.Weekday, ok bool) {
	for _, piece := range strings.Split(key.node.Value, ",") {
		first, last, ranged := strings.Cut(strings.TrimSpace(piece), "-")
		if !ranged {
			last = first
		}
		from, to := slices.Index(weekdays[:], strings.ToLower(first)), slices.Index(weekdays[:], strings.ToLower(last))
		if from < 0 || to < 0 {
			key.wrong("bad-hours", "write mon, mon-fri, or sat, sun", "%q is not a day or a run of days", strings.TrimSpace(piece))
			return days, true
		}
		for day := from; ; day = (day + 1) % 7 {
			days = append(days, time.Weekday(day))
			if day == to {
				break
			}
		}
	}
	return days, true
}

// parseSpans reads 09:00-12:00, 13:00-17:00; "closed" is no hours at all.
func parseSpans(w word) (spans []Span) {
	if w.text == "closed" || w.text == "" {
		return nil
	}
	for _, piece := range strings.Split(w.text, ",") {
		piece = strings.TrimSpace(piece)
		first, last, ok := strings.Cut(piece, "-")
		from, ok1 := parseClock(first)
		to, ok2 := parseClock(last)
		switch {
		case !ok || !ok1 || !ok2:
			w.wrong("bad-hours", `write "09:30-18:00", several with commas`, "%q is not a span of hours", piece)
			return spans
		case from >= to:
			w.wrong("bad-hours", "a span ends on the day it begins; write the part after midnight on the next day", "%q ends before it begins", piece)
			return spans
		case len(spans) > 0 && from < spans[len(spans)-1].To:
			w.wrong("bad-hours", "write the spans one after the other", "%q overlaps what stands before it", piece)
			return spans
		}
		spans = append(spans, Span{from, to})
	}
	return spans
}

// parseClock reads 9:30 or 09:30 as minutes since midnight; 24:00 is the end of the day.
func parseClock(s string) (minutes int, ok bool) {
	hours, rest, found := strings.Cut(strings.TrimSpace(s), ":")
	h, err1 := strconv.Atoi(hours)
	m, err2 := strconv.Atoi(rest)
	if !found || err1 != nil || err2 != nil || len(hours) > 2 || len(rest) != 2 || h < 0 || m < 0 || m > 59 {
		return 0, false
	}
	minutes = h*60 + m
	return minutes, minutes <= 24*60
}

// parseDate reads 2026-12-25.
func parseDate(s string) (Date, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return Date{t.Year(), t.Month(), t.Day()}, err == nil
}

// cutDates reads 2026-12-25 or 2026-12-24/2026-12-31.
func cutDates(s string) (from, to Date, ok bool) {
	first, last, ranged := strings.Cut(s, "/")
	if !ranged {
		last = first
	}
	from, ok1 := parseDate(first)
	to, ok2 := parseDate(last)
	return from, to, ok1 && ok2
}

// parseDates reads a date or a run of dates, or reports it.
func parseDates(s scalar) (DateRange, bool) {
	from, to, ok := cutDates(s.text)
	switch {
	case !s.set() || s.text == "":
		return DateRange{}, false
	case !ok:
		s.wrong("bad-date", "write 2026-12-25, or 2026-12-24/2026-12-31", "%q is not a date or a run of dates", s.text)
	case to.before(from):
		s.wrong("bad-date", "turn them round", "%q ends before it begins", s.text)
	default:
		return DateRange{from, to}, true
	}
	return DateRange{}, false
}

func (d Date) before(other Date) bool {
	if d.Year != other.Year {
		return d.Year < other.Year
	}
	if d.Month != other.Month {
		return d.Month < other.Month
	}
	return d.Day < other.Day
}
