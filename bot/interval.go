package bot

import "math"

// Interval is a range that covers what is true with some confidence.
type Interval struct{ Low, High float64 }

// Wilson is the score interval of a share of which k of n were seen (Wilson 1927), with z standard deviations to either
// side; all of 0 to 1 where nothing was seen. It stays within 0 and 1 and is right for few and for rare things too.
func Wilson(k, n int, z float64) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	p, m := float64(k)/float64(n), float64(n)
	middle := p + z*z/(2*m)
	spread := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return Interval{max(0, (middle-spread)/scale), min(1, (middle+spread)/scale)}
}

// Difference is the interval of how much greater the share k1 of n1 is than k2 of n2: the hybrid score interval, method
// 10 of Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17
// (1998) 873 to 890.
func Difference(k1, n1, k2, n2 int, z float64) Interval {
	if n1 <= 0 || n2 <= 0 {
		return Interval{-1, 1}
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	a, b := Wilson(k1, n1, z), Wilson(k2, n2, z)
	return Interval{
		p1 - p2 - math.Hypot(p1-a.Low, b.High-p2),
		p1 - p2 + math.Hypot(a.High-p1, p2-b.Low),
	}
}

// Deviations is how many standard deviations to either side hold each of so many comparisons, so that all of them
// together are right with that confidence (Bonferroni).
func Deviations(confidence float64, comparisons int) float64 {
	return math.Sqrt2 * math.Erfinv(1-(1-confidence)/float64(max(1, comparisons)))
}
