package answer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"usher/flows"
)

// readChoice reads which option is meant: by its value, label or synonym, by number or ordinal, by a word that only
// one option has, by the beginning of its name, or with a typo. Two that fit equally well are refused.
func readChoice(q *Question, text string) (flows.Value, *Refusal) {
	if i := q.plainly(text); i >= 0 {
		return flows.Value{Type: flows.TypeChoice, Text: q.Field.Options[i].Value}, nil
	}
	var buf [32]token
	tokens, ok := scan(buf[:0], text)
	if !ok {
		return q.refuse(NotAnOption, q.menu())
	}
	i, code := q.option(tokens)
	if code != "" {
		return q.refuse(code, q.menu())
	}
	return flows.Value{Type: flows.TypeChoice, Text: q.Field.Options[i].Value}, nil
}

// plainly is the option whose value or label is the text, letter by letter: what most visitors send, at no cost.
func (q *Question) plainly(text string) int {
	for i := range q.Field.Options {
		o := &q.Field.Options[i]
		if strings.EqualFold(text, o.Value) || strings.EqualFold(text, q.label(o)) || q.synonym(o, text) {
			return i
		}
	}
	return -1
}

// synonym says whether the text is a synonym of the option in the visitor's language or in English.
func (q *Question) synonym(o *flows.Option, text string) bool {
	for language, list := range o.Synonyms {
		if q.speaks(language) && slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(text, s) }) {
			return true
		}
	}
	return false
}

// option is the index of the option that the words mean, or a code. The surest way of naming one is asked first.
func (q *Question) option(tokens []token) (int, string) {
	l := lexiconOf(q.Language)
	if i, ok := q.counted(l, tokens); ok {
		if i < 0 {
			return 0, NotAnOption
		}
		return i, q.numbered(i, tokens)
	}
	names := q.names()
	if i, ok := exactly(names, tokens); ok {
		return i, ""
	}
	for _, t := range tokens {
		if l.negations[t.text] || l.except[t.text] {
			return 0, NotAnOption
		}
	}
	i, code := mentioned(names, tokens)
	if i < 0 && code == "" {
		i, code = partly(l, names, tokens)
	}
	if i < 0 && code == "" {
		i, code = begun(names, tokens)
	}
	if i < 0 && code == "" {
		i, code = mistyped(l, names, tokens)
	}
	if i < 0 && code == "" {
		code = NotAnOption
	}
	return i, code
}

// counted is the option by its number or place ("2", "option 2", "the second one", "last"); -1 is a number that no
// option has.
func (q *Question) counted(l *lexicon, tokens []token) (int, bool) {
	count := len(q.Field.Options)
	n, found := 0, false
	for i := range tokens {
		at, ok := place(l, tokens, i)
		switch {
		case ok && !found:
			n, found = at, true
		case found && tokens[i].glued && l.when.suffixes[tokens[i].text]: // 2nd
		case ok || tokens[i].kind == word && !l.choosing[tokens[i].text] && !l.numbering[tokens[i].text]:
			return 0, false
		}
	}
	if n < 0 {
		n += count + 1
	}
	if n < 1 || n > count {
		return -1, found
	}
	return n - 1, found
}

// place is the number that a token stands for: 2, 2nd, second, and two where it is not a pronoun; -1 is the last.
func place(l *lexicon, tokens []token, i int) (int, bool) {
	t := tokens[i]
	if n, ok := l.ordinals[t.text]; ok && !(i > 0 && tokens[i-1].kind == number && t.glued) {
		return n, true
	}
	if t.kind == number && digitsOnly(t.text) && len(t.text) < 4 {
		return atoi(t.text), true
	}
	if n, ok := l.numbers[t.text]; ok && !in(l.notOne, tokens, i-1) && !(t.text == l.one && len(tokens) > 1 && !in(l.numbering, tokens, i-1)) {
		return int(n), true
	}
	return 0, false
}

