package answer

import (
	"fmt"
	"strconv"
	"strings"

	"usher/flows"
)

// readDate reads the one day of an answer: "tomorrow", "next Tuesday", "in two weeks", "1 Dec", "2026-12-01". A day
// without a year is the next one; what names no day ("next month") is refused, and so is 1/12 where it may be both.
func readDate(q *Question, text string) (flows.Value, *Refusal) {
	var buf [32]token
	tokens, ok := scan(buf[:0], text)
	if !ok {
		return q.refuse(TooLong)
	}
	found, code := q.oneDay(tokens)
	if code != "" {
		return q.refuse(code)
	}
	return q.day(found)
}

// oneDay is the day that the words mean, or the code of what is in the way.
func (q *Question) oneDay(tokens []token) (dated, string) {
	c := q.calendar(tokens, false)
	found, count, loose := dated{code: NotADate}, 0, false
	for i := 0; i < len(tokens); {
		d, ok := c.at(i)
		if !ok {
			loose = loose || c.loose(i)
			i++
			continue
		}
		if d.code == "" && c.bounded(i) {
			d.code = TooVague
		}
		switch {
		case count == 0, found.code == TooVague && d.code == "":
			found, count = d, 1
		case d.code == "" && d.date != found.date:
			return dated{}, Ambiguous
		}
		i = d.to
	}
	if found.code == "" && loose {
		return dated{}, Ambiguous
	}
	return found, found.code
}

// loose says whether a number stands about that may belong to a day: the 1 of "1-5 Dec", but not a time of day.
func (c *calendar) loose(i int) bool {
	if t := c.tokens[i]; t.kind != number || len(t.text) > 2 || c.clockFollows(i) {
		return false
	}
	return c.text(i-1) != ":" && !c.l.when.at[c.text(i-1)] && !c.l.when.after[c.text(i-1)]
}

// bounded says whether the words before a day make it a bound ("after 1 December") or take it away ("not tomorrow").
func (c *calendar) bounded(i int) bool {
	i--
	if c.l.the[c.text(i)] {
		i--
	}
	return c.l.when.bounds[c.text(i)] || c.l.negations[c.text(i)]
}

// day makes the value, if the field's bounds allow it. A day without a year that would come too late is the one of
// the year before where that fits: "1 March" for something that lies behind.
func (q *Question) day(d dated) (flows.Value, *Refusal) {
	earliest, latest := q.limit(q.Field.Earliest), q.limit(q.Field.Latest)
	date := d.date
	if before := (flows.Date{Year: date.Year - 1, Month: date.Month, Day: date.Day}); d.yearless && latest != "" &&
		iso(date) > latest && iso(before) <= latest && iso(before) >= earliest && exists(before) {
		date = before
	}
	text := iso(date)
	if earliest != "" && text < earliest {
		return q.refuse(TooEarly, showDate(earliest, q.Language))
	}
	if latest != "" && text > latest {
		return q.refuse(TooLate, showDate(latest, q.Language))
	}
	return flows.Value{Type: flows.TypeDate, Text: text}, nil
}

func iso(d flows.Date) string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// limit is the day that a field's bound means: 2026-12-01, today, or an offset such as 7d, -2w, +3m, 1y.
func (q *Question) limit(bound string) string {
	bound = strings.TrimSpace(bound)
	y, m, d := q.Now.Date()
	today := midnight(flows.Date{Year: y, Month: m, Day: d})
	if bound == "" || bound == "today" {
		if bound == "" {
			return ""
		}
		return iso(civil(today))
	}
	unit := bound[len(bound)-1]
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(bound, "today"), string(unit)))
	if err != nil || strings.IndexByte("dwmy", unit) < 0 || n > maxDistance || n < -maxDistance {
		return bound
	}
	return iso(civil(shift(today, n, unit)))
}
