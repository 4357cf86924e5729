package rehearse

import (
	"fmt"
	"strings"

	"usher/flows"
)

// explored sums up what a walk found.
func (x *explorer) explored() *Explored {
	parts, count := x.parts()
	out := &Explored{
		Flow: x.Flow.ID, States: len(x.states), Turns: x.turns, Bounded: x.bounded,
		Shortest: x.shortest(), Longest: x.longest(parts, count),
	}
	out.add(x.ends(parts))
	for _, j := range x.judges {
		p := Proof{Property: j.property, Says: j.says, Place: j.place}
		if j.first >= 0 {
			p.Because, p.Story = j.because, x.story(x.path(j.first), j.because)
		}
		out.add(p)
	}
	if x.Flow.Questions > 0 {
		out.add(x.questions())
	}
	out.add(x.errors())
	return out
}

func (out *Explored) add(p Proof) {
	p.Holds = p.Because == ""
	out.Proofs = append(out.Proofs, p)
}

// ends is the property that nobody can be led round for ever.
func (x *explorer) ends(parts []int32) Proof {
	p := Proof{Property: "ends", Says: "every conversation ends"}
	if circle := x.circle(parts); circle != nil {
		p.Because = "the conversation goes round and need never end"
		p.Story = x.story(circle, p.Because)
	}
	return p
}

// questions is the property that nobody is asked too many.
func (x *explorer) questions() Proof {
	p := Proof{
		Property: "questions", Place: flows.Place{File: x.Flow.Place.File},
		Says: fmt.Sprintf("nobody is asked more than %d questions", x.Flow.Questions),
	}
	if path := x.asking(x.Flow.Questions); path != nil {
		p.Because = fmt.Sprintf("%d questions are asked", x.Flow.Questions+1)
		p.Story = x.story(path, p.Because)
	}
	return p
}

// errors is the property that the engine takes every turn.
func (x *explorer) errors() Proof {
	p := Proof{Property: "errors", Says: "no turn fails"}
	if len(x.broken) == 0 {
		return p
	}
	f := x.broken[0]
	p.Because = "a turn fails: " + strings.TrimSpace(f.err.Error())
	f.to = -1
	var path trail
	if f.from >= 0 {
		path = x.path(f.from)
	}
	p.Story = x.story(append(path, step{f.from, f.edgeTo, f.way}), p.Because)
	return p
}
