package answer

import "usher/flows"

// readYesNo reads agreement. The first words decide ("yes, we use Salesforce"); unless what follows takes it back
// ("yes and no"). Consent must be plain: a yes with any "not" after it is asked again.
func readYesNo(q *Question, text string) (flows.Value, *Refusal) {
	var buf [32]token
	tokens, ok := scan(buf[:0], text)
	if !ok {
		return q.refuse(NotYesOrNo)
	}
	yes, ok := lexiconOf(q.Language).agreed(tokens, q.Field.Type == flows.TypeConsent)
	if !ok {
		return q.refuse(NotYesOrNo)
	}
	return flows.Value{Type: q.Field.Type, Yes: yes}, nil
}

func (l *lexicon) agreed(tokens []token, strict bool) (yes, ok bool) {
	for i := range tokens {
		n, no := l.yes.at(tokens, i), l.no.at(tokens, i)
		if strict {
			n = max(n, l.agree.at(tokens, i))
		}
		switch {
		case l.unsure.at(tokens, i) > 0:
			return false, false
		case n+no > 0:
			return n > no, !l.retracted(tokens[i+max(n, no):], n > no, strict)
		case tokens[i].kind != mark && !l.fillers[tokens[i].text]:
			return false, false
		}
	}
	return false, false
}

// retracted says whether the words after the answer take it back.
func (l *lexicon) retracted(rest []token, yes, strict bool) bool {
	for i := range rest {
		if strict && l.negations[rest[i].text] && yes {
			return true
		}
		opposite := l.no
		if !yes {
			opposite = l.yes
		}
		if n := opposite.at(rest, i); n > 0 && i+n == len(rest) && i <= 2 {
			return true
		}
	}
	return false
}
