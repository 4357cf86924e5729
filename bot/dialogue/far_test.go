package dialogue_test

import (
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

func TestHowFarATimeIsFromAWish(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) } // the 26th is a Thursday
	const day = 24 * 60
	for _, c := range []struct {
		what  string
		wish  dialogue.Wish
		start time.Time
		far   int
	}{
		{"nothing said", dialogue.Wish{At: -1}, at(26, 10, 0), 0},
		{"the weekday", dialogue.Wish{At: -1, Weekdays: []time.Weekday{time.Thursday}}, at(26, 10, 0), 0},
		{"the day after", dialogue.Wish{At: -1, Weekdays: []time.Weekday{time.Thursday}}, at(27, 10, 0), day},
		{"the day before", dialogue.Wish{At: -1, Weekdays: []time.Weekday{time.Monday, time.Thursday}}, at(25, 10, 0), day},
		{"across the week's end", dialogue.Wish{At: -1, Weekdays: []time.Weekday{time.Saturday}}, at(23, 10, 0), 2 * day},
		{"the nearest of two dates", dialogue.Wish{At: -1, Days: []flows.Date{{Year: 2026, Month: 11, Day: 20}, {Year: 2026, Month: 11, Day: 28}}}, at(26, 10, 0), 2 * day},
		{"a time of the day", dialogue.Wish{At: 15 * 60}, at(26, 14, 30), 30},
		{"too early", dialogue.Wish{At: -1, From: 15 * 60}, at(26, 14, 0), 60},
		{"too late, for the end is not in it", dialogue.Wish{At: -1, To: 12 * 60}, at(26, 12, 0), 1},
		{"day and time", dialogue.Wish{At: 9 * 60, Weekdays: []time.Weekday{time.Friday}}, at(26, 10, 0), day + 60},
		{"in the visitor's zone", dialogue.Wish{At: -1, Timezone: "Asia/Kolkata", Weekdays: []time.Weekday{time.Friday}}, at(26, 19, 0), 0},
	} {
		if far := c.wish.Far(c.start); far != c.far || c.wish.Fits(c.start) != (c.far == 0) {
			t.Errorf("%s: %d, not %d", c.what, far, c.far)
		}
	}
}
