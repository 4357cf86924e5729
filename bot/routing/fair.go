package routing

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"

	"usher/flows"
)

// fair is the rep whose turn it is by weight. Each lead is due to those who can serve, in parts by weight; what a rep was
// due and did not get is the deficit. The rule is the quota method (Balinski and Young 1975) on deficits: of those who are
// behind once this lead is due, the one whose next lead is due first. While the same reps can serve, everyone's count
// stays within one lead of what is due. Ties go by a hash of the lead and the rep, so that no rep gains by standing
// first.
func (d *decision) fair(t target, pool []*flows.Rep) (*flows.Rep, string) {
	d.equals = slices.Clone(pool)
	places := d.standing(d.queue(t), pool)
	var best *flows.Rep
	for _, rep := range pool {
		if places[rep.ID].behind > grain && (best == nil || d.sooner(places, rep, best)) {
			best = rep
		}
	}
	return best, fmt.Sprintf("%s is next by fair share (%s)", first(best), d.share(t, best))
}

// sooner says whether a's next lead is due before b's.
func (d *decision) sooner(places map[string]place, a, b *flows.Rep) bool {
	left, right := places[a.ID].next, places[b.ID].next
	if left != right {
		return left < right
	}
	return tie(d.q.Key, a.ID) < tie(d.q.Key, b.ID)
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
