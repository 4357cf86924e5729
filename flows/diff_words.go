package flows

import (
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// Words is the condition as one would say it where it is simple ("goal is demo and team size is at least 200"), else as
// it is written.
func (c *Condition) Words() string {
	if c == nil {
		return ""
	}
	tree, err := parser.ParseWithConfig(c.Source, &conf.Config{MaxNodes: MaxExpressionNodes, DisableIfOperator: true})
	if err == nil {
		if words, ok := said(tree.Node); ok {
			return words
		}
	}
	return "`" + strings.Join(strings.Fields(c.Source), " ") + "`"
}

// said is a node of an expression in words; ok is false where that would not read well.
func said(n ast.Node) (words string, ok bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return strings.ReplaceAll(n.Value, "_", " "), true
	case *ast.MemberNode:
		return memberSaid(n)
	case *ast.IntegerNode:
		return strconv.Itoa(n.Value), true
	case *ast.FloatNode:
		return plainNumber(n.Value), true
	case *ast.StringNode:
		return n.Value, n.Value != ""
	case *ast.UnaryNode:
		words, ok := said(n.Node)
		_, simple := n.Node.(*ast.BinaryNode)
		return "not " + words, ok && n.Operator == "not" && !simple
	case *ast.CallNode:
		return callSaid(n)
	case *ast.BinaryNode:
		return binarySaid(n)
	case *ast.ArrayNode:
		var all []string
		for _, e := range n.Nodes {
			words, ok := said(e)
			if !ok {
				return "", false
			}
			all = append(all, words)
		}
		return strings.Join(all, ", "), true
	}
	return "", false
}

func memberSaid(n *ast.MemberNode) (string, bool) {
	whole, ok1 := n.Node.(*ast.IdentifierNode)
	part, ok2 := n.Property.(*ast.StringNode)
	if !ok1 || !ok2 {
		return "", false
	}
	return whole.Value + "." + part.Value, true
}

func callSaid(n *ast.CallNode) (string, bool) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || len(n.Arguments) != 1 {
		return "", false
	}
	of, ok := said(n.Arguments[0])
	switch {
	case !ok:
		return "", false
	case name.Value == "known":
		return of + " is known", true
	case name.Value == "visited":
		return of + " was visited", true
	case name.Value == "open":
		return of + " is open", true
	}
	return "", false
}

// compared are the operators between two values as they are said.
var compared = map[string]string{
	"==": " is ", "!=": " is not ", ">=": " is at least ", ">": " is more than ", "<": " is less than ", "<=": " is at most ",
	"contains": " contains ", "startsWith": " begins with ", "endsWith": " ends with ",
}

func binarySaid(n *ast.BinaryNode) (string, bool) {
	left, ok1 := said(n.Left)
	right, ok2 := said(n.Right)
	if n.Operator == "in" {
		if r, ok := n.Right.(*ast.BinaryNode); ok && r.Operator == ".." {
			from, ok1 := said(r.Left)
			to, ok2 := said(r.Right)
			return left + " is " + from + " to " + to, ok1 && ok2
		}
		return left + " is one of " + right, ok1 && ok2
	}
	if !ok1 || !ok2 {
		return "", false
	}
	switch n.Operator {
	case "and", "or":
		if mixes(n.Left, n.Operator) || mixes(n.Right, n.Operator) {
			return "", false
		}
		return left + " " + n.Operator + " " + right, true
	}
	op, ok := compared[n.Operator]
	return left + op + right, ok && plainSide(n.Left) && plainSide(n.Right)
}

// mixes says whether a part has the other one of and and or, where words alone would not say what binds first.
func mixes(n ast.Node, op string) bool {
	b, ok := n.(*ast.BinaryNode)
	return ok && (b.Operator == "and" || b.Operator == "or") && b.Operator != op
}

func plainSide(n ast.Node) bool {
	switch n.(type) {
	case *ast.BinaryNode, *ast.UnaryNode:
		return false
	}
	return true
}
