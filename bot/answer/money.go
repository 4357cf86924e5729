package answer

import (
	"strings"

	"usher/flows"
)

// readMoney reads one amount with its currency: "$5k a month", "5000 USD", "€1.200,50", "₹2 lakh". A currency that
// was said is kept, whatever the field's is; without one the field's is meant, or that of the visitor's country. The time an amount is for ("a month")
// is read over: the field's question says it.
func readMoney(q *Question, text string) (flows.Value, *Refusal) {
	text = q.spaced(text)
	amount, refusal := q.amount(text, NotAnAmount)
	if refusal != nil {
		return flows.Value{}, refusal
	}
	var buf [32]token
	tokens, _ := scan(buf[:0], text)
	unit, ok := q.currency(tokens, amount)
	if !ok {
		return q.refuse(Ambiguous)
	}
	return q.money(amount.value, unit)
}

func (q *Question) money(amount decimal, unit string) (flows.Value, *Refusal) {
	f, n := q.Field, amount.float()
	if f.Min == nil && n < 0 {
		return q.refuse(TooSmall, q.bare(0))
	}
	if f.Min != nil && n < *f.Min {
		return q.refuse(TooSmall, q.bare(*f.Min))
	}
	if f.Max != nil && n > *f.Max {
		return q.refuse(TooLarge, q.bare(*f.Max))
	}
	return flows.Value{Type: flows.TypeMoney, Number: n, Currency: unit, Text: amount.text(cents)}, nil
}

// cents is how many places an amount with a fraction has at least: 1200.50.
const cents = 2

// spaced parts a currency from the digits it is glued to: Rs5000, usd5k.
func (q *Question) spaced(text string) string {
	var buf [32]token
	tokens, _ := scan(buf[:0], text)
	for _, t := range tokens {
		if t.kind != word {
			continue
		}
		first := strings.IndexAny(t.raw, "0123456789")
		if first < 0 {
			continue
		}
		letters := t.raw[:first]
		name := token{kind: word, raw: letters, text: strings.ToLower(letters)}
		if isoCode(name) != "" || lexiconOf(q.Language).currencies[name.text] != "" {
			at := t.at + len(letters)
			return text[:at] + " " + text[at:]
		}
	}
	return text
}

// currency is the one currency that was said, or the field's; ok is false when two were said.
func (q *Question) currency(tokens []token, amount quantity) (unit string, ok bool) {
	for i := 0; i < len(tokens); {
		code, n := q.currencyAt(tokens, i, i+1 == amount.from || i == amount.to)
		if code != "" && unit != "" && code != unit {
			return "", false
		}
		if code != "" {
			unit = code
		}
		i += max(n, 1)
	}
	if unit == "" {
		unit = q.unit()
	}
	return unit, true
}

// currencyAt is the currency named at token i and how many tokens name it. A code counts beside the amount only.
func (q *Question) currencyAt(tokens []token, i int, beside bool) (code string, n int) {
	t := tokens[i]
	if isWord(tokens, i+1, "$") && tokens[i+1].glued && prefixes[t.text] != "" {
		return prefixes[t.text], 2
	}
	if i+1 < len(tokens) && t.kind == word {
		if of := lexiconOf(q.Language).currencies[t.text+" "+tokens[i+1].text]; of != "" {
			return q.member(of), 2
		}
	}
	if of := signs[t.text]; of != "" && t.kind == mark {
		return q.member(of), 1
	}
	if of := lexiconOf(q.Language).currencies[t.text]; of != "" {
		return q.member(of), 1
	}
	if beside {
		return isoCode(t), 1
	}
	return "", 1
}
