package flows

import "unicode"

// lexeme is a piece of an expression, from a character up to another; text is what stands in quotes, without them.
type lexeme struct {
	value      string
	from, to   int
	word, text bool
}

// expressionTokens cuts an expression, a broken one too, into words, texts in quotes and marks.
func expressionTokens(source string) (tokens []lexeme) {
	runes := []rune(source)
	for at := 0; at < len(runes); {
		r, from := runes[at], at
		switch {
		case unicode.IsSpace(r):
			at++
			continue
		case unicode.IsLetter(r) || r == '_':
			for at < len(runes) && (unicode.IsLetter(runes[at]) || unicode.IsDigit(runes[at]) || runes[at] == '_') {
				at++
			}
			tokens = append(tokens, lexeme{string(runes[from:at]), from, at, true, false})
		case unicode.IsDigit(r):
			for at < len(runes) && (unicode.IsLetter(runes[at]) || unicode.IsDigit(runes[at])) {
				at++
			}
			tokens = append(tokens, lexeme{string(runes[from:at]), from, at, false, false})
		case r == '"' || r == '\'':
			at = quoteEnd(runes, at)
			tokens = append(tokens, lexeme{string(runes[from+1 : max(from+1, at-1)]), from, at, false, true})
		default:
			at++
			if at < len(runes) && (runes[at] == '=' || r == '.' && runes[at] == '.') {
				at++
			}
			tokens = append(tokens, lexeme{string(runes[from:at]), from, at, false, false})
		}
	}
	return tokens
}

// quoteEnd is the character after the quote that closes the one at a character.
func quoteEnd(runes []rune, at int) int {
	quote := runes[at]
	for at++; at < len(runes); at++ {
		switch runes[at] {
		case '\\':
			at++
		case quote:
			return at + 1
		}
	}
	return len(runes)
}
