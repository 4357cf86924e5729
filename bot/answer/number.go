package answer

import (
	"strconv"

	"usher/flows"
)

// readNumber reads the one amount of an answer: "about 250", "10k", "two hundred". Two amounts are refused, and so is
// one that is only a bound from above ("less than 50"); "over 200" and "up to 50" are taken as their number.
func readNumber(q *Question, text string) (flows.Value, *Refusal) {
	amount, refusal := q.amount(text, NotANumber)
	if refusal != nil {
		return flows.Value{}, refusal
	}
	f := q.Field
	n := amount.value.float()
	if f.Whole && !amount.value.isWhole() {
		return q.refuse(NotWhole)
	}
	if f.Min != nil && n < *f.Min {
		return q.refuse(TooSmall, q.bare(*f.Min))
	}
	if f.Max != nil && n > *f.Max {
		return q.refuse(TooLarge, q.bare(*f.Max))
	}
	return flows.Value{Type: flows.TypeNumber, Number: n}, nil
}

// amount finds the one amount of an answer, or says why there is none.
func (q *Question) amount(text, none string) (quantity, *Refusal) {
	var buf [32]token
	tokens, ok := scan(buf[:0], text)
	if !ok {
		_, refusal := q.refuse(TooLong)
		return quantity{}, refusal
	}
	found, code := q.oneAmount(tokens)
	if code == "" {
		return found, nil
	}
	if code == Empty {
		code = none
	}
	_, refusal := q.refuse(code)
	return quantity{}, refusal
}

// oneAmount is the amount that the words mean, or the code of what is in the way; Empty when there is none.
func (q *Question) oneAmount(tokens []token) (quantity, string) {
	l := lexiconOf(q.Language)
	if len(tokens) == 1 && l.zero[tokens[0].text] {
		return quantity{to: 1}, ""
	}
	var buf [maxQuantities]quantity
	found := q.quantities(buf[:0], tokens)
	if len(found) == 0 {
		return quantity{}, Empty
	}
	if len(found) > 1 {
		return quantity{}, several(l, tokens, found)
	}
	return found[0], hedged(l, tokens, found[0])
}

// several says how two amounts stand to each other: as the ends of a range, or side by side.
func several(l *lexicon, tokens []token, found []quantity) string {
	for i := found[0].to; i < found[1].from; i++ {
		if tokens[i].text == "-" || l.ranges[tokens[i].text] {
			return Range
		}
	}
	for i := range found[0].from {
		if l.ranges[tokens[i].text] {
			return Range
		}
	}
	return Ambiguous
}

// hedged says what the words just before an amount make of it: a refusal, or nothing.
func hedged(l *lexicon, tokens []token, found quantity) string {
	switch found.sure {
	case twofold:
		return Ambiguous
	case unreadable:
		return Empty
	}
	i := found.from - 1
	for i >= 0 && (l.fillers[tokens[i].text] || tokens[i].kind == mark) {
		i--
	}
	switch {
	case in(l.negations, tokens, i):
		return Ambiguous
	case in(l.below, tokens, i), in(l.below, tokens, i-1) && l.than[tokens[i].text]:
		return Range
	case in(l.vague, tokens, i):
		return Empty
	}
	return ""
}

// bare writes a limit as a visitor would type it.
func (q *Question) bare(n float64) string {
	return lexiconOf(q.Language).grouped(strconv.FormatFloat(n, 'f', -1, 64), false)
}