func atoi(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// numbered refuses a bare number where the options are numbers themselves and the words may mean those.
func (q *Question) numbered(option int, tokens []token) string {
	if len(tokens) != 1 || tokens[0].kind != number {
		return ""
	}
	for i := range q.Field.Options {
		if strings.ContainsAny(q.label(&q.Field.Options[i]), "0123456789") && i != option {
			return Ambiguous
		}
	}
	return ""
}

// mentioned is the option whose whole name stands in the answer. A name inside a longer one that is mentioned too
// does not count: "live demo" is not "demo".
func mentioned(names []name, tokens []token) (int, string) {
	said, best := stems(tokens), candidates{}
	for _, n := range names {
		if strings.Contains(said, n.stems) && !covered(names, n, said) {
			best.add(n.option, 0)
		}
	}
	return best.only()
}

// covered says whether a longer name of another option that holds this one is in the answer.
func covered(names []name, n name, said string) bool {
	return slices.ContainsFunc(names, func(o name) bool {
		return len(o.stems) > len(n.stems) && o.option != n.option && strings.Contains(o.stems, n.stems) && strings.Contains(said, o.stems)
	})
}

// partly is the option that has all the words of the answer that say something: "prices" for "See prices".
func partly(l *lexicon, names []name, tokens []token) (int, string) {
	best, telling := candidates{}, 0
	for _, t := range tokens {
		if t.kind != mark && !l.choosing[t.text] {
			telling++
		}
	}
	if telling == 0 {
		return -1, ""
	}
	for _, n := range names {
		if hasAll(l, n.stems, tokens) {
			best.add(n.option, 0)
		}
	}
	return best.only()
}

func hasAll(l *lexicon, name string, tokens []token) bool {
	for _, t := range tokens {
		if t.kind != mark && !l.choosing[t.text] && !strings.Contains(name, " "+stem(t.text)+" ") {
			return false
		}
	}
	return true
}

// minBegun is how many letters the beginning of a name must have: "no" is not the beginning of "now".
const minBegun = 3

// begun is the option whose name alone begins with the answer.
func begun(names []name, tokens []token) (int, string) {
	said, best := spelled(tokens), candidates{}
	if utf8.RuneCountInString(said) < minBegun {
		return -1, ""
	}
	for _, n := range names {
		if strings.HasPrefix(n.text, said) {
			best.add(n.option, 0)
		}
	}
	return best.only()
}

// mistyped is the option whose name, or a word of it alone, is nearest to what was typed.
func mistyped(l *lexicon, names []name, tokens []token) (int, string) {
	said, best := spelled(tokens), candidates{}
	for _, n := range names {
		if d, ok := near(said, n.text, slips(min(utf8.RuneCountInString(said), utf8.RuneCountInString(n.text)))); ok {
			best.add(n.option, d)
		}
	}
	for _, t := range tokens {
		if t.kind != word || l.choosing[t.text] {
			continue
		}
		for _, n := range names {
			if d, ok := near(t.text, n.text, slips(utf8.RuneCountInString(t.text))); n.words == 1 && ok {
				best.add(n.option, d)
			}
		}
	}
	return best.only()
}

// candidates keeps the options that fit best.
type candidates struct {
	options  []int
	distance int
}

func (c *candidates) add(option, distance int) {
	switch {
	case len(c.options) == 0 || distance < c.distance:
		c.options, c.distance = append(c.options[:0], option), distance
	case distance == c.distance && !slices.Contains(c.options, option):
		c.options = append(c.options, option)
	}
}

// only is the one candidate; -1 is none.
func (c *candidates) only() (int, string) {
	switch len(c.options) {
	case 0:
		return -1, ""
	case 1:
		return c.options[0], ""
	default:
		return -1, Ambiguous
	}
}

// maxMenu is how many options a refusal names.
const maxMenu = 6

// menu is the options as a refusal names them.
func (q *Question) menu() string {
	var labels []string
	for i := range q.Field.Options[:min(maxMenu, len(q.Field.Options))] {
		labels = append(labels, q.label(&q.Field.Options[i]))
	}
	return strings.Join(labels, lexiconOf(q.Language).comma)
}

func chooseOne(q *Question, value string) (flows.Value, *Refusal) {
	for i := range q.Field.Options {
		if q.Field.Options[i].Value == value {
			return flows.Value{Type: flows.TypeChoice, Text: value}, nil
		}
	}
	return q.refuse(NotAnOption, q.menu())
}
