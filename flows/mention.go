package flows

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// Mention is one thing that an expression names and what it is compared with there: what can make a difference to it.
type Mention struct {
	Name     string // a field, or a name such as hour, utm.source, part.need, rep.id; open and visited stand for themselves
	Operator string // a comparison, in, .., known, open, visited; "" = named without any
	Texts    []string
	Numbers  []float64 // thresholds: of `size * 20 >= 5000` it is 250
}

// Mentions are all things that the condition names, in the order written.
func (c *Condition) Mentions() []Mention {
	if c == nil {
		return nil
	}
	return mentions(c.Source)
}

// Mentions are all things that the text names between {{ }}, in all its languages.
func (t *Text) Mentions() (all []Mention) {
	if t == nil {
		return nil
	}
	for i := range t.by {
		rest := t.by[i].written
		for {
			_, after, open := strings.Cut(rest, "{{")
			length := closing(after)
			if !open || length < 0 {
				break
			}
			all = append(all, mentions(after[:length])...)
			rest = after[length+2:]
		}
	}
	return all
}

// mentions reads an expression once more; one that was refused mentions nothing.
func mentions(source string) []Mention {
	tree, err := parser.ParseWithConfig(source, &conf.Config{MaxNodes: MaxExpressionNodes, DisableIfOperator: true})
	if err != nil {
		return nil
	}
	var m mentioner
	m.walk(tree.Node)
	return m.all
}

// mentioner collects what an expression mentions.
type mentioner struct{ all []Mention }

func (m *mentioner) walk(node ast.Node) {
	switch n := node.(type) {
	case *ast.IdentifierNode, *ast.MemberNode:
		m.all = append(m.all, Mention{Name: nameOfNode(n)})
	case *ast.CallNode:
		m.call(n)
	case *ast.UnaryNode:
		m.walk(n.Node)
	case *ast.ConditionalNode:
		m.walk(n.Cond)
		m.walk(n.Exp1)
		m.walk(n.Exp2)
	case *ast.BinaryNode:
		m.binary(n)
	}
}

// nameOfNode is the name that a node is, or "".
func nameOfNode(node ast.Node) string {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return n.Value
	case *ast.MemberNode:
		whole, ok1 := n.Node.(*ast.IdentifierNode)
		part, ok2 := n.Property.(*ast.StringNode)
		if ok1 && ok2 {
			return whole.Value + "." + part.Value
		}
	}
	return ""
}

func (m *mentioner) call(n *ast.CallNode) {
	callee := nameOfNode(n.Callee)
	for _, argument := range n.Arguments {
		if text, ok := argument.(*ast.StringNode); ok {
			m.all = append(m.all, Mention{Name: callee, Operator: callee, Texts: []string{text.Value}})
			continue
		}
		if name := nameOfNode(argument); name != "" {
			m.all = append(m.all, Mention{Name: name, Operator: callee})
			continue
		}
		m.walk(argument)
	}
}

func (m *mentioner) binary(n *ast.BinaryNode) {
	switch n.Operator {
	case "and", "or", "&&", "??", "+", "-", "*", "/":
		m.walk(n.Left)
		m.walk(n.Right)
	default:
		m.compared(n)
	}
}

// compared is a comparison. Where it is about one number that is only added to and multiplied, its thresholds are
// solved for; else everything fixed in it is held against every name in it.
func (m *mentioner) compared(n *ast.BinaryNode) {
	operator := n.Operator
	if isRange(n.Right) {
		operator = ".."
	}
	if name, at, ok := threshold(n); ok {
		m.all = append(m.all, Mention{Name: name, Operator: operator, Numbers: at})
		return
	}
	var inner mentioner
	inner.walk(n.Left)
	inner.walk(n.Right)
	fixed := Mention{Operator: operator}
	fixed.literals(n.Left)
	fixed.literals(n.Right)
	for _, one := range inner.all {
		if one.Operator == "" {
			one.Operator, one.Texts, one.Numbers = fixed.Operator, fixed.Texts, fixed.Numbers
		}
		m.all = append(m.all, one)
	}
}

// literals collects the fixed values of a comparison's side.
func (m *Mention) literals(node ast.Node) {
	switch n := node.(type) {
	case *ast.StringNode:
		m.Texts = append(m.Texts, n.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.UnaryNode:
		if s, ok := sumOf(n); ok && s.name == "" {
			m.Numbers = append(m.Numbers, s.more)
		}
	case *ast.ArrayNode:
		for _, element := range n.Nodes {
			m.literals(element)
		}
	case *ast.BinaryNode:
		m.literals(n.Left)
		m.literals(n.Right)
	}
}

// threshold is the values of a name at which a comparison of numbers changes.
func threshold(n *ast.BinaryNode) (name string, at []float64, ok bool) {
	left, ok := sumOf(n.Left)
	if !ok {
		return "", nil, false
	}
	for _, side := range bounds(n.Right) {
		right, ok := sumOf(side)
		both, one := left.plus(right, -1)
		if !ok || !one || both.times == 0 {
			return "", nil, false
		}
		name, at = both.name, append(at, -both.more/both.times)
	}
	return name, at, len(at) > 0
}

// bounds are what stands right of a comparison: a list, the ends of a range, or one value.
func bounds(node ast.Node) []ast.Node {
	switch n := node.(type) {
	case *ast.ArrayNode:
		return n.Nodes
	case *ast.BinaryNode:
		if isRange(n) {
			return []ast.Node{n.Left, n.Right}
		}
	}
	return []ast.Node{node}
}

func isRange(node ast.Node) bool {
	n, ok := node.(*ast.BinaryNode)
	return ok && n.Operator == ".."
}

// sum is times × name + more.
type sum struct {
	name        string
	times, more float64
}

// plus adds sign times another; one is false when there would be two names.
func (s sum) plus(o sum, sign float64) (sum, bool) {
	if s.name != "" && o.name != "" && s.name != o.name {
		return sum{}, false
	}
	name := s.name
	if name == "" {
		name = o.name
	}
	return sum{name, s.times + sign*o.times, s.more + sign*o.more}, true
}

func (s sum) scaled(by float64) sum { return sum{s.name, s.times * by, s.more * by} }

// sumOf reads a node as a sum, where it is one.
func sumOf(node ast.Node) (sum, bool) {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return sum{more: float64(n.Value)}, true
	case *ast.FloatNode:
		return sum{more: n.Value}, true
	case *ast.IdentifierNode, *ast.MemberNode:
		return sum{name: nameOfNode(n), times: 1}, true
	case *ast.UnaryNode:
		s, ok := sumOf(n.Node)
		return s.scaled(sign(n.Operator)), ok && n.Operator != "not"
	case *ast.BinaryNode:
		return sumOfTwo(n)
	}
	return sum{}, false
}

func sumOfTwo(n *ast.BinaryNode) (sum, bool) {
	l, ok1 := sumOf(n.Left)
	r, ok2 := sumOf(n.Right)
	if !ok1 || !ok2 {
		return sum{}, false
	}
	switch {
	case n.Operator == "+":
		return l.plus(r, 1)
	case n.Operator == "-":
		return l.plus(r, -1)
	case n.Operator == "*" && l.name == "":
		return r.scaled(l.more), true
	case n.Operator == "*" && r.name == "":
		return l.scaled(r.more), true
	case n.Operator == "/" && r.name == "" && r.more != 0:
		return l.scaled(1 / r.more), true
	case n.Operator == "??" && r.name == "":
		return l, true
	}
	return sum{}, false
}

// Names are the names that are mentioned, each once.
func Names(mentions []Mention) (names []string) {
	for _, m := range mentions {
		if !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
}
