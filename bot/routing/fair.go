package routing

import (
	"fmt"
	"hash/fnv"
	"math"
	"strconv"

	"usher/flows"
)

// fair is the rep whose turn it is by weight. The rule is the quota method (Balinski and Young 1975): of those whose
// share would not be rounded up beyond what is due after this lead, the one whose next lead is due first. While
// the same reps can serve, everyone's count stays within one lead of what is due. Ties go by a hash of the lead and the
// rep, so that no rep gains by standing first.
func (d *decision) fair(t target, pool []*flows.Rep) (*flows.Rep, string) {
	leads, weights := 1.0, 0.0
	for _, rep := range pool {
		leads += d.count(t, rep)
		weights += weight(rep)
	}
	var best *flows.Rep
	for _, rep := range pool {
		due := d.count(t, rep)*weights < leads*weight(rep)
		if due && (best == nil || d.sooner(t, rep, best)) {
			best = rep
		}
	}
	return best, fmt.Sprintf("%s is next by fair share (%s)", first(best), d.share(t, best))
}

// sooner says whether a's next lead is due before b's.
func (d *decision) sooner(t target, a, b *flows.Rep) bool {
	left, right := (d.count(t, a)+1)*weight(b), (d.count(t, b)+1)*weight(a)
	if left != right {
		return left < right
	}
	return tie(d.q.Key, a.ID) < tie(d.q.Key, b.ID)
}

// count is what a rep has had of the team's leads; one who never had any counts from the team's level.
func (d *decision) count(t target, rep *flows.Rep) float64 {
	if t.team == nil {
		return 0
	}
	return d.s.Shares[t.team.ID][rep.ID].Count + d.level(t.team, rep)
}

// level is what a rep who never had a lead of the team starts from: one lead behind what the others had for their
// weight. It is 0 for everybody else.
func (d *decision) level(team *flows.Team, rep *flows.Rep) float64 {
	shares := d.s.Shares[team.ID]
	if shares[rep.ID].Count > 0 {
		return 0
	}
	leads, weights := 0.0, 0.0
	for _, other := range team.Reps {
		if count := shares[other.ID].Count; count > 0 {
			leads += count
			weights += weight(other)
		}
	}
	if weights == 0 {
		return 0
	}
	return max(0, math.Floor(leads*weight(rep)/weights)-1)
}

// share tells a rep's share: 3 of 7 leads, weight 2.
func (d *decision) share(t target, rep *flows.Rep) string {
	total := 0.0
	for _, other := range t.reps {
		total += d.count(t, other)
	}
	text := fmt.Sprintf("%s of %s leads", figure(d.count(t, rep)), figure(total))
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
