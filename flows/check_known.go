package flows

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// profileFields may be known of a visitor who signed in, whether a step asks for them or not.
var profileFields = []string{"name", "email", "phone", "company"}

// checkKnown reports fields that are used where somebody has not been asked for them.
func (s *study) checkKnown() {
	s.neverAsked()
	told := map[string]bool{}
	for at := range s.steps {
		step := &s.steps[at]
		if step.in == nil {
			continue
		}
		for _, text := range []*Text{step.Say, step.Retry} {
			s.inText(at, text, step.must, told)
		}
		s.inTitle(at, told)
		s.inEdges(at, told)
	}
}

// inTitle: what an invitation needs is known when it is written.
func (s *study) inTitle(at int, told map[string]bool) {
	step := &s.steps[at]
	if step.Book == nil {
		return
	}
	known := step.must
	known.add(len(s.f.Fields))
	for _, f := range step.Book.Needs {
		known.add(s.fieldIndex(f.Name))
	}
	s.inText(at, step.Book.Title, known, told)
}

func (s *study) inText(at int, text *Text, known asks, told map[string]bool) {
	if text.Empty() {
		return
	}
	for _, name := range bareNames(text) {
		f := s.m.vocabulary.fields[name]
		switch {
		case strings.HasPrefix(name, "meeting.") && !known.has(len(s.f.Fields)):
			s.hole(at, text, "meeting", name, len(s.f.Fields), told)
		case f == nil || f.From != "" || known.has(s.fieldIndex(name)) || s.settled(at, name):
		case s.asked[name] || slices.Contains(profileFields, name):
			s.hole(at, text, name, name, s.fieldIndex(name), told)
		}
	}
}

// settled says whether everybody who gets to the step has answered, as the ways there made sure.
func (s *study) settled(at int, name string) bool {
	subject := s.byName[name]
	return subject != nil && s.steps[at].in[subject.index]&(1<<unknownClass) == 0
}

// hole reports a text with something in it that is not known on some way.
func (s *study) hole(at int, text *Text, what, name string, index int, told map[string]bool) {
	step := &s.steps[at]
	if told[step.ID+" "+name] {
		return
	}
	told[step.ID+" "+name] = true
	hint := "ask before, or write {{ known(" + what + ") ? … : … }}"
	if what == "meeting" {
		hint = "write {{ booked ? … : … }}"
	}
	s.doubt(text.Place, "not-yet-known", hint, s.without(at, index), "%s is not known here for everybody who gets to %q: the text has a hole then", name, step.ID)
}

// without is an example path on which a field has not been asked for.
func (s *study) without(at, index int) string {
	unasked := func(w passage) bool { return !s.asking(w).has(index) }
	return s.told(s.example(at, unasked), at)
}

// inEdges reports comparisons with what has not been asked for: they are false, and the visitor goes the other way.
func (s *study) inEdges(at int, told map[string]bool) {
	step := &s.steps[at]
	known := step.must
	if step.Ask != nil {
		known.add(s.fieldIndex(step.Ask.Name))
	}
	for _, e := range step.Next {
		if e.If == nil || !slices.ContainsFunc(e.If.Fields, func(name string) bool { return !known.has(s.fieldIndex(name)) }) {
			continue
		}
		for _, name := range bareNamesIn(e.If.Source) {
			key := step.ID + " " + name
			if told[key] || known.has(s.fieldIndex(name)) || s.settled(at, name) || !s.awaited(at, name) {
				continue
			}
			told[key] = true
			s.doubt(e.If.Place, "not-yet-known", "ask before, or say so with known("+name+") and …", s.without(at, s.fieldIndex(name)),
				"%s, and so the comparison with it is false", s.unaskedWords(at, name))
		}
	}
}

// awaited says whether it is worth a word that a field is not known at a step. Who signed in may have brought it; a yes
// or no that some were not asked for counts as no.
func (s *study) awaited(at int, name string) bool {
	f := s.m.vocabulary.fields[name]
	switch {
	case f == nil, f.From != "", slices.Contains(profileFields, name), !s.asked[name]:
		return false
	case f.Type == TypeYesNo, f.Type == TypeConsent:
		return !s.steps[at].may.has(s.fieldIndex(name))
	}
	return true
}

func (s *study) unaskedWords(at int, name string) string {
	step := &s.steps[at]
	if step.may.has(s.fieldIndex(name)) {
		return "some get to \"" + step.ID + "\" without having been asked for " + name
	}
	return "nobody who gets to \"" + step.ID + "\" has been asked for " + name
}

