package answer

import (
	"strings"

	"usher/flows"
)

// speaks says whether words in a language count: those of the visitor's, in English, and those of no language.
func (q *Question) speaks(language string) bool {
	return language == "" || sameBase(language, q.Language) || sameBase(language, "en")
}

// name is one way to name an option.
type name struct {
	option int
	text   string // in lower case, folded
	stems  string // the same without plurals, a space at either end
	words  int
}

// Names are all ways to name a field's options in one language.
type Names struct{ list []name }

// NamesOf makes the names once for all who are asked; nil for a field without options.
func NamesOf(f *flows.Field, language string) *Names {
	if len(f.Options) == 0 {
		return nil
	}
	q := Question{Field: f, Language: language}
	return &Names{q.names()}
}

// names are all ways to name the options, in their order.
func (q *Question) names() []name {
	if q.Names != nil {
		return q.Names.list
	}
	out := make([]name, 0, 4*len(q.Field.Options))
	for i := range q.Field.Options {
		o := &q.Field.Options[i]
		out = named(out, i, o.Value)
		if label := q.label(o); label != o.Value {
			out = named(out, i, label)
		}
		for language, list := range o.Synonyms {
			if q.speaks(language) {
				for _, s := range list {
					out = named(out, i, s)
				}
			}
		}
	}
	return out
}

func named(out []name, option int, text string) []name {
	var buf [16]token
	tokens, _ := scan(buf[:0], fold(text))
	plain := spelled(tokens)
	if plain == "" {
		return out
	}
	return append(out, name{option, plain, stems(tokens), strings.Count(plain, " ") + 1})
}

// spelled is the words and numbers of the tokens with one space between.
func spelled(tokens []token) string {
	if len(tokens) == 1 && tokens[0].kind != mark {
		return tokens[0].text
	}
	var b strings.Builder
	b.Grow(64)
	for _, t := range tokens {
		if t.kind == mark {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// stems is the words without plurals, with a space at either end, so that a name is found in them as a whole.
func stems(tokens []token) string {
	var b strings.Builder
	b.Grow(64)
	b.WriteByte(' ')
	for _, t := range tokens {
		if t.kind != mark {
			b.WriteString(stem(t.text))
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func sameBase(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return strings.EqualFold(a, b)
}

// label is what an option shows in the question's language.
func (q *Question) label(o *flows.Option) string { return label(o, q.Language) }

func label(o *flows.Option, language string) string {
	if text, err := o.Label.In(language, nil); err == nil && text != "" {
		return text
	}
	return o.Value
}

// exactly is the option whose name the whole answer is.
func exactly(names []name, tokens []token) (int, bool) {
	said := spelled(tokens)
	for _, n := range names {
		if n.text == said {
			return n.option, true
		}
	}
	return 0, false
}
