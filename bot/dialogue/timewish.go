package dialogue

import (
	"math"
	"time"

	"usher/bot/answer"
)

// wishedTime takes words about a time: they are one of those shown, or tell when to look.
func (t *turn) wishedTime(w answer.TimeWish) error {
	if w.Number > 0 {
		if w.Number > len(t.c.Offers) {
			return t.unclear()
		}
		return t.choose(t.c.Offers[w.Number-1])
	}
	wish := &Wish{
		Timezone: t.c.Timezone, Days: w.Days, Weekdays: w.Weekdays, From: w.From, To: w.To, At: w.At,
	}
	if s, ok := t.meant(wish); ok {
		return t.choose(s)
	}
	return t.find(seekWish, wish)
}

// meant is the one time shown that the words name. A span ("after 3") names none: whoever says it wants to see more.
// "Thursday at 3" is the first such Thursday.
func (t *turn) meant(w *Wish) (Slot, bool) {
	if w.From > 0 || w.To > 0 {
		return Slot{}, false
	}
	var first Slot
	n := 0
	for _, s := range t.c.Offers {
		if !w.Fits(s.Start) {
			continue
		}
		if n++; n == 1 || s.Start.Before(first.Start) {
			first = s
		}
	}
	exact := w.At >= 0 && len(w.Weekdays) > 0
	return first, n == 1 || n > 1 && exact
}

// Fits says whether a start is what was wished, in the zone of the wish.
func (w *Wish) Fits(start time.Time) bool { return w.Far(start) == 0 }

// Far is how far a start is from what was wished, in minutes on the clock of the wish: by the days between, whichever of
// the wished is nearest, and by the time of the day.
func (w *Wish) Far(start time.Time) int {
	local := start.In(location(w.Timezone))
	return w.daysFrom(local)*24*60 + w.minutesFrom(local.Hour()*60+local.Minute())
}

// daysFrom is how many days a time is from the nearest day that was wished.
func (w *Wish) daysFrom(local time.Time) int {
	days := 0
	if len(w.Days) > 0 {
		y, m, d := local.Date()
		day, nearest := time.Date(y, m, d, 0, 0, 0, 0, time.UTC), math.MaxInt
		for _, to := range w.Days {
			between := day.Sub(time.Date(to.Year, to.Month, to.Day, 0, 0, 0, 0, time.UTC)).Abs()
			nearest = min(nearest, int(between/(24*time.Hour)))
		}
		days += nearest
	}
	if len(w.Weekdays) > 0 {
		nearest := 7
		for _, to := range w.Weekdays {
			between := (int(to-local.Weekday()) + 7) % 7
			nearest = min(nearest, between, 7-between)
		}
		days += nearest
	}
	return days
}

// minutesFrom is how many minutes a time of the day is from those that were wished; To is not one of them.
func (w *Wish) minutesFrom(minute int) int {
	far := 0
	if w.At >= 0 {
		far = max(minute-w.At, w.At-minute)
	}
	far += max(0, w.From-minute)
	if w.To > 0 {
		far += max(0, minute-w.To+1)
	}
	return far
}
