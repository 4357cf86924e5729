package slots

import (
	"cmp"
	"slices"
	"time"
)

// Choice is how offers are picked from the free times.
type Choice struct {
	N        int
	Location *time.Location // the visitor's: parts of the day and days are theirs
	Not      []Slot
	// Fits narrows to the times a visitor asked for; nil = all.
	Fits func(start time.Time) bool
}

// Offer picks N times that differ: the soonest, another part of a day, another day; in order of time. Where no time
// differs that much, the next ones fill up. They differ from the refused ones too, and a time at which the visitor may
// be asleep is the last resort. Two reps' slots of one start are one time to a visitor: the first stands.
func Offer(free []Slot, c Choice) []Slot {
	picked := c.refused()
	refused := len(picked)
	var offer []Slot
	day, night := c.open(free)
	for _, left := range [][]candidate{day, night} {
		for len(offer) < c.N && len(left) > 0 {
			i := pick(left, picked, refused)
			offer, picked = append(offer, left[i].Slot), append(picked, left[i].kind)
			left = slices.Delete(left, i, i+1)
		}
	}
	slices.SortFunc(offer, func(a, b Slot) int { return a.Start.Compare(b.Start) })
	return offer
}

// kind is what makes a time differ from another in a visitor's eyes.
type kind struct {
	day  time.Time
	part int
}

type candidate struct {
	Slot
	kind
}

// Hours, on the visitor's clock, at which a meeting is offered first: before eight and from nine in the evening on, few
// would come.
const (
	wakes  = 8
	sleeps = 21
)

// refused is what the visitor would not have.
func (c Choice) refused() (kinds []kind) {
	for _, s := range c.Not {
		kinds = append(kinds, kindOf(s.Start.In(cmp.Or(c.Location, time.UTC))))
	}
	return kinds
}

// open is what may be offered, in order of time: by day, and by night.
func (c Choice) open(free []Slot) (day, night []candidate) {
	not := map[int64]bool{}
	for _, s := range c.Not {
		not[s.Start.UnixNano()] = true
	}
	location := cmp.Or(c.Location, time.UTC)
	for _, s := range free {
		if not[s.Start.UnixNano()] || c.Fits != nil && !c.Fits(s.Start) {
			continue
		}
		not[s.Start.UnixNano()] = true
		local := s.Start.In(location)
		if one := (candidate{s, kindOf(local)}); local.Hour() >= wakes && local.Hour() < sleeps {
			day = append(day, one)
		} else {
			night = append(night, one)
		}
	}
	for _, open := range [][]candidate{day, night} {
		slices.SortStableFunc(open, func(a, b candidate) int { return a.Start.Compare(b.Start) })
	}
	return day, night
}

func kindOf(local time.Time) kind {
	y, m, d := local.Date()
	return kind{day: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), part: part(local.Hour())}
}

// part of a day: morning, afternoon from 12, evening from 17.
func part(hour int) int {
	switch {
	case hour < 12:
		return 0
	case hour < 17:
		return 1
	default:
		return 2
	}
}

// pick is the index of the first candidate that differs most usefully from those picked: by turns another part of a day
// and another day, else any other pair of the two, else simply the next. Of those picked, the first were refused: who
// has refused each part of a day is offered them again, on days or at parts of them that they have not seen.
func pick(left []candidate, picked []kind, refused int) int {
	differs := func(c candidate, from []kind, same func(a, b kind) bool) bool {
		return !slices.ContainsFunc(from, func(k kind) bool { return same(c.kind, k) })
	}
	fresh := func(same func(a, b kind) bool) int {
		return slices.IndexFunc(left, func(c candidate) bool { return differs(c, picked, same) })
	}
	samePart := func(a, b kind) bool { return a.part == b.part }
	samePair := func(a, b kind) bool { return a == b }
	byPart := fresh(samePart)
	if byPart < 0 {
		byPart = slices.IndexFunc(left, func(c candidate) bool {
			return differs(c, picked, samePair) && differs(c, picked[refused:], samePart)
		})
	}
	byDay := fresh(func(a, b kind) bool { return a.day.Equal(b.day) })
	byEither := fresh(samePair)
	wanted := []int{byPart, byDay, byEither}
	if len(picked)%2 == 0 {
		wanted[0], wanted[1] = byDay, byPart
	}
	for _, i := range wanted {
		if i >= 0 {
			return i
		}
	}
	return 0
}
