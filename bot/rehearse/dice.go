package rehearse

import "hash/fnv"

// dice throw the same for the same visitor and the same matter, whatever was thrown before: so two runs that differ in
// one thing meet the same visitors, and no order of work changes what comes out.
type dice struct{ seed uint64 }

// matter names what is decided by a throw.
func matter(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name)) // a hash never fails
	return h.Sum64()
}

// throw is a number of [0, 1) for the nth time the matter comes up for a visitor.
func (d dice) throw(visitor int, about uint64, nth int) float64 {
	x := stir(d.seed ^ stir(uint64(visitor)+1) ^ stir(about+uint64(nth)*0x9e3779b97f4a7c15))
	return float64(x>>11) / (1 << 53)
}

// stir is the finish of splitmix64 (Steele, Lea and Flood 2014): every bit of x moves every bit of what comes out.
func stir(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// odds is a choice among a few with their shares.
type odds struct{ upto []float64 } // running sums, the last is 1

// oddsOf makes the odds of shares that are not below zero; ok is false where they add up to nothing.
func oddsOf(shares []float64) (o odds, ok bool) {
	sum := 0.0
	for _, s := range shares {
		sum += max(s, 0)
		o.upto = append(o.upto, sum)
	}
	if !(sum > 0) {
		return odds{}, false
	}
	for i := range o.upto {
		o.upto[i] /= sum
	}
	return o, true
}

// pick is the one that a throw falls on, and where in its share it fell.
func (o odds) pick(throw float64) (i int, within float64) {
	low, high := 0, len(o.upto)-1
	for low < high {
		if mid := (low + high) / 2; throw < o.upto[mid] {
			high = mid
		} else {
			low = mid + 1
		}
	}
	from := 0.0
	if low > 0 {
		from = o.upto[low-1]
	}
	if width := o.upto[low] - from; width > 0 {
		within = min(max((throw-from)/width, 0), 1)
	}
	return low, within
}
