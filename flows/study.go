package flows

import (
	"fmt"
	"slices"
)

// study is what is found out about one flow by following every way through it: for each step what may be known and
// said when somebody gets there. What is known is followed subject by subject, so that every real conversation is
// among those that are thought possible; what is found impossible never happens.
type study struct {
	*senser
	m         *flowMaker
	f         *Flow
	index     map[string]int // of steps by id
	steps     []studied
	rough     bool            // there were more cases than are looked at
	examples  int             // that were looked for
	reachable map[string]bool // steps that ways lead to, whether they are taken or not
	asked     map[string]bool // fields that some step asks for, here or in another flow
	rules     []*sense        // of the score
	show      *sense
}

// studied is one step with what is found out about it.
type studied struct {
	*Step
	edges []*sense // of Next
	nots  []*sense // the edges' contraries
	in    state    // nil = nobody gets there
	ways  []passage
	must  asks // asked for on every way here
	may   asks // asked for on some way here
}

// passage is how a conversation goes on from one step to another.
type passage struct {
	from, to int
	edge     int // of Next; fall or refusal
	must     []*sense
	state    state
}

// Ways that are no edges.
const (
	fall    = -1 // to the step below
	refusal = -2 // to `else`
)

// maxVisits bounds how often a step is looked at again because more is possible there: each time adds a class.
const maxVisits = 64

func newStudy(m *flowMaker, asked map[string]bool) *study {
	s := &study{m: m, f: m.flow, senser: newSenser(m.vocabulary, m.grades), index: map[string]int{}, asked: asked}
	for i, step := range s.f.Steps {
		s.index[step.ID] = i
		one := studied{Step: step}
		for _, e := range step.Next {
			edge := s.sense(e.If)
			one.edges, one.nots = append(one.edges, edge), append(one.nots, not(edge))
		}
		s.steps = append(s.steps, one)
		if step.Ask != nil {
			s.named(step.Ask.Name)
		}
	}
	for _, r := range s.f.Score {
		s.rules = append(s.rules, s.sense(r.If))
	}
	s.show = s.sense(s.f.Show.If)
	s.named("booked")
	return s
}

// follow finds what is possible at each step.
func (s *study) follow() {
	s.cut()
	s.rough = s.rough || s.coarse
	open, visits := []int{0}, make([]int, len(s.steps))
	s.steps[0].in = s.everything()
	for len(open) > 0 {
		at := open[0]
		open = open[1:]
		if visits[at]++; visits[at] > maxVisits {
			s.rough = true
			s.steps[at].in = s.everything()
			if visits[at] > 2*maxVisits {
				continue
			}
		}
		s.steps[at].ways = s.waysFrom(at, s.steps[at].in)
		for _, w := range s.steps[at].ways {
			if s.arrive(w) && !slices.Contains(open, w.to) {
				open = append(open, w.to)
			}
		}
	}
}

// learned is the state in which fields that nothing fills are not known, and all else is open.
func (s *study) learned() state {
	out := s.everything()
	for i, subject := range s.subjects {
		if subject.field != nil && !s.learnable(subject.field) && subject.sort != factSort {
			out[i] = 1 << unknownClass
		}
	}
	return out
}

// arrive adds what is possible by a way to what is possible at its end; true when that is more.
func (s *study) arrive(w passage) (more bool) {
	step := &s.steps[w.to]
	if step.in == nil {
		step.in = slices.Clone(w.state)
		return true
	}
	for i, set := range w.state {
		more = more || set&^step.in[i] != 0
		step.in[i] |= set
	}
	return more
}

// waysFrom are the ways that somebody can take from a step, with what is then possible.
func (s *study) waysFrom(at int, in state) (ways []passage) {
	step := &s.steps[at]
	if step.End != nil {
		return nil
	}
	after := s.after(step, in)
	for i, edge := range step.edges {
		must, to := []*sense{edge}, slices.Clone(after)
		if i > 0 {
			must = append(slices.Clip(step.nots[:i]), edge)
		}
		ok, sure := s.refine(to, must...)
		s.rough = s.rough || !sure
		unconditional := step.Next[i].If == nil
		if !ok && unconditional { // somebody made sure: fine
			to, ok = slices.Clone(after), true
		}
		if target, there := s.index[step.Next[i].To]; ok && there {
			ways = append(ways, passage{at, target, i, must, to})
		}
		if unconditional {
			return s.refused(ways, at, in)
		}
	}
	if ok, sure := s.refine(after, step.nots...); at+1 < len(s.steps) && ok {
		s.rough = s.rough || !sure
		ways = append(ways, passage{at, at + 1, fall, step.nots, after})
	}
	return s.refused(ways, at, in)
}

// refused adds the way to `else`.
func (s *study) refused(ways []passage, at int, in state) []passage {
	step := &s.steps[at]
	target, ok := s.index[step.Else]
	if step.Ask == nil || step.Else == "" || !ok {
		return ways
	}
	to := s.fresh(in)
	if !step.Again {
		to[s.named(step.Ask.Name).index] = 1 << unknownClass
	}
	return append(ways, passage{from: at, to: target, edge: refusal, state: to})
}

// fresh is the state in which all is open again that does not last.
func (s *study) fresh(in state) state {
	out := slices.Clone(in)
	for i, subject := range s.subjects {
		if !subject.lasting() {
			out[i] = subject.all
		}
	}
	return out
}

// after is what is possible when a step has done what it does.
func (s *study) after(step *studied, in state) state {
	out := s.fresh(in)
	switch {
	case step.Ask != nil && step.Ask.From == "":
		s.answered(out, step.Ask, step.Again, step.Optional || step.Else == "")
	case step.Book != nil:
		for _, f := range step.Book.Needs {
			if i := s.byName[f.Name]; i != nil {
				out[i.index] = i.all
			}
		}
	}
	return out
}

// answered: an answer that was open may be any, one that was known stays.
func (s *study) answered(out state, f *Field, again, open bool) {
	subject := s.byName[f.Name]
	known := subject.all &^ (1 << unknownClass)
	asked := again || out[subject.index]&(1<<unknownClass) != 0
	if again {
		out[subject.index] = 0
	}
	out[subject.index] &^= 1 << unknownClass
	if !asked {
		return
	}
	out[subject.index] |= known
	if open {
		out[subject.index] |= 1 << unknownClass
	}
	for i, other := range s.subjects {
		if other.field == f && other != subject {
			out[i] = other.all
		}
	}
}

func (s *study) doubt(at Place, rule, hint, path, format string, args ...any) {
	s.m.shape.file.find(Problem{Place: at, Severity: Warning, Rule: rule, Message: fmt.Sprintf(format, args...), Hint: hint, Path: path})
}
