package answer

import "time"

// edge reads "end of the month", "end of December", "start of next month".
func (c *calendar) edge(i int) (dated, bool) {
	w := &c.l.when
	at := c.skip(i, c.l.the)
	end, start := w.end[c.text(at)], w.start[c.text(at)] || c.firstOf(at)
	if !end && !start {
		return dated{}, false
	}
	if c.text(at) != "eom" {
		at = c.skip(at+1, c.l.of)
		at = c.skip(at, c.l.the)
	}
	first, unit, to, ok := c.period(at)
	if c.text(at) == "eom" {
		first, unit, to, ok = firstOf(c.today), 'm', at+1, true
	}
	if !ok {
		return dated{}, false
	}
	if end {
		first = shift(first, 1, unit).AddDate(0, 0, -1)
	}
	return dated{date: civil(first), to: to}, true
}

// firstOf says whether "first of" stands at i before no month's name: "the first of next month".
func (c *calendar) firstOf(i int) bool {
	_, month := c.l.months[c.text(i+2)]
	return c.l.ordinals[c.text(i)] == 1 && c.l.of[c.text(i+1)] && !month
}

// period reads a month or a year and is its first day: "next month", "this year", "December", "December 2026".
func (c *calendar) period(i int) (first time.Time, unit byte, to int, ok bool) {
	w := &c.l.when
	ahead, at := 0, i
	if w.next[c.text(i)] {
		ahead, at = 1, i+1
	} else {
		at = c.skip(i, w.this)
	}
	switch unit = w.units[c.text(at)]; unit {
	case 'm':
		return shift(firstOf(c.today), ahead, 'm'), 'm', at + 1, true
	case 'y':
		return time.Date(c.today.Year()+ahead, 1, 1, 0, 0, 0, 0, time.UTC), 'y', at + 1, true
	}
	month, ok := c.l.months[c.text(at)]
	if !ok {
		return time.Time{}, 0, i, false
	}
	if year, to, said := c.year(at + 1); said {
		return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC), 'm', to, true
	}
	first = time.Date(c.today.Year(), month, 1, 0, 0, 0, 0, time.UTC)
	if month < c.today.Month() {
		first = first.AddDate(1, 0, 0)
	}
	return first, 'm', at + 1, true
}

// stretch reads what is longer than a day: next week, this month, December.
func (c *calendar) stretch(i int) (dated, bool) {
	w := &c.l.when
	at := i
	if w.next[c.text(i)] || w.this[c.text(i)] {
		at++
	}
	if at > i && w.units[c.text(at)] == 'w' {
		first := monday(c.today)
		if w.next[c.text(i)] {
			first = first.AddDate(0, 0, 7)
		}
		return dated{date: civil(first), to: at + 1, code: TooVague, span: 'w'}, true
	}
	if first, unit, to, ok := c.period(i); ok && (at > i || c.said(i)) {
		return dated{date: civil(first), to: to, code: TooVague, span: unit}, true
	}
	if c.l.when.vague[c.text(i)] || w.weekend[c.text(i)] || w.workdays[c.text(i)] {
		return dated{to: i + 1, code: TooVague}, true
	}
	return dated{}, false
}

// said says whether a month stands where a month is meant, for "may" and "march" are verbs too: after "in", or with
// nothing but small words about it.
func (c *calendar) said(i int) bool {
	if _, month := c.l.months[c.text(i)]; !month || c.times {
		return false
	}
	if c.l.when.in[c.text(i-1)] {
		return true
	}
	for at, t := range c.tokens {
		if at != i && t.kind == word && !c.l.fillers[t.text] {
			return false
		}
	}
	return true
}
