package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a token is.
const (
	word   = iota // letters, perhaps with digits after them: demo, don't, q1
	number        // digits with separators between them: 1,200.50
	mark          // anything else, one rune each
)

// token is a piece of an answer.
type token struct {
	kind  uint8
	glued bool   // no space before it
	text  string // in lower case
	raw   string // as typed, folded
	at    int    // byte offset in the folded text
}

// maxTokens bounds what is read of an answer with a value in it: a long story is no number.
const maxTokens = 120

// scan cuts folded text into tokens, at most maxTokens; ok is false when there were more.
func scan(into []token, text string) (tokens []token, ok bool) {
	glued := false
	for i := 0; i < len(text); {
		if text[i] == ' ' {
			glued, i = false, i+1
			continue
		}
		if len(into) == maxTokens {
			return into, false
		}
		kind, n := next(text[i:])
		raw := text[i : i+n]
		into = append(into, token{kind: kind, glued: glued, text: strings.ToLower(raw), raw: raw, at: i})
		glued, i = true, i+n
	}
	return into, true
}

// next is the kind and the length of the token that text begins with.
func next(text string) (kind uint8, n int) {
	r, size := utf8.DecodeRuneInString(text)
	switch {
	case isDigit(r):
		return number, numberLen(text)
	case isLetter(r):
		return word, wordLen(text)
	default:
		return mark, size
	}
}

func numberLen(text string) int {
	n := 1
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		if isDigit(r) {
			n += size
			continue
		}
		if !isSeparator(r) || n+size >= len(text) || !isDigit(rune(text[n+size])) {
			break
		}
		n += size
	}
	return n
}

func wordLen(text string) int {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		if !isLetter(r) && !isDigit(r) && !(r == '\'' && letterAt(text[n+size:])) {
			break
		}
		n += size
	}
	return n
}

func letterAt(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return isLetter(r)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return unicode.In(r, unicode.L, unicode.M)
}

func isSeparator(r rune) bool {
	switch r {
	case '.', ',', '\'', '_', '٫', '٬':
		return true
	}
	return false
}

// starts says whether the tokens begin with the words of the phrase, and how many tokens those are.
func starts(tokens []token, phrase string) (n int, ok bool) {
	for phrase != "" {
		first, rest, _ := strings.Cut(phrase, " ")
		if n == len(tokens) || tokens[n].text != first {
			return 0, false
		}
		phrase, n = rest, n+1
	}
	return n, true
}

// isWord says whether the token at i is the word.
func isWord(tokens []token, i int, w string) bool {
	return i >= 0 && i < len(tokens) && tokens[i].text == w
}

// in says whether the token at i is one of the words.
func in(set words, tokens []token, i int) bool {
	if i < 0 || i >= len(tokens) {
		return false
	}
	return set[tokens[i].text]
}

// words is a set of words.
type words map[string]bool

// set makes a set of the words of a text.
func set(text string) words {
	out := words{}
	for w := range strings.FieldsSeq(text) {
		out[w] = true
	}
	return out
}
