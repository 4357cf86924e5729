package flows

import (
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

func (c *checker) unary(n *ast.UnaryNode) term {
	offset := n.Location().From
	if inner, ok := n.Node.(*ast.BinaryNode); ok && n.Operator == "not" && inner.Location() == n.Location() {
		return c.negated(inner) // `a not in b`: expr gives both nodes the place of the operator
	}
	t := c.term(n.Node)
	switch {
	case t.kind == badKind:
		return t
	case n.Operator == "not":
		if t.kind != boolKind {
			return c.wrong(offset, "type-mismatch", "", "not wants true or false, %s is %s", t.named(), t.kind)
		}
		holds := t.holds()
		return boolTerm(func(s *Scope) bool { return !holds(s) })
	case t.kind != numberKind:
		return c.wrong(offset, "type-mismatch", "", "%s wants a number, %s is %s", n.Operator, t.named(), t.kind)
	case t.literal:
		return numberLiteral(sign(n.Operator) * t.number)
	}
	by := sign(n.Operator)
	return numberTerm(func(s *Scope) (float64, bool) {
		v, ok := t.num(s)
		return by * v, ok
	})
}

func sign(operator string) float64 {
	if operator == "-" {
		return -1
	}
	return 1
}

// negated is `a not in b` and its like: a comparison too, hence false while a side is not known.
func (c *checker) negated(n *ast.BinaryNode) term {
	l, r, ok := c.sides(n)
	if !ok {
		return term{}
	}
	t := c.compare(n, l, r)
	if t.kind == badKind {
		return t
	}
	holds, known := t.yes, both(l, r)
	return boolTerm(func(s *Scope) bool { return known(s) && !holds(s) })
}

func both(l, r term) func(*Scope) bool {
	if r.kind == badKind || r.literal {
		return l.isKnown()
	}
	left, right := l.isKnown(), r.isKnown()
	return func(s *Scope) bool { return left(s) && right(s) }
}

// sides checks both operands; what stands right of `in` is looked at by the comparison itself.
func (c *checker) sides(n *ast.BinaryNode) (l, r term, ok bool) {
	l = c.term(n.Left)
	if n.Operator == "in" && isListing(n.Right) {
		return l, term{}, l.kind != badKind
	}
	r = c.term(n.Right)
	return l, r, l.kind != badKind && r.kind != badKind
}

func isListing(n ast.Node) bool {
	if b, ok := n.(*ast.BinaryNode); ok {
		return b.Operator == ".."
	}
	_, ok := n.(*ast.ArrayNode)
	return ok
}

func (c *checker) binary(n *ast.BinaryNode) term {
	if n.Operator == ".." {
		return c.wrong(n.Location().From, "bad-condition", "write field in 20..199", "a range stands only after in")
	}
	l, r, ok := c.sides(n)
	if !ok {
		return term{}
	}
	switch n.Operator {
	case "and", "or", "&&": // expr writes 1 < x < 9 as 1 < x && x < 9
		return c.logic(n, l, r)
	case "+", "-", "*", "/":
		return c.arithmetic(n, l, r)
	case "??":
		return c.fallback(n, l, r)
	}
	return c.compare(n, l, r)
}

func (c *checker) logic(n *ast.BinaryNode, l, r term) term {
	for _, t := range []term{l, r} {
		if t.kind != boolKind {
			return c.wrong(n.Location().From, "type-mismatch", "compare it with something, or ask known(field)", "%s wants true or false on both sides, %s is %s", n.Operator, t.named(), t.kind)
		}
	}
	left, right := l.holds(), r.holds()
	if n.Operator != "or" {
		return boolTerm(func(s *Scope) bool { return left(s) && right(s) })
	}
	return boolTerm(func(s *Scope) bool { return left(s) || right(s) })
}

func (c *checker) arithmetic(n *ast.BinaryNode, l, r term) term {
	switch {
	case l.kind == numberKind && r.kind == numberKind:
		return calculate(n.Operator, l, r)
	case n.Operator == "+" && l.kind == textKind && r.kind == textKind:
		return join(l, r)
	case n.Operator == "+" && c.speaking && (l.kind == textKind || r.kind == textKind):
		return join(l, r)
	case n.Operator == "+":
		return c.wrong(n.Location().From, "type-mismatch", "", "+ wants two numbers or two texts: %s is %s, %s is %s", l.named(), l.kind, r.named(), r.kind)
	}
	t := l
	if l.kind == numberKind {
		t = r
	}
	return c.wrong(n.Location().From, "type-mismatch", "", "%s wants numbers, %s is %s", n.Operator, t.named(), t.kind)
}

func calculate(operator string, l, r term) term {
	return numberTerm(func(s *Scope) (float64, bool) {
		a, ok := l.num(s)
		b, too := r.num(s)
		if !ok || !too {
			return 0, false
		}
		switch operator {
		case "+":
			return a + b, true
		case "-":
			return a - b, true
		case "*":
			return a * b, true
		}
		return a / b, b != 0 // a share of nothing is not known
	})
}

// join puts two texts together; each side is shown by its own rule, so that only what a visitor wrote is made harmless.
func join(l, r term) term {
	t := textTerm(func(s *Scope) (string, bool) {
		a, ok := l.plain(s)
		b, too := r.plain(s)
		if !ok || !too {
			return "", false
		}
		return a + b, true
	})
	t.show = func(s *Scope, language string) (string, bool) {
		a, ok := l.show(s, language)
		b, too := r.show(s, language)
		return a + b, ok || too
	}
	return t
}

// plain is the value as text.
func (t term) plain(s *Scope) (string, bool) {
	if t.kind == textKind {
		return t.text(s)
	}
	return t.show(s, "")
}

// fallback is a ?? b: b where a is not known.
func (c *checker) fallback(n *ast.BinaryNode, l, r term) term {
	known := l.isKnown()
	return c.either(n.Location().From, known, l, r)
}

func (c *checker) conditional(n *ast.ConditionalNode) term {
	cond, l, r := c.term(n.Cond), c.term(n.Exp1), c.term(n.Exp2)
	switch {
	case cond.kind == badKind || l.kind == badKind || r.kind == badKind:
		return term{}
	case cond.kind != boolKind:
		return c.wrong(n.Cond.Location().From, "type-mismatch", "ask known(field)", "before ? stands what is true or false, %s is %s", cond.named(), cond.kind)
	}
	return c.either(n.Exp1.Location().From, cond.holds(), l, r)
}

// either is l where the choice holds, else r.
func (c *checker) either(offset int, choice func(*Scope) bool, l, r term) term {
	pick := func(s *Scope) *term {
		if choice(s) {
			return &l
		}
		return &r
	}
	t := term{kind: l.kind, oneOf: append(slices.Clip(l.oneOf), r.oneOf...)}
	t.closed = (l.closed || l.literal) && (r.closed || r.literal)
	for _, side := range []term{l, r} {
		if side.literal && side.kind == textKind {
			t.oneOf = append(t.oneOf, side.word)
		}
	}
	if l.kind != r.kind {
		if !c.speaking {
			return c.wrong(offset, "type-mismatch", "", "both sides are of one type: %s is %s, %s is %s", l.named(), l.kind, r.named(), r.kind)
		}
		t.kind = textKind
	}
	t.num = func(s *Scope) (float64, bool) { return pick(s).num(s) }
	t.text = func(s *Scope) (string, bool) { return pick(s).plain(s) }
	t.list = func(s *Scope) ([]string, bool) { return pick(s).list(s) }
	t.yes = func(s *Scope) bool { return pick(s).yes(s) }
	if t.kind == boolKind && (l.known != nil || r.known != nil) {
		t.known = func(s *Scope) bool { return pick(s).isKnown()(s) }
	}
	t.show = func(s *Scope, language string) (string, bool) { return pick(s).show(s, language) }
	return t
}

// compare makes the bool term of a comparison. It is false while a side is not known.
func (c *checker) compare(n *ast.BinaryNode, l, r term) term {
	switch n.Operator {
	case "==", "!=":
		return c.equal(n, l, r)
	case "<", "<=", ">", ">=":
		return c.order(n, l, r)
	case "in":
		return c.in(n, l, r)
	case "contains", "startsWith", "endsWith":
		return c.search(n, l, r)
	case "matches":
		return c.matches(n, l, r)
	}
	return c.wrong(n.Location().From, "not-in-language", "", "%s is not part of the language", n.Operator)
}

func (c *checker) search(n *ast.BinaryNode, l, r term) term {
	if n.Operator == "contains" && l.kind == listKind {
		return c.chosen(n, r, l)
	}
	for _, t := range []term{l, r} {
		if t.kind != textKind {
			return c.wrong(n.Location().From, "type-mismatch", "", "%s wants two texts, %s is %s", n.Operator, t.named(), t.kind)
		}
	}
	test := map[string]func(a, b string) bool{
		"contains": strings.Contains, "startsWith": strings.HasPrefix, "endsWith": strings.HasSuffix,
	}[n.Operator]
	return boolTerm(func(s *Scope) bool {
		a, ok := l.text(s)
		b, too := r.text(s)
		return ok && too && test(a, b)
	})
}

// matches is linear in the text: RE2, compiled when the flow is loaded.
func (c *checker) matches(n *ast.BinaryNode, l, r term) term {
	switch {
	case l.kind != textKind:
		return c.wrong(n.Location().From, "type-mismatch", "", "matches wants a text, %s is %s", l.named(), l.kind)
	case !r.literal || r.kind != textKind:
		return c.wrong(n.Right.Location().From, "bad-condition", "write it in quotes", "after matches stands a fixed regular expression")
	}
	re, err := regexp.Compile(r.word)
	if err != nil {
		return c.wrong(n.Right.Location().From, "bad-pattern", "", "this is not a regular expression: %s", patternError(err))
	}
	return boolTerm(func(s *Scope) bool {
		a, ok := l.text(s)
		return ok && re.MatchString(a)
	})
}

func patternError(err error) string {
	return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}
