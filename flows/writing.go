package flows

import (
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Writing is a workspace while somebody writes it: what editors ask about a place in a file. A file that cannot be read
// at the moment is known as it was when it could.
type Writing struct {
	texts map[string]string
	pages map[string]*page
}

// Stretch is a part of one line of a file, from the place up to, not including, the column To.
type Stretch struct {
	Place
	To int
}

// page is one file as it was read last.
type page struct {
	root  item
	kind  string
	flow  string // the id of the flow it is or, of a story, is about
	names []naming
}

// Write looks at the texts of a workspace by the names of their files; before is what was known until now, or nil.
func Write(texts map[string]string, before *Writing) *Writing {
	w := &Writing{texts: map[string]string{}, pages: map[string]*page{}}
	for name, text := range texts {
		text = plainLines(text)
		w.texts[name] = text
		known := before != nil && before.pages[name] != nil
		if known && before.texts[name] == text {
			w.pages[name] = before.pages[name]
			continue
		}
		var problems Problems
		f := newFile(name, text, &problems)
		switch root, ok := f.parse(text); {
		case ok:
			w.pages[name] = readPage(root, kindOf(name))
		case known:
			w.pages[name] = before.pages[name]
		}
	}
	return w
}

// files are the names of all files that could be read, in their order.
func (w *Writing) files() []string { return sortedKeys(w.pages) }

// line is a line of a file, from 1; "" where there is none.
func (w *Writing) line(file string, line int) []rune {
	lines := strings.Split(w.texts[file], "\n")
	if line < 1 || line > len(lines) {
		return nil
	}
	return []rune(lines[line-1])
}

func readPage(root item, kind string) *page {
	p := &page{root: root, kind: kind}
	if kind == flowKind || kind == storyKind {
		if n := member(first(root.node), "flow"); n != nil && n.Kind == yaml.ScalarNode {
			p.flow = n.Value
		}
	}
	r := namingReader{page: p, file: root.file, flow: p.flow}
	r.walk(root, nil, grammars()[kind])
	return p
}

// first is the first story of a file that has several.
func first(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		return n.Content[0]
	}
	return n
}

// namedKind is what a name stands for.
type namedKind string

const (
	aFlow  namedKind = "flow"
	aStep  namedKind = "step"
	aField namedKind = "field"
	aRep   namedKind = "rep"
	aTeam  namedKind = "team" // or a rep, where both may stand
	aWeek  namedKind = "hours"
	aGrade namedKind = "grade"
	aPart  namedKind = "part"
	aFile  namedKind = "file"
)

// naming is one place at which something is named.
type naming struct {
	kind namedKind
	name string
	flow string // whose step, field, grade or part; "" = of any flow
	span Stretch
	made bool // it is made here
	node *yaml.Node
}

// namesAt says what the values and keys at a path name; @ is a key, * an element.
var namesAt = map[string]struct {
	kind namedKind
	made bool
}{
	"flow/flow": {aFlow, true}, "flow/fields/@": {aField, true}, "flow/steps/*/id": {aStep, true}, "flow/grades/@": {aGrade, true},
	"flow/steps/*/ask": {aField, false}, "flow/steps/*/else": {aStep, false}, "flow/steps/*/next": {aStep, false},
	"flow/steps/*/next/*/to": {aStep, false}, "flow/steps/*/book/team": {aTeam, false}, "flow/steps/*/handoff/team": {aTeam, false},
	"flow/steps/*/book/with/*": {aTeam, false}, "flow/steps/*/book/needs/*": {aField, false}, "flow/mix/@": {aField, false},
	"flow/score/*/part": {aPart, true}, "flow/caps/@": {aPart, false},
	"team/hours/@": {aWeek, true}, "team/reps/*/id": {aRep, true}, "team/reps/*/hours": {aWeek, false}, "team/teams/*/id": {aTeam, true},
	"team/teams/*/reps/*": {aRep, false}, "team/teams/*/hours": {aWeek, false}, "team/routes/*/to": {aTeam, false},
	"team/routes/*/to/*": {aTeam, false}, "team/routes/*/else": {aTeam, false}, "team/accounts/*/to": {aTeam, false},
	"team/reps/*/calendar": {aFile, false}, "team/reps/*/calendar/*": {aFile, false}, "team/split/@": {aFlow, false}, "followups/sequences/*/flow": {aFlow, false},
	"story/flow": {aFlow, false}, "story/turns/*/expect/step": {aStep, false}, "story/turns/*/expect/rep": {aRep, false},
	"story/turns/*/expect/team": {aTeam, false}, "story/turns/*/expect/grade": {aGrade, false}, "story/turns/*/joins": {aRep, false},
	"story/turns/*/leaves": {aRep, false}, "story/visit/owner": {aRep, false}, "story/turns/*/expect/known/@": {aField, false},
	"story/turns/*/expect/parts/@": {aPart, false},
}

// siteOf is how a path is looked up.
func siteOf(kind string, steps []string) string {
	if kind == storyKind && len(steps) > 0 && steps[0] == "*" {
		steps = steps[1:]
	}
	return path.Join(append([]string{kind}, steps...)...)
}

// isFormula says whether a condition stands under the key.
func isFormula(key string) bool { return key == "if" || key == "then" }

// namingReader collects the names of a page.
type namingReader struct {
	page   *page
	file   *file
	flow   string
	inside *yaml.Node // the map in which a value stands
}

