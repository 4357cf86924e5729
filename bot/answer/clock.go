package answer

// clock is a time of day as it was said.
type clock struct {
	hour, minute int
	half         byte // 'a', 'p', or 0 when it was not said
	exact        bool // the words can only be a time: 3pm, 15:00, noon
	full         bool // of 24 hours: 15:00, 09:30
	to           int  // the token after it
}

const (
	minutesPerHour = 60
	minutesPerDay  = 24 * minutesPerHour
	noonHour       = 12
	lastAfternoon  = 7 // hours up to this one mean the afternoon when nothing says otherwise
)

// clock reads the time at token i: 3, 3pm, 15:00, 3.30, half past 3, noon, three o'clock.
func (r *timeReader) clock(i int) (clock, bool) {
	if m, ok := r.l.when.fixed[r.c.text(i)]; ok {
		return clock{hour: m / minutesPerHour, exact: true, full: true, to: i + 1}, true
	}
	if c, ok := r.parted(i); ok {
		return c, true
	}
	c, ok := r.hour(i)
	if !ok {
		return clock{}, false
	}
	return r.halved(c)
}

// parted reads half past 3, quarter to 4.
func (r *timeReader) parted(i int) (clock, bool) {
	w := &r.l.when
	minutes := 0
	at := r.c.skip(i, r.l.articles)
	switch {
	case w.half[r.c.text(at)]:
		minutes = 30
	case w.quarter[r.c.text(at)]:
		minutes = 15
	default:
		return clock{}, false
	}
	after, before := w.minutesPast[r.c.text(at+1)], w.minutesTo[r.c.text(at+1)]
	c, ok := r.hour(at + 2)
	if !ok || !after && !before || c.minute != 0 {
		return clock{}, false
	}
	c.minute, c.exact = minutes, true
	if before {
		c.hour, c.minute = c.hour-1, minutesPerHour-minutes
		if c.hour == 0 {
			c.hour = noonHour
		}
	}
	return r.halved(c)
}

// hour reads the figures: 3, 15:00, 3.30, three.
func (r *timeReader) hour(i int) (clock, bool) {
	if i >= len(r.tokens) {
		return clock{}, false
	}
	t := r.tokens[i]
	if n, ok := r.l.numbers[t.text]; ok && n >= 1 && n <= noonHour {
		return clock{hour: int(n), to: i + 1}, true
	}
	if t.kind != number {
		return clock{}, false
	}
	hours, minutes, dotted := cutAt(t.text, '.')
	c := clock{to: i + 1, exact: dotted, full: len(hours) == 2 && hours[0] == '0'}
	if r.c.text(i+1) == ":" && i+2 < len(r.tokens) && r.tokens[i+2].kind == number {
		minutes, dotted, c.exact, c.to = r.tokens[i+2].text, true, true, i+3
	}
	if len(hours) > 2 || !digitsOnly(hours) || dotted && (len(minutes) != 2 || !digitsOnly(minutes)) {
		return clock{}, false
	}
	c.hour, c.minute = atoi(hours), atoi(minutes)
	c.full = c.full || c.hour > noonHour || c.hour == 0
	return c, c.hour < 24 && c.minute < minutesPerHour
}

