package flows

import (
	"slices"
	"strings"
)

// ways looks at each way: whether anybody takes it, and whether it decides anything.
func (s *study) checkWays() {
	for at := range s.steps {
		step := &s.steps[at]
		if step.in == nil {
			s.unreached(at)
			continue
		}
		if step.End == nil {
			s.checkEdges(at)
			s.checkFall(at)
		}
	}
}

// unreached reports a step that only ways lead to which nobody takes.
func (s *study) unreached(at int) {
	if s.reachable == nil {
		s.reachable = s.f.reached()
	}
	if s.reachable[s.steps[at].ID] { // else it has been said
		s.doubt(s.m.shape.Steps[at].ID.place(), "unreachable", "look at the ways that lead to it", "", "nobody gets to the step %q: no way to it is ever taken", s.steps[at].ID)
	}
}

func (s *study) checkEdges(at int) {
	step := &s.steps[at]
	after := s.after(step, step.in)
	var earlier []*sense
	for i, edge := range step.edges {
		e := step.Next[i]
		if e.If == nil {
			break
		}
		taken := slices.ContainsFunc(step.ways, func(w passage) bool { return w.edge == i })
		switch {
		case s.index[e.To] == at && step.ID != e.To: // leads nowhere: reported already
		case !taken:
			s.untaken(at, i, after, earlier)
		case s.idle(at, i):
			s.doubt(e.If.Place, "idle-edge", "lead somewhere else, or leave the condition out", "", "this decides nothing: whether it holds or not, %q comes next", e.To)
		}
		earlier = append(earlier, not(edge))
	}
}

// untaken says why nobody takes a way: its condition cannot hold, cannot hold here, or an earlier way takes everybody.
func (s *study) untaken(at, i int, after state, earlier []*sense) {
	step := &s.steps[at]
	edge, e := step.edges[i], step.Next[i]
	if _, ok, _ := s.solve(s.everything(), edge); !ok {
		s.doubt(e.If.Place, "dead-edge", "look at the numbers, and at and and or", "", "this can never hold: no answers make %s true", e.If.Source)
		return
	}
	path := s.example(at, anyWay)
	if _, ok, _ := s.solve(after, edge); !ok {
		s.doubt(e.If.Place, "dead-edge", "an earlier step has sent these visitors elsewhere", s.told(path, at), "this never holds here: nobody gets to %q for whom %s is true", step.ID, e.If.Source)
		return
	}
	s.doubt(e.If.Place, "shadowed-edge", "put the narrower condition first", s.takenInstead(path, at, i, after),
		"%s everybody for whom %s holds", s.shadowOf(at, i, after), e.If.Source)
}

// shadowOf says which way above takes everybody.
func (s *study) shadowOf(at, i int, after state) string {
	step := &s.steps[at]
	for j, above := range step.edges[:i] {
		if _, ok, _ := s.solve(after, step.edges[i], not(above)); !ok {
			return "the way above it with " + step.Next[j].If.Source + " takes"
		}
	}
	return "the ways above it take"
}

// takenInstead is an example of where somebody goes for whom the condition of a way holds.
func (s *study) takenInstead(path []passage, at, i int, after state) string {
	step := &s.steps[at]
	for j, above := range step.edges[:i] {
		if _, ok, _ := s.solve(after, step.edges[i], above); !ok {
			continue
		}
		if told := s.told(path, at, step.edges[i], above); told != "" {
			return strings.TrimSuffix(told, step.ID) + step.Next[j].To
		}
	}
	return ""
}

// idle says whether all ways from this one on lead to the same step.
func (s *study) idle(at, i int) bool {
	step := &s.steps[at]
	for _, e := range step.Next[i+1:] {
		if e.To != step.Next[i].To {
			return false
		}
		if e.If == nil {
			return true
		}
	}
	below := s.f.Below(step.ID)
	return below != nil && below.ID == step.Next[i].To
}

// checkFall reports a branch of which the last way has a condition. A single way that leads aside and else on is how
// flows are written; a branch that only branches, or of several ways, has forgotten somebody.
func (s *study) checkFall(at int) {
	step := &s.steps[at]
	only := step.Ask == nil && step.Book == nil && step.Handoff == nil && step.Say.Empty()
	for _, w := range step.ways {
		if w.edge != fall || len(step.Next) == 0 || len(step.Next) == 1 && !only || s.idle(at, len(step.Next)-1) {
			continue
		}
		path := s.example(at, anyWay)
		last := step.Next[len(step.Next)-1]
		s.doubt(last.Place, "open-branch", "add a last way without a condition: { to: "+s.steps[w.to].ID+" }", s.toldOn(path, w),
			"the last way has a condition: for whom none holds, the conversation falls to %q, the step that happens to be below", s.steps[w.to].ID)
	}
}

// toldOn is a path and one way more in plain words.
func (s *study) toldOn(path []passage, w passage) string {
	return s.told(append(slices.Clip(path), w), w.to)
}
