package routing

import (
	"cmp"
	"slices"

	"usher/flows"
)

// Ranked puts reps of a team in the order in which a lead that all of them can serve would be asked of them: q.Keep
// first, then by the team's way of sharing, where shares decide whoever is furthest behind. Free times do not
// count.
func Ranked(q Request, s State, team *flows.Team, reps []*flows.Rep) []*flows.Rep {
	d := &decision{q: q, s: s}
	standing := d.standing(Queue{team.ID, q.Queue}, reps)
	type rank struct {
		rep   *flows.Rep
		kept  int
		load  int
		ahead int64
		tie   uint64
	}
	places := make([]rank, len(reps))
	for i, rep := range reps {
		p := rank{rep: rep, kept: 1}
		if rep.ID == q.Keep {
			p.kept = 0
		}
		if team.Assign == flows.AssignLeastBusy {
			p.load = s.Load[rep.ID]
		}
		if team.Assign != flows.AssignInOrder {
			p.ahead, p.tie = -steps(standing[i].behind), tie(q.Key, rep.ID)
		}
		places[i] = p
	}
	slices.SortStableFunc(places, func(a, b rank) int {
		return cmp.Or(cmp.Compare(a.kept, b.kept), cmp.Compare(a.load, b.load), cmp.Compare(a.ahead, b.ahead), cmp.Compare(a.tie, b.tie))
	})
	ranked := make([]*flows.Rep, len(places))
	for i, p := range places {
		ranked[i] = p.rep
	}
	return ranked
}
