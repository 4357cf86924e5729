package flows

import (
	"math/bits"
	"slices"
	"strings"
)

// maxExamples is how many example paths are looked for in one flow: with more findings nobody follows each.
const maxExamples = 25

// maxPathSteps is how many steps a path without answers names: more are not read.
const maxPathSteps = 8

// example finds a short path from the beginning to a step, over ways that are allowed: one that somebody can take of
// whom nothing is known beforehand, else any. It is nil when there is none.
func (s *study) example(to int, allowed func(passage) bool) []passage {
	if s.examples >= maxExamples {
		return nil
	}
	came, at := make([]*passage, len(s.steps)), make([]state, len(s.steps))
	at[0] = s.newcomer()
	for open := []int{0}; len(open) > 0 && at[to] == nil; open = open[1:] {
		for i := range s.steps[open[0]].ways {
			w := &s.steps[open[0]].ways[i]
			if at[w.to] != nil || !allowed(*w) {
				continue
			}
			next := s.along(at[open[0]], *w)
			if ok, _ := s.refine(next, w.must...); ok {
				at[w.to], came[w.to] = next, w
				open = append(open, w.to)
			}
		}
	}
	if at[to] == nil {
		return s.anyPath(to, allowed)
	}
	return s.back(came, to)
}

// anyPath finds the fewest ways to a step, whatever their conditions.
func (s *study) anyPath(to int, allowed func(passage) bool) []passage {
	came, seen := make([]*passage, len(s.steps)), make([]bool, len(s.steps))
	seen[0] = true
	for open := []int{0}; len(open) > 0 && !seen[to]; open = open[1:] {
		for i := range s.steps[open[0]].ways {
			if w := &s.steps[open[0]].ways[i]; !seen[w.to] && allowed(*w) {
				seen[w.to], came[w.to] = true, w
				open = append(open, w.to)
			}
		}
	}
	return s.back(came, to)
}

// newcomer is the state in which nothing is known of the visitor but the visit.
func (s *study) newcomer() state {
	out := s.everything()
	for i, subject := range s.subjects {
		if subject.field != nil && subject.field.From == "" && subject.sort != factSort {
			out[i] = 1 << unknownClass
		}
	}
	return out
}

func (s *study) back(came []*passage, to int) (path []passage) {
	for at := to; at != 0 && came[at] != nil; at = came[at].from {
		path = append(path, *came[at])
	}
	slices.Reverse(path)
	return path
}

func anyWay(passage) bool { return true }

// told is a path in plain words: the answers by which somebody goes it, and where it ends. More must hold at its end,
// when its last step has done what it does. It is "" when the answers would contradict each other.
func (s *study) told(path []passage, end int, more ...*sense) string {
	if s.examples++; s.examples > maxExamples {
		return ""
	}
	if words := s.toldFrom(s.newcomer(), path, end, more); words != "" {
		return words
	}
	return s.toldFrom(s.everything(), path, end, more)
}

func (s *study) toldFrom(now state, path []passage, end int, more []*sense) string {
	var lasting []*sense
	for _, w := range path {
		now = s.along(now, w)
		if ok, _ := s.refine(now, w.must...); !ok {
			return ""
		}
		lasting = append(lasting, s.aboutFields(w.must)...)
	}
	if len(more) > 0 {
		now = s.after(&s.steps[end], now)
	}
	if ok, _ := s.refine(now, more...); !ok {
		return ""
	}
	values, ok, _ := s.solve(now, append(lasting, more...)...)
	if !ok {
		return ""
	}
	return s.words(path, end, more, now, values)
}

// words are the labels of a path.
func (s *study) words(path []passage, end int, more []*sense, now state, values []int8) string {
	var labels []string
	named := map[string]bool{}
	for _, w := range path {
		labels = append(labels, s.labelsOf(w, values, now, named)...)
	}
	if len(more) > 0 {
		labels = append(labels, s.answerLabels(&s.steps[end], values, now, named)...)
		labels = append(labels, s.otherLabels(more, s.fresh(now), named)...)
	}
	if len(labels) == 0 {
		return s.stepsOf(path, end)
	}
	return strings.Join(append(labels, s.steps[end].ID), " → ")
}

// along is what is possible at the end of a step's doing on this one path.
func (s *study) along(now state, w passage) state {
	if w.edge != refusal {
		return s.after(&s.steps[w.from], now)
	}
	out := s.fresh(now)
	if step := &s.steps[w.from]; !step.Again {
		out[s.byName[step.Ask.Name].index] = 1 << unknownClass
	}
	return out
}

// aboutFields are the senses that are about nothing but fields: they hold on until the end.
func (s *study) aboutFields(must []*sense) (out []*sense) {
	for _, one := range must {
		if !slices.ContainsFunc(s.about([]*sense{one}), func(about *subject) bool { return !about.lasting() }) {
			out = append(out, one)
		}
	}
	return out
}

// labelsOf are the words for one step of a path: the answer given there, and what else had to be so.
func (s *study) labelsOf(w passage, values []int8, end state, named map[string]bool) []string {
	step := &s.steps[w.from]
	if w.edge == refusal {
		return []string{step.Ask.Name + " refused"}
	}
	return append(s.answerLabels(step, values, end, named), s.otherLabels(w.must, s.fresh(end), named)...)
}

// answerLabels names the answer to the step's question where it makes a difference.
func (s *study) answerLabels(step *studied, values []int8, end state, named map[string]bool) (labels []string) {
	if step.Ask == nil {
		return nil
	}
	for _, subject := range s.subjects {
		class := int(values[subject.index])
		if subject.field == nil || subject.field.Name != step.Ask.Name || named[subject.name] {
			continue
		}
		if class < 0 && end[subject.index] != subject.all && end[subject.index] != subject.all&^1 {
			class = firstClass(end[subject.index])
		}
		if class >= 0 {
			named[subject.name] = true
			labels = append(labels, subject.label(class))
		}
	}
	return labels
}

// firstClass is the first class of a set, or -1.
func firstClass(set uint64) int {
	if set == 0 {
		return -1
	}
	return bits.TrailingZeros64(set)
}

// otherLabels names what is no answer: a grade, an hour, a booked meeting. What must not be so is not said.
func (s *study) otherLabels(must []*sense, within state, named map[string]bool) (labels []string) {
	values, ok, _ := s.solve(within, must...)
	if !ok {
		return nil
	}
	for _, subject := range s.about(must) {
		class := int(values[subject.index])
		if class < 0 && within[subject.index] != subject.all {
			class = firstClass(within[subject.index])
		}
		if class < 0 || subject.lasting() && (named[subject.name] || class == unknownClass) || subject.sort == factSort && class == noClass {
			continue
		}
		named[subject.name] = subject.lasting()
		labels = append(labels, subject.label(class))
	}
	return labels
}

// stepsOf is a path on which no answer makes a difference: the steps it goes by.
func (s *study) stepsOf(path []passage, end int) string {
	var ids []string
	for _, w := range path {
		ids = append(ids, s.steps[w.from].ID)
	}
	if len(ids) > maxPathSteps {
		ids = append(append(ids[:maxPathSteps/2:maxPathSteps/2], "…"), ids[len(ids)-maxPathSteps/2:]...)
	}
	return strings.Join(append(ids, s.steps[end].ID), " → ")
}
