package flows

import (
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// sense is what a condition means: tests of subjects, joined by and, or, not. What is not looked into (arithmetic,
// parts of texts) is a fact of its own that may be so or not, so that whatever is found impossible is.
type sense struct {
	op          senseOp
	left, right *sense
	test        *test
	subjects    []*subject // found when they are asked for
}

type senseOp int

const (
	alwaysOp senseOp = iota
	neverOp
	testOp
	notOp
	andOp
	orOp
)

var holdsAlways, holdsNever = &sense{op: alwaysOp}, &sense{op: neverOp}

func not(s *sense) *sense { return &sense{op: notOp, left: s} }

func and(l, r *sense) *sense {
	if l.op == alwaysOp {
		return r
	}
	if r.op == alwaysOp {
		return l
	}
	return &sense{op: andOp, left: l, right: r}
}

func or(l, r *sense) *sense { return &sense{op: orOp, left: l, right: r} }

// senser reads conditions that were found right as senses, and keeps the subjects they are about.
type senser struct {
	fields   map[string]*Field
	grades   []string
	reps     []string
	subjects []*subject
	byName   map[string]*subject
	coarse   bool   // a subject had too many classes
	taken    []int8 // the last solution
}

func newSenser(v *vocabulary, grades []string) *senser {
	return &senser{fields: v.fields, grades: grades, reps: v.repIDs(), byName: map[string]*subject{}}
}

// sense reads a condition; nil always holds.
func (b *senser) sense(c *Condition) *sense {
	if c == nil {
		return holdsAlways
	}
	tree, err := parser.ParseWithConfig(c.Source, &conf.Config{MaxNodes: MaxExpressionNodes, DisableIfOperator: true})
	if err != nil {
		return b.fact(c.Source)
	}
	return b.read(tree.Node)
}

// cut divides every subject into classes, when all conditions have been read.
func (b *senser) cut() {
	for i := 0; i < len(b.subjects); i++ {
		s := b.subjects[i]
		if s.cut() {
			continue
		}
		b.coarse = true
		tests := s.tests
		s.tests, s.numbers, s.texts = nil, nil, nil
		for _, t := range tests {
			if t.kind == isKnown {
				s.tests = append(s.tests, t)
				continue
			}
			t.about = b.subject(s.name+" "+plainNumber(t.number)+t.word, factSort)
			t.kind = isYes
			t.about.tests = append(t.about.tests, t)
		}
		s.cut()
	}
}

// subject is the subject with that name.
func (b *senser) subject(name string, sort sortOf) *subject {
	if s := b.byName[name]; s != nil {
		return s
	}
	s := &subject{name: name, sort: sort, index: len(b.subjects)}
	b.subjects = append(b.subjects, s)
	b.byName[name] = s
	return s
}

func (b *senser) test(s *subject, kind testKind, number float64, word string) *sense {
	for _, t := range s.tests {
		if t.kind == kind && t.number == number && t.word == word {
			return &sense{op: testOp, test: t}
		}
	}
	t := &test{about: s, kind: kind, number: number, word: word}
	s.tests = append(s.tests, t)
	return &sense{op: testOp, test: t}
}

func (b *senser) fact(name string) *sense { return b.test(b.subject(name, factSort), isYes, 0, "") }

func (b *senser) known(s *subject) *sense {
	if s.sort == factSort || s.sure {
		return holdsAlways
	}
	return b.test(s, isKnown, 0, "")
}

// read is the sense of a node that is true or false.
func (b *senser) read(node ast.Node) *sense {
	switch n := node.(type) {
	case *ast.BoolNode:
		if n.Value {
			return holdsAlways
		}
		return holdsNever
	case *ast.IdentifierNode:
		return b.test(b.named(n.Value), isYes, 0, "")
	case *ast.CallNode:
		return b.call(n)
	case *ast.UnaryNode:
		return b.negation(n)
	case *ast.BinaryNode:
		return b.binary(n)
	}
	return b.fact(node.String())
}

func (b *senser) negation(n *ast.UnaryNode) *sense {
	inner, ok := n.Node.(*ast.BinaryNode)
	if ok && inner.Location() == n.Location() { // `a not in b`, false while a side is not known
		return and(b.allKnown(inner), not(b.binary(inner)))
	}
	return not(b.read(n.Node))
}

func (b *senser) call(n *ast.CallNode) *sense {
	if nameOfNode(n.Callee) != "known" || len(n.Arguments) != 1 {
		return b.fact(n.String())
	}
	switch name := nameOfNode(n.Arguments[0]); name {
	case "", "rep", "meeting":
		return b.fact(n.String())
	default:
		return b.known(b.named(name))
	}
}

func (b *senser) binary(n *ast.BinaryNode) *sense {
	switch n.Operator {
	case "and", "&&":
		return and(b.read(n.Left), b.read(n.Right))
	case "or":
		return or(b.read(n.Left), b.read(n.Right))
	case "==", "!=", "<", "<=", ">", ">=":
		if s := b.comparison(n); s != nil {
			return s
		}
	case "in":
		if s := b.membership(n); s != nil {
			return s
		}
	case "contains":
		if list := b.named(nameOfNode(n.Left)); list != nil && list.sort == listSort {
			return b.member(list, n.Right, n)
		}
	}
	return b.opaque(n)
}

// opaque is a comparison that is not looked into: false while something in it is not known, else as it happens.
func (b *senser) opaque(n *ast.BinaryNode) *sense { return and(b.allKnown(n), b.fact(n.String())) }

// allKnown says that everything named is known; what may do without (??, ? :) asks for nothing.
func (b *senser) allKnown(n ast.Node) *sense {
	text := n.String()
	if strings.Contains(text, "?") {
		return holdsAlways
	}
	all := holdsAlways
	var m mentioner
	m.walk(n)
	for _, mention := range m.all {
		if s := b.named(mention.Name); s != nil && mention.Operator != "known" && mention.Operator != "open" && mention.Operator != "visited" {
			all = and(all, b.known(s))
		}
	}
	return all
}

// mirrored is the operator with its sides exchanged.
var mirrored = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// comparison of a subject with a fixed value; nil when it is another.
func (b *senser) comparison(n *ast.BinaryNode) *sense {
	subject, value, operator := b.named(nameOfNode(n.Left)), n.Right, n.Operator
	if subject == nil {
		subject, value, operator = b.named(nameOfNode(n.Right)), n.Left, mirrored[operator]
	}
	if subject == nil {
		return nil
	}
	if yes, ok := value.(*ast.BoolNode); ok && (subject.sort == answerSort || subject.sort == factSort) {
		is := b.test(subject, isYes, 0, "")
		if yes.Value != (operator == "==") {
			return and(b.known(subject), not(is))
		}
		return is
	}
	number, word, ok := fixed(value, subject.sort)
	if !ok {
		return nil
	}
	return b.compared(subject, operator, number, word)
}

func (b *senser) compared(s *subject, operator string, number float64, word string) *sense {
	equal := func() *sense { return b.test(s, isEqual, number, word) }
	below := func() *sense { return b.test(s, isBelow, number, word) }
	switch operator {
	case "==":
		return equal()
	case "!=":
		return and(b.known(s), not(equal()))
	case "<":
		return below()
	case "<=":
		return or(below(), equal())
	case ">":
		return and(b.known(s), not(or(below(), equal())))
	}
	return and(b.known(s), not(below()))
}

// fixed is the number or the text that stands there; ok is false when it is not of the sort.
func fixed(node ast.Node, sort sortOf) (number float64, word string, ok bool) {
	if text, is := node.(*ast.StringNode); is {
		return 0, text.Value, sort == wordSort
	}
	sum, is := sumOf(node)
	return sum.more, "", is && sum.name == "" && sort == numberSort
}

// membership in a list, a range or a field of several choices; nil when it is another.
func (b *senser) membership(n *ast.BinaryNode) *sense {
	if list := b.named(nameOfNode(n.Right)); list != nil && list.sort == listSort {
		return b.member(list, n.Left, n)
	}
	s := b.named(nameOfNode(n.Left))
	if s == nil || s.sort != numberSort && s.sort != wordSort {
		return nil
	}
	if isRange(n.Right) {
		ends := n.Right.(*ast.BinaryNode)
		from, _, ok := fixed(ends.Left, s.sort)
		to, _, too := fixed(ends.Right, s.sort)
		if !ok || !too {
			return nil
		}
		return and(b.compared(s, ">=", from, ""), b.compared(s, "<=", to, ""))
	}
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return nil
	}
	any := holdsNever
	for _, element := range list.Nodes {
		number, word, ok := fixed(element, s.sort)
		if !ok {
			return nil
		}
		any = or(any, b.compared(s, "==", number, word))
	}
	return any
}

