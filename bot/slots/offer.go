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
// differs that much, the next ones fill up. Two reps' slots of one start are one time to a visitor: the first stands.
func Offer(free []Slot, c Choice) []Slot {
	left := c.open(free)
	var picked []kind
	var offer []Slot
	for len(offer) < c.N && len(left) > 0 {
		i := pick(left, picked)
		offer, picked = append(offer, left[i].Slot), append(picked, left[i].kind)
		left = slices.Delete(left, i, i+1)
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

// open is what may be offered, in order of time.
func (c Choice) open(free []Slot) []candidate {
	not := map[int64]bool{}
	for _, s := range c.Not {
		not[s.Start.UnixNano()] = true
	}
	location := cmp.Or(c.Location, time.UTC)
	var open []candidate
	for _, s := range free {
		if not[s.Start.UnixNano()] || c.Fits != nil && !c.Fits(s.Start) {
			continue
		}
		not[s.Start.UnixNano()] = true
		open = append(open, candidate{s, kindOf(s.Start.In(location))})
	}
	slices.SortStableFunc(open, func(a, b candidate) int { return a.Start.Compare(b.Start) })
	return open
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
// and another day, else any other pair of the two, else simply the next.
func pick(left []candidate, picked []kind) int {
	fresh := func(same func(a, b kind) bool) int {
		return slices.IndexFunc(left, func(c candidate) bool {
			return !slices.ContainsFunc(picked, func(k kind) bool { return same(c.kind, k) })
		})
	}
	byPart := fresh(func(a, b kind) bool { return a.part == b.part })
	byDay := fresh(func(a, b kind) bool { return a.day.Equal(b.day) })
	byEither := fresh(func(a, b kind) bool { return a == b })
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
