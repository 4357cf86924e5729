package rehearse

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
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
//   - tries, times refused, meeting, hold, person, rep where one is asked about, the door, and the time that passed
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
	proofs  []bool          // fields that properties name
	aging   bool            // points halve with the time
	byRep   bool            // something asks which rep it is
	visit   map[string]bool // what of the door properties name
	routes  bool            // it matters which route holds
	whole   bool            // too many fields, or rules that cannot be told apart: nothing is left out
	asking  bool            // properties ask how many questions there were
	scoring bool            // properties ask for the score or its parts
}

// ruleAhead is a score rule.
type ruleAhead struct {
	because, partName string // by which a receipt tells the rule

	fields  []int
	part    int
	cents   int32
	lasting bool // its truth can change without an answer
	visit   []string
}

// stepAhead is what is named and asked for in a step or after it.
type stepAhead struct {
	named []bool
	asked []bool
	again []bool          // asked for although it is known
	visit map[string]bool // what of the door is named
}

// setAhead is what to keep of conversations at a step with the same fields known.
type setAhead struct {
	clock   bool     // the time can matter
	doors   []uint16 // by door: the first that is no different from here on
	classes []int    // fields whose class matters
	known   []int    // fields of which only matters whether they are known
	settled []int    // rules
}

// maxFields is how many fields are told apart by what is known of them.
const maxFields = 64

func lookAhead(w *flows.Workspace, f *flows.Flow) *ahead {
	a := &ahead{fields: f.Fields, index: map[string]int{}, steps: map[string]*stepAhead{}}
	for i, field := range f.Fields {
		a.index[field.Name] = i
	}
	a.proofs, a.visit = a.marked(promised(f)), visitNames(f, promised(f))
	for _, m := range promised(f) {
		a.asking = a.asking || m.Name == "questions"
		a.scoring = a.scoring || m.Name == "score" || strings.HasPrefix(m.Name, "part.")
	}
	for _, m := range Mentioned(w, f) {
		a.byRep = a.byRep || strings.HasPrefix(m.Name, "rep.") && m.Name != "rep.name" && m.Name != "rep.first_name" || m.Name == "rep"
	}
	a.routes = a.byRep || !alwaysServed(w)
	a.score(f)
	a.whole = a.whole || len(f.Fields) > maxFields
	own := map[string]*stepAhead{}
	for _, s := range f.Steps {
		own[s.ID] = a.of(w, f, s)
	}
	for _, s := range f.Steps {
		a.steps[s.ID] = a.after(f, s, own)
	}
	a.steps[""] = a.none()
	return a
}

func (a *ahead) none() *stepAhead {
	n := len(a.fields)
	return &stepAhead{slices.Clone(a.proofs), make([]bool, n), make([]bool, n), maps.Clone(a.visit)}
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
			if of := visitName(m.Name); of == "" || of == "time" {
				rule.lasting = true
			}
		}
		for name := range visitNames(f, r.If.Mentions()) {
			rule.visit = append(rule.visit, name)
		}
		if r.Halves > 0 {
			rule.lasting, a.aging = true, true
		}
		a.whole = a.whole || seen[[2]string{r.Part, r.Because}]
		seen[[2]string{r.Part, r.Because}] = true
		a.rules = append(a.rules, rule)
	}
}

// of is what a step itself names and asks for.
func (a *ahead) of(w *flows.Workspace, f *flows.Flow, s *flows.Step) *stepAhead {
	at := a.none()
	var mentions []flows.Mention
	for _, e := range s.Next {
		mentions = append(mentions, e.If.Mentions()...)
	}
	for _, text := range textsOf(s) {
		mentions = append(mentions, text.Mentions()...)
	}
	if (s.Book != nil || s.Handoff != nil) && a.routes {
		mentions = append(mentions, routed(w)...)
		at.visit["owner"], at.visit["language"] = true, true
		for i, f := range a.fields {
			at.named[i] = at.named[i] || f.Type == flows.TypeCountry
		}
	}
	for i, named := range a.marked(mentions) {
		at.named[i] = at.named[i] || named
	}
	for name := range visitNames(f, mentions) {
		at.visit[name] = true
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
		o := own[at.ID]
		maps.Copy(sum.visit, o.visit)
		for i := range a.fields {
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
func (a *ahead) keep(step string, known uint64, ways []door) *setAhead {
	set := &setAhead{}
	at := a.steps[step]
	class, visit := slices.Clone(at.named), maps.Clone(at.visit)
	open := make([]bool, len(a.fields))
	for i := range a.fields {
		open[i] = at.again[i] || at.asked[i] && known&(1<<i) == 0
	}
	for i, r := range a.rules {
		if r.lasting || slices.ContainsFunc(r.fields, func(f int) bool { return open[f] }) {
			for _, f := range r.fields {
				class[f] = true
			}
			for _, name := range r.visit {
				visit[name] = true
			}
			continue
		}
		set.settled = append(set.settled, i)
	}
	if a.aging {
		visit["time"] = true
	}
	set.clock = visit["time"]
	set.doors = alike(ways, visit)
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

// visitName is what of a door a name reads, or "".
func visitName(name string) string {
	switch before, _, _ := strings.Cut(name, "."); before {
	case "utm":
		return name
	case "page", "visited":
		return "page"
	case "country":
		return "language"
	case "visits", "referrer", "language", "channel", "owner":
		return before
	case "hour", "weekday", "open":
		return "time"
	}
	return ""
}

// visitNames are what of a door is read, also by fields that are filled from it.
func visitNames(f *flows.Flow, mentions []flows.Mention) map[string]bool {
	names := map[string]bool{}
	for _, m := range mentions {
		name := m.Name
		if field := f.Field(name); field != nil {
			name = field.From
		}
		if of := visitName(name); of != "" {
			names[of] = true
		}
	}
	return names
}

// alwaysServed says whether somebody gets the lead whatever the routes ask.
func alwaysServed(w *flows.Workspace) bool {
	if w.Roster == nil || len(w.Roster.Routes) == 0 {
		return true // nothing depends on them
	}
	last := w.Roster.Routes[len(w.Roster.Routes)-1]
	return last.If == nil && len(members(w.Roster, last.End())) > 0
}

// alike are, for each door, the first that agrees with it in what is read of it.
func alike(ways []door, names map[string]bool) []uint16 {
	first, same := map[string]uint16{}, make([]uint16, len(ways))
	for i := range ways {
		key := ways[i].told(names)
		if _, ok := first[key]; !ok {
			first[key] = uint16(i)
		}
		same[i] = first[key]
	}
	return same
}

// told is what is read of a door.
func (w *door) told(names map[string]bool) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&b, "%s=%q ", name, w.of(name))
	}
	return b.String()
}

func (w *door) of(name string) string {
	switch name {
	case "page":
		return w.visit.Page + " " + strings.Join(w.more, " ")
	case "visits":
		return strconv.Itoa(w.visit.Visits)
	case "referrer":
		return w.visit.Referrer
	case "language":
		return w.visit.Language + " " + w.visit.Timezone
	case "channel":
		return w.visit.Channel
	case "owner":
		return w.visit.Owner
	case "time":
		return w.now.String()
	}
	return w.visit.UTM[strings.TrimPrefix(name, "utm.")]
}
