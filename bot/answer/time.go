package answer

import (
	"slices"
	"strings"
	"time"

	"usher/flows"
)

// TimeWish is what words say about when: "Thursday after 3", "tomorrow morning", "next Tuesday at 3". A wish that
// names nothing ("later", "any time") is for any other time. At most one of Days and Weekdays is set.
type TimeWish struct {
	Days     []flows.Date // wanted days; empty = any
	Weekdays []time.Weekday
	From, To int // minutes since midnight in the visitor's zone; To 0 = open
	At       int // exact minute since midnight; -1 = none
	Number   int // "the second one", "2": 1-based; 0 = none
}

// timeWords are the words of days and times.
type timeWords struct {
	next, this, in, later, ago, now, time    words
	units                                    map[string]byte // d, w, m, y, and f for fourteen days
	end, start, weekend, workdays, suffixes  words
	vague, anyDay, bounds, on                words
	at, from, after, before, around, between words
	to, or, am, pm, oclock                   words
	half, quarter, minutesPast, minutesTo    words
	fixed                                    map[string]int // noon
	parts                                    []part
	any                                      phrase
	zones, fits                              words
}

// part is a part of the day in minutes since midnight.
type part struct {
	phrase   string
	from, to int
}

// maxTimeWords is the most bytes of words about a time.
const maxTimeWords = 400

// ReadTime reads words about a time; ok is false when they say nothing about one, or what cannot be told: another
// zone's time, a weekday that is not that date. Days are the visitor's, as in Question.Now. In business an hour from
// one to seven without "am" is in the afternoon, eight to twelve is before it; "next Tuesday" may be one of two days,
// and then both are wanted, so that the visitor sees them and chooses.
func ReadTime(q Question, text string) (wish TimeWish, ok bool) {
	none := TimeWish{At: -1}
	if len(text) > maxTimeWords {
		return none, false
	}
	var buf [32]token
	tokens, ok := scan(buf[:0], meridiems.Replace(fold(text)))
	if !ok || len(tokens) == 0 {
		return none, false
	}
	if n, ok := pointed(lexiconOf(q.Language), tokens); ok {
		return TimeWish{At: -1, Number: n}, true
	}
	r := timeReader{c: q.calendar(tokens, true), l: lexiconOf(q.Language), tokens: tokens, at: -1, taken: -1}
	if !r.read() {
		return none, false
	}
	return r.wish(), true
}

var meridiems = strings.NewReplacer("a.m.", "am", "p.m.", "pm", "A.M.", "am", "P.M.", "pm", "a.m", "am", "p.m", "pm")

// maxPointed is the highest number that alone means an offer: 10 is an hour.
const maxPointed = 9

// pointed is the number of the offer that is meant: "2", "the second one", "option 3 please".
func pointed(l *lexicon, tokens []token) (n int, ok bool) {
	for i := range tokens {
		at, is := place(l, tokens, i)
		switch {
		case is && !ok && at > 0 && at <= maxPointed:
			n, ok = at, true
		case is || !l.pointing(tokens, i):
			return 0, false
		}
	}
	return n, ok
}

// pointing says whether the token at i may stand beside the number of an offer: nothing that makes it a time.
func (l *lexicon) pointing(tokens []token, i int) bool {
	t, w := tokens[i], &l.when
	numbered := i > 0 && tokens[i-1].kind == number
	switch {
	case t.kind == mark:
		return strings.Contains("#.!,()", t.text)
	case numbered && t.glued:
		return w.suffixes[t.text]
	case numbered && (w.am[t.text] || w.pm[t.text]), w.at[t.text], w.from[t.text]:
		return false
	}
	return t.kind == word && (l.choosing[t.text] || l.numbering[t.text] || w.fits[t.text])
}

// timeReader collects what the words of an answer say about days and times.
type timeReader struct {
	c        calendar
	l        *lexicon
	tokens   []token
	days     []flows.Date
	weekdays []time.Weekday
	without  [7]bool // not Monday
	stretch  bool    // the days are a week or a month, in which weekdays choose
	early    int     // of the parts of the day
	late     int
	from, to int // of the clock times
	at       int
	taken    int // the token after the last that was understood
	found    bool
}

// read goes through the words, days and parts of the day first: "8 in the evening" needs to know the evening.
func (r *timeReader) read() bool {
	for i := 0; i < len(r.tokens); {
		i += max(1, r.part(i))
	}
	for i := 0; i < len(r.tokens); {
		n, ok := r.next(i)
		if !ok {
			return false
		}
		if n > 0 {
			r.taken, r.found = i+n, true
		}
		i += max(n, 1)
	}
	return r.found
}

