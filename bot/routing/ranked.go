package routing

import (
	"cmp"
	"slices"

	"usher/flows"
)

// Ranked puts reps of a team in the order in which a lead that all of them can serve would be asked of them: q.Keep
// first, then by the team's way of sharing, where shares decide whoever's next lead is due first. Free times do not
// count.
func Ranked(q Request, s State, team *flows.Team, reps []*flows.Rep) []*flows.Rep {
	d := &decision{q: q, s: s}
	standing := d.standing(Queue{team.ID, q.Queue}, reps)
	type place struct {
		rep  *flows.Rep
		kept int
		load int
		due  float64
		tie  uint64
	}
	places := make([]place, len(reps))
	for i, rep := range reps {
		p := place{rep: rep, kept: 1}
		if rep.ID == q.Keep {
			p.kept = 0
		}
		if team.Assign == flows.AssignLeastBusy {
			p.load = s.Load[rep.ID]
		}
		if team.Assign != flows.AssignInOrder {
			p.due, p.tie = standing[rep.ID].next, tie(q.Key, rep.ID)
		}
		places[i] = p
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.kept, b.kept), cmp.Compare(a.load, b.load), cmp.Compare(a.due, b.due), cmp.Compare(a.tie, b.tie))
	})
	ranked := make([]*flows.Rep, len(places))
	for i, p := range places {
		ranked[i] = p.rep
	}
	return ranked
}
