package answer

import (
	"cmp"
	"strings"

	"usher/flows"
)

// readEmail reads the one address of an answer, alone ("priya@bigco.example", "Priya <priya@bigco.example>") or in a
// sentence ("it's priya@bigco.example, thanks"). It is kept as typed, the domain in lower case. The form is RFC 5321's
// plain one: dot-atom @ domain; quoted names, comments and address literals are not taken, so that nothing of an
// address needs quoting later. What looks like half an address ("ima fool@iana.org") is refused, not cut out.
func readEmail(q *Question, text string) (flows.Value, *Refusal) {
	if strings.TrimSpace(text) == "" {
		return q.refuse(Empty)
	}
	if strings.ContainsFunc(text, isControl) {
		return q.refuse(NotAnEmail)
	}
	local, domain, code := lexiconOf(q.Language).address(fold(text))
	if code != "" {
		return q.refuse(code)
	}
	target := intended(domain)
	if q.Field.Work {
		// Of a slip in a free-mail domain too: typed right, it would not do either.
		if code := private(cmp.Or(target, domain)); code != "" {
			return q.refuse(code)
		}
	}
	if target != "" {
		return q.refuse(Typo, local+"@"+target)
	}
	return flows.Value{Type: flows.TypeEmail, Text: local + "@" + domain}, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// address finds the one address, or says what is in the way.
func (l *lexicon) address(text string) (local, domain, code string) {
	if !strings.ContainsRune(text, ' ') {
		return alone(text)
	}
	before := ""
	for piece := range strings.FieldsSeq(text) {
		if !strings.Contains(piece, "@") || handle(piece) {
			before = piece
			continue
		}
		a, d, led := l.inSentence(piece, before)
		switch {
		case domain != "" && d != "" && (a != local || d != domain):
			return "", "", Ambiguous
		case d == "", !led && d != domain:
			return "", "", NotAnEmail
		}
		local, domain, before = a, d, piece
	}
	if domain == "" {
		return "", "", NotAnEmail
	}
	return local, domain, ""
}

// handle says whether a piece is a name on some network: @priya.
func handle(piece string) bool {
	return piece[0] == '@' && len(piece) > 1 && !strings.Contains(piece, ".")
}

// alone reads an answer of one piece.
func alone(text string) (local, domain, code string) {
	text = strings.TrimPrefix(text, "mailto:")
	for _, pair := range []string{"<>", `""`, "''"} {
		if len(text) > 2 && text[0] == pair[0] && text[len(text)-1] == pair[1] {
			text = text[1 : len(text)-1]
		}
	}
	if local, domain, ok := split(text); ok {
		return local, domain, ""
	}
	if first, second, two := strings.Cut(text, ","); two && plausible(first) && plausible(second) {
		return "", "", Ambiguous
	}
	return "", "", NotAnEmail
}

func plausible(text string) bool {
	_, _, ok := split(text)
	return ok
}

// inSentence reads the piece of a sentence that holds an address; the domain is "" when it is none. Unless it stands in
// angle brackets, the word before must be one that leads to an address: otherwise the space may be a slip inside it.
func (l *lexicon) inSentence(piece, before string) (local, domain string, led bool) {
	at := strings.LastIndexByte(piece, '<')
	bracketed := at >= 0 && strings.Contains(piece[at:], ">")
	if bracketed {
		piece = piece[at:]
	}
	piece = strings.TrimLeft(piece, `<("'[`)
	piece = strings.TrimPrefix(piece, "mailto:")
	piece = strings.TrimRight(piece, `>)"'].,;:!?`)
	local, domain, ok := split(piece)
	return local, domain, ok && (bracketed || before == "" || l.leads(before))
}

// leads says whether a word announces an address.
func (l *lexicon) leads(before string) bool {
	if strings.ContainsRune(":,=-", rune(before[len(before)-1])) && len(before) > 1 || before == "-" {
		return true
	}
	return l.carriers[strings.ToLower(strings.Trim(before, `.,;:!?"'()`))]
}

// Bounds of an address, RFC 5321 4.5.3.1 with the erratum that makes it 254.
const (
	maxAddress = 254
	maxLocal   = 64
	maxLabel   = 63
)

// split parts an address that has the plain form; the domain comes in lower case.
func split(address string) (local, domain string, ok bool) {
	local, domain, ok = strings.Cut(address, "@")
	if !ok || len(address) > maxAddress || len(local) > maxLocal || !dotAtom(local) || !hostname(domain) {
		return "", "", false
	}
	return local, strings.ToLower(domain), true
}

// dotAtom is RFC 5322 3.2.3: atoms with single dots between them.
func dotAtom(s string) bool {
	dot := true
	for i := range len(s) {
		if s[i] == '.' && dot || s[i] != '.' && !atext(s[i]) {
			return false
		}
		dot = s[i] == '.'
	}
	return !dot
}

func atext(c byte) bool {
	return alphanumeric(c) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// hostname says whether a domain can be on the public internet: labels of letters, digits and inner hyphens, the last
// not a number. One label alone is only a country's.
func hostname(domain string) bool {
	last, labels := "", 0
	for label := range strings.SplitSeq(domain, ".") {
		if !isLabel(label) {
			return false
		}
		last, labels = label, labels+1
	}
	return !digitsOnly(last) && (labels > 1 || len(last) == 2)
}

func isLabel(label string) bool {
	if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		if !alphanumeric(label[i]) && label[i] != '-' {
			return false
		}
	}
	return true
}
