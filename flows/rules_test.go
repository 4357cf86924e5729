package flows

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// emitted are the names of rules that stand in the code: where a problem is reported, and in constants.
func emitted(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "rules") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				note(found, n)
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
					if rule, ok := quotedWord(n.Value); ok {
						found[rule] = true
					}
				}
			}
			return true
		})
	}
	return found
}

// ruleAt says which argument of a reporting function is the rule.
var ruleAt = map[string]int{"wrong": 0, "doubt": 0, "report": 2, "say": 1, "find": 1}

func note(found map[string]bool, call *ast.CallExpr) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	if name == "among" && len(call.Args) > 0 {
		if what, ok := quotedWord(call.Args[0]); ok {
			found["unknown-"+what] = true
		}
		return
	}
	at, ok := ruleAt[name]
	if !ok || len(call.Args) < 3 {
		return
	}
	for _, arg := range call.Args[at:min(at+2, len(call.Args))] { // a checker's wrong has the offset first
		if rule, ok := quotedWord(arg); ok && rulePattern.MatchString(rule) {
			found[rule] = true
			return
		}
	}
}

var rulePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func quotedWord(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && s != ""
	case *ast.Ident:
		if e.Name == "badAllow" {
			return badAllow, true
		}
		if e.Name == "unusedAllow" {
			return unusedAllow, true
		}
	}
	return "", false
}

func TestEveryRuleIsInTheTableAndEveryRowIsFound(t *testing.T) {
	found := emitted(t)
	for name := range found {
		if CheckNamed(name) == nil {
			t.Errorf("the rule %s is reported and not in the table", name)
		}
	}
	seen := map[string]bool{}
	for _, c := range Checks() {
		if !found[c.Name] {
			t.Errorf("the rule %s is in the table and never reported", c.Name)
		}
		if seen[c.Name] {
			t.Errorf("the rule %s stands in the table twice", c.Name)
		}
		seen[c.Name] = true
		if c.Says == "" || c.Why == "" || c.Fix == "" || c.Severity == "" {
			t.Errorf("the rule %s is told in part: %+v", c.Name, c)
		}
	}
}

// TestTheChecksPage holds docs/checks.md against the table. Run with -update to write it.
func TestTheChecksPage(t *testing.T) {
	const name = "../docs/checks.md"
	want := checksPage()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("docs/checks.md is old: run go test ./flows -run TestTheChecksPage -update (%v)", err)
	}
}

// checksPage is docs/checks.md.
func checksPage() string {
	var b strings.Builder
	b.WriteString(`# What usher check looks for

Every rule has a name, which stands in square brackets behind each finding. An **error** stops a publish; a **warning** does
not. A warning that is fine as it is can be allowed, on its line or on the line above, with the reason:

` + "```yaml" + `
# usher: allow unused-option because the other topics only tell the rep what it is about
topic: { type: choice, options: { invoice: An invoice, import: Our stock list, other: Something else } }
` + "```" + `

This page is made of the table in package flows: ` + "`go test ./flows -run TestTheChecksPage -update`" + `.
`)
	for _, theme := range themes {
		b.WriteString("\n## " + theme.title + "\n")
		for _, c := range theme.checks {
			b.WriteString("\n### " + c.Name + "\n\n**" + string(c.Severity) + "** · " + c.Says + " " + c.Why + "\n")
			b.WriteString(sample("Found in", c.Broken) + sample("Mended", c.Fix))
		}
	}
	return b.String()
}

// sample is a piece of a file, or words where it is none.
func sample(title, text string) string {
	switch {
	case text == "":
		return ""
	case strings.ContainsAny(text, ":[{"):
		return "\n" + title + ":\n\n```yaml\n" + text + "\n```\n"
	}
	return "\n" + title + ": " + text + ".\n"
}
