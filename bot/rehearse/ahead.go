package rehearse

import (
	"math"
	"slices"
	"strings"

	"usher/flows"
)

// ahead says what of the answers can still matter from each step on.
//
// An exploration merges two conversations that stand in the same state and agree in everything that the engine, the
// desk of outcomes and the properties can still read:
//   - an answer's class, where a way, a text, a route or a property names the field from here on, or a score rule does
//     that is not settled yet;
//   - of a field that may still be asked for: whether it is known;
//   - of the settled score rules (those whose fields cannot be asked for any more and which do not look at the clock)
//     only what they bring to each part, for the score adds parts up and caps them by their sums;
//   - tries, times refused, meeting, hold, person, rep where one is asked about, the arrival, and the time that passed
//     where anything reads a clock.
//
// Two such conversations give the same effects and the same successors to every input, so what is proved of one is proved
// of both. What is left out is read by nothing but wishes that are not explored (back, start over) and by people.
type ahead struct {
	fields  []*flows.Field
	index   map[string]int
	rules   []*ruleAhead
	parts   []string
	steps   map[string]*stepAhead
	proofs  []bool // fields that properties name
	timed   bool   // something reads the clock
	aging   bool   // points halve with the time
	byRep   bool   // something asks which rep it is
	whole   bool   // too many fields, or rules that cannot be told apart: nothing is left out
	asking  bool   // properties ask how many questions there were
	scoring bool   // properties ask for the score or its parts
}

// ruleAhead is a score rule.
type ruleAhead struct {
	because, partName string // by which a receipt tells the rule

	fields  []int
	part    int
	cents   int32
	lasting bool // its truth can change without an answer
}

// stepAhead is what is named and asked for in a step or after it.
type stepAhead struct {
	named []bool
	asked []bool
	again []bool // asked for although it is known
}

// setAhead is what to keep of conversations at a step with the same fields known.
type setAhead struct {
	classes []int // fields whose class matters
	known   []int // fields of which only matters whether they are known
	settled []int // rules
}

// maxFields is how many fields are told apart by what is known of them.
const maxFields = 64

func lookAhead(w *flows.Workspace, f *flows.Flow) *ahead {
	a := &ahead{fields: f.Fields, index: map[string]int{}, steps: map[string]*stepAhead{}}
	for i, field := range f.Fields {
		a.index[field.Name] = i
	}
	a.proofs = a.marked(promised(f))
	for _, m := range promised(f) {
		a.asking = a.asking || m.Name == "questions"
		a.scoring = a.scoring || m.Name == "score" || strings.HasPrefix(m.Name, "part.")
	}
	for _, m := range Mentioned(w, f) {
		clock := m.Name == "hour" || m.Name == "weekday" || m.Name == "open"
		a.timed = a.timed || clock
		a.byRep = a.byRep || strings.HasPrefix(m.Name, "rep.") && m.Name != "rep.name" && m.Name != "rep.first_name" || m.Name == "rep"
	}
	a.score(f)
	a.whole = a.whole || len(f.Fields) > maxFields
	own := map[string]*stepAhead{}
	for _, s := range f.Steps {
		own[s.ID] = a.of(w, s)
	}
	for _, s := range f.Steps {
		a.steps[s.ID] = a.after(f, s, own)
	}
	a.steps[""] = a.none()
	return a
}

func (a *ahead) none() *stepAhead {
	n := len(a.fields)
	return &stepAhead{slices.Clone(a.proofs), make([]bool, n), make([]bool, n)}
}

func (a *ahead) marked(mentions []flows.Mention) []bool {
	marks := make([]bool, len(a.fields))
	for _, m := range mentions {
		if i, ok := a.index[m.Name]; ok {
			marks[i] = true
		}
	}
	return marks
}

