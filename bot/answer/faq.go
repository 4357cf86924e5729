package answer

import (
	"strings"

	"usher/flows"
)

// maxQuestion is the most bytes of a question that is looked for.
const maxQuestion = 300

// FAQ is the entry whose question the words are, or nil: exact, by its words, or with a typo. It is careful, for an
// answer to the open question must never be taken for a question: a number, an address or a generic word matches
// nothing, and in words that ask nothing a wording matches only if it is most of them.
func FAQ(entries []*flows.FAQ, language, text string) *flows.FAQ {
	if len(entries) == 0 || len(text) > maxQuestion || strings.ContainsRune(text, '@') {
		return nil
	}
	var buf, wording [32]token
	tokens, ok := scan(buf[:0], fold(text))
	l := lexiconOf(language)
	if !ok || !l.tells(tokens) {
		return nil
	}
	asks := l.asks(tokens)
	best := match{}
	for _, entry := range entries {
		for of, list := range entry.Ask {
			if of != "" && !sameBase(of, language) && !sameBase(of, "en") {
				continue
			}
			for _, ask := range list {
				words, _ := scan(wording[:0], fold(ask))
				best.add(entry, l.fits(tokens, words, asks))
			}
		}
	}
	return best.entry
}

// match keeps the entry that fits best; two that fit alike are none.
type match struct {
	entry *flows.FAQ
	score int
}

func (m *match) add(entry *flows.FAQ, score int) {
	switch {
	case score == 0 || score < m.score || entry == m.entry && score == m.score:
	case score > m.score:
		m.entry, m.score = entry, score
	default:
		m.entry = nil
	}
}

// tells says whether any word says which question is meant.
func (l *lexicon) tells(tokens []token) bool {
	for _, t := range tokens {
		if l.telling(t) {
			return true
		}
	}
	return false
}

// minTelling is how many letters a telling word has.
const minTelling = 3

func (l *lexicon) telling(t token) bool {
	_, figure := l.numbers[t.text]
	return t.kind == word && len(t.text) >= minTelling && !l.generic[t.text] && !figure
}

// maxUnmarked is how many telling words a question without its mark may have: "what we need is …" begins a story.
const maxUnmarked = 3

// asks says whether the words ask something.
func (l *lexicon) asks(tokens []token) bool {
	if len(tokens) < 2 {
		return false
	}
	return tokens[len(tokens)-1].text == "?" || l.asking[tokens[0].text] && l.count(tokens) <= maxUnmarked
}

// exact is the score of the very same words; below it stands how many telling words are shared, and typos cost.
const exactFit = 1000

// fits scores how well the words are the wording; 0 is not at all.
func (l *lexicon) fits(said, wording []token, asks bool) int {
	if sameWords(said, wording) {
		return exactFit
	}
	shared, slipped := 0, 0
	for _, w := range wording {
		if !l.telling(w) {
			continue
		}
		d := l.closest(said, w)
		if d < 0 {
			return 0
		}
		shared, slipped = shared+1, slipped+d
	}
	if shared == 0 || !asks && 2*shared <= l.count(said) || shared == 1 && !asks && l.count(said) < len(unmarked(said)) {
		return 0
	}
	return 10*shared - slipped
}

// count is how many telling words there are.
func (l *lexicon) count(tokens []token) int {
	n := 0
	for _, t := range tokens {
		if l.telling(t) {
			n++
		}
	}
	return n
}

// closest is how many slips the nearest word said is from the wording's; -1 is none near.
func (l *lexicon) closest(said []token, w token) int {
	best := -1
	for _, s := range said {
		if !l.telling(s) {
			continue
		}
		if stem(s.text) == stem(w.text) {
			return 0
		}
		if d, ok := near(s.text, w.text, slips(min(len(s.text), len(w.text))-1)); ok && (best < 0 || d < best) {
			best = d
		}
	}
	return best
}

// stem drops a plural s: prices ask what price asks.
func stem(w string) string {
	if len(w) > minTelling+1 && !strings.HasSuffix(w, "ss") {
		return strings.TrimSuffix(w, "s")
	}
	return w
}

// sameWords says whether both say the same, punctuation aside.
func sameWords(a, b []token) bool {
	i, j := 0, 0
	for {
		for i < len(a) && a[i].kind == mark {
			i++
		}
		for j < len(b) && b[j].kind == mark {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if a[i].text != b[j].text {
			return false
		}
		i, j = i+1, j+1
	}
}