// next takes what is named at token i and says how many tokens that was; ok is false when it cannot be told.
func (r *timeReader) next(i int) (n int, ok bool) {
	if n := r.l.when.any.at(r.tokens, i); n > 0 {
		return n, true
	}
	if _, n := r.partAt(i); n > 0 {
		if _, tonight := r.c.relative(i); !tonight {
			return n, true
		}
	}
	if _, ok := r.parted(i); ok {
		return r.clockAt(i)
	}
	if n, ok := r.window(i); n > 0 {
		return n, ok
	}
	if d, is := r.c.at(i); is {
		return d.to - i, r.day(d)
	}
	return r.clockAt(i)
}

// part widens the parts of the day by the one named at token i, and says how many tokens that takes.
func (r *timeReader) part(i int) int {
	p, n := r.partAt(i)
	if n == 0 {
		return 0
	}
	if r.late == 0 {
		r.early = p.from
	}
	r.early, r.late = min(r.early, p.from), max(r.late, p.to)
	return n
}

// partAt is the part of the day named at token i and how many tokens that takes.
func (r *timeReader) partAt(i int) (part, int) {
	for _, p := range r.l.when.parts {
		if n, ok := starts(r.tokens[i:], p.phrase); ok {
			return p, n
		}
	}
	return part{}, 0
}

// day takes a day, several days, or a day of the week.
func (r *timeReader) day(d dated) bool {
	before := r.c.text(d.from - 1)
	if r.l.the[before] {
		before = r.c.text(d.from - 2)
	}
	switch {
	case d.span != 0:
		return r.all(d)
	case d.code == TooVague:
		return r.loose(r.c.text(d.from))
	case d.code != "":
		return false
	case d.weekday && r.l.negations[before]:
		r.without[midnight(d.date).Weekday()] = true
	case r.l.negations[before]:
		return false
	case r.l.when.after[before], r.l.when.before[before], r.l.when.from[before]:
		r.bounded(before, d.date)
	case d.weekday:
		r.weekdays = append(r.weekdays, midnight(d.date).Weekday())
	default:
		r.add(d.date)
		if d.second {
			r.add(d.other)
		}
	}
	return true
}

func (r *timeReader) add(d flows.Date) {
	if !slices.Contains(r.days, d) {
		r.days = append(r.days, d)
	}
}

// all takes the days of a week or a month, those that are gone left out.
func (r *timeReader) all(d dated) bool {
	first := midnight(d.date)
	end := shift(first, 1, d.span)
	if d.span == 'y' || len(r.days) > 0 && !r.stretch {
		return true
	}
	r.stretch = true
	for day := first; day.Before(end); day = day.AddDate(0, 0, 1) {
		if !day.Before(r.c.today) {
			r.add(civil(day))
		}
	}
	return true
}

// loose takes weekend, weekdays, soon.
func (r *timeReader) loose(said string) bool {
	switch w := &r.l.when; {
	case w.weekend[said]:
		r.weekdays = append(r.weekdays, time.Saturday, time.Sunday)
	case w.workdays[said]:
		r.weekdays = append(r.weekdays, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	default:
		return w.anyDay[said]
	}
	return true
}

// aheadDays is how many days "after Thursday" is understood to reach: the default horizon of a meeting.
const aheadDays = 14

// bounded takes the days before or after one.
func (r *timeReader) bounded(word string, d flows.Date) {
	first, end := midnight(d), midnight(d).AddDate(0, 0, aheadDays)
	switch {
	case r.l.when.before[word]:
		first, end = r.c.today, midnight(d)
	case !r.l.when.from[word]:
		first = first.AddDate(0, 0, 1)
	}
	for n := 0; first.Before(end) && n < 2*aheadDays; n++ {
		r.add(civil(first))
		first = first.AddDate(0, 0, 1)
	}
}

// wish puts together what was found.
func (r *timeReader) wish() TimeWish {
	w := TimeWish{At: r.at, From: r.from, To: r.to}
	if r.at < 0 && r.late > 0 {
		w.From = max(r.from, r.early)
		if w.To == 0 || r.late < w.To {
			w.To = r.late
		}
		if w.To <= w.From { // "in the morning after 3": the clock is the surer word
			w.From, w.To = r.from, r.to
		}
	}
	w.Days, w.Weekdays = r.wanted()
	return w
}

// wanted is the days or the days of the week.
func (r *timeReader) wanted() ([]flows.Date, []time.Weekday) {
	weekdays := r.weekdays
	if len(weekdays) == 0 && r.without != [7]bool{} {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if !r.without[d] {
				weekdays = append(weekdays, d)
			}
		}
	}
	slices.Sort(weekdays)
	weekdays = slices.Compact(weekdays)
	switch {
	case len(r.days) == 0:
		return nil, weekdays
	case len(weekdays) == 0:
		return r.days, nil
	case r.stretch:
		return slices.DeleteFunc(r.days, func(d flows.Date) bool { return !slices.Contains(weekdays, midnight(d).Weekday()) }), nil
	}
	for _, d := range weekdays {
		r.add(civil(r.c.today.AddDate(0, 0, 1+(int(d)-int(r.c.today.Weekday())+6)%7)))
	}
	return r.days, nil
}
