package routing

import (
	"slices"

	"usher/flows"
)

// Ranked puts reps of a team in the order in which a lead would go to them by the team's way of sharing; q.Keep comes
// first. It asks nothing of whether they can serve.
func Ranked(r *flows.Roster, q Request, s State, team *flows.Team, reps []*flows.Rep) []*flows.Rep {
	d := &decision{roster: r, q: q, s: s, asked: map[string]soonest{}}
	t := target{route: -1, team: team, reps: team.Reps}
	pool := slices.Clone(reps)
	ranked := make([]*flows.Rep, 0, len(pool))
	for len(pool) > 0 {
		next, _ := d.next(t, pool)
		ranked = append(ranked, next)
		pool = slices.DeleteFunc(pool, func(rep *flows.Rep) bool { return rep == next })
	}
	return ranked
}
