package routing

import (
	"fmt"

	"usher/flows"
)

// Drain is who would get each of these leads that wait, the oldest first, if they were asked now one after the other: ""
// is who goes on waiting. Free times do not count, for no meeting follows.
func Drain(r *flows.Roster, waiting []Request, s State) []string {
	reps := make([]string, len(waiting))
	s.Soonest, s.Known, s.Promised = nil, nil, map[string]int{}
	for i, q := range waiting {
		if q.Only = true; r == nil {
			continue
		}
		if choice, err := Choose(r, q, s); err == nil {
			reps[i] = choice.Rep
			s.Promised[choice.Rep]++
		}
	}
	return reps
}

// open is how many leads the rep has, with those that come first.
func (d *decision) open(rep *flows.Rep) int { return d.s.Open[rep.ID] + d.s.Promised[rep.ID] }

// laden says whether the rep has as many open leads as they may.
func (d *decision) laden(rep *flows.Rep) bool {
	return rep.Limits.Open > 0 && d.open(rep) >= rep.Limits.Open
}

// load tells it.
func (d *decision) load(rep *flows.Rep) string {
	text := fmt.Sprintf("has %d of %d open leads", d.s.Open[rep.ID], rep.Limits.Open)
	if d.s.Open[rep.ID] < rep.Limits.Open {
		text += ", and leads that have waited longer come first"
	}
	return text
}

// theirs says whether the rep has the person already, who is no new lead then. A colleague of theirs is one.
func (d *decision) theirs(t target) bool { return t.owner && d.q.Scope.OwnedBy != flows.OwnedByDomain }

// beyond is what is said of a rep who gets the lead although they have as many as they may, or "".
func (d *decision) beyond(t target, rep *flows.Rep) string {
	if !d.theirs(t) || !d.laden(rep) {
		return ""
	}
	return "; " + d.load(rep) + ", but this is no new one"
}
