package bot

import "math"

// Bounds of a verdict on a split.
const (
	Confidence = 0.95
	// FewVisitors is how many each variant needs before a difference is told at all: with fewer, one visitor is three
	// points.
	FewVisitors = 30
)

// Rate is the share of a variant's visitors who had a meeting that was held.
func (c SplitCount) Rate() float64 {
	if c.Visitors == 0 {
		return 0
	}
	return float64(c.Met) / float64(c.Visitors)
}

// Verdict is how a variant compares with another in meetings held a visitor.
type Verdict struct {
	Flow, Against string
	Difference    float64 // of the rates
	Interval              // of the difference; all comparisons of a split are right together with the Confidence
	Few           string  // a variant with fewer than FewVisitors, or ""
	Need          int     // visitors of each variant that would tell a difference of this size, roughly; 0 = not known
}

// Tells says whether there is a difference as far as can be told.
func (v Verdict) Tells() bool { return v.Few == "" && (v.Low > 0 || v.High < 0) }

// Verdicts compares each variant with the first.
func Verdicts(counts []SplitCount) (all []Verdict) {
	if len(counts) < 2 {
		return nil
	}
	z := Deviations(Confidence, len(counts)-1)
	base := counts[0]
	for _, c := range counts[1:] {
		v := Verdict{
			Flow: c.Flow, Against: base.Flow, Difference: c.Rate() - base.Rate(),
			Interval: Difference(c.Met, c.Visitors, base.Met, base.Visitors, z),
		}
		for _, of := range []SplitCount{base, c} {
			if of.Visitors < FewVisitors && v.Few == "" {
				v.Few = of.Flow
			}
		}
		if v.Few == "" {
			v.Need = need(c.Rate(), base.Rate(), z)
		}
		all = append(all, v)
	}
	return all
}

// power is how many standard deviations more make a difference of this size seen in four of five trials.
const power = 0.8416

// need is how many visitors each of two shares takes to be told apart (the usual formula for two proportions).
func need(p, q, z float64) int {
	if p == q {
		return 0
	}
	n := math.Pow((z+power)/(p-q), 2) * (p*(1-p) + q*(1-q))
	return int(math.Ceil(n))
}
