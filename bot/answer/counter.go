package answer

// counter adds up the words of one amount.
type counter struct {
	q       *Question
	l       *lexicon
	tokens  []token
	i       int
	total   decimal // the closed groups: two million
	current decimal // the open group: three hundred and five
	room    int64   // the next word must be worth less: after "twenty" only one to nine fit
	last    int64   // the scale of the last closed group
	any     bool
	group   bool // the open group has something
	digits  bool // the open group is in digits
	hundred bool // the open group had its hundred
	scaled  bool // the word before was a hundred or a scale
	sure    reading
}

// skipArticle steps over the "a" of "a hundred", "a couple", "a quarter of a million".
func (p *counter) skipArticle() {
	if in(p.l.articles, p.tokens, p.i) && p.i+1 < len(p.tokens) && p.l.countable(p.tokens[p.i+1].text) {
		p.i++
	}
}

// step takes the next token into the amount; false when the amount ends before it.
func (p *counter) step() bool {
	if p.i >= len(p.tokens) || p.sure != sound {
		return false
	}
	t := p.tokens[p.i]
	if t.kind == number {
		return p.literal(t)
	}
	if p.digits && !p.scaled && t.kind == word && t.glued {
		return p.suffix(t)
	}
	return p.word(t.text)
}

func (p *counter) word(text string) bool {
	l := p.l
	if v, ok := l.numbers[text]; ok {
		return p.small(v)
	}
	if l.hundreds[text] {
		return p.hundredth(text)
	}
	if v, ok := l.scales[text]; ok {
		return p.scale(text, v)
	}
	if v, ok := l.halves[text]; ok {
		return p.half(v)
	}
	if v, ok := l.couples[text]; ok && !p.any {
		p.take(whole(v), 1)
		p.i = p.over(p.i+1, l.of) - 1
		return p.done()
	}
	return p.join(text)
}

// literal takes digits, and the groups that follow after spaces: 1 200 000.
func (p *counter) literal(t token) bool {
	if p.group {
		return false
	}
	text := t.text
	for len(text) <= 9 && threes(p.tokens, p.i, text == t.text) {
		p.i++
		text += p.tokens[p.i].text
	}
	value, sure := p.q.literal(text)
	p.sure = max(p.sure, sure)
	p.take(value, 1)
	p.digits = true
	return p.done()
}

// threes says whether the token after i is the next group of three digits.
func threes(tokens []token, i int, first bool) bool {
	if i+1 >= len(tokens) || tokens[i+1].kind != number || len(tokens[i+1].text) != 3 || !digitsOnly(tokens[i+1].text) {
		return false
	}
	head := tokens[i].text
	return !first || len(head) <= 3 && digitsOnly(head) && head[0] != '0'
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if !isDigit(rune(s[i])) {
			return false
		}
	}
	return true
}

// suffix takes what is glued to digits: the k of 10k, the people of 250people; anything else makes it another word.
func (p *counter) suffix(t token) bool {
	if v, ok := p.l.suffixes[t.text]; ok {
		return p.scale(t.text, v)
	}
	if v, ok := p.l.scales[t.text]; ok {
		return p.scale(t.text, v)
	}
	if !p.l.counted[t.text] {
		p.sure = unreadable
	}
	return false
}

// small takes a word below a hundred.
func (p *counter) small(v int64) bool {
	if v >= p.room || p.group && v == 0 || p.digits {
		return false
	}
	room := int64(1)
	if v >= 20 && v%10 == 0 {
		room = 10
	}
	p.take(whole(v), room)
	return p.done()
}

func (p *counter) take(v decimal, room int64) {
	sum, ok := p.current.plus(v)
	if !ok {
		p.sure = unreadable
	}
	p.current, p.room, p.group, p.any, p.scaled = sum, room, true, true, false
}

// hundredth multiplies the open group by a hundred, once; "hundreds" alone says nothing exact.
func (p *counter) hundredth(text string) bool {
	if p.hundred || p.group && p.current.n >= 100 || !p.group && (p.l.plurals[text] || p.any) {
		return false
	}
	p.multiply(100)
	p.hundred, p.scaled, p.room = true, true, 100
	return p.done()
}

// scale closes the open group: three hundred | thousand.
func (p *counter) scale(text string, v int64) bool {
	switch {
	case !p.any && p.l.plurals[text]:
		return false
	case !p.group && p.any: // a lakh crore
		if !p.scaled || v < p.last {
			return false
		}
		p.current, p.total = p.total, decimal{}
	case v >= p.last:
		return false
	}
	p.multiply(v)
	total, ok := p.total.plus(p.current)
	if !ok {
		p.sure = unreadable
	}
	p.total, p.current, p.last, p.room = total, decimal{}, v, 100
	p.group, p.digits, p.hundred, p.scaled = false, false, false, true
	return p.done()
}

func (p *counter) multiply(by int64) {
	if !p.group && !p.any {
		p.current = whole(1)
	}
	value, ok := p.current.times(by)
	if !ok {
		p.sure = unreadable
	}
	p.current, p.group, p.any = value, true, true
}

// half takes "half a million", "a quarter of a million": a part needs the scale it is a part of.
func (p *counter) half(v decimal) bool {
	at := p.over(p.over(p.i+1, p.l.of), p.l.articles)
	if p.any || at >= len(p.tokens) || p.l.scales[p.tokens[at].text] == 0 {
		return false
	}
	p.i = at - 1
	p.take(v, 1)
	return p.done()
}

// over is the token after i if that is one of the words, else i.
func (p *counter) over(i int, set words) int {
	if in(set, p.tokens, i) {
		return i + 1
	}
	return i
}

// join takes the small words inside an amount: "and", "and a half", "point", and the dash of twenty-five.
func (p *counter) join(text string) bool {
	if !p.any || p.i+1 >= len(p.tokens) {
		return false
	}
	after := p.tokens[p.i+1].text
	switch {
	case text == "-":
		return p.room == 10 && p.group && p.tokens[p.i].glued && p.l.numbers[after] > 0 && p.l.numbers[after] < 10 && p.done()
	case p.l.and[text] && p.scaled:
		return p.l.numbers[after] > 0 && p.l.numbers[after] < p.room && p.done()
	case p.l.and[text] && p.group:
		return p.andHalf()
	case p.l.points[text] && p.group && !p.digits:
		return p.places()
	}
	return false
}

// andHalf takes the half of "two and a half".
func (p *counter) andHalf() bool {
	at := p.over(p.i+1, p.l.articles)
	if at >= len(p.tokens) {
		return false
	}
	v, ok := p.l.halves[p.tokens[at].text]
	if !ok || !p.current.isWhole() {
		return false
	}
	p.i = at
	p.take(v, 1)
	return p.done()
}

// places takes the digits of "two point five".
func (p *counter) places() bool {
	d, at := decimal{}, p.i+1
	for ; at < len(p.tokens) && d.scale < maxScale; at++ {
		v, ok := p.l.numbers[p.tokens[at].text]
		if !ok || v > 9 {
			break
		}
		d = decimal{n: d.n*10 + v, scale: d.scale + 1}
	}
	if d.scale == 0 {
		return false
	}
	p.i = at - 1
	p.take(d, 1)
	return p.done()
}

// done steps over the token that was taken.
func (p *counter) done() bool {
	p.i++
	return true
}
