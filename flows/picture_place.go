package flows

// Sizes in pixels.
const (
	boxWidth   = 220.0
	boxPad     = 10.0
	boxLine    = 17.0
	boxLines   = 4 // of what is said
	labelWidth = 170.0
	labelPad   = 5.0
	labelLine  = 14.0
	labelLines = 4
	labelScale = 0.87 // of the letters on a way to those in a box
	besideGap  = 26.0
	passGap    = 14.0
	layerGap   = 26.0
	margin     = 24.0
	titleRoom  = 34.0
)

func boxHeight(words []string) float64 { return float64(len(words))*boxLine + 2*boxPad }

// place gives every node its place: each as near to the middle of those it is linked to as its neighbours allow.
func (p *picture) place() {
	for _, layer := range p.layers {
		x := 0.0
		for i, n := range layer {
			if i > 0 {
				x += p.apart(layer[i-1], n)
			}
			p.nodes[n].x = x
		}
	}
	rounds := 16
	if len(p.nodes) > manyNodes {
		rounds = 3
	}
	var both []int
	for range rounds {
		for _, layer := range p.layers {
			p.settle(layer, func(n *pictureNode) []int { return n.up })
		}
		for i := len(p.layers) - 1; i >= 0; i-- {
			p.settle(p.layers[i], func(n *pictureNode) []int { return n.down })
		}
		for _, layer := range p.layers {
			p.settle(layer, func(n *pictureNode) []int {
				both = append(append(both[:0], n.up...), n.down...)
				return both
			})
		}
	}
	p.measure()
}

// apart is how far the middles of two neighbours must be.
func (p *picture) apart(left, right int) float64 {
	gap := besideGap
	if p.nodes[left].w == 0 || p.nodes[right].w == 0 {
		gap = passGap
	}
	return p.nodes[left].w/2 + gap + p.nodes[right].w/2
}

// settle moves the nodes of a layer to where they want to be, as near as their order and distances allow: neighbours that
// want to be too near share the mean of their wishes.
func (p *picture) settle(layer []int, near func(*pictureNode) []int) {
	type block struct {
		wish, weight float64
		count        int
	}
	var blocks []block
	offset := 0.0
	offsets := make([]float64, len(layer))
	for i, n := range layer {
		if i > 0 {
			offset += p.apart(layer[i-1], n)
		}
		offsets[i] = offset
		node := &p.nodes[n]
		wish, weight := node.x, 0.1
		if others := near(node); len(others) > 0 {
			wish = 0
			for _, o := range others {
				wish += p.nodes[o].x
			}
			wish, weight = wish/float64(len(others)), 1
			if node.step == nil && node.w == 0 {
				weight = 8 // ways that pass go straight
			}
		}
		b := block{(wish - offset) * weight, weight, 1}
		for len(blocks) > 0 && blocks[len(blocks)-1].wish/blocks[len(blocks)-1].weight > b.wish/b.weight {
			last := blocks[len(blocks)-1]
			b = block{b.wish + last.wish, b.weight + last.weight, b.count + last.count}
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	i := 0
	for _, b := range blocks {
		for range b.count {
			p.nodes[layer[i]].x = b.wish/b.weight + offsets[i]
			i++
		}
	}
}

// measure moves all into the picture and finds the heights of the layers.
func (p *picture) measure() {
	least, most := 0.0, 0.0
	for i, n := range p.nodes {
		if i == 0 || n.x-n.w/2 < least {
			least = n.x - n.w/2
		}
		if i == 0 || n.x+n.w/2 > most {
			most = n.x + n.w/2
		}
	}
	for i := range p.nodes {
		p.nodes[i].x += margin - least
	}
	p.width = max(most-least+2*margin+loopRoom*float64(min(1, len(p.loops))), textWidth(p.flow.Title.String())*1.4+2*margin)
	y := margin + titleRoom
	for _, layer := range p.layers {
		height := 0.0
		for _, n := range layer {
			height = max(height, p.nodes[n].h)
		}
		p.tops, p.heights = append(p.tops, y), append(p.heights, height)
		if height > 0 || len(layer) > 0 {
			y += height + layerGap
		}
	}
	p.height = y - layerGap + margin
}
