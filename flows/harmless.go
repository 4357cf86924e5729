package flows

import (
	"strings"
	"unicode"
)

// harmless is what a visitor wrote, so that no channel that reads Markdown makes anything of it: on one line, and with
// a backslash before what could begin emphasis, code, a link, a picture, HTML, an entity, a table or a list.
func harmless(s string) string {
	if !strings.ContainsFunc(s, alive) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			r = ' '
		case unicode.IsControl(r) || isBidi(r):
			continue
		case r == '_' && inWord(runes, i), !markup(runes, i):
		default:
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// alive says whether the character needs a second look.
func alive(r rune) bool {
	return strings.ContainsRune("\\`*_[]<>&~|#+-=.:)!\u2028\u2029", r) || unicode.IsControl(r) || isBidi(r)
}

// isBidi is a character that turns the direction of what follows, with which words can be made to read as others.
func isBidi(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// markup says whether the character at i could begin or end something in Markdown.
func markup(runes []rune, i int) bool {
	next := rune(' ') // the end of the value may be followed by a blank
	if i+1 < len(runes) {
		next = runes[i+1]
	}
	switch r := runes[i]; r {
	case '\\', '`', '*', '_', '[', ']', '~', '|':
		return true
	case '<':
		return unicode.IsLetter(next) || strings.ContainsRune("/!?", next)
	case '&':
		return isEntity(runes[i+1:])
	case '#', '+', '-', '=', '>':
		return i == 0 && (next == ' ' || next == r) || r == '>' && i == 0
	case '.', ')':
		return next == ' ' && onlyDigits(runes[:i])
	case ':':
		return i+2 < len(runes) && next == '/' && runes[i+2] == '/'
	}
	return false
}

// isEntity says whether what follows an ampersand makes it a character reference: &lt; or &#60;.
func isEntity(runes []rune) bool {
	for i, r := range runes {
		if r == ';' {
			return i > 0
		}
		if r != '#' && !wordRune(r) {
			return false
		}
	}
	return false
}

// inWord says whether letters or digits stand on both sides: an underscore there is no emphasis.
func inWord(runes []rune, i int) bool {
	return i > 0 && i+1 < len(runes) && wordRune(runes[i-1]) && wordRune(runes[i+1])
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func onlyDigits(runes []rune) bool {
	for _, r := range runes {
		if !unicode.IsDigit(r) {
			return false
		}
	}
	return len(runes) > 0
}

// Unmarked takes the backslashes away again that make Markdown harmless: for channels that show plain text.
func Unmarked(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] > ' ' && s[i+1] < 0x7f && !wordRune(rune(s[i+1])) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
