package flows

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

// functions are all there are.
var functions = []string{"known", "visited", "open"}

func (c *checker) call(n *ast.CallNode) term {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return c.wrong(n.Location().From, "not-in-language", "", "this is not part of the language")
	}
	offset := callee.Location().From
	var of func(ast.Node) term
	switch callee.Value {
	case "known":
		of = c.knownCall
	case "visited":
		of = c.visitedCall
	case "open":
		of = c.openCall
	default:
		return c.wrong(offset, "unknown-function", didYouMean(callee.Value, functions), "there is no function %s", callee.Value)
	}
	if len(n.Arguments) != 1 {
		return c.wrong(offset, "bad-condition", "", "%s takes one thing between the brackets, not %d", callee.Value, len(n.Arguments))
	}
	return of(n.Arguments[0])
}

// knownCall is known(field): whether the value has been given.
func (c *checker) knownCall(argument ast.Node) term {
	switch n := argument.(type) {
	case *ast.IdentifierNode:
		switch n.Value {
		case "rep":
			return boolTerm(func(s *Scope) bool { return s.Rep != nil })
		case "meeting":
			return boolTerm(func(s *Scope) bool { return s.Meeting != nil })
		}
	case *ast.MemberNode:
	default:
		return c.wrong(argument.Location().From, "bad-condition", "write known(field)", "known asks about a field by its name")
	}
	t := c.term(argument)
	if t.kind == badKind {
		return t
	}
	return boolTerm(t.isKnown())
}

// visitedCall is visited("/pricing*"): whether such a page was seen.
func (c *checker) visitedCall(argument ast.Node) term {
	n, ok := argument.(*ast.StringNode)
	if !ok {
		return c.wrong(argument.Location().From, "bad-condition", `write visited("/pricing*")`, "visited takes a path in quotes")
	}
	if hint := badPath(n.Value); hint != "" {
		return c.wrong(n.Location().From, "bad-path", hint, "%q is not the path of a page", n.Value)
	}
	c.visited = append(c.visited, n.Value)
	return boolTerm(func(s *Scope) bool {
		for _, page := range s.Pages {
			if MatchPath(n.Value, page) {
				return true
			}
		}
		return MatchPath(n.Value, s.Page)
	})
}

// badPath is the mend of a pattern that no path can match, or "".
func badPath(pattern string) string {
	if !strings.HasPrefix(pattern, "/") && !strings.HasPrefix(pattern, "*") {
		return "a path begins with /"
	}
	return ""
}

// openCall is open("office"): whether those hours, or that team's, are kept now.
func (c *checker) openCall(argument ast.Node) term {
	n, ok := argument.(*ast.StringNode)
	if !ok {
		return c.wrong(argument.Location().From, "bad-condition", `write open("office")`, "open takes the name of hours in quotes")
	}
	if hours := c.roster.Hours[n.Value]; hours != nil {
		return boolTerm(func(s *Scope) bool { return c.roster.open(hours, c.roster.Location, s.Now) })
	}
	if team := c.roster.Team(n.Value); team != nil {
		return boolTerm(func(s *Scope) bool {
			if s.Roster != nil {
				return s.Roster.Open(n.Value, s.Now) // a rehearsal may try other people
			}
			return c.roster.manned(team, s.Now)
		})
	}
	return c.wrong(n.Location().From, "unknown-hours", didYouMean(n.Value, sortedKeys(c.roster.Hours)), "there are no hours called %s in team.yaml", n.Value)
}

// MatchPath says whether a path fits a pattern, in which * stands for any run of characters. Of a whole address only
// the path counts.
// A slash at the end makes no difference where the pattern has none.
func MatchPath(pattern, address string) bool {
	path := pathOf(address)
	if len(path) > 1 && !strings.HasSuffix(pattern, "/") && matchPath(pattern, strings.TrimSuffix(path, "/")) {
		return true
	}
	return matchPath(pattern, path)
}

func matchPath(pattern, path string) bool {
	star, back := -1, 0
	i, j := 0, 0
	for j < len(path) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, back = i, j
			i++
		case i < len(pattern) && pattern[i] == path[j]:
			i++
			j++
		case star >= 0:
			back++
			i, j = star+1, back
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == '*' {
		i++
	}
	return i == len(pattern) && path != ""
}

// pathOf is the path of an address: without scheme, host, query and fragment.
func pathOf(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			address = rest[slash:]
		} else {
			address = "/"
		}
	}
	if end := strings.IndexAny(address, "?#"); end >= 0 {
		address = address[:end]
	}
	return address
}
