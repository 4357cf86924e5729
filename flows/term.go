package flows

import "strconv"

// kind is the type of an expression.
type kind int

const (
	badKind kind = iota // already reported: whatever is made of it is not reported again
	numberKind
	textKind
	boolKind
	listKind
)

func (k kind) String() string {
	return [...]string{"nothing", "a number", "a text", "true or false", "a list of choices"}[k]
}

// term is a checked expression: its type, and how its value is found in a scope. The second result of num, text and
// list is whether the value is known; what is made of an unknown value is unknown, and a comparison with it is false.
type term struct {
	kind    kind
	noun    string   // what messages call it
	field   *Field   // a bare field
	oneOf   []string // the texts it can be …
	closed  bool     // … when these are all
	literal bool     // a constant, in number or in word
	number  float64
	word    string

	num   func(*Scope) (float64, bool)
	text  func(*Scope) (string, bool)
	list  func(*Scope) ([]string, bool)
	yes   func(*Scope) bool
	known func(*Scope) bool // bool only; nil = always
	show  func(s *Scope, language string) (string, bool)
}

func numberTerm(num func(*Scope) (float64, bool)) term {
	return term{kind: numberKind, num: num, show: func(s *Scope, _ string) (string, bool) {
		n, ok := num(s)
		return plainNumber(n), ok
	}}
}

func plainNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func boolTerm(yes func(*Scope) bool) term {
	return term{kind: boolKind, yes: yes, show: func(s *Scope, _ string) (string, bool) {
		return strconv.FormatBool(yes(s)), true
	}}
}

// textTerm is the author's or our own text: it is shown as it is.
func textTerm(text func(*Scope) (string, bool)) term {
	return term{kind: textKind, text: text, show: func(s *Scope, _ string) (string, bool) { return text(s) }}
}

// ownText is text that is not known while it is empty.
func ownText(text func(*Scope) string) term {
	return textTerm(func(s *Scope) (string, bool) {
		v := text(s)
		return v, v != ""
	})
}

// foreignText comes from outside (an address, a campaign): it is shown with Markdown made harmless.
func foreignText(text func(*Scope) string) term {
	t := ownText(text)
	t.show = func(s *Scope, _ string) (string, bool) {
		v := text(s)
		return harmless(v), v != ""
	}
	return t
}

func numberLiteral(n float64) term {
	t := numberTerm(func(*Scope) (float64, bool) { return n, true })
	t.literal, t.number, t.noun = true, n, plainNumber(n)
	return t
}

func textLiteral(s string) term {
	t := textTerm(func(*Scope) (string, bool) { return s, true })
	t.literal, t.word, t.noun = true, s, strconv.Quote(s)
	return t
}

// isKnown says whether the term has a value.
func (t term) isKnown() func(*Scope) bool {
	switch {
	case t.kind == numberKind:
		return func(s *Scope) bool { _, ok := t.num(s); return ok }
	case t.kind == textKind:
		return func(s *Scope) bool { _, ok := t.text(s); return ok }
	case t.kind == listKind:
		return func(s *Scope) bool { _, ok := t.list(s); return ok }
	case t.known != nil:
		return t.known
	}
	return func(*Scope) bool { return true }
}

// holds is the truth of a bool term; what is not known is false.
func (t term) holds() func(*Scope) bool {
	if t.known == nil {
		return t.yes
	}
	return func(s *Scope) bool { return t.known(s) && t.yes(s) }
}

// named is what a message calls the term.
func (t term) named() string {
	if t.noun != "" {
		return t.noun
	}
	return "this"
}