func (r *namingReader) walk(v item, steps []string, g *grammar) {
	switch v.node.Kind {
	case yaml.MappingNode:
		if len(steps) == 1 && steps[0] == "*" && r.page.kind == storyKind {
			r.flow = ""
			if n := member(v.node, "flow"); n != nil {
				r.flow = n.Value
			}
		}
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			k, value := v.node.Content[i], v.node.Content[i+1]
			r.inside = v.node
			r.add(item{v.file, k}, value, append(steps[:len(steps):len(steps)], "@"))
			r.walk(item{v.file, value}, append(steps[:len(steps):len(steps)], k.Value), g.below(k.Value))
		}
	case yaml.SequenceNode:
		for _, c := range v.node.Content {
			r.walk(item{v.file, c}, append(steps[:len(steps):len(steps)], "*"), g.within())
		}
	case yaml.ScalarNode:
		r.add(v, v.node, steps)
		if len(steps) > 0 && isFormula(steps[len(steps)-1]) {
			r.expression(v, v.node.Value, 0)
			return
		}
		r.spoken(v)
	}
}

// add keeps a name at a path, if one stands there.
func (r *namingReader) add(v item, value *yaml.Node, steps []string) {
	at, ok := namesAt[siteOf(r.page.kind, steps)]
	if !ok || v.node.Kind != yaml.ScalarNode || v.node.Value == "" {
		return
	}
	if at.made && value == v.node {
		value = r.inside
	}
	l := newLocator(v)
	r.put(naming{kind: at.kind, name: v.node.Value, made: at.made, node: value}, l.place(0), l.place(len([]rune(v.node.Value))))
}

func (r *namingReader) put(n naming, from, to Place) {
	if from.Line != to.Line || to.Col < from.Col {
		return
	}
	if n.kind == aStep || n.kind == aField || n.kind == aGrade || n.kind == aPart {
		n.flow = r.flow
	}
	n.span = Stretch{from, to.Col}
	r.page.names = append(r.page.names, n)
}

// spoken reads the expressions between {{ }}.
func (r *namingReader) spoken(v item) {
	text := []rune(v.node.Value)
	for at := 0; at+1 < len(text); at++ {
		if text[at] != '{' || text[at+1] != '{' {
			continue
		}
		length := closing(string(text[at+2:]))
		if length < 0 {
			return
		}
		inside := string(text[at+2:])[:length]
		r.expression(v, inside, at+2)
		at += 2 + len([]rune(inside))
	}
}

// expression reads the names in an expression that begins at a character of a value.
func (r *namingReader) expression(v item, source string, offset int) {
	tokens := expressionTokens(source)
	if len(tokens) == 0 {
		return
	}
	l := newLocator(v)
	for i, t := range tokens {
		member := i > 0 && tokens[i-1].value == "."
		kind := aField
		switch {
		case t.word && member && i > 1 && tokens[i-2].value == "part":
			kind = aPart
		case t.word && !member && !slices.Contains(plainNames, t.value) && !slices.Contains(grammarWords, t.value):
		case t.text && i > 1 && tokens[i-1].value == "(" && tokens[i-2].value == "open":
			kind = aWeek
			t.from, t.to = t.from+1, t.to-1
		case t.text && i > 1 && tokens[i-2].value == "grade":
			kind = aGrade
			t.from, t.to = t.from+1, t.to-1
		default:
			continue
		}
		r.put(naming{kind: kind, name: t.value}, l.place(offset+t.from), l.place(offset+t.to))
	}
}

// made is where something is made, or nil.
func (w *Writing) made(n naming) *naming {
	for _, f := range w.files() {
		for i, other := range w.pages[f].names {
			if other.made && alike(n, other) {
				return &w.pages[f].names[i]
			}
		}
	}
	return nil
}

// alike says whether two names stand for the same thing.
func alike(a, b naming) bool {
	if a.name != b.name || a.flow != b.flow && a.flow != "" && b.flow != "" {
		return false
	}
	people := func(k namedKind) bool { return k == aTeam || k == aRep }
	if people(a.kind) && people(b.kind) {
		return a.kind == b.kind || a.made != b.made
	}
	if a.kind == aWeek && b.kind == aTeam || a.kind == aTeam && b.kind == aWeek {
		return a.made != b.made && (a.made || a.kind == aWeek) // open("team")
	}
	return a.kind == b.kind
}

// at is the name under a place, or nil.
func (w *Writing) at(p Place) *naming {
	page := w.pages[p.File]
	if page == nil {
		return nil
	}
	for i, n := range page.names {
		if n.span.Line == p.Line && n.span.Col <= p.Col && p.Col <= n.span.To {
			return &page.names[i]
		}
	}
	return nil
}

// all are the places at which the same thing is named, its making among them.
func (w *Writing) all(n naming) (found []naming) {
	if made := w.made(n); made != nil {
		n = *made
	}
	for _, f := range w.files() {
		for _, other := range w.pages[f].names {
			if alike(n, other) {
				found = append(found, other)
			}
		}
	}
	return found
}

// of are the names that are made of a kind, for a flow.
func (w *Writing) of(kind namedKind, flow string) (found []naming) {
	seen := map[string]bool{}
	for _, f := range w.files() {
		for _, n := range w.pages[f].names {
			if n.made && n.kind == kind && !seen[n.name] && (flow == "" || n.flow == "" || n.flow == flow) {
				seen[n.name] = true
				found = append(found, n)
			}
		}
	}
	return found
}
