package flows

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	exprfile "github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
)

// Bounds on one expression. A turn evaluates every score rule and the edges of a step, so an expression must stay
// small; nothing in the language can loop, so its size bounds its time and memory.
const (
	// MaxExpression is the most characters of one expression: ten comparisons take about 300.
	MaxExpression = 1000
	// MaxExpressionNodes is the most names, values and operators in one expression.
	MaxExpressionNodes = 200
	// MaxRendered is the most bytes one text may become; a chat message is far smaller.
	MaxRendered = 64 << 10
)

// ErrTooLong says that a text grew beyond MaxRendered.
var ErrTooLong = errors.New("text is longer than the most that is shown")

// checker checks one expression and makes a term of it. The expression is parsed by expr and has expr's grammar; the
// types, the names and what is allowed are ours.
type checker struct {
	*vocabulary
	at       func(offset int) Place // where a character of the expression stands in the file
	file     *file
	speaking bool     // between {{ }}: text may be put together with any value
	fields   []string // fields named, each once
	visited  []string // patterns asked about
}

func (c *checker) wrong(offset int, rule, hint, format string, args ...any) term {
	c.file.report(Error, c.at(offset), rule, fmt.Sprintf(format, args...), hint)
	return term{}
}

// check reads the source; a problem is reported and gives a term of badKind.
func (c *checker) check(source string) term {
	switch {
	case strings.TrimSpace(source) == "":
		return c.wrong(0, "bad-condition", "", "there is no expression here")
	case utf8.RuneCountInString(source) > MaxExpression:
		return c.wrong(0, "too-large", "split it into several rules or steps", "the expression has more than %d characters", MaxExpression)
	}
	if !c.fence(source) {
		return term{}
	}
	tree, err := parser.ParseWithConfig(source, &conf.Config{MaxNodes: MaxExpressionNodes, DisableIfOperator: true})
	if err != nil {
		return c.syntax(source, err)
	}
	return c.term(tree.Node)
}

func (c *checker) syntax(source string, err error) term {
	offset, message := 0, err.Error()
	var e *exprfile.Error
	if errors.As(err, &e) {
		offset, message = min(e.From, utf8.RuneCountInString(source)), e.Message
	}
	if strings.Contains(message, "maximum allowed nodes") {
		return c.wrong(0, "too-large", "split it into several rules or steps", "the expression has more than %d parts", MaxExpressionNodes)
	}
	hint := ""
	if strings.Contains(message, `Operator("=")`) {
		hint = "write == to compare"
	}
	return c.wrong(offset, "bad-condition", hint, "this expression cannot be read: %s", message)
}

// outside are the operators of expr that are not part of the language, with what to write instead.
var outside = map[string]string{
	"&&": "write and", "||": "write or", "!": "write not", "|": "", ";": "", "#": "", "::": "", "?.": "write . alone",
	"**": "", "^": "", "%": "", "let": "", "if": "write a ? b : c", "else": "", "=": "write == to compare",
}

// fence refuses what lies outside the language before it is parsed, so that every such thing is reported.
func (c *checker) fence(source string) bool {
	tokens, err := lexer.Lex(exprfile.NewSource(source))
	if err != nil {
		c.syntax(source, err)
		return false
	}
	ok := true
	for _, token := range tokens {
		hint, refused := outside[token.Value]
		brace := token.Is(lexer.Bracket, "{")
		if token.Is(lexer.Operator) && refused || brace {
			c.wrong(token.From, "not-in-language", hint, "%s is not part of the language", token.Value)
			ok = false
		}
	}
	return ok
}

// term checks one node of the tree.
func (c *checker) term(node ast.Node) term {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return numberLiteral(float64(n.Value))
	case *ast.FloatNode:
		return numberLiteral(n.Value)
	case *ast.StringNode:
		return textLiteral(n.Value)
	case *ast.BoolNode:
		return boolTerm(func(*Scope) bool { return n.Value })
	case *ast.IdentifierNode:
		return c.identifier(n)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.CallNode:
		return c.call(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.BuiltinNode:
		return c.wrong(n.Location().From, "unknown-function", didYouMean(n.Name, functions), "there is no function %s", n.Name)
	case *ast.NilNode:
		return c.wrong(n.Location().From, "not-in-language", "ask known(field)", "nil is not part of the language")
	case *ast.ArrayNode:
		return c.wrong(n.Location().From, "bad-condition", `write field in ["a", "b"]`, "a list stands only after in")
	}
	return c.wrong(node.Location().From, "not-in-language", "", "this is not part of the language")
}

func (c *checker) identifier(n *ast.IdentifierNode) term {
	offset := n.Location().From
	switch n.Value {
	case "rep", "meeting", "utm", "part":
		return c.wrong(offset, "unknown-name", "write "+n.Value+".NAME", "%s is not a value of its own", n.Value)
	case "score", "grade":
		if c.rating {
			return c.wrong(offset, "circular-score", "name the fields the rule is about", "a score rule cannot name %s: it is what the rules make", n.Value)
		}
	}
	t, ok := c.name(n.Value)
	if !ok && c.guess {
		return term{}
	}
	if !ok {
		return c.wrong(offset, "unknown-field", didYouMean(n.Value, c.names()), "there is no field or name %s", n.Value)
	}
	if t.field != nil {
		c.note(n.Value)
		if sentence, clash := c.clash[n.Value]; clash {
			return c.wrong(offset, "type-clash", "give the field one type in all flows", "%s", sentence)
		}
	}
	return t
}

// note remembers that a field was named.
func (c *checker) note(field string) {
	for _, f := range c.fields {
		if f == field {
			return
		}
	}
	c.fields = append(c.fields, field)
}

func (c *checker) member(n *ast.MemberNode) term {
	whole, ok1 := n.Node.(*ast.IdentifierNode)
	name, ok2 := n.Property.(*ast.StringNode)
	if !ok1 || !ok2 {
		return c.wrong(n.Location().From, "not-in-language", "", "this is not part of the language")
	}
	offset := name.Location().From
	var t term
	var known []string
	ok := true
	switch whole.Value {
	case "rep":
		t, ok = repTerm(name.Value)
		known = sortedKeys(repNames)
	case "meeting":
		t, ok = meetingTerm(name.Value)
		known = append(sortedKeys(meetingNames), "minutes")
	case "utm":
		t = utmTerm(name.Value)
	case "part":
		return c.part(name)
	default:
		return c.wrong(whole.Location().From, "unknown-name", didYouMean(whole.Value, []string{"rep", "meeting", "utm", "part"}), "%s has no parts", whole.Value)
	}
	if !ok {
		return c.wrong(offset, "unknown-name", didYouMean(name.Value, known), "%s has no %s", whole.Value, name.Value)
	}
	t.noun = whole.Value + "." + name.Value
	return t
}

func (c *checker) part(name *ast.StringNode) term {
	offset := name.Location().From
	if c.rating {
		return c.wrong(offset, "circular-score", "name the fields the rule is about", "a score rule cannot name part.%s: it is what the rules make", name.Value)
	}
	if c.guess {
		return term{}
	}
	for _, p := range c.parts {
		if p == name.Value {
			t := partTerm(name.Value)
			t.noun = "part." + name.Value
			return t
		}
	}
	return c.wrong(offset, "unknown-part", didYouMean(name.Value, c.parts), "no score rule brings the part %s", name.Value)
}
