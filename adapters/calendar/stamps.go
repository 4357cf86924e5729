package calendar

import "slices"

// stamp is one point of a list or a RECURRENCE-ID: an instant, or a whole day.
type stamp struct {
	at   int64
	day  int
	date bool
}

// stamps are exceptions: sorted once, for a calendar may hold many of them and each instance is looked up.
type stamps struct {
	instants []int64
	days     []int
}

func (s *stamps) add(x stamp, allDay bool) {
	if x.date || allDay {
		s.days = append(s.days, x.day)
		return
	}
	s.instants = append(s.instants, x.at)
}

func (s *stamps) sort() {
	slices.Sort(s.instants)
	slices.Sort(s.days)
}

// has says whether the instance that starts at c, the instant at, is among them.
func (s *stamps) has(c civil, at int64) bool {
	if _, found := slices.BinarySearch(s.instants, at); found {
		return true
	}
	_, found := slices.BinarySearch(s.days, c.day())
	return found
}
