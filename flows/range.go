package flows

import (
	"encoding/binary"
	"slices"
)

// Bounds on how a score's range is found. Beyond them it is taken from the points alone: wider than it is, never
// narrower.
const (
	maxRuleCases = 1 << 14 // sets of answers that rules with a subject in common are tried with
	maxTotals    = 1 << 14 // different scores
)

// span is a stretch of scores in hundredths of a point: a rule that halves can bring anything between nothing and all.
type span struct{ low, high int64 }

func (a span) plus(b span) span { return span{a.low + b.low, a.high + b.high} }

// outcome is what some set of answers brings: a span for each capped part, and one for all else.
type outcome struct {
	spans []span
	how   []string // the answers, in words
}

// scoring finds the scores that answers can bring.
type scoring struct {
	*study
	parts []string // with a cap; one more stands for all else
	rough bool
}

// total is a score, and what brings it.
type total struct {
	span
	before *total // what it was before the last cluster
	last   []string
}

// how are the answers that bring a total, in words.
func (t *total) how() (labels []string) {
	for ; t != nil; t = t.before {
		labels = append(slices.Clone(t.last), labels...)
	}
	return labels
}

// scores are all spans of scores that can be reached.
func (s *study) scores() (all []total, rough bool) {
	c := scoring{study: s, parts: sortedKeys(s.f.Caps)}
	all = []total{{}}
	for _, cluster := range c.clusters() {
		all = c.together(all, c.bring(cluster))
	}
	return all, c.rough
}

// clusters are the rules that bear on each other, by a subject in common or a capped part; what different clusters bring
// only adds up.
func (c *scoring) clusters() [][]int {
	return partition(len(c.rules), func(i int) (keys []string) {
		keys = c.subjectsOf(i)
		if part := c.f.Score[i].Part; slices.Contains(c.parts, part) {
			keys = append(keys, "part "+part)
		}
		return keys
	})
}

// subjectsOf are the subjects of a rule by name; what is in a list belongs to the list.
func (c *scoring) subjectsOf(i int) (keys []string) {
	for _, about := range c.about([]*sense{c.rules[i]}) {
		key := about.name
		if about.field != nil {
			key = about.field.Name
		}
		keys = append(keys, "subject "+key)
	}
	return keys
}

// partition puts what has a key in common together, in the order of the first of each.
func partition(n int, keysOf func(int) []string) (groups [][]int) {
	parent := make([]int, n)
	find := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	owner := map[string]int{}
	for i := range parent {
		parent[i] = i
		for _, key := range keysOf(i) {
			if first, ok := owner[key]; ok {
				parent[find(i)] = find(first)
			} else {
				owner[key] = i
			}
		}
	}
	at := map[int]int{}
	for i := range parent {
		root := find(i)
		if _, ok := at[root]; !ok {
			at[root] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[root]] = append(groups[at[root]], i)
	}
	return groups
}

// bring is what a cluster can bring, its parts no more than their caps.
func (c *scoring) bring(cluster []int) (all []total) {
	sums := []outcome{{spans: make([]span, len(c.parts)+1)}}
	for _, at := range partition(len(cluster), func(i int) []string { return c.subjectsOf(cluster[i]) }) {
		group := make([]int, len(at))
		for i, j := range at {
			group[i] = cluster[j]
		}
		sums = c.add(sums, c.outcomes(group))
	}
	seen := map[span]bool{}
	for _, sum := range sums {
		if one := c.capped(sum.spans); !seen[one] {
			seen[one] = true
			all = append(all, total{span: one, last: sum.how})
		}
	}
	return all
}

// together adds what one more cluster brings to each total.
func (c *scoring) together(totals, more []total) (all []total) {
	if len(totals)*len(more) > maxTotals {
		c.rough = true
		totals, more = around(totals), around(more)
	}
	seen := map[span]bool{}
	for i := range totals {
		for _, b := range more {
			if sum := totals[i].plus(b.span); !seen[sum] {
				seen[sum] = true
				all = append(all, total{sum, &totals[i], b.last})
			}
		}
	}
	return all
}

// around is one total around all.
func around(all []total) []total {
	out := all[0]
	for _, t := range all {
		if t.high > out.high {
			out.before, out.last = t.before, t.last
		}
		out.span = span{min(out.low, t.low), max(out.high, t.high)}
	}
	return []total{out}
}

