package calendar

import (
	"errors"
	"strings"
	"time"
)

// civil is what a wall clock shows, as seconds since 1970-01-01 00:00 with every day 86,400 seconds long. Recurrence is
// computed on it; a zone makes an instant of it.
type civil int64

const daySeconds = 86400

func (c civil) day() int    { return int(floorDiv(int64(c), daySeconds)) }
func (c civil) second() int { return int(int64(c) - floorDiv(int64(c), daySeconds)*daySeconds) }

func dayCivil(day int) civil { return civil(int64(day) * daySeconds) }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// daysOf counts days from 1970-01-01 to a date of the proleptic Gregorian calendar; the month may lie outside 1..12.
func daysOf(year, month, day int) int {
	year += int(floorDiv(int64(month-1), 12))
	month = month - 1 - int(floorDiv(int64(month-1), 12))*12 + 1
	if month <= 2 {
		year--
	}
	era := int(floorDiv(int64(year), 400))
	yoe := year - era*400
	mp := (month + 9) % 12
	doy := (153*mp+2)/5 + day - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

// dateOf is the inverse of daysOf.
func dateOf(days int) (year, month, day int) {
	days += 719468
	era := int(floorDiv(int64(days), 146097))
	doe := days - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

func weekday(days int) time.Weekday { return time.Weekday(((days+4)%7 + 7) % 7) }

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func yearLength(year int) int {
	if leap(year) {
		return 366
	}
	return 365
}

func monthLength(year, month int) int {
	return daysOf(year, month+1, 1) - daysOf(year, month, 1)
}

var errDate = errors.New("this is not a date or time")

// moment is a DATE or DATE-TIME as written.
type moment struct {
	at   civil
	date bool // a DATE
	utc  bool // ends in Z
}

// parseMoment reads 20260102, 20260102T030405 and 20260102T030405Z, and the same with the dashes and colons some
// programs add.
func parseMoment(s string) (moment, error) {
	s = strings.TrimSpace(s)
	if len(s) >= 10 && s[4] == '-' {
		s = strings.NewReplacer("-", "", ":", "", " ", "T").Replace(s)
	}
	if len(s) < 8 {
		return moment{}, errDate
	}
	year, ok1 := digits(s[:4])
	month, ok2 := digits(s[4:6])
	day, ok3 := digits(s[6:8])
	if !ok1 || !ok2 || !ok3 || year == 0 || month < 1 || month > 12 || day < 1 || day > monthLength(year, month) {
		return moment{}, errDate
	}
	m := moment{at: dayCivil(daysOf(year, month, day)), date: true}
	if len(s) == 8 {
		return m, nil
	}
	seconds, utc, err := parseClock(s[8:])
	return moment{at: m.at + seconds, utc: utc}, err
}

func parseClock(s string) (at civil, utc bool, err error) {
	if s[0] != 'T' && s[0] != 't' {
		return 0, false, errDate
	}
	s = s[1:]
	if n := len(s); n > 0 && (s[n-1] == 'Z' || s[n-1] == 'z') {
		s, utc = s[:n-1], true
	}
	if len(s) == 4 {
		s += "00" // some leave the seconds out
	}
	if len(s) != 6 {
		return 0, false, errDate
	}
	hour, ok1 := digits(s[:2])
	minute, ok2 := digits(s[2:4])
	second, ok3 := digits(s[4:6])
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 60 {
		return 0, false, errDate
	}
	return civil(hour*3600 + minute*60 + min(second, 59)), utc, nil
}

func digits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// span is a DURATION: days are nominal (a day over a change of clocks is still a day), the rest is exact.
type span struct {
	days    int
	seconds int64
}

var errDuration = errors.New("this is not a duration")

// maxSpanDays keeps sums within bounds; no meeting lasts a century.
const maxSpanDays = 36525

// parseSpan reads P1W, P1DT2H30M, -PT15M, RFC 5545 3.3.6.
func parseSpan(s string) (span, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimLeft(s, "+-")
	if len(s) < 2 || s[0] != 'P' {
		return span{}, errDuration
	}
	var d span
	timePart := false
	n, have := int64(0), false
	for _, r := range s[1:] {
		switch {
		case r == 'T' && !have:
			timePart = true
			continue
		case '0' <= r && r <= '9' && n < 1<<32:
			n, have = n*10+int64(r-'0'), true
			continue
		case !have:
			return span{}, errDuration
		case r == 'W' && !timePart:
			d.days += int(min(n, maxSpanDays)) * 7
		case r == 'D' && !timePart:
			d.days += int(n)
		case r == 'H' && timePart:
			d.seconds += n * 3600
		case r == 'M' && timePart:
			d.seconds += n * 60
		case r == 'S' && timePart:
			d.seconds += n
		default:
			return span{}, errDuration
		}
		n, have = 0, false
	}
	if have || neg || d.days > maxSpanDays || d.seconds > maxSpanDays*daySeconds {
		return span{}, errDuration
	}
	return d, nil
}
