package answer

import (
	"time"

	"usher/flows"
)

// civil is the day of a time; days are kept as midnights in UTC, which have no zone to change.
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