func cutAt(s string, sep byte) (before, after string, found bool) {
	for i := range len(s) {
		if s[i] == sep {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// halved takes the am, pm or o'clock after the figures.
func (r *timeReader) halved(c clock) (clock, bool) {
	if r.l.when.oclock[r.c.text(c.to)] {
		c.to, c.exact = c.to+1, true
	}
	switch text := r.c.text(c.to); {
	case r.l.when.am[text] && c.hour >= 1 && c.hour <= noonHour:
		c.half = 'a'
	case r.l.when.pm[text] && c.hour >= 1 && c.hour <= noonHour:
		c.half = 'p'
	case r.l.when.am[text], r.l.when.pm[text]:
		c.to++ // 15:00 pm: the figures say it
		return c, true
	case c.to < len(r.tokens) && r.tokens[c.to].glued && r.tokens[c.to].kind == word:
		return clock{}, false // 3rd, 3x
	default:
		return c, true
	}
	c.to, c.exact = c.to+1, true
	return c, true
}

// minutes is the time since midnight: what was said, else the part of the day, else the hours of business.
func (r *timeReader) minutes(c clock) int {
	hour := c.hour
	switch {
	case c.half == 'a', c.half == 0 && !c.full && r.late > 0 && r.late <= noonHour*minutesPerHour:
		hour %= noonHour
	case c.half == 'p', c.half == 0 && !c.full && r.early >= 17*minutesPerHour && hour < noonHour:
		hour = hour%noonHour + noonHour
	case !c.full && hour <= lastAfternoon:
		hour += noonHour
	}
	return hour*minutesPerHour + c.minute
}

// window reads a stretch of the day: after 3, before noon, around 4, between 2 and 4, from 9 to 11, at 3.
func (r *timeReader) window(i int) (n int, ok bool) {
	w := &r.l.when
	at, word := i+1, r.c.text(i)
	if w.between[word] {
		return r.both(i, at)
	}
	if !w.at[word] && !w.after[word] && !w.before[word] && !w.around[word] && !w.from[word] {
		return 0, true
	}
	at = r.c.skip(at, w.around)
	c, is := r.clock(at)
	if _, day := r.c.at(at); !is || day && !c.exact || r.foreign(c.to) {
		return 0, !is || day
	}
	if r.l.negations[r.c.text(i-1)] {
		return 1, false
	}
	if w.at[word] || w.from[word] {
		if n, ok := r.both(i, at); n > 0 {
			return n, ok
		}
	}
	r.bound(word, r.minutes(c), at > i+1)
	return c.to - i, true
}

// aroundMinutes is how far "around 3" reaches to either side.
const aroundMinutes = 30

func (r *timeReader) bound(word string, m int, about bool) {
	w := &r.l.when
	switch {
	case w.around[word] || about && w.at[word]:
		r.from, r.to = max(0, m-aroundMinutes), m+aroundMinutes+1
	case w.at[word]:
		r.at = m % minutesPerDay
	case w.before[word]:
		r.to = m
	default:
		r.from = m
	}
}

// both reads two times with a word between them, first at token at: 2 and 4, 2-4pm, 3 or 4. "Or" wants both.
func (r *timeReader) both(i, at int) (n int, ok bool) {
	w := &r.l.when
	first, is := r.clock(at)
	link := r.c.text(first.to)
	if !is || link != "-" && !w.to[link] && !w.or[link] {
		return 0, true
	}
	next := r.c.skip(first.to+1, w.at)
	last, is := r.clock(next)
	if _, day := r.c.at(next); !is || day && !last.exact {
		return 0, true
	}
	if r.foreign(last.to) {
		return 1, false
	}
	from, to := r.minutes(first), r.minutes(last)
	if sooner := r.minutes(clock{hour: first.hour, minute: first.minute, half: last.half, full: first.full}); first.half == 0 && sooner < to {
		from = sooner // the pm of 2-4pm is for both, but not that of 11-1pm
	}
	if w.or[link] {
		from, to = min(from, to), max(from, to)+1
	}
	if to <= from {
		return 1, false
	}
	r.from, r.to = from, to
	return last.to - i, true
}

// clockAt reads a time that stands alone: 3pm, 15:00, tomorrow 10, 10-12. A bare number counts beside a day or a part
// of one, or when it is the whole answer.
func (r *timeReader) clockAt(i int) (n int, ok bool) {
	c, is := r.clock(i)
	if !is {
		return 0, true
	}
	beside := r.taken == i && i > 0 || r.leads(c.to) || c.to-i == len(r.tokens) && r.tokens[i].kind == number
	if n, ok := r.both(i, i); n > 0 && (beside || c.exact || i+n == len(r.tokens) || r.tokens[i+n-1].kind != number) {
		return n, ok
	}
	if !c.exact && (!beside || c.hour == 0 || r.tokens[i].text == r.l.one) {
		return 0, true
	}
	if r.foreign(c.to) || r.l.negations[r.c.text(i-1)] {
		return 1, false
	}
	r.at = r.minutes(c) % minutesPerDay
	return c.to - i, true
}

// leads says whether a day or a part of one follows: 8 in the evening, 10 tomorrow.
func (r *timeReader) leads(i int) bool {
	i = r.c.skip(i, r.l.when.on)
	i = r.c.skip(i, r.l.when.in)
	i = r.c.skip(i, r.l.the)
	if i >= len(r.tokens) {
		return false
	}
	_, day := r.c.at(i)
	_, part := r.partAt(i)
	return day || part > 0
}

// foreign says whether a zone stands after a time: another clock than the visitor's.
func (r *timeReader) foreign(i int) bool { return r.l.when.zones[r.c.text(i)] }
