package answer

// quantity is one amount in an answer: 250, 10k, two hundred and fifty, half a million.
type quantity struct {
	value    decimal
	from, to int     // its tokens
	sure     reading // sound, unless it cannot be told
}

// maxQuantities is how many amounts are looked for: the second already makes an answer ambiguous.
const maxQuantities = 3

// quantities finds the amounts of an answer.
func (q *Question) quantities(into []quantity, tokens []token) []quantity {
	l := lexiconOf(q.Language)
	for i := 0; i < len(tokens) && len(into) < maxQuantities; {
		found, ok := q.quantity(l, tokens, i)
		if !ok {
			i++
			continue
		}
		if len(into) == 0 || into[len(into)-1].to < found.from || !dashed(tokens, found.from) {
			found.value = signed(l, tokens, found, into)
		}
		if stuck(tokens, found.from, into) {
			found.sure = unreadable
		}
		into, i = append(into, found), found.to
	}
	return into
}

// signed is the value with the minus before it: "-5", "minus 5", "-$5", but not the dash of "50 -100".
func signed(l *lexicon, tokens []token, f quantity, before []quantity) decimal {
	i := f.from - 1
	if i >= 0 && tokens[i].kind == mark && signs[tokens[i].text] != "" {
		i--
	}
	if i < 0 || len(before) > 0 && before[len(before)-1].to >= i {
		return f.value
	}
	minus := tokens[i].text == "-" && tokens[i+1].glued && !(tokens[i].glued && i > 0)
	if minus || l.minus[tokens[i].text] {
		f.value.n = -f.value.n
	}
	return f.value
}

// dashed says whether a dash stands before the token.
func dashed(tokens []token, i int) bool { return isWord(tokens, i-1, "-") }

// stuck says whether the amount hangs on a word before it, as in covid-19, and so is part of a name.
func stuck(tokens []token, i int, before []quantity) bool {
	if i < 2 || !dashed(tokens, i) || !tokens[i].glued || !tokens[i-1].glued {
		return false
	}
	if len(before) > 0 && before[len(before)-1].to == i-1 {
		return false
	}
	return tokens[i-2].kind == word
}

// quantity reads the amount that begins at token i.
func (q *Question) quantity(l *lexicon, tokens []token, i int) (quantity, bool) {
	if tokens[i].text == l.one && in(l.notOne, tokens, i-1) {
		return quantity{}, false
	}
	p := counter{q: q, l: l, tokens: tokens, i: i, room: 100, last: maxDecimal}
	p.skipArticle()
	for p.step() {
	}
	if !p.any {
		return quantity{}, false
	}
	value, ok := p.total.plus(p.current)
	if !ok {
		p.sure = unreadable
	}
	return quantity{value: value, from: i, to: p.i, sure: p.sure}, true
}
