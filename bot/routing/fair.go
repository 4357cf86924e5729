package routing

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"

	"usher/flows"
)

// fair is the rep whose turn it is by weight: deficit round robin. Each lead is due to those who can serve, in parts by
// weight; what a rep was due and did not get is the deficit. The lead goes to the one who is furthest behind, unless not
// everybody could be kept within one lead then. Ties go by a hash of the lead and the rep, so that no rep gains by
// standing first.
//
// While the same reps can serve, everyone's count stays within one lead of what is due. Where they change with the leads,
// no rule can promise that which does not know who comes next.
func (d *decision) fair(t target, pool []*flows.Rep) (*flows.Rep, string) {
	d.equals = slices.Clone(pool)
	rep := pool[turn(d.standing(d.queue(t), pool), d.ties(pool))]
	return rep, fmt.Sprintf("%s is next by fair share (%s)", first(rep), d.share(t, rep))
}

// ties are what decides between reps who are as far behind.
func (d *decision) ties(pool []*flows.Rep) func(i int) uint64 {
	return func(i int) uint64 { return tie(d.q.Key, pool[i].ID) }
}

// turn is whose turn it is.
func turn(places []place, tie func(i int) uint64) int {
	order := make([]int, len(places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(steps(places[b].behind), steps(places[a].behind)), cmp.Compare(tie(a), tie(b)))
	})
	for _, i := range order {
		if places[i].behind > grain && keeps(places, i) {
			return i
		}
	}
	return order[0]
}

// steps is a figure in whole grains, so that rounding decides no turn.
func steps(f float64) int64 { return int64(math.Round(f / grain)) }

// maxAhead is how many leads are looked ahead. Among more reps than that nobody is due so often that it matters.
const maxAhead = 128

// keeps says whether everybody can be kept from falling a lead behind if the lead goes to one: of the leads to come, as
// many as reps, no more may be due by each of them than there are until then.
func keeps(places []place, to int) bool {
	for ahead := 1; ahead <= min(len(places), maxAhead); ahead++ {
		due := 0
		for i, p := range places {
			behind := p.behind + p.part*float64(ahead) + grain
			if i == to {
				behind--
			}
			due += max(0, int(math.Floor(behind)))
		}
		if due > ahead {
			return false
		}
	}
	return true
}

// queue is the one that a target's leads count in.
func (d *decision) queue(t target) Queue {
	if t.team == nil {
		return Queue{}
	}
	return QueueOf(d.roster, t.team, t.route)
}

// share tells a rep's share: 3 of 7 leads, weight 2.
func (d *decision) share(t target, rep *flows.Rep) string {
	total := int64(0)
	for _, other := range t.reps {
		total += d.s.Shares[d.queue(t)][other.ID].Count
	}
	text := fmt.Sprintf("%d of %d leads", d.s.Shares[d.queue(t)][rep.ID].Count, total)
	if w := weight(rep); w != 1 {
		text += ", weight " + figure(w)
	}
	return text
}

func figure(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

func weight(rep *flows.Rep) float64 { return float64(max(rep.Weight, 1)) }

// tie is a number that depends on the lead and the rep alone. FNV mixes its last bytes poorly, so it is stirred once more.
func tie(key, rep string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key + "\x00" + rep)) // a hash never fails
	x := h.Sum64()
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
