package answer

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"usher/flows"
)

// readText keeps what was typed, without what cannot be seen or printed. A name is read out of its sentence.
func readText(q *Question, text string) (flows.Value, *Refusal) {
	text = strings.TrimSpace(strings.Map(printed, text))
	if q.Field.Name == "name" {
		text = lexiconOf(q.Language).introduced(text)
	}
	if text == "" {
		return q.refuse(Empty)
	}
	if refusal := q.measured(text); refusal != nil {
		return flows.Value{}, refusal
	}
	if !matches(q.Field.Pattern, text) {
		return q.refuse(WrongForm)
	}
	return flows.Value{Type: q.Field.Type, Text: text}, nil
}

// printed drops control characters and the marks that turn the direction of text; the joiners stay, for Persian and
// the scripts of India are misspelt without them.
func printed(r rune) rune {
	switch {
	case r == '\n' || r == '\u200c' || r == '\u200d':
		return r
	case r == '\t' || r == '\u00a0':
		return ' '
	case r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf):
		return -1
	}
	return r
}

// introduced is the name in "My name is Priya."
func (l *lexicon) introduced(text string) string {
	for again := true; again; {
		again = false
		for _, words := range l.introductions {
			if rest, ok := after(text, words); ok {
				text, again = rest, true
			}
		}
	}
	return text
}

// maxNameWords is the most words of a name: "I'm not going to tell you" is none.
const maxNameWords = 4

// after is what follows the words and a space, without the full stop; ok is false when text does not begin with them.
func after(text, words string) (string, bool) {
	if len(text) <= len(words) || !strings.EqualFold(text[:len(words)], words) {
		return text, false
	}
	rest := strings.TrimLeft(text[len(words):], " ,:")
	if len(rest) == len(text)-len(words) || rest == "" || strings.Count(rest, " ") >= maxNameWords {
		return text, false
	}
	return strings.TrimRight(rest, ".! "), true
}

// measured refuses a text that is shorter or longer than the field wants, in characters.
func (q *Question) measured(text string) *Refusal {
	n := float64(utf8.RuneCountInString(text))
	if f := q.Field; f.Min != nil && n < *f.Min {
		_, refusal := q.refuse(TooShort, q.bare(*f.Min))
		return refusal
	}
	if f := q.Field; f.Max != nil && n > *f.Max {
		_, refusal := q.refuse(TooLong, q.bare(*f.Max))
		return refusal
	}
	return nil
}

// patterns holds the compiled patterns of fields; they come from flows, so that there are few.
var patterns sync.Map

// matches says whether the whole text has the form. A pattern that does not compile is the author's to mend when the
// flow is checked; it holds nobody up.
func matches(pattern, text string) bool {
	if pattern == "" {
		return true
	}
	compiled, ok := patterns.Load(pattern)
	if !ok {
		re, err := regexp.Compile(`^(?:` + pattern + `)$`)
		if err != nil {
			return true
		}
		compiled, _ = patterns.LoadOrStore(pattern, re)
	}
	return compiled.(*regexp.Regexp).MatchString(text)
}
