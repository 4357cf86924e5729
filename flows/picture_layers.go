package flows

import "slices"

// build puts every step into a layer below all that lead to it, the words of ways into the layers between, and a place into
// each layer that a way passes. Ways to the same step that pass a layer pass it together.
func (p *picture) build() {
	ways := p.flow.pictureWays()
	back := backward(len(p.flow.Steps), ways)
	layer := layersOf(len(p.flow.Steps), ways, back)
	for i, s := range p.flow.Steps {
		words := s.pictureWords()
		p.add(pictureNode{step: s, words: words, layer: layer[i] * 2, w: boxWidth, h: boxHeight(words)})
	}
	passes := map[[2]int]int{} // by step led to and layer
	for i, way := range ways {
		switch {
		case way.from == way.to:
			p.loops = append(p.loops, way.from)
		case back[i]:
			p.upward(way, passes)
		default:
			p.downward(way, passes)
		}
	}
}

func (p *picture) add(n pictureNode) int {
	p.nodes = append(p.nodes, n)
	i := len(p.nodes) - 1
	for len(p.layers) <= n.layer {
		p.layers = append(p.layers, nil)
	}
	p.layers[n.layer] = append(p.layers[n.layer], i)
	return i
}

func (p *picture) link(above, below, arrow int) {
	p.links = append(p.links, pictureLink{above, below, arrow})
	p.nodes[above].down = append(p.nodes[above].down, below)
	p.nodes[below].up = append(p.nodes[below].up, above)
}

// words is the node of what must hold on a way, beside the step it leaves.
func (p *picture) words(way pictureWay, layer int) int {
	lines := wrapText(way.words, labelWidth-2*labelPad, labelLines)
	width := 0.0
	for _, l := range lines {
		width = max(width, textWidth(l)*labelScale)
	}
	return p.add(pictureNode{words: lines, layer: layer, w: width + 2*labelPad, h: float64(len(lines))*labelLine + 2*labelPad/2})
}

func (p *picture) downward(way pictureWay, passes map[[2]int]int) {
	at, end := way.from, p.nodes[way.to].layer
	layer := p.nodes[way.from].layer + 1
	if way.words != "" {
		n := p.words(way, layer)
		p.link(at, n, 0)
		at, layer = n, layer+1
	}
	for ; layer < end; layer++ {
		n, ok := passes[[2]int{way.to, layer}]
		if !ok {
			n = p.add(pictureNode{layer: layer})
			passes[[2]int{way.to, layer}] = n
		}
		p.link(at, n, 0)
		if ok {
			return // from here on others have come this way
		}
		at = n
	}
	p.link(at, way.to, 1)
}

// upward is a way back to a step above: it ends below that step.
func (p *picture) upward(way pictureWay, passes map[[2]int]int) {
	at, end := way.from, p.nodes[way.to].layer
	layer := p.nodes[way.from].layer - 1
	if way.words != "" && layer > end {
		n := p.words(way, layer)
		p.link(n, at, 0)
		at, layer = n, layer-1
	}
	for ; layer > end; layer-- {
		n, ok := passes[[2]int{-1 - way.to, layer}]
		if !ok {
			n = p.add(pictureNode{layer: layer})
			passes[[2]int{-1 - way.to, layer}] = n
		}
		p.link(n, at, 0)
		if ok {
			return
		}
		at = n
	}
	p.link(way.to, at, -1)
}

// backward says which ways lead back to a step that led here.
func backward(steps int, ways []pictureWay) []bool {
	out := make([][]int, steps)
	for i, way := range ways {
		out[way.from] = append(out[way.from], i)
	}
	back, state := make([]bool, len(ways)), make([]int, steps) // 1 on the way, 2 done
	var walk func(s int)
	walk = func(s int) {
		state[s] = 1
		for _, i := range out[s] {
			switch to := ways[i].to; state[to] {
			case 0:
				walk(to)
			case 1:
				back[i] = true
			}
		}
		state[s] = 2
	}
	for s := range steps {
		if state[s] == 0 {
			walk(s)
		}
	}
	return back
}

// layersOf is the longest way to each step.
func layersOf(steps int, ways []pictureWay, back []bool) []int {
	layer, before := make([]int, steps), make([]int, steps)
	out := make([][]int, steps)
	for i, way := range ways {
		if !back[i] {
			out[way.from] = append(out[way.from], way.to)
			before[way.to]++
		}
	}
	var ready []int
	for s := range steps {
		if before[s] == 0 {
			ready = append(ready, s)
		}
	}
	for len(ready) > 0 {
		s := ready[0]
		ready = ready[1:]
		for _, to := range out[s] {
			layer[to] = max(layer[to], layer[s]+1)
			if before[to]--; before[to] == 0 {
				ready = append(ready, to)
			}
		}
	}
	return layer
}

// manyNodes is from where on a picture is sorted less thoroughly, so that any flow is drawn in seconds.
const manyNodes = 20_000

// order sorts the layers so that links cross little: each node goes to the middle of those it is linked to.
func (p *picture) order() {
	rounds := 12
	if len(p.nodes) > manyNodes {
		rounds = 2
	}
	at := make([]float64, len(p.nodes))
	number := func(layer []int) {
		for i, n := range layer {
			at[n] = float64(i)
		}
	}
	for _, layer := range p.layers {
		number(layer)
	}
	middle := make([]float64, len(p.nodes))
	sort := func(layer []int, near func(n int) []int) {
		for _, n := range layer {
			middle[n] = at[n]
			if others := near(n); len(others) > 0 {
				sum := 0.0
				for _, o := range others {
					sum += at[o]
				}
				middle[n] = sum / float64(len(others))
			}
		}
		slices.SortStableFunc(layer, func(a, b int) int { return compareNumbers(middle[a], middle[b]) })
		number(layer)
	}
	for range rounds {
		for _, layer := range p.layers {
			sort(layer, func(n int) []int { return p.nodes[n].up })
		}
		for i := len(p.layers) - 1; i >= 0; i-- {
			sort(p.layers[i], func(n int) []int { return p.nodes[n].down })
		}
	}
	for _, layer := range p.layers {
		sort(layer, func(n int) []int { return p.nodes[n].up })
	}
}
