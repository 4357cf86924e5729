package flows

import (
	"math/bits"
	"slices"
)

// state is what each subject may be, as a set of its classes, by the subject's index.
type state []uint64

// maxCases is the most cases that one question about conditions is answered by: a step with more has too many.
const maxCases = 4000

// everything is the state in which nothing is settled.
func (b *senser) everything() state {
	all := make(state, len(b.subjects))
	for i, s := range b.subjects {
		all[i] = s.all
	}
	return all
}

// cases looks for classes that make senses true.
type cases struct {
	within state
	taken  []int8 // the class of each subject, or -1
	left   int    // cases that may still be looked at
}

// solve finds classes within the state for which all senses are true. What is not decided in them makes no difference
// and is -1. Beyond maxCases it is sure is false, and a solution is assumed.
func (b *senser) solve(within state, must ...*sense) (taken []int8, ok, sure bool) {
	ok, sure = b.possible(within, must)
	return slices.Clone(b.taken), ok, sure
}

// possible says whether there is a solution, and leaves it in taken.
func (b *senser) possible(within state, must []*sense) (ok, sure bool) {
	if len(b.taken) != len(b.subjects) {
		b.taken = make([]int8, len(b.subjects))
	}
	for i := range b.taken {
		b.taken[i] = -1
	}
	c := cases{within: within, taken: b.taken, left: maxCases}
	ok = c.search(must)
	return ok || c.left <= 0, c.left > 0
}

func (c *cases) search(must []*sense) bool {
	if c.left--; c.left <= 0 {
		return false
	}
	var open *test
	for _, s := range must {
		switch c.truth(s, &open) {
		case no:
			return false
		case maybe:
			return c.split(open, must)
		}
	}
	return true
}

// split tries each class of a test's subject.
func (c *cases) split(t *test, must []*sense) bool {
	found := false
	at := t.about.index
	classes(c.within[at], func(class int) bool {
		c.taken[at] = int8(class)
		found = c.search(must)
		return !found
	})
	if !found {
		c.taken[at] = -1
	}
	return found
}

type verdict int8

const (
	no verdict = iota
	yes
	maybe
)

// truth is what a sense is for the classes taken so far; open is the first test it waits for.
func (c *cases) truth(s *sense, open **test) verdict {
	switch s.op {
	case alwaysOp:
		return yes
	case neverOp:
		return no
	case testOp:
		return c.answer(s.test, open)
	case notOp:
		switch c.truth(s.left, open) {
		case yes:
			return no
		case no:
			return yes
		}
		return maybe
	}
	ends := no // what decides an and at once
	if s.op == orOp {
		ends = yes
	}
	left := c.truth(s.left, open)
	if left == ends {
		return ends
	}
	if left == maybe {
		var other *test
		if c.truth(s.right, &other) == ends {
			return ends
		}
		return maybe
	}
	return c.truth(s.right, open)
}

func (c *cases) answer(t *test, open **test) verdict {
	at := t.about.index
	within := c.within[at]
	if c.taken[at] >= 0 {
		within = 1 << c.taken[at]
	}
	switch {
	case within&^t.mask == 0:
		return yes
	case within&t.mask == 0:
		return no
	}
	*open = t
	return maybe
}

// refine leaves in a state only the classes for which all senses can be true; ok is false when there are none.
func (b *senser) refine(within state, must ...*sense) (ok, sure bool) {
	if ok, sure = b.possible(within, must); !ok || !sure {
		return ok, sure
	}
	for _, s := range b.about(must) {
		left := within[s.index]
		for set := left; set != 0; set &= set - 1 {
			class := uint64(1) << bits.TrailingZeros64(set)
			within[s.index] = class
			ok, safe := b.possible(within, must)
			if !ok {
				left &^= class
			}
			sure = sure && safe
		}
		within[s.index] = left
	}
	return true, sure
}

// about are the subjects of senses, each once.
func (b *senser) about(must []*sense) (all []*subject) {
	if len(must) == 1 {
		return must[0].about()
	}
	for _, s := range must {
		for _, one := range s.about() {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all
}

// about are the subjects of a sense, each once. They are looked for when all have been cut.
func (s *sense) about() []*subject {
	if s.subjects != nil || s.op == alwaysOp || s.op == neverOp {
		return s.subjects
	}
	var walk func(*sense)
	walk = func(one *sense) {
		switch {
		case one == nil:
		case one.op == testOp:
			if !slices.Contains(s.subjects, one.test.about) {
				s.subjects = append(s.subjects, one.test.about)
			}
		default:
			walk(one.left)
			walk(one.right)
		}
	}
	walk(s)
	return s.subjects
}
