package flows

import "strings"

// analyse walks the flow as a graph: where it falls off its end, what is never reached, what goes round for ever.
func (m *flowMaker) analyse() {
	f := m.flow
	for i, s := range f.Steps {
		m.edgesOf(&m.shape.Steps[i])
		if i == len(f.Steps)-1 && s.End == nil && fallsThrough(s) {
			m.shape.Steps[i].wrong("no-end", "end it with `end`, or a last next without a condition", "the conversation falls off the end of the flow after %q", s.ID)
		}
	}
	if !f.distinct() {
		return // which step an id means is not known, so neither are the ways
	}
	reached := f.reached()
	for i, s := range f.Steps {
		if !reached[s.ID] && s.ID != "" {
			m.shape.Steps[i].ID.doubt("unreachable", "lead to it with next, or take it away", "no way leads to the step %q", s.ID)
		}
	}
	m.loops()
}

// distinct says whether no two steps have the same id.
func (f *Flow) distinct() bool {
	seen := map[string]bool{}
	for _, s := range f.Steps {
		if seen[s.ID] {
			return false
		}
		seen[s.ID] = true
	}
	return true
}

// edgesOf reports edges after one that always holds.
func (m *flowMaker) edgesOf(s *stepShape) {
	for i := range s.Next.list {
		if !s.Next.list[i].If.set() && i < len(s.Next.list)-1 {
			s.Next.list[i+1].doubt("unreachable", "put the one without a condition last", "this is never looked at: the line above always holds")
			return
		}
	}
}

// fallsThrough says whether a step can go on to the one below it.
func fallsThrough(s *Step) bool {
	if s.End != nil {
		return false
	}
	return len(s.Next) == 0 || s.Next[len(s.Next)-1].If != nil
}

// Ways are the ids of the steps that can come right after the step, in the order they are tried; each once.
func (f *Flow) Ways(s *Step) (ids []string) {
	add := func(id string) {
		for _, known := range ids {
			if known == id {
				return
			}
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	if s.End != nil {
		return nil
	}
	for _, e := range s.Next {
		add(e.To)
		if e.If == nil {
			break
		}
	}
	if below := f.Below(s.ID); fallsThrough(s) && below != nil {
		add(below.ID)
	}
	add(s.Else)
	return ids
}

func (f *Flow) reached() map[string]bool {
	reached := map[string]bool{}
	if len(f.Steps) == 0 {
		return reached
	}
	open := []*Step{f.Steps[0]}
	for len(open) > 0 {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		if reached[s.ID] {
			continue
		}
		reached[s.ID] = true
		for _, id := range f.Ways(s) {
			if next := f.Step(id); next != nil {
				open = append(open, next)
			}
		}
	}
	return reached
}

// waits says whether the step always waits for somebody: a question is passed over once its field is known.
func (s *Step) waits() bool {
	return s.Ask != nil && s.Again || s.Book != nil || s.Handoff != nil || s.End != nil
}

// loops reports a round of steps none of which waits: nothing changes on the way, so a conversation that enters it
// would not come out. A round that can be left by a condition is doubted, one that cannot is wrong.
func (m *flowMaker) loops() {
	state := map[string]int{} // 1 = on the way, 2 = done
	var path []string
	var walk func(s *Step)
	walk = func(s *Step) {
		if s == nil || s.waits() || state[s.ID] == 2 {
			return
		}
		if state[s.ID] == 1 {
			m.loop(path, s.ID)
			return
		}
		state[s.ID] = 1
		path = append(path, s.ID)
		for _, id := range m.flow.Ways(s) {
			walk(m.flow.Step(id))
		}
		path = path[:len(path)-1]
		state[s.ID] = 2
	}
	for _, s := range m.flow.Steps {
		walk(s)
	}
}

func (m *flowMaker) loop(path []string, back string) {
	for i, id := range path {
		if id == back {
			path = path[i:]
			break
		}
	}
	certain := true
	asks := false
	for _, id := range path {
		s := m.flow.Step(id)
		asks = asks || s.Ask != nil
		certain = certain && (len(s.Next) == 0 || s.Next[0].If == nil)
	}
	at := m.shapeOf(back)
	round := strings.Join(append(path, back), " → ")
	switch {
	case asks:
		at.doubt("endless-loop", "add again: true to the question", "a known field is not asked again, so %s goes round without waiting", round)
	case certain:
		at.wrong("endless-loop", "let one of them ask, or lead out", "%s goes round for ever", round)
	default:
		at.doubt("endless-loop", "let one of them ask with again: true", "%s goes round without waiting for anybody", round)
	}
}

func (m *flowMaker) shapeOf(id string) item {
	for i := range m.shape.Steps {
		if m.shape.Steps[i].ID.text == id {
			return m.shape.Steps[i].ID.item
		}
	}
	return m.shape.item
}
