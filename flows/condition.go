package flows

import "go.yaml.in/yaml/v4"

// Condition is a checked, compiled expression that is true or false. A nil condition holds.
//
// A comparison with something that is not known is false, whichever way it is written: `budget < 500`, `budget != 500`
// and `country not in ["IN"]` are all false without an answer. What is made of it follows ordinary logic: `not (budget
// < 500)` is true without an answer, for the comparison in it is false. A yes-or-no field counts as false while it is
// not known; arithmetic with something not known is not known; `a ?? b` is b where a is not known.
type Condition struct {
	Source  string
	Fields  []string // fields it names, each once
	Visited []string // patterns it asks visited(…) about, for MatchPath
	Place   Place

	holds func(*Scope) bool
}

// Holds evaluates the condition; a comparison with a field that is not known is false. It allocates nothing, and it is
// bounded by the size of the expression, so the error is always nil today; it is there for bounds to come.
func (c *Condition) Holds(s *Scope) (bool, error) {
	if c == nil || c.holds == nil {
		return true, nil
	}
	return c.holds(s), nil
}

// condition checks a condition as the author wrote it; one that was not written is nil.
func (v *vocabulary) condition(f formula) *Condition {
	if !f.set() || f.source == "" && f.node.Kind != yaml.ScalarNode {
		return nil
	}
	c := checker{vocabulary: v, file: f.file, at: newLocator(f.item).place}
	t := c.check(f.source)
	if t.kind != badKind && t.kind != boolKind {
		c.wrong(0, "type-mismatch", "compare it with something, or ask known(field)", "a condition is true or false, %s is %s", t.named(), t.kind)
	}
	made := &Condition{Source: f.source, Fields: c.fields, Visited: c.visited, Place: f.place()}
	if t.kind == boolKind {
		made.holds = t.holds()
	}
	return made
}
