package flows

// measure finds the shortest and the longest conversation, in questions, from the beginning to an end. A question is
// asked once, unless it says again; who knows nothing of the visitor beforehand asks the most.
func (s *study) measure(survey *Survey) {
	l := lengths{study: s}
	survey.Roughly = survey.Roughly || s.rough
	if path, end, ok := l.fewest(); ok {
		survey.Shortest, survey.ShortestPath = l.count(path, false), s.told(path, end)
	}
	path, end, endless := l.most()
	survey.Longest, survey.LongestPath, survey.Endless = l.count(path, true), s.told(path, end), endless
}

// lengths measures paths.
type lengths struct{ *study }

// asksOn is how many questions are asked when a step is left by a way; most is with everything an invitation needs.
func (l lengths) asksOn(w passage, asked asks, most bool) (n int, after asks) {
	step := &l.steps[w.from]
	switch {
	case step.Ask != nil && step.Ask.From == "":
		at := l.fieldIndex(step.Ask.Name)
		if step.Again || !asked.has(at) {
			n = 1
		}
		if w.edge != refusal {
			asked.add(at)
		}
	case step.Book != nil && (most || l.booked(w)):
		for _, f := range step.Book.Needs {
			if at := l.fieldIndex(f.Name); !asked.has(at) {
				n++
				asked.add(at)
			}
		}
	}
	return n, asked
}

// count is the questions of one path.
func (l lengths) count(path []passage, most bool) (n int) {
	var asked asks
	for _, w := range path {
		more, after := l.asksOn(w, asked, most)
		n, asked = n+more, after
	}
	return n
}

// fewest is a path to an end with the fewest questions.
func (l lengths) fewest() (path []passage, end int, ok bool) {
	const far = 1 << 30
	questions, came, done := make([]int, len(l.steps)), make([]*passage, len(l.steps)), make([]bool, len(l.steps))
	for i := range questions {
		questions[i] = far
	}
	questions[0] = 0
	for {
		at := -1
		for i, n := range questions {
			if !done[i] && n < far && (at < 0 || n < questions[at]) {
				at = i
			}
		}
		if at < 0 {
			return nil, 0, false
		}
		if l.steps[at].End != nil {
			return l.back(came, at), at, true
		}
		done[at] = true
		for i := range l.steps[at].ways {
			w := &l.steps[at].ways[i]
			more, _ := l.asksOn(*w, l.steps[at].must, false)
			if n := questions[at] + more; n < questions[w.to] {
				questions[w.to], came[w.to] = n, w
			}
		}
	}
}

// most is a path to an end with the most questions. A round is gone once; it is endless when it asks again.
func (l lengths) most() (path []passage, end int, endless bool) {
	order, rank := l.ordered()
	const unset = -1
	questions, came := make([]int, len(l.steps)), make([]*passage, len(l.steps))
	for i := range questions {
		questions[i] = unset
	}
	questions[0] = 0
	best := -1
	for _, at := range order {
		step := &l.steps[at]
		if questions[at] == unset {
			continue
		}
		if step.End != nil && (best < 0 || questions[at] > questions[best]) {
			best = at
		}
		for i := range step.ways {
			w := &step.ways[i]
			if rank[w.to] <= rank[at] { // back to where the conversation has been
				endless = endless || l.asksAgain(w.to, at, rank)
				continue
			}
			more, _ := l.asksOn(*w, step.must, true)
			if n := questions[at] + more; n > questions[w.to] {
				questions[w.to], came[w.to] = n, w
			}
		}
	}
	if best < 0 {
		return nil, 0, endless
	}
	return l.back(came, best), best, endless
}

// asksAgain says whether one of the steps of a round asks what is known already.
func (l lengths) asksAgain(first, last int, rank []int) bool {
	inside := map[int]bool{first: true}
	open := []int{first}
	for len(open) > 0 {
		at := open[0]
		open = open[1:]
		if l.steps[at].Ask != nil && l.steps[at].Again && l.reaches(at, last) {
			return true
		}
		for _, w := range l.steps[at].ways {
			if !inside[w.to] && rank[w.to] >= rank[first] && rank[w.to] <= rank[last] {
				inside[w.to] = true
				open = append(open, w.to)
			}
		}
	}
	return false
}

func (l lengths) reaches(from, to int) bool {
	seen := map[int]bool{from: true}
	for open := []int{from}; len(open) > 0; open = open[1:] {
		if open[0] == to {
			return true
		}
		for _, w := range l.steps[open[0]].ways {
			if !seen[w.to] {
				seen[w.to] = true
				open = append(open, w.to)
			}
		}
	}
	return false
}

// ordered are the steps so that each comes before those it leads to, except by ways that lead back.
func (l lengths) ordered() (order, rank []int) {
	rank = make([]int, len(l.steps))
	state := make([]byte, len(l.steps))
	type frame struct{ at, way int }
	stack := []frame{{0, 0}}
	state[0] = 1
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.way < len(l.steps[top.at].ways) {
			to := l.steps[top.at].ways[top.way].to
			top.way++
			if state[to] == 0 {
				state[to] = 1
				stack = append(stack, frame{to, 0})
			}
			continue
		}
		order = append(order, top.at)
		stack = stack[:len(stack)-1]
	}
	for i, j := 0, len(order)-1; i < j; i, j = i+1, j-1 {
		order[i], order[j] = order[j], order[i]
	}
	for i, at := range order {
		rank[at] = i
	}
	return order, rank
}
