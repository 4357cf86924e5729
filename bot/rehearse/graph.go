package rehearse

import "slices"

// trail is a path through the exploration: edges, each with the state it leaves.
type trail []step

type step struct {
	from int32 // -1 = a door
	edge edgeTo
	door uint16 // of a first turn that the engine refused
}

// after are the edges that leave a state; none of one that was not walked.
func (x *explorer) after(at int32) []edgeTo {
	if int(at) >= len(x.from) {
		return nil
	}
	if int(at) == len(x.from)-1 {
		return x.edges[x.from[at]:]
	}
	return x.edges[x.from[at]:x.from[at+1]]
}

// path is a shortest one to a state.
func (x *explorer) path(to int32) (w trail) {
	for at := to; at >= 0; at = x.states[at].parent {
		w = append(w, step{from: x.states[at].parent, edge: x.edges[x.states[at].edge]})
	}
	slices.Reverse(w)
	return w
}

// circle is a shortest path into a circle and once round it, or nil: states of one strongly connected part can all come
// again.
func (x *explorer) circle(parts []int32) trail {
	for at := range int32(len(x.states)) {
		for _, e := range x.after(at) {
			if parts[e.to] == parts[at] {
				return append(x.path(at), x.round(at, parts)...)
			}
		}
	}
	return nil
}

// round is a shortest path from a state back to it, within its part.
func (x *explorer) round(at int32, parts []int32) trail {
	came := map[int32]step{}
	for open := []int32{at}; len(open) > 0; open = open[1:] {
		for _, e := range x.after(open[0]) {
			if parts[e.to] != parts[at] {
				continue
			}
			if _, ok := came[e.to]; !ok {
				came[e.to] = step{from: open[0], edge: e}
				open = append(open, e.to)
			}
		}
		if _, ok := came[at]; ok {
			break
		}
	}
	var w trail
	for s, to := came[at], at; ; s = came[to] {
		w, to = append(w, s), s.from
		if to == at {
			slices.Reverse(w)
			return w
		}
	}
}

// parts are the strongly connected parts of the graph, numbered so that every edge between two leads to a lower number
// (Tarjan, 1972, without recursion).
func (x *explorer) parts() (part []int32, count int32) {
	n := len(x.states)
	part = make([]int32, n)
	low, next := make([]int32, n), make([]int32, n) // 0 = not met; else the order of meeting
	var met int32
	var stack, calls []int32
	for root := range int32(n) {
		if low[root] != 0 {
			continue
		}
		calls = append(calls[:0], root)
		for len(calls) > 0 {
			at := calls[len(calls)-1]
			if low[at] == 0 {
				met++
				low[at], part[at] = met, -met
				stack = append(stack, at)
			}
			edges := x.after(at)
			if int(next[at]) < len(edges) {
				to := edges[next[at]].to
				next[at]++
				switch {
				case low[to] == 0:
					calls = append(calls, to)
				case part[to] < 0:
					low[at] = min(low[at], -part[to])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				parent := calls[len(calls)-1]
				low[parent] = min(low[parent], low[at])
			}
			if low[at] != -part[at] {
				continue
			}
			for {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				part[top] = count
				if top == at {
					break
				}
			}
			count++
		}
	}
	return part, count
}

// none says that no end can be reached from a state.
const none = -1

// questions are how many the turn opens.
func (e edgeTo) questions() int {
	if e.asked {
		return 1
	}
	return 0
}

// openings are the turns that open conversations.
func (x *explorer) openings() []edgeTo {
	if len(x.from) == 0 {
		return x.edges
	}
	return x.edges[:x.from[0]]
}

// longest is the questions of the longest conversation that its author ends, or none; where there is a circle it is none
// too.
func (x *explorer) longest(parts []int32, count int32) int {
	members := make([][]int32, count)
	for at, p := range parts {
		members[p] = append(members[p], int32(at))
	}
	most := make([]int, len(x.states))
	for _, part := range members {
		for _, at := range part {
			most[at] = none
			if x.states[at].end == ended {
				most[at] = 0
			}
			for _, e := range x.after(at) {
				if parts[e.to] == parts[at] {
					return none
				}
				if most[e.to] != none {
					most[at] = max(most[at], most[e.to]+e.questions())
				}
			}
		}
	}
	longest := none
	for _, e := range x.openings() {
		if most[e.to] != none {
			longest = max(longest, most[e.to]+e.questions())
		}
	}
	return longest
}

// shortest is the fewest questions to an end that its author wrote, or none.
func (x *explorer) shortest() int {
	fewest := make([]int, len(x.states))
	for i := range fewest {
		fewest[i] = none
	}
	now := slices.Clone(x.openings())
	for asked := 0; len(now) > 0; asked++ {
		var later []edgeTo
		for len(now) > 0 {
			e := now[len(now)-1]
			now = now[:len(now)-1]
			switch {
			case fewest[e.to] != none && fewest[e.to] <= asked:
			case e.asked:
				e.asked = false
				later = append(later, e)
			case x.states[e.to].end == ended:
				return asked
			default:
				fewest[e.to] = asked
				now = append(now, x.after(e.to)...)
			}
		}
		now = later
	}
	return none
}

// asking is a shortest path on which more questions are asked than allowed, or nil. Of two ways to a state that are as
// long the one with more questions goes on.
func (x *explorer) asking(allowed int) trail {
	type visit struct {
		step
		count  int
		before int // of visits; -1 = a door
	}
	most := make([]int, len(x.states))
	var visits []visit
	add := func(from int32, e edgeTo, count, before int) {
		if count += e.questions(); count+1 > most[e.to] {
			most[e.to] = count + 1
			visits = append(visits, visit{step{from: from, edge: e}, count, before})
		}
	}
	for _, e := range x.openings() {
		add(-1, e, 0, -1)
	}
	for i := 0; i < len(visits); i++ {
		v := visits[i]
		if v.count > allowed {
			var w trail
			for at := i; at >= 0; at = visits[at].before {
				w = append(w, visits[at].step)
			}
			slices.Reverse(w)
			return w
		}
		for _, e := range x.after(v.edge.to) {
			add(v.edge.to, e, v.count, i)
		}
	}
	return nil
}
