package dialogue

import (
	"slices"
	"strings"

	"usher/flows"
)

// cameBack takes that the visitor opened a letter's link. Where the author's end left nothing to answer, the question is asked
// again that led there; the end stays until it is answered, for looking is no answer.
func (t *turn) cameBack(in Returned) error {
	if in.Page != "" {
		t.visited(Visited(in))
	}
	if t.c.End != flows.Nurture && t.c.End != flows.Waitlist || t.pending() || t.c.Joined != nil || t.upcoming() {
		return nil
	}
	i, err := t.turningPoint()
	if err != nil || i < 0 {
		return err
	}
	n := t.m.states[t.c.Trail[i]].node
	if err := t.resume(n, inStep); err != nil {
		return err
	}
	t.c.Trail, t.c.Tries = slices.Clip(t.c.Trail[:i]), 0
	if i == 0 {
		t.c.Trail = nil
	}
	t.speak(phrasesIn(t.c.Language).Back)
	return t.question(n)
}

// pending says whether a question is open although the conversation has ended: an answer to it takes the end back.
func (t *turn) pending() bool {
	return t.c.End != "" && t.c.End != Expired && t.at.phase == inStep && t.at.node != nil && t.at.node.Ask != nil
}

// turningPoint is where in the trail the question stands that led to the end: of the last branch that looked at answers, the
// latest of these; else the latest question that is not about who the visitor is, else the latest. It is -1 without a trail.
func (t *turn) turningPoint() (int, error) {
	branches, err := t.branches()
	if err != nil {
		return -1, err
	}
	latest := func(fits func(*flows.Field) bool) int {
		for i, id := range slices.Backward(t.c.Trail) {
			if fits(t.m.states[id].node.Ask) {
				return i
			}
		}
		return -1
	}
	for _, names := range slices.Backward(branches) {
		if i := latest(func(f *flows.Field) bool { return !personal(f) && slices.Contains(names, f.Name) }); i >= 0 {
			return i, nil
		}
	}
	if i := latest(func(f *flows.Field) bool { return !personal(f) }); i >= 0 {
		return i, nil
	}
	return len(t.c.Trail) - 1, nil
}

// personal says whether a field is about who the visitor is, or what they agreed to, rather than about what they want.
func personal(f *flows.Field) bool {
	return f.Type == flows.TypeConsent || slices.Contains([]string{"name", "email", "phone", "company"}, f.Name)
}

// branches are the fields that each branch looks at on the way to an end, with what is known now, in their order.
func (t *turn) branches() (all [][]string, err error) {
	n := t.m.nodes[0]
	for range MaxSteps {
		if n == nil || n.End != nil {
			break
		}
		var names []string
		if n, names, err = t.onward(n); err != nil {
			return nil, err
		}
		if len(names) > 0 {
			all = append(all, names)
		}
	}
	return all, nil
}

// onward is the step after one, nil for none, and the fields that were looked at to know it.
func (t *turn) onward(n *node) (to *node, names []string, err error) {
	if n.other != nil && n.Ask != nil && t.c.answer(n.Ask.Name) == nil {
		return n.other, nil, nil
	}
	for _, e := range n.edges {
		names = append(names, t.m.looksAt(e.when)...)
		if ok, err := t.holds(e.when); err != nil || ok {
			return e.to, names, err
		}
	}
	return n.below, names, nil
}

// looksAt are the fields that a condition depends on, by itself or by the score.
func (m *Machine) looksAt(when *flows.Condition) (fields []string) {
	for _, name := range flows.Names(when.Mentions()) {
		part, ofPart := strings.CutPrefix(name, "part.")
		if name != "score" && name != "grade" && !ofPart {
			fields = append(fields, name)
			continue
		}
		for _, r := range m.flow.Score {
			if r.If != nil && (!ofPart || r.Part == part) {
				fields = append(fields, r.If.Fields...)
			}
		}
	}
	return fields
}
