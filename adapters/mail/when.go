package mail

import (
	"fmt"
	"strings"
	"time"

	"github.com/jalaali/go-jalaali"
)

// date is the day as people of the language write it; in Persian by both calendars.
func (w *words) date(t time.Time) string {
	gregorian := fmt.Sprintf("%d %s %d", t.Day(), w.months[t.Month()-1], t.Year())
	text := w.days[t.Weekday()] + ", " + gregorian
	if w.jalali {
		text = w.days[t.Weekday()] + " " + solar(t, gregorian)
	}
	return w.digits(text)
}

// solar is the Solar Hijri date with the Gregorian one beside it.
func solar(t time.Time, gregorian string) string {
	y, m, d, err := jalaali.ToJalaali(t.Year(), t.Month(), t.Day())
	if err != nil || m < 1 || m > 12 { // years that no meeting is in
		return gregorian
	}
	return fmt.Sprintf("%d %s %d (%s)", d, jalaliMonths[m-1], y, gregorian)
}

// clock is from when to when, with the zone's name and its offset then.
func (w *words) clock(start, end time.Time) string {
	return w.digits(start.Format("15:04")+w.until+end.Format("15:04")) + w.comma + w.zone(start)
}

// zone is the name of a time's zone and its offset.
func (w *words) zone(t time.Time) string {
	name, offset := strings.ReplaceAll(t.Location().String(), "_", " "), w.offset(t)
	if name == "UTC" {
		return name
	}
	return w.apart(name + " (" + offset + ")")
}

func (w *words) offset(t time.Time) string { return w.digits(t.Format("UTC-07:00")) }

// moment is a day and time in a few words, for subjects.
func (w *words) moment(t time.Time) string {
	return w.date(t) + w.comma + w.apart(w.digits(t.Format("15:04"))+" ("+w.offset(t)+")")
}

// span is how long a meeting is.
func (w *words) span(d time.Duration) string {
	count := func(n int, one, many string) string {
		switch n {
		case 0:
			return ""
		case 1:
			return w.digits("1 ") + one
		}
		return w.digits(fmt.Sprint(n, " ")) + many
	}
	minutes := int(d.Round(time.Minute) / time.Minute)
	return strings.TrimSpace(count(minutes/60, w.hour, w.hours) + " " + count(minutes%60, w.minute, w.minutes))
}
