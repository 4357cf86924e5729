package flows

import (
	"math"
	"strconv"
	"strings"
)

// leavesKey is the key of a mix that is no field.
const leavesKey = "leaves"

// mix reads who comes. It changes nothing in any conversation.
func (m *flowMaker) mix() {
	if !m.shape.Mix.set() {
		return
	}
	mix := &Mix{Place: m.shape.Mix.place()}
	for i := range m.shape.Mix.rows {
		row := &m.shape.Mix.rows[i]
		if row.name == leavesKey {
			mix.Leaves = leavesOf(row)
			continue
		}
		f := m.flow.Field(row.name)
		if f == nil {
			row.key.wrong("unknown-field", didYouMean(row.name, append(m.flow.fieldNames(), leavesKey)), "the flow has no field %q", row.name)
			continue
		}
		if one, ok := mixOf(row, f); ok {
			mix.Fields = append(mix.Fields, one)
		}
	}
	m.flow.Mix = mix
}

// leavesOf is a percentage.
func leavesOf(r *row[sharesShape]) *float64 {
	s := &r.value
	if s.isMap() {
		r.key.wrong("bad-mix", "write leaves: 5", "leaves is how many of a hundred visitors fall silent at a question")
		return nil
	}
	if s.percent.sound && (s.percent.value < 0 || s.percent.value > 100) {
		s.percent.wrong("out-of-range", "", "leaves is a number from 0 to 100")
	}
	return &s.percent.value
}

func mixOf(r *row[sharesShape], f *Field) (FieldMix, bool) {
	mix := FieldMix{Field: f.Name, Place: r.key.place()}
	if !r.value.isMap() {
		if r.value.percent.sound {
			r.key.wrong("bad-mix", "write "+f.Name+": { ANSWER: 60, ANOTHER: 40 }", "the mix of %s is answers with their shares", f.Name)
		}
		return mix, false
	}
	sound := true
	for _, share := range r.value.rows {
		if share.value.sound && share.value.value < 0 {
			share.value.wrong("out-of-range", "", "a share is not below zero")
		}
		sound = sound && share.value.sound && share.value.value >= 0
		mix.Shares = append(mix.Shares, shareOf(share, f))
	}
	switch sum := mix.Sum(); {
	case !sound:
		return mix, false
	case sum == 0 || math.IsInf(sum, 0):
		r.key.wrong("bad-mix", "", "the shares of %s add up to nothing", f.Name)
	case math.Abs(sum-100) > 0.5:
		r.key.doubt("mix-sum", "each share counts as its part of the sum", "the shares of %s add up to %s, not to 100",
			f.Name, strconv.FormatFloat(sum, 'f', -1, 64))
	}
	return mix, true
}

// shareOf is one answer of a mix; one that the field cannot have is reported.
func shareOf(r row[number], f *Field) MixShare {
	s := MixShare{Answer: strings.TrimSpace(r.name), Percent: r.value.value, Place: r.key.place()}
	if f.option(s.Answer) != nil {
		return s
	}
	if s.Answer == SkippedAnswer || s.Answer == RefusedAnswer {
		return s
	}
	switch f.Type {
	case TypeChoice, TypeChoices:
		r.key.wrong("unknown-option", didYouMean(s.Answer, append(f.values(), SkippedAnswer, RefusedAnswer)), "%s has no option %q", f.Name, s.Answer)
	case TypeYesNo, TypeConsent:
		if s.Answer != "true" && s.Answer != "false" {
			r.key.wrong("unknown-option", "write true or false", "%s has no answer %q", f.Name, s.Answer)
		}
	case TypeNumber, TypeMoney:
		s.readRange(r.key, f)
	}
	return s
}

// readRange reads a number or a range such as 20..199.
func (s *MixShare) readRange(at item, f *Field) {
	low, high, ranged := strings.Cut(s.Answer, "..")
	if !ranged {
		high = low
	}
	from, err1 := strconv.ParseFloat(strings.TrimSpace(low), 64)
	to, err2 := strconv.ParseFloat(strings.TrimSpace(high), 64)
	switch {
	case err1 != nil || err2 != nil || from-from != 0 || to-to != 0:
		at.wrong("bad-number", "write a number such as 25, or a range such as 20..199", "%q is not an answer to %s", s.Answer, f.Name)
	case from > to:
		at.wrong("empty-range", "turn them round", "nothing lies in %s", s.Answer)
	case f.Min != nil && from < *f.Min || f.Max != nil && to > *f.Max:
		at.wrong("out-of-range", "", "%s takes no answer outside its min and max", f.Name)
	default:
		s.Range, s.From, s.To = true, from, to
	}
}