// member is one choice in a field of several.
func (b *senser) member(list *subject, one ast.Node, whole *ast.BinaryNode) *sense {
	text, ok := one.(*ast.StringNode)
	if !ok {
		return b.opaque(whole)
	}
	fact := b.subject(list.name+" with "+text.Value, factSort)
	fact.field = list.field
	return and(b.known(list), b.test(fact, isYes, 0, ""))
}

// named is the subject that a name is, or nil when it is none.
func (b *senser) named(name string) *subject {
	if name == "" {
		return nil
	}
	if s := b.byName[name]; s != nil {
		return s
	}
	if f := b.fields[name]; f != nil {
		return b.fieldSubject(f)
	}
	zero, day := 0.0, 23.0
	switch name {
	case "booked", "joined":
		return b.subject(name, factSort)
	case "score":
		return b.sure(name, numberSort)
	case "visits", "hour":
		s := b.sure(name, numberSort)
		s.whole, s.least = true, &zero
		if name == "hour" {
			s.most = &day
		}
		return s
	case "grade":
		s := b.subject(name, wordSort)
		s.closed, s.words = true, b.grades
		return s
	case "weekday":
		s := b.sure(name, wordSort)
		s.closed, s.words = true, weekdays[:]
		return s
	case "owner":
		s := b.subject(name, wordSort)
		s.closed, s.words = true, b.reps
		return s
	case "meeting.minutes":
		return b.subject(name, numberSort)
	}
	if strings.HasPrefix(name, "part.") {
		return b.sure(name, numberSort)
	}
	return b.subject(name, wordSort)
}

func (b *senser) sure(name string, sort sortOf) *subject {
	s := b.subject(name, sort)
	s.sure = true
	return s
}

func (b *senser) fieldSubject(f *Field) *subject {
	sort := wordSort
	switch f.Type {
	case TypeNumber, TypeMoney:
		sort = numberSort
	case TypeYesNo, TypeConsent:
		sort = answerSort
	case TypeChoices:
		sort = listSort
	}
	s := b.subject(f.Name, sort)
	s.field = f
	if sort == numberSort {
		s.least, s.most, s.whole = f.Min, f.Max, f.Whole
	}
	if f.Type == TypeChoice {
		s.closed, s.words = true, f.values()
	}
	return s
}
