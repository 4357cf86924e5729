package answer

import (
	"time"

	"usher/flows"
)

// relative is a day by its distance from today.
type relative struct {
	phrase string
	days   int
}

// dated is what a stretch of words says about a day.
type dated struct {
	date     flows.Date
	from, to int  // its tokens
	yearless bool // the year was not said, and follows from today
	second   bool // other is another day that may be meant: "next Tuesday"
	other    flows.Date
	code     string // why it is no day: not_a_date, ambiguous, too_vague
	span     byte   // too vague, but a stretch: 'w' a week, 'm' a month, from date
	weekday  bool   // only a day of the week: "Thursday"
}

// calendar reads the days in an answer.
type calendar struct {
	q      *Question
	l      *lexicon
	tokens []token
	today  time.Time // midnight UTC of the visitor's today: days have no zone
	times  bool      // clock times may stand beside days: 3.30 is no date, 10 after a date no year
}

func (q *Question) calendar(tokens []token, times bool) calendar {
	y, m, d := q.Now.Date()
	return calendar{q: q, l: lexiconOf(q.Language), tokens: tokens, times: times, today: time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// at is the day named at token i.
func (c *calendar) at(i int) (dated, bool) {
	d, ok := c.find(i)
	d.from = i
	return d, ok
}

// find tries each way of naming a day, the surest first.
func (c *calendar) find(i int) (d dated, ok bool) {
	if d, ok = c.relative(i); ok {
		return d, ok
	}
	if d, ok = c.distance(i); ok {
		return d, ok
	}
	if d, ok = c.edge(i); ok {
		return d, ok
	}
	if d, ok = c.weekday(i); ok {
		return d, ok
	}
	if d, ok = c.explicit(i); ok {
		return d, ok
	}
	return c.stretch(i)
}

func (c *calendar) text(i int) string {
	if i < 0 || i >= len(c.tokens) {
		return ""
	}
	return c.tokens[i].text
}

// skip is the token after i if it is one of the words or marks, else i.
func (c *calendar) skip(i int, set words) int {
	if set[c.text(i)] {
		return i + 1
	}
	return i
}

func (c *calendar) comma(i int) int {
	if c.text(i) == "," {
		return i + 1
	}
	return i
}

// relative reads tomorrow, the day after tomorrow.
func (c *calendar) relative(i int) (dated, bool) {
	for _, r := range c.l.days {
		if n, ok := starts(c.tokens[i:], r.phrase); ok {
			return dated{date: civil(c.today.AddDate(0, 0, r.days)), to: i + n}, true
		}
	}
	return dated{}, false
}

// distance reads "in two weeks", "3 days from now", "a week from Tuesday".
func (c *calendar) distance(i int) (dated, bool) {
	w := &c.l.when
	at := c.skip(i, w.in)
	n, at, ok := c.count(at)
	unit := w.units[c.text(at)]
	if !ok || unit == 0 {
		return dated{}, false
	}
	at++
	from := c.today
	switch {
	case w.in[c.text(i)]:
		if w.time[c.text(at)] {
			at++
		} else if c.text(at) == "'" && w.time[c.text(at+1)] {
			at += 2
		}
	case w.later[c.text(at)]:
		from, at = c.since(at + 1)
	case w.ago[c.text(at)]:
		n, at = -n, at+1
	default:
		return dated{}, false
	}
	return dated{date: civil(shift(from, n, unit)), to: at}, true
}

// since is the day that is counted from: now, tomorrow, Tuesday; today when none is said.
func (c *calendar) since(i int) (day time.Time, to int) {
	if d, ok := c.relative(i); ok {
		return midnight(d.date), d.to
	}
	if d, ok := c.weekday(i); ok && d.code == "" {
		return midnight(d.date), d.to
	}
	return c.today, c.skip(i, c.l.when.now)
}

// maxDistance bounds how far away a day is counted: a century of days.
const maxDistance = 36600

// count reads the number before a unit: 3, two, a, a couple of.
func (c *calendar) count(i int) (n, to int, ok bool) {
	if in(c.l.articles, c.tokens, i) && c.l.when.units[c.text(i+1)] != 0 {
		return 1, i + 1, true
	}
	if i >= len(c.tokens) {
		return 0, i, false
	}
	found, ok := c.q.quantity(c.l, c.tokens, i)
	if !ok || found.sure != sound || !found.value.isWhole() || found.value.short().n > maxDistance {
		return 0, i, false
	}
	return int(found.value.short().n), found.to, true
}

// weekday reads Tuesday, next Tuesday, and the date after it, which must agree: Tuesday 1 December. The coming one is
// meant, never today. "Next Tuesday" said on a Monday is the one of next week, though some mean tomorrow: the other
// day is kept beside it.
func (c *calendar) weekday(i int) (dated, bool) {
	w := &c.l.when
	next, at := w.next[c.text(i)], i
	if next || w.this[c.text(i)] {
		at = i + 1
	}
	day, ok := c.l.weekdays[c.text(at)]
	if !ok {
		return dated{}, false
	}
	coming := c.today.AddDate(0, 0, 1+(int(day)-int(c.today.Weekday())+6)%7)
	if d, ok := c.confirmed(c.comma(at+1), day); ok {
		return d, true
	}
	found := dated{date: civil(coming), to: at + 1, weekday: at == i}
	ofNext := w.next[c.text(at+1)] && w.units[c.text(at+2)] == 'w' // Tuesday next week
	if ofNext {
		found.to, found.weekday = at+3, false
	}
	if later := monday(c.today).AddDate(0, 0, 7+(int(day)+6)%7); (next || ofNext) && !later.Equal(coming) {
		found.date, found.second, found.other = civil(later), !ofNext, civil(coming)
	}
	return found, true
}

// confirmed reads the date after a weekday, "Tuesday the 1st of December", and says so when they do not agree.
func (c *calendar) confirmed(i int, day time.Weekday) (dated, bool) {
	i = c.skip(i, c.l.when.on)
	if i >= len(c.tokens) {
		return dated{}, false
	}
	d, ok := c.explicit(i)
	if ok && d.code == "" && midnight(d.date).Weekday() != day {
		d.code = Ambiguous
	}
	return d, ok
}