// outcomes are what a group of rules can bring.
func (c *scoring) outcomes(group []int) []outcome {
	senses := make([]*sense, len(group))
	for i, rule := range group {
		senses[i] = c.rules[rule]
	}
	about := c.about(senses)
	within, tries := c.learned(), 1
	for _, subject := range about {
		n := 0
		classes(within[subject.index], func(int) bool { n++; return true })
		if tries *= max(1, n); tries > maxRuleCases {
			c.rough = true
			return []outcome{c.widest(group)}
		}
	}
	var found []outcome
	seen := map[string]bool{}
	taken := make([]int8, len(c.subjects))
	for i := range taken {
		taken[i] = -1
	}
	c.try(about, cases{within: within, taken: taken}, func(k *cases) {
		spans := c.broughtBy(group, k)
		if key := keyOf(spans); !seen[key] {
			seen[key] = true
			found = append(found, outcome{spans, c.howOf(group, k)})
		}
	})
	return found
}

// try goes through all classes of the subjects.
func (c *scoring) try(about []*subject, k cases, each func(*cases)) {
	if len(about) == 0 {
		each(&k)
		return
	}
	at := about[0].index
	classes(k.within[at], func(class int) bool {
		k.taken[at] = int8(class)
		c.try(about[1:], k, each)
		return true
	})
	k.taken[at] = -1
}

// broughtBy is what one set of answers brings.
func (c *scoring) broughtBy(group []int, k *cases) []span {
	spans := make([]span, len(c.parts)+1)
	for _, i := range group {
		var open *test
		if k.truth(c.rules[i], &open) == yes {
			at := c.partOf(i)
			spans[at] = spans[at].plus(c.brings(i))
		}
	}
	return spans
}

// howOf are the answers by which rules hold, in words.
func (c *scoring) howOf(group []int, k *cases) (how []string) {
	var holding []*sense
	for _, i := range group {
		var open *test
		if k.truth(c.rules[i], &open) == yes {
			holding = append(holding, c.rules[i])
		}
	}
	for _, subject := range c.about(holding) {
		class := int(k.taken[subject.index])
		if class != unknownClass && !(subject.sort == factSort && class == noClass) {
			how = append(how, subject.label(class))
		}
	}
	return how
}

func keyOf(spans []span) string {
	key := make([]byte, 0, 16*len(spans))
	for _, s := range spans {
		key = binary.AppendVarint(binary.AppendVarint(key, s.low), s.high)
	}
	return string(key)
}

// partOf is where the part of a rule stands.
func (c *scoring) partOf(rule int) int {
	if i := slices.Index(c.parts, c.f.Score[rule].Part); i >= 0 {
		return i
	}
	return len(c.parts)
}

// brings is what a rule brings when it holds.
func (c *scoring) brings(rule int) span {
	r := c.f.Score[rule]
	points := cents(r.Points)
	switch {
	case r.Halves > 0 && points > 0:
		return span{0, points}
	case r.Halves > 0:
		return span{points, 0}
	}
	return span{points, points}
}

// widest is what a group brings at the very least and most, whatever the conditions.
func (c *scoring) widest(group []int) outcome {
	spans := make([]span, len(c.parts)+1)
	for _, i := range group {
		at, one := c.partOf(i), c.brings(i)
		spans[at] = spans[at].plus(span{min(0, one.low), max(0, one.high)})
	}
	return outcome{spans: spans}
}

// add joins what one more group brings to the sums.
func (c *scoring) add(sums, group []outcome) (all []outcome) {
	if len(sums)*len(group) > maxTotals {
		c.rough = true
		sums, group = []outcome{hull(sums)}, []outcome{hull(group)}
	}
	seen := map[string]bool{}
	for _, sum := range sums {
		for _, one := range group {
			spans := make([]span, len(sum.spans))
			for i := range spans {
				spans[i] = sum.spans[i].plus(one.spans[i])
			}
			if key := keyOf(spans); !seen[key] {
				seen[key] = true
				all = append(all, outcome{spans, append(slices.Clip(sum.how), one.how...)})
			}
		}
	}
	return all
}

// hull is one outcome around all.
func hull(all []outcome) outcome {
	out := outcome{spans: slices.Clone(all[0].spans)}
	for _, o := range all {
		for i, s := range o.spans {
			out.spans[i] = span{min(out.spans[i].low, s.low), max(out.spans[i].high, s.high)}
		}
	}
	return out
}

// capped is the score of an outcome: each part no more than its cap.
func (c *scoring) capped(spans []span) (total span) {
	for i, s := range spans {
		if i < len(c.parts) {
			most := cents(max(0, c.f.Caps[c.parts[i]]))
			s = span{min(s.low, most), min(s.high, most)}
		}
		total = total.plus(s)
	}
	return total
}
