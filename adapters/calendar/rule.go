package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// errRule says that a rule is not one of RFC 5545.
var errRule = errors.New("the rule cannot be read")

type frequency int

const (
	secondly frequency = iota
	minutely
	hourly
	daily
	weekly
	monthly
	yearly
)

var frequencies = map[string]frequency{
	"SECONDLY": secondly, "MINUTELY": minutely, "HOURLY": hourly, "DAILY": daily,
	"WEEKLY": weekly, "MONTHLY": monthly, "YEARLY": yearly,
}

var weekdays = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday,
	"TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

// rule is an RRULE, RFC 5545 3.3.10. It knows wall-clock times alone.
type rule struct {
	freq       frequency
	interval   int
	count      int   // 0 = without end
	until      civil // 0 = without end; the last start that counts
	untilDate  bool  // until was a DATE: its whole day counts
	untilUTC   bool  // until was written in UTC and is not yet a wall-clock time of the event
	byMonth    []int
	byWeekNo   []int
	byYearDay  []int
	byMonthDay []int
	byDay      []nthDay
	byHour     []int
	byMinute   []int
	bySecond   []int
	bySetPos   []int
	weekStart  time.Weekday
	days       [7]bool // byDay without numbers, for the common rules
}

// nthDay is a weekday: every one (n = 0), the nth, or the nth from the end.
type nthDay struct {
	n   int
	day time.Weekday
}

func parseRule(s string) (*rule, error) {
	r := &rule{freq: -1, interval: 1, weekStart: time.Monday}
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSpace(s)), ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		if err := r.set(strings.TrimSpace(name), strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("%w: %s", errRule, clip(part))
		}
	}
	if r.freq < 0 {
		return nil, fmt.Errorf("%w: it has no FREQ", errRule)
	}
	return r, r.check()
}

func (r *rule) set(name, value string) (err error) {
	switch name {
	case "FREQ":
		f, ok := frequencies[value]
		if !ok {
			return errRule
		}
		r.freq = f
	case "INTERVAL":
		r.interval, err = number(value, 1, 1<<20)
	case "COUNT":
		r.count, err = number(value, 1, 1<<30)
	case "UNTIL":
		err = r.setUntil(value)
	case "WKST":
		day, ok := weekdays[value]
		if !ok {
			return errRule
		}
		r.weekStart = day
	case "BYDAY":
		err = r.setDays(value)
	default:
		err = r.setNumbers(name, value)
	}
	return err
}

func (r *rule) setUntil(value string) error {
	m, err := parseMoment(value)
	if err != nil {
		return err
	}
	r.until, r.untilDate, r.untilUTC = m.at, m.date, m.utc
	if m.date {
		r.until += daySeconds - 1
	}
	return nil
}

// maxDays is more weekdays, each once from the first to the 53rd and back, than a rule can name.
const maxDays = 7 * (1 + 2*53)

func (r *rule) setDays(value string) error {
	for word := range strings.SplitSeq(value, ",") {
		word = strings.TrimSpace(word)
		if len(word) < 2 {
			return errRule
		}
		day, ok := weekdays[word[len(word)-2:]]
		if !ok {
			return errRule
		}
		n := 0
		if prefix := word[:len(word)-2]; prefix != "" {
			var err error
			if n, err = signed(prefix, 53); err != nil {
				return err
			}
		}
		if len(r.byDay) == maxDays {
			return errRule
		}
		r.byDay = append(r.byDay, nthDay{n, day})
		r.days[day] = true
	}
	return nil
}

func (r *rule) setNumbers(name, value string) (err error) {
	switch name {
	case "BYMONTH":
		r.byMonth, err = numbers(value, 1, 12)
	case "BYHOUR":
		r.byHour, err = numbers(value, 0, 23)
	case "BYMINUTE":
		r.byMinute, err = numbers(value, 0, 59)
	case "BYSECOND":
		r.bySecond, err = numbers(value, 0, 60)
	case "BYWEEKNO":
		r.byWeekNo, err = signedNumbers(value, 53)
	case "BYYEARDAY":
		r.byYearDay, err = signedNumbers(value, 366)
	case "BYMONTHDAY":
		r.byMonthDay, err = signedNumbers(value, 31)
	case "BYSETPOS":
		r.bySetPos, err = signedNumbers(value, 366)
	default:
		err = errRule // BYEASTER, RSCALE, SKIP and inventions: reading the rule without them would be a guess
	}
	return err
}

// check refuses what RFC 5545 3.3.10 forbids and what would mean something else if it were passed over.
func (r *rule) check() error {
	for _, d := range r.byDay {
		if d.n != 0 && (r.freq != monthly && r.freq != yearly || len(r.byWeekNo) > 0) {
			return fmt.Errorf("%w: a numbered BYDAY needs a monthly or yearly rule", errRule)
		}
	}
	if len(r.byWeekNo) > 0 && r.freq != yearly {
		return fmt.Errorf("%w: BYWEEKNO needs a yearly rule", errRule)
	}
	return nil
}

func number(s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, errRule
	}
	return n, nil
}

func signed(s string, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n == 0 || n < -most || n > most {
		return 0, errRule
	}
	return n, nil
}

func numbers(s string, least, most int) ([]int, error) {
	return list(s, func(word string) (int, error) { return number(word, least, most) })
}

func signedNumbers(s string, most int) ([]int, error) {
	return list(s, func(word string) (int, error) { return signed(word, most) })
}

func list(s string, read func(string) (int, error)) ([]int, error) {
	var out []int
	for word := range strings.SplitSeq(s, ",") {
		n, err := read(strings.TrimSpace(word))
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
