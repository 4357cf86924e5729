package dialogue

import (
	"slices"
	"time"

	"usher/bot/answer"
	"usher/flows"
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
func (w *Wish) Fits(start time.Time) bool {
	local := start.In(location(w.Timezone))
	minute := local.Hour()*60 + local.Minute()
	y, m, d := local.Date()
	switch {
	case len(w.Days) > 0 && !slices.Contains(w.Days, flows.Date{Year: y, Month: m, Day: d}):
		return false
	case len(w.Weekdays) > 0 && !slices.Contains(w.Weekdays, local.Weekday()):
		return false
	case w.At >= 0 && minute != w.At:
		return false
	case minute < w.From:
		return false
	}
	return w.To == 0 || minute < w.To
}
