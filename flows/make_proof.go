package flows

// maxQuestions is the most that `questions` may allow: nobody answers more.
const maxQuestions = 100

// proof makes what the author wants proved of the flow.
func (m *flowMaker) proof() {
	s := m.shape
	proving := *m.vocabulary
	proving.proving = true
	for i := range s.Always {
		a := &s.Always[i]
		m.flow.Always = append(m.flow.Always, &Always{
			If: proving.condition(a.If), Then: proving.condition(a.Then), Because: a.Because.text, Place: a.place(),
		})
	}
	for i := range s.Never {
		n := &s.Never[i]
		if n.set() && !n.End.set() && !n.If.set() {
			n.wrong("missing-key", "add end: disqualified, or if: a condition", "this forbids every end there is")
		}
		n.End.among("end", ends...)
		m.flow.Never = append(m.flow.Never, &Never{End: n.End.text, If: proving.condition(n.If), Because: n.Because.text, Place: n.place()})
	}
	if s.Questions.set() {
		m.flow.Questions = s.Questions.whole(1, maxQuestions)
	}
}

// provedNames are what can be named in always and never alone.
var provedNames = []string{"offered", "handed_off", "end", "questions"}

// proved is the term of a name that only what is proved of a flow may use.
func proved(name string) (t term, ok bool) {
	switch name {
	case "offered":
		t = boolTerm(func(s *Scope) bool { return s.Offered })
	case "handed_off":
		t = boolTerm(func(s *Scope) bool { return s.HandedOff })
	case "end":
		t = ownText(func(s *Scope) string { return s.End })
		t.oneOf, t.closed = ends, true
	case "questions":
		t = numberTerm(func(s *Scope) (float64, bool) { return float64(s.Questions), true })
	default:
		return term{}, false
	}
	t.noun = name
	return t, true
}
