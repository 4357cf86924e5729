package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// week is every minute of a week, from Sunday midnight, that somebody works.
type week [7 * 24 * 60]bool

// samples are weeks by which hours are held against each other: one of each half year and those in which some countries
// have changed their clocks and others have not.
var samples = []time.Time{
	time.Date(2027, 1, 10, 0, 0, 0, 0, time.UTC), time.Date(2027, 3, 21, 0, 0, 0, 0, time.UTC), time.Date(2027, 4, 18, 0, 0, 0, 0, time.UTC),
	time.Date(2027, 7, 11, 0, 0, 0, 0, time.UTC), time.Date(2027, 10, 17, 0, 0, 0, 0, time.UTC), time.Date(2027, 11, 14, 0, 0, 0, 0, time.UTC),
}

// keep marks the minutes of hours that are kept in one zone, as a clock in another shows them.
func (w *week) keep(hours *Hours, in, shown *time.Location, sunday time.Time) {
	if hours == nil || in == nil {
		return
	}
	shift := offset(shown, sunday) - offset(in, sunday)
	for day, spans := range hours.Week {
		for _, span := range spans {
			for minute := day*1440 + span.From; minute < day*1440+span.To; minute++ {
				w[(minute+shift+len(w))%len(w)] = true
			}
		}
	}
}

// offset is how many minutes the zone is ahead of UTC in the middle of that week.
func offset(zone *time.Location, sunday time.Time) int {
	_, seconds := sunday.AddDate(0, 0, 3).In(zone).Zone()
	return seconds / 60
}

// gaps are the minutes of hours at which nobody works.
func (w *week) gaps(hours *Hours) (gaps [7][]Span) {
	for day, spans := range hours.Week {
		for _, span := range spans {
			from := -1
			for minute := span.From; minute <= span.To; minute++ {
				free := minute < span.To && !w[day*1440+minute]
				switch {
				case free && from < 0:
					from = minute
				case !free && from >= 0:
					gaps[day] = append(gaps[day], Span{from, minute})
					from = -1
				}
			}
		}
	}
	return gaps
}

// weekOf are hours as they are written: mon-fri 09:30-10:30, 14:30-15:30; sat 10:00-16:00.
func weekOf(spans [7][]Span) string {
	var runs []string
	order := []int{1, 2, 3, 4, 5, 6, 0}
	for i := 0; i < len(order); {
		j := i
		for j+1 < len(order) && slices.Equal(spans[order[j+1]], spans[order[i]]) {
			j++
		}
		if day := spans[order[i]]; len(day) > 0 {
			name := weekdays[order[i]]
			if j > i {
				name += "-" + weekdays[order[j]]
			}
			runs = append(runs, name+" "+clocks(day))
		}
		i = j + 1
	}
	return strings.Join(runs, "; ")
}

func clocks(spans []Span) string {
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
	}
	return strings.Join(out, ", ")
}