// score reads the rules. Two that a receipt cannot tell apart are kept whole.
func (a *ahead) score(f *flows.Flow) {
	seen := map[[2]string]bool{}
	for _, r := range f.Score {
		rule := &ruleAhead{because: r.Because, partName: r.Part, part: slices.Index(a.parts, r.Part), cents: int32(math.Round(r.Points * 100))}
		if rule.part < 0 {
			rule.part = len(a.parts)
			a.parts = append(a.parts, r.Part)
		}
		for _, m := range r.If.Mentions() {
			if i, ok := a.index[m.Name]; ok {
				rule.fields = append(rule.fields, i)
				continue
			}
			switch name, _, _ := strings.Cut(m.Name, "."); name {
			case "visits", "page", "referrer", "utm", "language", "channel", "visited", "owner", "country":
			default:
				rule.lasting = true
			}
		}
		if r.Halves > 0 {
			rule.lasting, a.timed, a.aging = true, true, true
		}
		a.whole = a.whole || seen[[2]string{r.Part, r.Because}]
		seen[[2]string{r.Part, r.Because}] = true
		a.rules = append(a.rules, rule)
	}
}

// of is what a step itself names and asks for.
func (a *ahead) of(w *flows.Workspace, s *flows.Step) *stepAhead {
	at := a.none()
	var mentions []flows.Mention
	for _, e := range s.Next {
		mentions = append(mentions, e.If.Mentions()...)
	}
	for _, text := range textsOf(s) {
		mentions = append(mentions, text.Mentions()...)
	}
	if s.Book != nil || s.Handoff != nil {
		mentions = append(mentions, routed(w)...)
		for i, f := range a.fields {
			at.named[i] = at.named[i] || f.Type == flows.TypeCountry
		}
	}
	for i, named := range a.marked(mentions) {
		at.named[i] = at.named[i] || named
	}
	if s.Ask != nil {
		a.asks(at, s.Ask, s.Again)
	}
	if s.Book != nil {
		for _, f := range needsOf(s, a) {
			a.asks(at, f, false)
		}
	}
	return at
}

func (a *ahead) asks(at *stepAhead, f *flows.Field, again bool) {
	if i, ok := a.index[f.Name]; ok {
		at.asked[i] = true
		at.again[i] = at.again[i] || again
	}
}

// needsOf is what an invitation needs.
func needsOf(s *flows.Step, a *ahead) []*flows.Field {
	if s.Book.Needs != nil {
		return s.Book.Needs
	}
	if i, ok := a.index["email"]; ok {
		return a.fields[i : i+1]
	}
	return nil
}

// after adds up what the steps that can still come name and ask for.
func (a *ahead) after(f *flows.Flow, s *flows.Step, own map[string]*stepAhead) *stepAhead {
	sum, seen, open := a.none(), map[string]bool{s.ID: true}, []*flows.Step{s}
	for len(open) > 0 {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		for i := range a.fields {
			o := own[at.ID]
			sum.named[i] = sum.named[i] || o.named[i]
			sum.asked[i] = sum.asked[i] || o.asked[i]
			sum.again[i] = sum.again[i] || o.again[i]
		}
		for _, id := range f.Ways(at) {
			if next := f.Step(id); next != nil && !seen[id] {
				seen[id] = true
				open = append(open, next)
			}
		}
	}
	return sum
}

// keep is what to keep of conversations at a step with those fields known.
func (a *ahead) keep(step string, known uint64) *setAhead {
	set := &setAhead{}
	at := a.steps[step]
	class := slices.Clone(at.named)
	open := make([]bool, len(a.fields))
	for i := range a.fields {
		open[i] = at.again[i] || at.asked[i] && known&(1<<i) == 0
	}
	for i, r := range a.rules {
		if r.lasting || slices.ContainsFunc(r.fields, func(f int) bool { return open[f] }) {
			for _, f := range r.fields {
				class[f] = true
			}
			continue
		}
		set.settled = append(set.settled, i)
	}
	for i := range a.fields {
		switch {
		case class[i]:
			set.classes = append(set.classes, i)
		case at.asked[i]:
			set.known = append(set.known, i)
		}
	}
	return set
}
