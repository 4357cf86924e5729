package flows

import "fmt"

// followups tells what is otherwise in the letters to those who are not ready.
func (d *differ) followups(a, b *Followups) {
	if a == nil {
		a = &Followups{Limit: DefaultLetterLimit}
	}
	if b == nil {
		b = &Followups{Limit: DefaultLetterLimit}
	}
	d.facts("followup", "all follow-ups", versions{a, b})
	for _, p := range align(a.Sequences, b.Sequences, func(s *Sequence) string { return s.ID }) {
		name := "the sequence `" + p.one().ID + "`"
		d.compare("followup", name, pairOf(p))
		if p.old != nil && p.new != nil {
			d.letters(name, (*p.old).Letters, (*p.new).Letters)
		}
	}
}

// letters compares the letters of one sequence, by their subjects, then by their words, then by their places.
func (d *differ) letters(name string, a, b []*Letter) {
	at := func(of []*Letter) func(*Letter) string {
		places := map[*Letter]string{}
		for i, letter := range of {
			places[letter] = fmt.Sprint(i)
		}
		return func(letter *Letter) string { return places[letter] }
	}
	inOld, inNew := at(a), at(b)
	place := func(letter *Letter) string {
		if p := inNew(letter); p != "" {
			return p
		}
		return inOld(letter)
	}
	pairs := align(a, b, func(letter *Letter) string { return letter.Subject.String() }, func(letter *Letter) string { return letter.Say.String() }, place)
	for _, p := range pairs {
		d.compare("letter", "the letter “"+p.one().Subject.String()+"” of "+name, pairOf(p))
	}
}
