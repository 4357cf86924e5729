package answer

import (
	"cmp"
	"maps"
)

// tongue is what is said in a language of its own, and the few words that are read in it beside the English ones.
type tongue struct {
	yesNo          [2]string
	yes, no, agree string // phrases, with commas between
	negations      string // words
	wishes         map[string]Wish
	refusals       map[string]string
	comma          string // between what is listed, where it is not the English one
}

// speaking is the lexicon with another tongue.
func (l lexicon) speaking(t tongue) lexicon {
	l.yesNo, l.refusals, l.comma = t.yesNo, t.refusals, cmp.Or(t.comma, l.comma)
	l.yes, l.no, l.agree = l.yes.and(t.yes), l.no.and(t.no), l.agree.and(t.agree)
	negations := maps.Clone(l.negations)
	maps.Copy(negations, set(fold(t.negations)))
	l.negations = negations
	own := maps.Clone(l.wishes)
	for p, w := range t.wishes {
		own[fold(p)] = w
	}
	l.wishes = own
	return l
}

// and is the set with further phrases, of words that it has none of.
func (p phrase) and(text string) phrase {
	out := maps.Clone(p)
	maps.Copy(out, phrases(fold(text)))
	return out
}
