package answer

import (
	"strings"
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

// distance reads "in two weeks", "3 days from now", "a week from today".
func (c *calendar) distance(i int) (dated, bool) {
	w := &c.l.when
	at := c.skip(i, w.in)
	n, at, ok := c.count(at)
	unit := w.units[c.text(at)]
	if !ok || unit == 0 {
		return dated{}, false
	}
	at++
	switch {
	case i < len(c.tokens) && w.in[c.text(i)]:
		if w.time[c.text(at)] {
			at++
		} else if c.text(at) == "'" && w.time[c.text(at+1)] {
			at += 2
		}
	case w.later[c.text(at)]:
		at = c.skip(at+1, w.now)
	case w.ago[c.text(at)]:
		n, at = -n, at+1
	default:
		return dated{}, false
	}
	return dated{date: civil(shift(c.today, n, unit)), to: at}, true
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
	if !ok || found.sure != clear || !found.value.isWhole() || found.value.short().n > maxDistance {
		return 0, i, false
	}
	return int(found.value.short().n), found.to, true
}

// edge reads "end of the month", "end of December", "start of next month".
func (c *calendar) edge(i int) (dated, bool) {
	w := &c.l.when
	at := c.skip(i, c.l.the)
	end, start := w.end[c.text(at)], w.start[c.text(at)]
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

// Days without zones.

func civil(t time.Time) flows.Date {
	return flows.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

func midnight(d flows.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// exists says whether there is such a day: not 30 February.
func exists(d flows.Date) bool {
	return d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && civil(midnight(d)) == d
}

func firstOf(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) }

func monday(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }

// shift moves a day by so many units; the last day of a month stays within the month it comes to.
func shift(t time.Time, n int, unit byte) time.Time {
	switch unit {
	case 'w':
		return t.AddDate(0, 0, 7*n)
	case 'f':
		return t.AddDate(0, 0, 14*n)
	case 'm':
		first := firstOf(t).AddDate(0, n, 0)
		return first.AddDate(0, 0, min(t.Day(), daysIn(first))-1)
	case 'y':
		return shift(t, 12*n, 'm')
	default:
		return t.AddDate(0, 0, n)
	}
}

func daysIn(first time.Time) int { return first.AddDate(0, 1, -1).Day() }

// numeric reads 2026-12-01, 1/12/2026, 1.12.2026, 1/12.
func (c *calendar) numeric(i int) (dated, bool) {
	var buf [3]string
	parts, separator, to := c.figures(buf[:0], i)
	if len(parts) < 2 || len(parts) == 2 && (separator == "-" || c.times && separator == ".") || c.clockFollows(to-1) {
		return dated{}, false
	}
	for _, p := range parts {
		if !digitsOnly(p) || len(p) == 3 || len(p) > 4 {
			return dated{}, false
		}
	}
	if len(parts) == 2 && (len(parts[0]) > 2 || len(parts[1]) > 2) {
		return dated{}, false
	}
	return c.ordered(parts, separator, to), true
}

// figures are the numbers of a date at token i with what separates them.
func (c *calendar) figures(into []string, i int) (parts []string, separator string, to int) {
	if i >= len(c.tokens) || c.tokens[i].kind != number {
		return nil, "", i
	}
	if strings.Contains(c.tokens[i].text, ".") {
		for p := range strings.SplitSeq(c.tokens[i].text, ".") {
			if len(into) == 3 {
				return nil, "", i
			}
			into = append(into, p)
		}
		return into, ".", i + 1
	}
	into, to, separator = append(into, c.tokens[i].text), i+1, c.text(i+1)
	if separator != "/" && (separator != "-" || !c.tokens[i+1].glued) {
		return nil, "", i
	}
	for len(into) < 3 && c.text(to) == separator && to+1 < len(c.tokens) && c.tokens[to+1].kind == number {
		into, to = append(into, c.tokens[to+1].text), to+2
	}
	return into, separator, to
}

// ordered tells day, month and year apart.
func (c *calendar) ordered(parts []string, separator string, to int) dated {
	a, b := atoi(parts[0]), atoi(parts[1])
	if len(parts[0]) == 4 {
		return exact(flows.Date{Year: a, Month: time.Month(b), Day: atoi(parts[2])}, to)
	}
	day, month, sure := c.dayFirst(a, b, separator)
	if !sure {
		return dated{to: to, code: Ambiguous}
	}
	if len(parts) == 2 {
		if month > 12 {
			return dated{to: to, code: NotADate}
		}
		return c.rolled(time.Month(month), day, to)
	}
	year := atoi(parts[2])
	if len(parts[2]) <= 2 {
		year += century
	}
	return exact(flows.Date{Year: year, Month: time.Month(month), Day: day}, to)
}

// dayFirst puts two numbers in order: by what they can be, by the points between them, or by the region of the
// language. Where 1/12 may be both, it is neither.
func (c *calendar) dayFirst(a, b int, separator string) (day, month int, sure bool) {
	switch region := regionOf(c.q.Language); {
	case a == b, a > 12, separator == ".":
		return a, b, true
	case b > 12:
		return b, a, true
	case region == "US" || region == "PH":
		return b, a, true
	case region != "" && region != "CA" || c.l.dayFirst:
		return a, b, true
	}
	return 0, 0, false
}

// regionOf is the region that a language tag names: GB in en-GB and en-Latn-GB, or "".
func regionOf(language string) string {
	_, rest, _ := strings.Cut(language, "-")
	for part := range strings.SplitSeq(rest, "-") {
		if len(part) == 2 && alphanumeric(part[0]) && alphanumeric(part[1]) {
			return strings.ToUpper(part)
		}
		if len(part) == 1 { // an extension begins
			return ""
		}
	}
	return ""
}
