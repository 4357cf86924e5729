package flows

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Bounds and defaults of a step.
const (
	maxTries    = 10 // a visitor who was asked ten times has left
	defaultWait = 2 * time.Minute
)

func (m *flowMaker) steps() {
	shapes := m.shape.Steps
	if list := m.shape.at([]string{"steps"}); list.node.Kind == yaml.SequenceNode && len(shapes) == 0 {
		m.shape.key("steps").wrong("missing-value", "", "a flow has at least one step")
	}
	if len(shapes) > MaxSteps {
		shapes[MaxSteps].wrong("too-large", "split the flow", "a flow has at most %d steps", MaxSteps)
		shapes = shapes[:MaxSteps]
		m.shape.Steps = shapes
	}
	seen := map[string]bool{}
	for i := range shapes {
		shapes[i].ID.id(seen, "step")
		m.flow.Steps = append(m.flow.Steps, m.step(&shapes[i]))
	}
	for i := range shapes {
		m.targets(&shapes[i])
	}
}

func (m *flowMaker) step(s *stepShape) *Step {
	step := &Step{
		ID: s.ID.text, Say: m.optional(s.Say), Again: s.Again.value, Optional: s.Optional.value,
		Retry: m.optional(s.Retry), Tries: DefaultTries, Else: s.Else.text, Place: s.place(),
	}
	m.oneThing(s)
	if s.Tries.set() {
		step.Tries = s.Tries.whole(1, maxTries)
	}
	step.Ask = m.asked(s)
	step.Book = m.book(s)
	step.Handoff = m.handoff(s)
	step.End = m.end(s)
	for i := range s.Next.list {
		e := &s.Next.list[i]
		step.Next = append(step.Next, Edge{If: m.condition(e.If), To: e.To.text, Place: e.place()})
	}
	return step
}

// belongs says to which doing a key of a step belongs.
var belongs = []struct{ key, to string }{
	{"again", "ask"},
	{"optional", "ask"},
	{"retry", "ask"},
	{"tries", "ask"},
	{"else", "ask"},
	{"reason", "end"},
	{"revisit", "end"},
}

// oneThing reports a step that does two things or none, and keys that mean nothing in what it does.
func (m *flowMaker) oneThing(s *stepShape) {
	var does []string
	for _, key := range []string{"ask", "book", "handoff", "end"} {
		if s.key(key).node != s.node {
			does = append(does, key)
		}
	}
	switch {
	case len(does) > 1:
		s.key(does[1]).wrong("two-things", "make two steps of it", "a step does one thing, this one has %s", strings.Join(does, " and "))
	case len(does) == 0 && !s.Say.set() && !s.Next.set():
		s.wrong("does-nothing", "add say, ask, book, handoff, end or next", "this step does nothing")
	case slices.Contains(does, "end") && s.Next.set():
		s.key("next").wrong("misplaced-key", "", "nothing comes after an end")
	}
	for _, b := range belongs {
		if at := s.key(b.key); at.node != s.node && !slices.Contains(does, b.to) {
			at.wrong("misplaced-key", "", "%q means nothing in a step without %s", b.key, b.to)
		}
	}
}

func (m *flowMaker) asked(s *stepShape) *Field {
	if s.Ask.text == "" {
		return nil
	}
	f := m.vocabulary.fields[s.Ask.text]
	switch {
	case f == nil:
		s.Ask.wrong("unknown-field", didYouMean(s.Ask.text, m.fieldNames()), "there is no field %q", s.Ask.text)
		return &Field{Name: s.Ask.text, Type: TypeText}
	case f.From != "":
		s.Ask.wrong("hidden-field", "take `from` away, or do not ask", "%q is filled from the visit and never asked", f.Name)
	case !s.Say.set() && f.Type != TypeConsent:
		s.doubt("silent-question", "add say: the question", "this step asks for %q without a word", f.Name)
	}
	return f
}

func (m *flowMaker) handoff(s *stepShape) *Handoff {
	h := s.Handoff
	if !h.set() {
		return nil
	}
	m.served(s.key("handoff"), h.Team, "a person")
	return &Handoff{Team: h.Team.text, Wait: h.Wait.positive(defaultWait)}
}

// served reports a team that is not there, or that the roster names nobody who could come.
func (m *flowMaker) served(at item, team word, what string) {
	r := m.roster
	switch {
	case team.text != "":
		if r.Team(team.text) == nil && r.Rep(team.text) == nil {
			team.wrong("unknown-team", didYouMean(team.text, append(r.teamIDs(), r.repIDs()...)), "there is no team or rep %q", team.text)
		}
	case len(r.Reps) == 0:
		at.wrong("no-reps", "add reps and routes to team.yaml", "%s needs a rep, and team.yaml names none", what)
	case len(m.routed) == 0:
		at.wrong("no-routes", "add routes to team.yaml, or a team here", "nothing says who comes to this step: it names no team, and team.yaml has no routes")
	}
}

var ends = []string{Qualified, Disqualified, Waitlist, Nurture}

func (m *flowMaker) end(s *stepShape) *End {
	if !s.End.among("end", ends...) {
		if !s.End.set() {
			return nil
		}
		return &End{Kind: Nurture}
	}
	end := &End{Kind: s.End.text, Reason: s.Reason.text, Revisit: s.Revisit.positive(0)}
	if s.Reason.set() && end.Kind != Disqualified {
		s.key("reason").wrong("misplaced-key", "", "%q means nothing for the end %s", "reason", end.Kind)
	}
	if s.Revisit.set() && end.Kind != Waitlist {
		s.key("revisit").wrong("misplaced-key", "", "%q means nothing for the end %s", "revisit", end.Kind)
	}
	return end
}

// targets checks that every step led to is there.
func (m *flowMaker) targets(s *stepShape) {
	ids := m.flow.stepIDs()
	words := []word{s.Else}
	for i := range s.Next.list {
		words = append(words, s.Next.list[i].To)
	}
	for _, w := range words {
		if w.text != "" && m.flow.Step(w.text) == nil {
			w.wrong("unknown-step", didYouMean(w.text, ids), "there is no step %q", w.text)
		}
	}
}
