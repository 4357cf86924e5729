package answer

import (
	"strings"
	"time"

	"usher/flows"
)

// lexicon is one language: the words it is read by and the sentences it answers with. Words stand in lower case and
// folded; a phrase is words with one space between.
type lexicon struct {
	// Numbers.
	numbers   map[string]int64   // words below a hundred
	hundreds  words              // hundred
	scales    map[string]int64   // thousand, lakh, dozen
	suffixes  map[string]int64   // only glued to digits: 5m
	plurals   words              // thousands: says nothing exact without a number
	halves    map[string]decimal // half, quarter
	couples   map[string]int64   // couple
	zero      words              // as the whole answer
	counted   words              // may be glued to digits: 250people
	articles  words
	of, and   words
	the       words
	points    words // two point five
	minus     words
	one       string // the word that is also a pronoun
	notOne    words  // after these it is: the second one
	fillers   words  // about, only: stand before an amount and change nothing
	vague     words  // few, several
	negations words
	below     words // less (than): a bound from above
	than      words
	ranges    words // to, between, or
	ordinals  map[string]int

	currencies map[string]string // phrase → ISO code, or a family: "dollar"

	// Choices and agreement.
	choosing  words  // say nothing about which option: I'd like the … please
	numbering words  // option 2, number 2
	all, none phrase // of the options
	both      phrase
	except    words
	yes, no   phrase // begin an answer
	unsure    phrase
	agree     phrase // consent, besides yes

	// Addresses.
	carriers words // stand before an address in a sentence: it's, at

	introductions []string // my name is
	countries     map[string]string

	// Dates and times.
	months   map[string]time.Month
	weekdays map[string]time.Weekday
	days     []relative // longest phrase first
	when     timeWords

	wishes   map[string]Wish
	courtesy phrase // around a wish: can I, please
	generic  words  // say nothing about which question of the FAQ is meant
	asking   words  // begin a question

	// What is said.
	refusals   map[string]string
	yesNo      [2]string // yes, no
	group      string
	point      string
	digits     string // the ten, or "" for ASCII
	indian     bool   // 12,00,000 for every number
	monthNames [12]string
	dayNames   [7]string
	date       func(l *lexicon, d flows.Date) string
	day        func(l *lexicon, t time.Time) string
	clock      func(t time.Time, language string) string
	lastAnd    string
	comma      string // between what is listed
	dayFirst   bool   // 1/12 is 1 December whatever the region
}

// phrase is a set of phrases by their first word, the longest first.
type phrase map[string][]string

// phrases makes the set from a text with commas between the phrases.
func phrases(text string) phrase {
	out := phrase{}
	for p := range strings.SplitSeq(text, ",") {
		p = strings.Join(strings.Fields(p), " ")
		first, _, _ := strings.Cut(p, " ")
		out[first] = append(out[first], p)
		for i := len(out[first]) - 1; i > 0 && len(out[first][i-1]) < len(p); i-- {
			out[first][i], out[first][i-1] = out[first][i-1], p
		}
	}
	return out
}

// at is how many tokens the longest phrase at i takes; 0 = none.
func (p phrase) at(tokens []token, i int) int {
	if i >= len(tokens) {
		return 0
	}
	for _, candidate := range p[tokens[i].text] {
		if n, ok := starts(tokens[i:], candidate); ok {
			return n
		}
	}
	return 0
}

// countable says whether a word can follow the article of an amount: a hundred, a couple, a half.
func (l *lexicon) countable(w string) bool {
	_, half := l.halves[w]
	return half || l.hundreds[w] || l.scales[w] > 0 || l.couples[w] > 0
}

// lexicons holds the languages by base language.
var lexicons = map[string]*lexicon{"en": &english, "hi": &hindi, "bn": &bangla, "fa": &persian}

// lexiconOf is the lexicon of a language's base, or English.
func lexiconOf(language string) *lexicon {
	base, _, _ := strings.Cut(language, "-")
	if l := lexicons[base]; l != nil {
		return l
	}
	if l := lexicons[strings.ToLower(base)]; l != nil {
		return l
	}
	return &english
}

// grouped writes digits (1200.50, -5) as the language does; indian asks for 12,00,000.
func (l *lexicon) grouped(plain string, indian bool) string {
	sign, plain := cutSign(plain)
	digits, fraction, broken := strings.Cut(plain, ".")
	var b strings.Builder
	b.Grow(2 * len(plain))
	b.WriteString(sign)
	for i := range len(digits) {
		if i > 0 && breaks(len(digits)-i, indian || l.indian) {
			b.WriteString(l.group)
		}
		l.writeDigit(&b, digits[i])
	}
	if broken {
		b.WriteString(l.point)
	}
	for i := range len(fraction) {
		l.writeDigit(&b, fraction[i])
	}
	return b.String()
}

func cutSign(plain string) (sign, digits string) {
	if strings.HasPrefix(plain, "-") {
		return "-", plain[1:]
	}
	return "", plain
}

// breaks says whether a separator stands before the last n digits.
func breaks(n int, indian bool) bool {
	if indian {
		return n == 3 || n > 3 && n%2 == 1
	}
	return n%3 == 0
}

func (l *lexicon) writeDigit(b *strings.Builder, digit byte) {
	if l.digits == "" {
		b.WriteByte(digit)
		return
	}
	n := len(l.digits) / 10
	at := int(digit-'0') * n
	b.WriteString(l.digits[at : at+n])
}

// number writes a small number in the language's digits.
func (l *lexicon) number(digits string) string {
	if l.digits == "" {
		return digits
	}
	var b strings.Builder
	for i := range len(digits) {
		l.writeDigit(&b, digits[i])
	}
	return b.String()
}
