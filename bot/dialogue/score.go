package dialogue

import (
	"fmt"
	"math"
	"time"

	"usher/flows"
)

// rescore makes the receipt anew from the answers and page views: nothing is ever added to an earlier score, so that a
// corrected answer corrects the score. The rules see no score, no grade and no parts.
func (t *turn) rescore() error {
	t.scope.Score, t.scope.Grade, t.scope.Parts = 0, "", nil
	var reasons []Reason
	var room [64]int64
	cents := room[:0]
	for _, r := range t.m.flow.Score {
		ok, err := r.If.Holds(t.scope)
		if err != nil {
			return fmt.Errorf("score rule %q: %w", r.Because, err)
		}
		if !ok {
			continue
		}
		if reasons == nil {
			reasons = make([]Reason, 0, len(t.c.Score.Reasons)+4)
		}
		reasons = append(reasons, Reason{Part: r.Part, Because: r.Because})
		cents = append(cents, hundredths(r.Points*fresh(r, &t.c, t.now)))
	}
	for part, most := range t.m.flow.Caps {
		capPart(reasons, cents, part, hundredths(most))
	}
	t.c.Score = receipt(reasons, cents, t.m.flow.Grades)
	t.scope.Score, t.scope.Grade, t.scope.Parts = t.c.Score.Score, t.c.Score.Grade, t.c.Score.Parts
	return nil
}

// hundredths is points as a whole number of hundredths: a receipt adds up exactly, on every machine.
func hundredths(points float64) int64 { return int64(math.Round(points * 100)) }

// capPart takes what a part brings beyond its cap from its later rules first, so that the receipt still adds up.
func capPart(reasons []Reason, cents []int64, part string, most int64) {
	over := -max(most, 0)
	for i, r := range reasons {
		if r.Part == part {
			over += cents[i]
		}
	}
	for i := len(reasons) - 1; i >= 0 && over > 0; i-- {
		if reasons[i].Part != part || cents[i] <= 0 {
			continue
		}
		less := min(over, cents[i])
		cents[i] -= less
		over -= less
	}
}

// receipt adds the reasons up: all of them to the score, those with a part to their part too.
func receipt(reasons []Reason, cents []int64, grades []flows.Grade) Receipt {
	var total int64
	var r Receipt
	for i := range reasons {
		total += cents[i]
		reasons[i].Points = points(cents[i])
		if part := reasons[i].Part; part != "" {
			if r.Parts == nil {
				r.Parts = map[string]float64{}
			}
			r.Parts[part] = points(hundredths(r.Parts[part]) + cents[i])
		}
	}
	r.Score, r.Reasons, r.Grade = points(total), reasons, grade(points(total), grades)
	return r
}

func points(cents int64) float64 { return float64(cents) / 100 }

// grade is the highest one whose threshold is reached.
func grade(score float64, grades []flows.Grade) string {
	for _, g := range grades {
		if score >= g.From {
			return g.Name
		}
	}
	return ""
}

// fresh is how much of a rule's points is left: half of them each time Halves passes since what the rule saw.
func fresh(r *flows.Rule, c *Conversation, now time.Time) float64 {
	if r.Halves <= 0 || r.If == nil {
		return 1
	}
	return fade(seen(r.If, c), r.Halves, now)
}

// fade is how much is left of what halves; a zero since is now.
func fade(since time.Time, halves time.Duration, now time.Time) float64 {
	if since.IsZero() || !since.Before(now) {
		return 1
	}
	return math.Exp2(-float64(now.Sub(since)) / float64(halves))
}

// seen is when the cause of a condition came: the latest view of a page it names, else the latest answer to a field it
// names.
func seen(when *flows.Condition, c *Conversation) time.Time {
	var last time.Time
	for _, v := range c.Visit.Pages {
		for _, pattern := range when.Visited {
			if v.At.After(last) && flows.MatchPath(pattern, v.Path) {
				last = v.At
			}
		}
	}
	if len(when.Visited) > 0 {
		return last
	}
	for _, field := range when.Fields {
		if a := c.answer(field); a != nil && a.At.After(last) {
			last = a.At
		}
	}
	return last
}
