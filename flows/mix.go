package flows

import "slices"

// Mix is who comes, for simulations: how often each answer is given, and how often none.
type Mix struct {
	// Leaves is how many of a hundred visitors fall silent at each question; nil = not written.
	Leaves *float64
	// Fields are the shares of answers, in the order written.
	Fields []FieldMix
	Place  Place
}

// FieldMix is the shares of the answers to one field. They count as parts of their sum.
type FieldMix struct {
	Field  string
	Shares []MixShare
	Place  Place
}

// MixShare is how often an answer is given: a value, numbers from From to To, SkippedAnswer or RefusedAnswer.
type MixShare struct {
	Answer   string // as written
	Range    bool   // From and To are set: the answers lie between, both included
	From, To float64
	Percent  float64
	Place    Place
}

// Answers of a mix that are none: the visitor skips an optional question, or types what cannot be read. An option of that
// name is meant where there is one.
const (
	SkippedAnswer = "skipped"
	RefusedAnswer = "refused"
)

// Sum is what the shares add up to.
func (m FieldMix) Sum() (sum float64) {
	for _, s := range m.Shares {
		sum += s.Percent
	}
	return sum
}

// Field is the mix of a field, or nil.
func (m *Mix) Field(name string) *FieldMix {
	if m == nil {
		return nil
	}
	if i := slices.IndexFunc(m.Fields, func(f FieldMix) bool { return f.Field == name }); i >= 0 {
		return &m.Fields[i]
	}
	return nil
}
