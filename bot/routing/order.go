package routing

import (
	"fmt"
	"math"

	"usher/flows"
)

// next is the rep of the pool whose turn it is by the team's way of sharing, and how that came.
func (d *decision) next(t target, pool []*flows.Rep) (rep *flows.Rep, how string) {
	if len(pool) == 1 && len(t.reps) == 1 {
		return pool[0], alone(t, pool[0])
	}
	if kept := find(pool, d.q.Keep); kept != nil {
		return kept, first(kept) + " keeps the lead"
	}
	switch t.assign() {
	case flows.AssignInOrder:
		return pool[0], first(pool[0]) + " is first in order"
	case flows.AssignFirstFree:
		return d.firstFree(t, pool)
	case flows.AssignLeastBusy:
		return d.leastBusy(t, pool)
	default:
		return d.fair(t, pool)
	}
}

// firstFree is the rep with the soonest free time; those with the same are shared fairly.
func (d *decision) firstFree(t target, pool []*flows.Rep) (*flows.Rep, string) {
	best := least(pool, func(rep *flows.Rep) int64 {
		if s := d.soonest(rep.ID); s.ok {
			return s.start.UnixNano()
		}
		return math.MaxInt64
	})
	rep, how := d.fair(t, best)
	s := d.soonest(rep.ID)
	if !s.ok {
		return rep, how
	}
	return rep, fmt.Sprintf("%s is free soonest, %s", first(rep), d.clock(rep, s.start))
}

// leastBusy is the rep with the fewest meetings ahead; those with the same are shared fairly.
func (d *decision) leastBusy(t target, pool []*flows.Rep) (*flows.Rep, string) {
	best := least(pool, func(rep *flows.Rep) int64 { return int64(d.s.Load[rep.ID]) })
	rep, _ := d.fair(t, best)
	return rep, fmt.Sprintf("%s has the fewest meetings ahead (%d)", first(rep), d.s.Load[rep.ID])
}

// least keeps the reps with the smallest figure, in their order.
func least(pool []*flows.Rep, figure func(*flows.Rep) int64) []*flows.Rep {
	var best []*flows.Rep
	low := int64(math.MaxInt64)
	for _, rep := range pool {
		switch f := figure(rep); {
		case f < low:
			best, low = []*flows.Rep{rep}, f
		case f == low:
			best = append(best, rep)
		}
	}
	return best
}

// behind is why a rep who could have served was not the one.
func (d *decision) behind(t target, rep *flows.Rep) string {
	switch t.assign() {
	case flows.AssignInOrder:
		return "comes later in order"
	case flows.AssignFirstFree:
		if s := d.soonest(rep.ID); s.ok {
			return "is free " + d.clock(rep, s.start)
		}
		return "has no free time"
	case flows.AssignLeastBusy:
		return fmt.Sprintf("has %d meetings ahead", d.s.Load[rep.ID])
	default:
		return "is not next by fair share (" + d.share(t, rep) + ")"
	}
}
