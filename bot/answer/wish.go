package answer

import "strings"

// Wish is something a visitor may want at any moment.
type Wish string

// The wishes every step understands.
const (
	WishPerson  Wish = "person" // to talk to a person
	WishBack    Wish = "back"   // one question back
	WishSkip    Wish = "skip"
	WishRestart Wish = "restart" // start over
	WishStop    Wish = "stop"
	WishNone    Wish = "none"    // none of the times shown
	WishMove    Wish = "move"    // another time for the meeting
	WishCancel  Wish = "cancel"  // no meeting after all
	WishLetters Wish = "letters" // to get no more of them
)

// maxWish is the most bytes of a wish: more is a story, and stories are answers.
const maxWish = 120

// Wished is the wish the words plainly are, or "". All of the words count: "we want to stop losing leads" is an
// answer. An option of the open question that is named like a wish ("help", "later") is for the caller to ask first.
func Wished(language, text string) Wish {
	if len(text) > 2*maxWish {
		return ""
	}
	text = fold(text)
	if text == "" || len(text) > maxWish {
		return ""
	}
	var buf [32]token
	tokens, _ := scan(buf[:0], text)
	l := lexiconOf(language)
	w := wished(l, tokens)
	if w == "" && l != &english {
		w = wished(&english, tokens)
	}
	return w
}

func wished(l *lexicon, tokens []token) Wish {
	tokens = unmarked(tokens)
	for {
		if w := l.wishes[spelled(tokens)]; w != "" {
			return w
		}
		rest := l.plainly(tokens)
		if len(rest) == len(tokens) || len(rest) == 0 {
			return ""
		}
		tokens = rest
	}
}

// unmarked drops the punctuation around the words.
func unmarked(tokens []token) []token {
	for len(tokens) > 0 && tokens[0].kind == mark {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].kind == mark {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// maxCourtesy is the most words of a courtesy at the end: "for now", "thank you".
const maxCourtesy = 2

// plainly drops one courtesy from the beginning or the end.
func (l *lexicon) plainly(tokens []token) []token {
	if n := l.courtesy.at(tokens, 0); n > 0 {
		return unmarked(tokens[n:])
	}
	for n := 1; n <= maxCourtesy && n < len(tokens); n++ {
		if l.courtesy.at(tokens, len(tokens)-n) == n {
			return unmarked(tokens[:len(tokens)-n])
		}
	}
	return tokens
}

// wishes turns lists of phrases into the map they are looked up in. A slash and a dash are punctuation, as everywhere.
func wishes(lists map[Wish]string) map[string]Wish {
	out := map[string]Wish{}
	for w, list := range lists {
		for p := range strings.SplitSeq(list, ",") {
			out[strings.Join(strings.Fields(strings.NewReplacer("/", " ", "-", " ").Replace(p)), " ")] = w
		}
	}
	return out
}
