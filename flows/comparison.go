package flows

import (
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

func (c *checker) equal(n *ast.BinaryNode, l, r term) term {
	if l.kind != r.kind {
		return c.mismatch(n, l, r)
	}
	if !c.fits(n.Left, l, r) || !c.fits(n.Right, r, l) {
		return term{}
	}
	want := n.Operator == "=="
	switch l.kind {
	case numberKind:
		if r.literal {
			return boolTerm(func(s *Scope) bool { a, ok := l.num(s); return ok && (a == r.number) == want })
		}
		return boolTerm(func(s *Scope) bool {
			a, ok := l.num(s)
			b, too := r.num(s)
			return ok && too && (a == b) == want
		})
	case textKind:
		if r.literal {
			return boolTerm(func(s *Scope) bool { a, ok := l.text(s); return ok && (a == r.word) == want })
		}
		return boolTerm(func(s *Scope) bool {
			a, ok := l.text(s)
			b, too := r.text(s)
			return ok && too && (a == b) == want
		})
	case boolKind:
		known := both(l, r)
		return boolTerm(func(s *Scope) bool { return known(s) && (l.yes(s) == r.yes(s)) == want })
	}
	return c.wrong(n.Location().From, "type-mismatch", `write "option" in field`, "lists of choices cannot be compared with %s", n.Operator)
}

func (c *checker) mismatch(n *ast.BinaryNode, l, r term) term {
	hint := ""
	switch {
	case l.field != nil && r.kind == numberKind && len(l.oneOf) > 0, r.kind == boolKind && len(l.oneOf) > 0:
		hint = oneOf(l.oneOf)
	case l.kind == numberKind && r.literal:
		hint = "write the number without quotes"
	case l.kind == listKind || r.kind == listKind:
		hint = `write "option" in field`
	}
	return c.wrong(n.Location().From, "type-mismatch", hint, "%s is %s, %s is %s: they cannot be compared", l.named(), l.kind, r.named(), r.kind)
}

// fits says whether a fixed text can ever be the value of the other side; one that cannot is a slip of the pen.
func (c *checker) fits(at ast.Node, value, other term) bool {
	if !value.literal || value.kind != textKind {
		return true
	}
	offset := at.Location().From
	switch {
	case other.closed && !slices.Contains(other.oneOf, value.word):
		c.wrong(offset, "unknown-option", didYouMean(value.word, other.oneOf), "%s is never %q", other.named(), value.word)
	case other.field == nil:
		return true
	case other.field.Type == TypeDate && !isDate(value.word):
		c.wrong(offset, "bad-date", "write it as 2026-12-01", "%q is not a date", value.word)
	case other.field.Type == TypeCountry && !countryCode.MatchString(value.word):
		c.wrong(offset, "bad-country", "write the ISO code in capitals: IN, DE, US", "%q is not the code of a country", value.word)
	default:
		return true
	}
	return false
}

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

func isDate(s string) bool {
	_, ok := parseDate(s)
	return ok
}

func (c *checker) order(n *ast.BinaryNode, l, r term) term {
	if l.kind != r.kind {
		return c.mismatch(n, l, r)
	}
	if !c.fits(n.Left, l, r) || !c.fits(n.Right, r, l) {
		return term{}
	}
	switch {
	case l.kind == numberKind && r.literal:
		return boolTerm(orderLiteral(n.Operator, l.num, r.number))
	case l.kind == numberKind:
		test := ordered[n.Operator]
		return boolTerm(func(s *Scope) bool {
			a, ok := l.num(s)
			b, too := r.num(s)
			return ok && too && (a == a && b == b) && test(compareNumbers(a, b))
		})
	case l.kind == textKind && !l.closed && !r.closed:
		test := ordered[n.Operator]
		return boolTerm(func(s *Scope) bool {
			a, ok := l.text(s)
			b, too := r.text(s)
			return ok && too && test(strings.Compare(a, b))
		})
	}
	return c.wrong(n.Location().From, "type-mismatch", "compare with == or in", "%s has no order", l.named())
}

var ordered = map[string]func(int) bool{
	"<": func(c int) bool { return c < 0 }, "<=": func(c int) bool { return c <= 0 },
	">": func(c int) bool { return c > 0 }, ">=": func(c int) bool { return c >= 0 },
}

func compareNumbers(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// orderLiteral is the comparison of nearly every score rule, hence without a detour.
func orderLiteral(operator string, num func(*Scope) (float64, bool), than float64) func(*Scope) bool {
	switch operator {
	case "<":
		return func(s *Scope) bool { a, ok := num(s); return ok && a < than }
	case "<=":
		return func(s *Scope) bool { a, ok := num(s); return ok && a <= than }
	case ">":
		return func(s *Scope) bool { a, ok := num(s); return ok && a > than }
	}
	return func(s *Scope) bool { a, ok := num(s); return ok && a >= than }
}

// in is membership in a list, a range or a field of several choices.
func (c *checker) in(n *ast.BinaryNode, l, r term) term {
	switch right := n.Right.(type) {
	case *ast.ArrayNode:
		return c.inList(right, l)
	case *ast.BinaryNode:
		if right.Operator == ".." {
			return c.inRange(right, l)
		}
	}
	if r.kind == listKind {
		return c.chosen(n, l, r)
	}
	return c.wrong(n.Right.Location().From, "type-mismatch", `write field in ["a", "b"] or field in 20..199`, "after in stands a list, a range or a field of several choices; %s is %s", r.named(), r.kind)
}

func (c *checker) inRange(n *ast.BinaryNode, l term) term {
	from, to := c.term(n.Left), c.term(n.Right)
	if from.kind == badKind || to.kind == badKind {
		return term{}
	}
	for _, t := range []term{l, from, to} {
		if t.kind != numberKind {
			return c.wrong(n.Location().From, "type-mismatch", "", "a range is for numbers, %s is %s", t.named(), t.kind)
		}
	}
	if from.literal && to.literal && from.number > to.number {
		return c.wrong(n.Location().From, "empty-range", "turn it round", "no number is in %s..%s", from.noun, to.noun)
	}
	return boolTerm(func(s *Scope) bool {
		v, ok := l.num(s)
		a, low := from.num(s)
		b, high := to.num(s)
		return ok && low && high && a <= v && v <= b
	})
}

func (c *checker) inList(n *ast.ArrayNode, l term) term {
	if l.kind != numberKind && l.kind != textKind {
		return c.wrong(n.Location().From, "type-mismatch", "", "a list holds numbers or texts, %s is %s", l.named(), l.kind)
	}
	var numbers []float64
	var texts []string
	ok := true
	for _, element := range n.Nodes {
		t := c.term(element)
		switch {
		case t.kind == badKind:
			ok = false
		case !t.literal:
			c.wrong(element.Location().From, "bad-condition", "", "a list holds fixed values, %s is none", t.named())
			ok = false
		case t.kind != l.kind:
			c.wrong(element.Location().From, "type-mismatch", "", "%s is %s, %s is %s", l.named(), l.kind, t.named(), t.kind)
			ok = false
		case !c.fits(element, t, l):
			ok = false
		}
		numbers, texts = append(numbers, t.number), append(texts, t.word)
	}
	switch {
	case !ok:
		return term{}
	case len(n.Nodes) == 0:
		return c.wrong(n.Location().From, "bad-condition", "", "the list is empty")
	case l.kind == numberKind:
		return boolTerm(func(s *Scope) bool { v, ok := l.num(s); return ok && slices.Contains(numbers, v) })
	}
	return boolTerm(func(s *Scope) bool { v, ok := l.text(s); return ok && slices.Contains(texts, v) })
}

// chosen is one choice in a field of several.
func (c *checker) chosen(n *ast.BinaryNode, one, list term) term {
	at := n.Left
	if n.Operator == "contains" {
		at = n.Right
	}
	if one.kind != textKind {
		return c.wrong(at.Location().From, "type-mismatch", "", "%s holds texts, %s is %s", list.named(), one.named(), one.kind)
	}
	if !c.fits(at, one, list) {
		return term{}
	}
	return boolTerm(func(s *Scope) bool {
		v, ok := one.text(s)
		all, known := list.list(s)
		return ok && known && slices.Contains(all, v)
	})
}
