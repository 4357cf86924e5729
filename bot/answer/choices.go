package answer

import (
	"strconv"
	"strings"

	"usher/flows"
)

// readChoices reads which options are meant: "1, 3 and the last", "demo and prices", "all", "none". They come in the
// order of the field, each once. "None" is an answer: an empty list, unless the field wants at least one.
func readChoices(q *Question, text string) (flows.Value, *Refusal) {
	var buf [64]token
	tokens, ok := scan(buf[:0], text)
	if !ok {
		return q.refuse(NotAnOption, q.menu())
	}
	chosen := make([]bool, len(q.Field.Options))
	if code := q.several(chosen, tokens); code != "" {
		return q.refuse(code, q.menu())
	}
	return q.list(chosen)
}

// several marks the options that the words mean.
func (q *Question) several(chosen []bool, tokens []token) string {
	l := lexiconOf(q.Language)
	if i, ok := exactly(q.names(), tokens); ok {
		chosen[i] = true
		return ""
	}
	switch {
	case phraseOnly(l, l.none, tokens):
		return ""
	case phraseOnly(l, l.all, tokens), phraseOnly(l, l.both, tokens) && len(chosen) == 2:
		for i := range chosen {
			chosen[i] = true
		}
		return ""
	case onlyNumbers(tokens):
		return eachNumber(chosen, tokens)
	}
	return q.parts(l, chosen, tokens)
}

// phraseOnly says whether the answer is the phrase and words that say nothing.
func phraseOnly(l *lexicon, p phrase, tokens []token) bool {
	found := false
	for i := 0; i < len(tokens); {
		n := p.at(tokens, i)
		if n == 0 && tokens[i].kind == word && !l.choosing[tokens[i].text] {
			return false
		}
		if n == 0 && tokens[i].kind == number {
			return false
		}
		found = found || n > 0
		i += max(n, 1)
	}
	return found
}

func onlyNumbers(tokens []token) bool {
	for _, t := range tokens {
		if t.kind == word || t.kind == mark && !strings.Contains(",;+&/.", t.text) {
			return false
		}
	}
	return true
}

// eachNumber marks the options by their numbers: "1 3", "1,3"; digits stuck together by commas are a list here.
func eachNumber(chosen []bool, tokens []token) string {
	code := NotAnOption
	for _, t := range tokens {
		if t.kind == mark {
			continue
		}
		for part := range strings.FieldsFuncSeq(t.text, func(r rune) bool { return !isDigit(r) }) {
			n, err := strconv.Atoi(part)
			if err != nil || n < 1 || n > len(chosen) {
				return NotAnOption
			}
			chosen[n-1], code = true, ""
		}
	}
	return code
}

// parts marks the option of each part between commas and "and". A part that is no option makes the whole unreadable.
func (q *Question) parts(l *lexicon, chosen []bool, tokens []token) string {
	from, read := 0, 0
	for i := 0; i <= len(tokens); i++ {
		if i < len(tokens) && !separates(l, tokens[i]) {
			continue
		}
		if part := tokens[from:i]; !polite(l, part) {
			if code := q.part(chosen, part); code != "" {
				return code
			}
			read++
		}
		from = i + 1
	}
	if read == 0 {
		return NotAnOption
	}
	return ""
}

func separates(l *lexicon, t token) bool {
	return l.and[t.text] || t.kind == mark && strings.Contains(",;+&/", t.text)
}

func (q *Question) part(chosen []bool, tokens []token) string {
	if onlyNumbers(tokens) {
		return eachNumber(chosen, tokens)
	}
	i, code := q.option(tokens)
	if code == "" {
		chosen[i] = true
	}
	return code
}

// polite says whether a part has no word that names an option: ", please".
func polite(l *lexicon, tokens []token) bool {
	for i, t := range tokens {
		if _, ok := place(l, tokens, i); ok || t.kind == word && !l.choosing[t.text] {
			return false
		}
	}
	return true
}

// list makes the value, if there are as many as the field wants.
func (q *Question) list(chosen []bool) (flows.Value, *Refusal) {
	var list []string
	for i, is := range chosen {
		if is {
			list = append(list, q.Field.Options[i].Value)
		}
	}
	n := float64(len(list))
	if q.Field.Min != nil && n < *q.Field.Min {
		return q.refuse(TooFew, q.bare(*q.Field.Min))
	}
	if q.Field.Max != nil && n > *q.Field.Max {
		return q.refuse(TooMany, q.bare(*q.Field.Max))
	}
	return flows.Value{Type: flows.TypeChoices, List: list}, nil
}

func chooseSeveral(q *Question, value string) (flows.Value, *Refusal) {
	chosen := make([]bool, len(q.Field.Options))
	if value != "" {
		for part := range strings.SplitSeq(value, ",") {
			i := q.index(strings.TrimSpace(part))
			if i < 0 {
				return q.refuse(NotAnOption, q.menu())
			}
			chosen[i] = true
		}
	}
	return q.list(chosen)
}

func (q *Question) index(value string) int {
	for i := range q.Field.Options {
		if q.Field.Options[i].Value == value {
			return i
		}
	}
	return -1
}
