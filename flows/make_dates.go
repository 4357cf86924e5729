package flows

import (
	"slices"
	"time"
)

// Bounds on reminders.
const (
	// MaxReminders of one meeting: more are a nuisance.
	MaxReminders = 5
	// minReminder: a letter that comes later than that is not read in time.
	minReminder = 5 * time.Minute
)

// dayHours are a rep's hours of single dates, in the order written.
func dayHours(s *repShape) (all []DayHours) {
	var taken []DateRange
	for _, row := range s.Dates.rows {
		dates, ok := parseDates(scalar{row.key, row.name})
		if !ok || !row.key.oneRun(dates) || !row.key.clear(dates, taken, "the hours of some of these days are written twice") {
			continue
		}
		taken = append(taken, dates)
		hours := DayHours{DateRange: dates, Spans: parseSpans(row.value)}
		all = append(all, hours)
		if len(hours.Spans) > 0 && s.awayOn(dates) {
			row.key.doubt("overlapping-dates", "take one of them away", "%s is away on these days; what is away is not offered", s.ID.text)
		}
	}
	return all
}

// awayOn says whether the rep is away on one of the days.
func (s *repShape) awayOn(dates DateRange) bool {
	return slices.ContainsFunc(s.Away, func(a scalar) bool {
		from, to, ok := cutDates(a.text)
		return ok && dates.meets(DateRange{from, to})
	})
}

// stays are a rep's days in other zones, in the order written.
func stays(shapes []stayShape) (all []Stay) {
	var taken []DateRange
	for _, s := range shapes {
		name, location := zone(s.Timezone)
		dates, ok := parseDates(s.Dates)
		if !ok || !s.Dates.oneRun(dates) || !s.Dates.clear(dates, taken, "some of these days are in two zones") || location == nil {
			continue
		}
		taken = append(taken, dates)
		all = append(all, Stay{DateRange: dates, Timezone: name, Location: location})
	}
	return all
}

// oneRun reports a run of days that is too long to be meant.
func (v item) oneRun(dates DateRange) bool {
	days := dates.To.time().Sub(dates.From.time())/(24*time.Hour) + 1
	if days > MaxDaysOff {
		v.wrong("out-of-range", "look at the year", "%q is more than %d days", v.node.Value, MaxDaysOff)
	}
	return days <= MaxDaysOff
}

// clear reports days that have been spoken of.
func (v item) clear(dates DateRange, taken []DateRange, message string) bool {
	twice := slices.ContainsFunc(taken, dates.meets)
	if twice {
		v.wrong("overlapping-dates", "name each day once", "%s", message)
	}
	return !twice
}

// meets says whether two runs of dates share one.
func (r DateRange) meets(other DateRange) bool {
	return !r.To.before(other.From) && !other.To.before(r.From)
}

func (d Date) time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// reminders are the written ones, the earliest first; nil where nothing is written.
func (s rulesShape) reminders() []time.Duration {
	if !s.set() || !s.has("remind") {
		return nil
	}
	if len(s.Remind) > MaxReminders {
		s.Remind[MaxReminders].wrong("too-large", "", "there are at most %d reminders of a meeting", MaxReminders)
	}
	all := []time.Duration{}
	for _, l := range s.Remind {
		d, ok := parseLapse(l.node.Value)
		switch {
		case !ok:
		case d < minReminder:
			l.wrong("out-of-range", "", "a reminder is sent at least 5m before the meeting")
		case slices.Contains(all, d):
			l.wrong("duplicate-reminder", "write each once", "%q stands in the list already", l.node.Value)
		default:
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b time.Duration) int { return int((b - a) / time.Second) })
	return all
}