// neverAsked reports declared fields that conditions and texts name and nothing fills.
func (s *study) neverAsked() {
	named := map[string]bool{}
	for _, c := range s.conditions() {
		for _, name := range c.Fields {
			named[name] = true
		}
	}
	for i := range s.steps {
		for _, text := range []*Text{s.steps[i].Say, s.steps[i].Retry} {
			if !text.Empty() {
				for _, name := range bareNames(text) {
					named[name] = true
				}
			}
		}
	}
	for _, f := range s.f.Fields {
		if named[f.Name] && !s.learnable(f) {
			s.doubt(f.Place, "never-asked", "ask for it, fill it with from, or take it away", "", "no step asks for %q, and nothing else fills it: what depends on it never happens", f.Name)
		}
	}
}

// learnable says whether a value of the field can come from somewhere.
func (s *study) learnable(f *Field) bool {
	return f.From != "" || s.asked[f.Name] || slices.Contains(profileFields, f.Name)
}

// conditions are all of the flow.
func (s *study) conditions() (all []*Condition) {
	for _, step := range s.f.Steps {
		for _, e := range step.Next {
			if e.If != nil {
				all = append(all, e.If)
			}
		}
	}
	for _, r := range s.f.Score {
		if r.If != nil {
			all = append(all, r.If)
		}
	}
	if s.f.Show.If != nil {
		all = append(all, s.f.Show.If)
	}
	return all
}

// bareNames are the names that a text uses without asking whether they are known.
func bareNames(t *Text) (names []string) {
	if !strings.Contains(t.by[0].written, "{{") && len(t.by) == 1 {
		return nil
	}
	for i := range t.by {
		rest := t.by[i].written
		var bare, guarded []string
		for {
			_, after, open := strings.Cut(rest, "{{")
			length := closing(after)
			if !open || length < 0 {
				break
			}
			b, g := shownBy(after[:length])
			bare, guarded = append(bare, b...), append(guarded, g...)
			rest = after[length+2:]
		}
		names = append(names, unguarded(bare, guarded)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func bareNamesIn(source string) []string { return unguarded(namesOf(source)) }

// unguarded are the bare names that nothing guards. What is said of the meeting is guarded by booked.
func unguarded(bare, guarded []string) (names []string) {
	for _, name := range bare {
		whole, _, _ := strings.Cut(name, ".")
		if slices.Contains(guarded, name) || slices.Contains(guarded, whole) || whole == "meeting" && slices.Contains(guarded, "booked") || slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
	}
	return names
}

// namesOf are the names of a condition, and those it asks known(…) about or has a ?? for.
func namesOf(source string) (bare, guarded []string) {
	v := namer{}
	if tree, err := parser.ParseWithConfig(source, &conf.Config{MaxNodes: MaxExpressionNodes, DisableIfOperator: true}); err == nil {
		ast.Walk(&tree.Node, &v)
	}
	return v.bare, v.guarded
}

// shownBy are the names whose values an expression shows, and those it asks about first: what only decides between two
// texts leaves no hole.
func shownBy(source string) (bare, guarded []string) {
	tree, err := parser.ParseWithConfig(source, &conf.Config{MaxNodes: MaxExpressionNodes, DisableIfOperator: true})
	if err != nil {
		return nil, nil
	}
	v := namer{}
	ast.Walk(&tree.Node, &v)
	asks := namer{}
	var show func(ast.Node)
	show = func(node ast.Node) {
		switch n := node.(type) {
		case *ast.IdentifierNode, *ast.MemberNode:
			bare = append(bare, nameOfNode(n))
		case *ast.ConditionalNode:
			ast.Walk(&n.Cond, &asks)
			show(n.Exp1)
			show(n.Exp2)
		case *ast.UnaryNode:
			show(n.Node)
		case *ast.BinaryNode:
			if slices.Contains([]string{"+", "-", "*", "/", "??"}, n.Operator) {
				show(n.Left)
				show(n.Right)
			}
		}
	}
	show(tree.Node)
	return bare, append(v.guarded, asks.bare...)
}

// namer collects names.
type namer struct{ bare, guarded []string }

// Visit looks at one node after its children.
func (v *namer) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode, *ast.MemberNode:
		v.bare = append(v.bare, nameOfNode(n))
	case *ast.CallNode:
		if nameOfNode(n.Callee) == "known" && len(n.Arguments) == 1 {
			v.guarded = append(v.guarded, nameOfNode(n.Arguments[0]))
		}
	case *ast.BinaryNode:
		if name := nameOfNode(n.Left); n.Operator == "??" && name != "" {
			v.guarded = append(v.guarded, name)
		}
	}
}
