package answer

import (
	"time"

	"usher/flows"
)

// explicit reads a day of a month.
func (c *calendar) explicit(i int) (d dated, ok bool) {
	if d, ok = c.numeric(i); ok {
		return d, ok
	}
	if d, ok = c.dayMonth(i); ok {
		return d, ok
	}
	if d, ok = c.monthDay(i); ok {
		return d, ok
	}
	return c.dayOnly(i)
}

// dayMonth reads 1 Dec, 1st of December 2026, first of December.
func (c *calendar) dayMonth(i int) (dated, bool) {
	day, at, ok := c.dayOfMonth(i)
	if !ok {
		return dated{}, false
	}
	at = c.skip(at, c.l.of)
	if c.text(at) == "-" {
		at++
	}
	month, ok := c.l.months[c.text(at)]
	if !ok {
		return dated{}, false
	}
	return c.completed(at+1, month, day), true
}

// monthDay reads December 1st, Dec 1, 2026.
func (c *calendar) monthDay(i int) (dated, bool) {
	month, ok := c.l.months[c.text(i)]
	if !ok {
		return dated{}, false
	}
	at := i + 1
	if c.text(at) == "." || c.text(at) == "-" {
		at++
	}
	at = c.skip(at, c.l.the)
	day, at, ok := c.dayOfMonth(at)
	if !ok || c.clockFollows(at-1) {
		return dated{}, false
	}
	return c.completed(at, month, day), true
}

// dayOnly reads "the 5th": the next one.
func (c *calendar) dayOnly(i int) (dated, bool) {
	at := c.skip(i, c.l.the)
	day, to, ok := c.dayOfMonth(at)
	if !ok || to != at+2 || c.tokens[at].kind != number || c.times && day <= 3 {
		return dated{}, false
	}
	for ahead := range 3 {
		first := shift(firstOf(c.today), ahead, 'm')
		if d := (flows.Date{Year: first.Year(), Month: first.Month(), Day: day}); exists(d) && !midnight(d).Before(c.today) {
			return dated{date: d, to: to, yearless: true}, true
		}
	}
	return dated{to: to, code: NotADate}, true
}

// dayOfMonth reads 1, 1st, first.
func (c *calendar) dayOfMonth(i int) (day, to int, ok bool) {
	if i >= len(c.tokens) {
		return 0, i, false
	}
	t := c.tokens[i]
	if n := c.l.ordinals[t.text]; n > 0 && t.kind == word {
		return n, i + 1, true
	}
	if t.kind != number || len(t.text) > 2 || !digitsOnly(t.text) {
		return 0, i, false
	}
	to = i + 1
	if to < len(c.tokens) && c.tokens[to].glued && c.tokens[to].kind == word {
		if !c.l.when.suffixes[c.tokens[to].text] {
			if _, month := c.l.months[c.tokens[to].text]; !month {
				return 0, i, false
			}
			to--
		}
		to++
	}
	return atoi(t.text), to, true
}

// completed adds the year that follows at i, or the one that makes the day the next.
func (c *calendar) completed(i int, month time.Month, day int) dated {
	if year, to, ok := c.year(i); ok {
		return exact(flows.Date{Year: year, Month: month, Day: day}, to)
	}
	return c.rolled(month, day, i)
}

func exact(d flows.Date, to int) dated {
	if !exists(d) {
		return dated{to: to, code: NotADate}
	}
	return dated{date: d, to: to}
}

// leapYears is how many years ahead a 29 February can be.
const leapYears = 8

// rolled is the next such day, today included.
func (c *calendar) rolled(month time.Month, day, to int) dated {
	for ahead := range leapYears + 1 {
		d := flows.Date{Year: c.today.Year() + ahead, Month: month, Day: day}
		if exists(d) && !midnight(d).Before(c.today) {
			return dated{date: d, to: to, yearless: true}
		}
	}
	return dated{to: to, code: NotADate}
}

// year reads the year after a day and month: 2026, '26, and 26 where no time can stand.
func (c *calendar) year(i int) (year, to int, ok bool) {
	at := c.comma(i)
	short := c.text(at) == "'"
	if short {
		at++
	}
	if at >= len(c.tokens) || c.tokens[at].kind != number || !digitsOnly(c.tokens[at].text) || c.clockFollows(at) {
		return 0, i, false
	}
	switch n := atoi(c.tokens[at].text[:min(4, len(c.tokens[at].text))]); len(c.tokens[at].text) {
	case 4:
		return n, at + 1, n >= minYear
	case 2:
		return century + n, at + 1, short || !c.times && at == i
	}
	return 0, i, false
}

// century is that of years with two digits, minYear the first that is believed.
const (
	century = 2000
	minYear = 1000
)

// clockFollows says whether the number at i belongs to a time: 10:30, 10am.
func (c *calendar) clockFollows(i int) bool {
	after := c.text(i + 1)
	return after == ":" || c.l.when.am[after] || c.l.when.pm[after] || c.l.when.oclock[after]
}
