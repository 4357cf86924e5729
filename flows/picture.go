package flows

import (
	"fmt"
	"strings"
)

// Picture is flows as one SVG that stands alone: a box a step, the first at the top, what comes later below it; the words
// of a condition stand on the way they lead. It follows the reader's light or dark colours. It is empty where there is none
// of the flows.
func (w *Workspace) Picture(flowIDs ...string) string {
	var drawn []*picture
	for _, id := range flowIDs {
		if f := w.Flow(id); f != nil && len(f.Steps) > 0 {
			drawn = append(drawn, newPicture(f))
		}
	}
	if len(drawn) == 0 {
		return ""
	}
	var body strings.Builder
	width, height := 0.0, 0.0
	var titles []string
	for _, p := range drawn {
		p.draw(&body, height)
		width, height = max(width, p.width), height+p.height
		titles = append(titles, p.flow.Title.String())
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]s %[2]s" width="%[1]s" height="%[2]s" role="img" aria-label="%[3]s">
<style>%[4]s</style>
<rect class="paper" width="100%%" height="100%%"/>
%[5]s</svg>
`, number1(width), number1(height), inXML(strings.Join(titles, ", ")), pictureStyle, body.String())
}

// picture is one flow laid out: nodes in layers, and links between neighbouring layers.
type picture struct {
	flow          *Flow
	nodes         []pictureNode
	links         []pictureLink
	layers        [][]int // nodes from left to right
	tops          []float64
	heights       []float64
	loops         []int // nodes of steps that lead to themselves
	width, height float64
}

// pictureNode is a step, the words on a way, or a place that a long way passes.
type pictureNode struct {
	step     *Step
	words    []string
	layer    int
	x        float64 // of its middle
	w, h     float64
	up, down []int
}

// pictureLink joins a node to one in the next layer; an arrow stands at the end it leads to, if that is a step.
type pictureLink struct {
	above, below int
	arrow        int // 1 down, -1 up, 0 none
}

func newPicture(f *Flow) *picture {
	p := &picture{flow: f}
	p.build()
	p.order()
	p.place()
	return p
}

// pictureWay is a way from one step to another with what must hold.
type pictureWay struct {
	from, to int
	words    string
}

// pictureWays are all ways of a flow in the order they are tried.
func (f *Flow) pictureWays() (ways []pictureWay) {
	index := map[string]int{}
	for i, s := range f.Steps {
		if _, ok := index[s.ID]; !ok {
			index[s.ID] = i
		}
	}
	add := func(from int, to, words string) {
		if i, ok := index[to]; ok {
			ways = append(ways, pictureWay{from, i, words})
		}
	}
	for i, s := range f.Steps {
		if s.End != nil {
			continue
		}
		for n, e := range s.Next {
			switch {
			case e.If != nil:
				add(i, e.To, e.If.Source)
			case n > 0:
				add(i, e.To, "else")
			default:
				add(i, e.To, "")
			}
			if e.If == nil {
				break
			}
		}
		if fallsThrough(s) && i+1 < len(f.Steps) {
			words := ""
			if len(s.Next) > 0 {
				words = "else"
			}
			ways = append(ways, pictureWay{i, i + 1, words})
		}
		if s.Else != "" {
			add(i, s.Else, fmt.Sprintf("no answer after %d tries", s.Tries))
		}
	}
	return ways
}
