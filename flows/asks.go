package flows

import "slices"

// asks is a set of fields that have been asked for, by their index in the flow; the one after the last field stands for
// a booked meeting. A flow has at most MaxFields and the implicit ones.
type asks [4]uint64

func (a asks) has(i int) bool { return a[i/64]&(1<<(i%64)) != 0 }

func (a *asks) add(i int) { a[i/64] |= 1 << (i % 64) }

func (a asks) join(b asks) asks {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}

func (a asks) meet(b asks) asks {
	for i := range a {
		a[i] &= b[i]
	}
	return a
}

// collect finds what has been asked for on every way and on some way to each step. Asked is what may be known: who
// refuses an answer or skips a question has been asked.
func (s *study) collect() {
	s.steps[0].must, s.steps[0].may = asks{}, asks{}
	open, seen := []int{0}, make([]bool, len(s.steps))
	seen[0] = true
	for len(open) > 0 {
		at := open[0]
		open = open[1:]
		from := &s.steps[at]
		for _, w := range from.ways {
			got, to := s.asking(w), &s.steps[w.to]
			must, may := from.must.join(got), from.may.join(got)
			if seen[w.to] {
				must, may = to.must.meet(must), to.may.join(may)
			}
			if !seen[w.to] || must != to.must || may != to.may {
				to.must, to.may, seen[w.to] = must, may, true
				if !slices.Contains(open, w.to) {
					open = append(open, w.to)
				}
			}
		}
	}
}

// asking is what a step asks for when it is left by that way.
func (s *study) asking(w passage) (got asks) {
	step := &s.steps[w.from]
	switch {
	case step.Ask != nil && w.edge != refusal:
		got.add(s.fieldIndex(step.Ask.Name))
	case step.Book != nil && s.booked(w):
		for _, f := range step.Book.Needs {
			got.add(s.fieldIndex(f.Name))
		}
		got.add(len(s.f.Fields))
	}
	return got
}

// booked says whether the way is taken only with a meeting booked.
func (s *study) booked(w passage) bool { return w.state[s.byName["booked"].index] == 1<<yesClass }

// fieldIndex is where the field stands; meeting is the one after the last.
func (s *study) fieldIndex(name string) int {
	i := slices.IndexFunc(s.f.Fields, func(f *Field) bool { return f.Name == name })
	if i < 0 {
		return len(s.f.Fields)
	}
	return i
}
