package rehearse

import (
	"fmt"
	"strings"

	"usher/flows"
)

// judge is a property of the ends that an author wrote.
type judge struct {
	property string
	says     string
	because  string // what is wrong where it does not hold
	place    flows.Place
	broken   func(p *position, s *flows.Scope) bool
	first    int32 // the first state that breaks it; -1 = none did
}

// judgesOf are the properties of a flow's ends, its own after those of every flow.
func judgesOf(f *flows.Flow) []*judge {
	judges := []*judge{{
		property: "says", says: "every end says something", because: "the conversation ends without a word",
		broken: func(p *position, _ *flows.Scope) bool { return p.said == 0 },
	}}
	if len(f.Grades) > 0 && f.Grades[0].Name != "" {
		best := f.Grades[0].Name
		judges = append(judges, &judge{
			property: "served", says: "every " + best + " lead is offered a time or a person",
			because: "a " + best + " lead is offered neither a time nor a person",
			broken: func(p *position, s *flows.Scope) bool {
				return s.Grade == best && !p.offered && !p.handedOff
			},
		})
	}
	for i, n := range f.Never {
		judges = append(judges, neverJudge(i, n))
	}
	for i, a := range f.Always {
		judges = append(judges, alwaysJudge(i, a))
	}
	for _, j := range judges {
		j.first = -1
	}
	return judges
}

func neverJudge(i int, n *flows.Never) *judge {
	what := "ends " + n.End
	if n.End == "" {
		what = "ends"
	}
	if n.If != nil {
		what += " where " + n.If.Source
	}
	return &judge{
		property: fmt.Sprintf("never/%d", i+1), says: "no conversation " + what, place: n.Place,
		because: reason("a conversation "+what, n.Because),
		broken: func(p *position, s *flows.Scope) bool {
			return (n.End == "" || n.End == p.conversation.End) && holds(n.If, s)
		},
	}
}

func alwaysJudge(i int, a *flows.Always) *judge {
	says, wrong := "always "+a.Then.Source, "not "+a.Then.Source
	if strings.ContainsAny(a.Then.Source, " ") {
		wrong = "not (" + a.Then.Source + ")"
	}
	if a.If != nil {
		says, wrong = "where "+a.If.Source+", "+says, a.If.Source+", and "+wrong
	}
	return &judge{
		property: fmt.Sprintf("always/%d", i+1), says: says, place: a.Place, because: reason(wrong, a.Because),
		broken: func(_ *position, s *flows.Scope) bool { return holds(a.If, s) && !holds(a.Then, s) },
	}
}

func reason(what, because string) string {
	if because == "" {
		return what
	}
	return what + " (" + because + ")"
}

// holds evaluates; a checked condition has no error.
func holds(c *flows.Condition, s *flows.Scope) bool {
	ok, err := c.Holds(s)
	return ok && err == nil
}

// judge looks at a conversation that its author ended.
func (x *explorer) judge(id int32, p *position) {
	s := x.scope(p)
	for _, j := range x.judges {
		if j.first < 0 && j.broken(p, s) {
			j.first = id
		}
	}
}

// scope is what properties may name.
func (x *explorer) scope(p *position) *flows.Scope {
	s := x.machine.Scope(p.conversation, x.doors[p.door].now.Add(p.elapsed))
	s.Offered, s.HandedOff, s.End, s.Questions = p.offered, p.handedOff, p.conversation.End, int(p.questions)
	return s
}
