package flows

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// sortOf is what kind of thing conditions can ask of a subject.
type sortOf int

const (
	factSort   sortOf = iota // is so or is not: booked, open("support"), a comparison that is not looked into
	answerSort               // yes, no or not known
	numberSort
	wordSort
	listSort // known or not; what is in it are facts of their own
)

// subject is one thing that conditions ask about. Its possible values are cut into classes, within which no condition
// can tell two values apart; at most maxClasses of them, so that a set of classes is one word.
type subject struct {
	name    string // as it is written: team_size, utm.source, open("support")
	sort    sortOf
	field   *Field // whose value it is; nil = nobody's
	index   int
	sure    bool     // always known
	whole   bool     // numbers: no fractions
	least   *float64 // numbers
	most    *float64
	closed  bool     // words: there are no others than these
	words   []string // words: all there are, when closed
	ordered bool     // words: a condition asks what comes first
	tests   []*test

	numbers []float64 // the values that are compared with, rising
	texts   []string
	all     uint64 // the classes that can be
}

const maxClasses = 64

// The first classes of every subject.
const (
	unknownClass = 0
	noClass      = 1
	yesClass     = 2
)

// test is one question about a subject.
type test struct {
	about  *subject
	kind   testKind
	number float64
	word   string
	mask   uint64 // the classes for which the answer is yes
}

type testKind int

const (
	isKnown testKind = iota
	isYes
	isEqual
	isBelow
)

// cut divides the subject's values into classes and answers its tests for each. It is false when there are too many.
func (s *subject) cut() bool {
	for _, t := range s.tests {
		if t.kind != isEqual && t.kind != isBelow {
			continue
		}
		s.ordered = s.ordered || t.kind == isBelow
		if s.sort == numberSort {
			s.numbers = append(s.numbers, t.number)
		} else {
			s.texts = append(s.texts, t.word)
		}
	}
	slices.Sort(s.numbers)
	s.numbers = slices.Compact(s.numbers)
	slices.Sort(s.texts)
	s.texts = slices.Compact(s.texts)
	if 2*len(s.numbers)+2 > maxClasses || 2*len(s.texts)+2 > maxClasses {
		return false
	}
	s.all = s.possible()
	if s.sure {
		s.all &^= 1 << unknownClass
	}
	for _, t := range s.tests {
		t.mask = s.mask(t)
	}
	return true
}

// possible are the classes that have a value in them.
func (s *subject) possible() uint64 {
	switch s.sort {
	case factSort:
		return 1<<yesClass | 1<<noClass
	case answerSort:
		return 1<<unknownClass | 1<<yesClass | 1<<noClass
	case listSort:
		return 1<<unknownClass | 1<<yesClass
	case numberSort:
		all := uint64(1) << unknownClass
		for class := 1; class <= 2*len(s.numbers)+1; class++ {
			if _, ok := s.numberIn(class); ok {
				all |= 1 << class
			}
		}
		return all
	}
	return s.wordsPossible()
}

// wordsPossible: with an order, the classes are gaps and words in turn; else each word, and any other word last.
func (s *subject) wordsPossible() (all uint64) {
	all = 1 << unknownClass
	switch {
	case s.ordered:
		for class := 1; class <= 2*len(s.texts)+1; class++ {
			all |= 1 << class
		}
		return all
	case !s.closed:
		all |= 1 << (len(s.texts) + 1)
	case slices.ContainsFunc(s.words, func(w string) bool { return !slices.Contains(s.texts, w) }):
		all |= 1 << (len(s.texts) + 1)
	}
	for i, word := range s.texts {
		if !s.closed || slices.Contains(s.words, word) {
			all |= 1 << (i + 1)
		}
	}
	return all
}

// mask is the classes for which a test is true.
func (s *subject) mask(t *test) (mask uint64) {
	switch t.kind {
	case isKnown:
		return ^uint64(1 << unknownClass)
	case isYes:
		return 1 << yesClass
	}
	at := slices.Index(s.texts, t.word)
	if s.sort == numberSort {
		at = slices.Index(s.numbers, t.number)
	}
	switch {
	case t.kind == isEqual && (s.sort == numberSort || s.ordered):
		return 1 << (2*at + 2)
	case t.kind == isEqual:
		return 1 << (at + 1)
	}
	for class := 1; class < 2*at+2; class++ {
		mask |= 1 << class
	}
	return mask
}

// numberIn is a number of a class, the plainest there is; ok is false when there is none.
func (s *subject) numberIn(class int) (n float64, ok bool) {
	low, high := math.Inf(-1), math.Inf(1)
	at := (class - 1) / 2
	if class%2 == 0 {
		n = s.numbers[at]
		return n, s.allows(n)
	}
	if at > 0 {
		low = s.numbers[at-1]
	}
	if at < len(s.numbers) {
		high = s.numbers[at]
	}
	return s.between(low, high)
}

// between is a number above low and below high that the subject can be.
func (s *subject) between(low, high float64) (n float64, ok bool) {
	tries := []float64{math.Floor(low) + 1, math.Ceil(high) - 1, (low + high) / 2}
	if s.least != nil {
		tries = append(tries, *s.least, math.Ceil(*s.least), (*s.least+high)/2)
	}
	if s.most != nil {
		tries = append(tries, *s.most, math.Floor(*s.most), (*s.most+low)/2)
	}
	if math.IsInf(low, -1) && math.IsInf(high, 1) {
		tries = append(tries, 1)
	}
	for _, n := range tries {
		if n > low && n < high && s.allows(n) {
			return n, true
		}
	}
	return 0, s.least != nil && s.most != nil && !s.whole && max(low, *s.least) < min(high, *s.most)
}

// allows says whether the number can be the subject's value.
func (s *subject) allows(n float64) bool {
	return n == n && !math.IsInf(n, 0) && (s.least == nil || n >= *s.least) && (s.most == nil || n <= *s.most) && (!s.whole || n == math.Trunc(n))
}

// label is a class in plain words: goal = demo, team_size = 250, no budget.
func (s *subject) label(class int) string {
	switch {
	case s.sort == factSort && class == noClass:
		return "not " + s.name
	case s.sort == factSort:
		return s.name
	case class == unknownClass:
		return "no " + s.name
	case s.sort == listSort, s.sort == wordSort && !s.closed && len(s.texts) == 0:
		return s.name + " given"
	}
	return s.name + " = " + s.value(class)
}

func (s *subject) value(class int) string {
	switch {
	case s.sort == answerSort && class == yesClass:
		return "yes"
	case s.sort == answerSort:
		return "no"
	case s.sort == numberSort:
		n, _ := s.numberIn(class)
		return plainNumber(n)
	}
	return s.wordIn(class)
}

func (s *subject) wordIn(class int) string {
	at := class - 1
	if s.ordered {
		if class%2 == 1 {
			return "another"
		}
		at = (class - 2) / 2
	}
	if at < len(s.texts) {
		if s.texts[at] == "" {
			return strconv.Quote("")
		}
		return s.texts[at]
	}
	for _, w := range s.words {
		if !slices.Contains(s.texts, w) {
			return w
		}
	}
	return "another"
}

// lasting says whether the value stays as it is while nobody is asked for it.
func (s *subject) lasting() bool { return s.field != nil }

// classes yields the classes of a set.
func classes(set uint64, yield func(class int) bool) {
	for set != 0 {
		class := bits.TrailingZeros64(set)
		set &^= 1 << class
		if !yield(class) {
			return
		}
	}
}
