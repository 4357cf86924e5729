package answer

import (
	"strings"
	"unicode"
)

// fold makes what looks alike equal: digits of every script become ASCII, invisible format characters go, and the
// many spaces, dashes and quotes become the plain one. Plain ASCII comes back as it is.
func fold(text string) string {
	text = strings.TrimSpace(text)
	if plainASCII(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		if r = foldRune(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

func plainASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// foldRune is the plain form of a rune, or -1 when it is to be dropped.
func foldRune(r rune) rune {
	switch {
	case r >= ' ' && r < 0x7f:
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cf, unicode.Cc):
		return -1
	case unicode.Is(unicode.Nd, r):
		return '0' + digit(r)
	case r >= '！' && r <= '～': // full width
		return r - '！' + '!'
	case unicode.Is(unicode.Pd, r) || r == '−':
		return '-'
	}
	switch r {
	case '‘', '’', 'ʼ', '´':
		return '\''
	case '“', '”', '„', '«', '»':
		return '"'
	case '،', '、':
		return ','
	case '؟':
		return '?'
	case '।':
		return '.'
	}
	return r
}

// digit is the value of a decimal digit: Unicode keeps each script's ten together and in order.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}
