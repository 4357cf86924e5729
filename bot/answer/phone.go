package answer

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"usher/flows"
)

// readPhone reads the one phone number of an answer and keeps it as E.164. A number without a country code is read in
// the field's country, else the visitor's, else that of the language's region.
func readPhone(q *Question, text string) (flows.Value, *Refusal) {
	found := dialled(text)
	switch {
	case len(found) == 0:
		return q.refuse(NotAPhone)
	case len(found) > 1:
		return q.refuse(Ambiguous)
	}
	region := q.region()
	if region == "" && strings.HasPrefix(found[0], "00") {
		found[0] = "+" + found[0][2:] // how most of the world dials abroad
	}
	if region == "" && !strings.HasPrefix(found[0], "+") {
		return q.refuse(NoCountryCode)
	}
	parsed, err := phonenumbers.Parse(found[0], region)
	if err != nil || !phonenumbers.IsValidNumber(parsed) {
		return q.refuse(NotAPhone)
	}
	return flows.Value{Type: flows.TypePhone, Text: phonenumbers.Format(parsed, phonenumbers.E164)}, nil
}

// region is the country whose numbers need no code.
func (q *Question) region() string {
	for _, r := range []string{q.Field.Country, q.Country, regionOf(q.Language)} {
		if r != "" {
			return strings.ToUpper(r)
		}
	}
	return ""
}

// Lengths of a number in digits: E.164 allows fifteen, a prefix for dialling abroad comes before them; fewer than six
// are a time or a count.
const (
	minDialled = 6
	maxDialled = 20
)

// dialled are the runs of digits in a text that are long enough for a phone number, with a leading + kept.
func dialled(text string) []string {
	var out []string
	for i := 0; i < len(text); {
		if text[i] != '+' && text[i] != '(' && !isDigit(rune(text[i])) {
			i++
			continue
		}
		number, n := dial(text[i:])
		glued := i > 0 && (isLetter(rune(text[i-1])) || text[i-1] == '@')
		if digits := len(strings.TrimPrefix(number, "+")); !glued && digits >= minDialled && digits <= maxDialled {
			out = append(out, number)
		}
		i += n
	}
	return out
}

// dial reads a run of digits and what people write between them, and how long it is.
func dial(text string) (number string, n int) {
	var b strings.Builder
	for n < len(text) {
		switch c := text[n]; {
		case isDigit(rune(c)):
			b.WriteByte(c)
		case c == '+' && n > 0 && b.Len() > 0:
			return b.String(), n
		case c == '+':
			b.WriteByte(c)
		case strings.IndexByte(" -.()/", c) < 0:
			return b.String(), max(n, 1)
		}
		n++
	}
	return b.String(), n
}

// showPhone is the number with the spaces its country writes.
func showPhone(e164 string) string {
	parsed, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL)
}
