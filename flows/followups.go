package flows

import (
	"slices"
	"time"
)

// Followups is what followups.yaml says: letters to those who are not ready yet.
type Followups struct {
	Limit     LetterLimit
	Imprint   Text // who writes, at the foot of every letter: what the law asks for
	Sequences []*Sequence
}

// LetterLimit is the most letters one person gets within a time, over all sequences.
type LetterLimit struct {
	Letters int
	Within  time.Duration
}

// DefaultLetterLimit is taken where followups.yaml says nothing: more than two a week are felt as a nuisance.
var DefaultLetterLimit = LetterLimit{Letters: 2, Within: 7 * 24 * time.Hour}

// DefaultQuiet is when nobody gets a letter unless it is said otherwise: from nine in the evening to eight in the morning.
var DefaultQuiet = Span{From: 21 * 60, To: 8 * 60}

// Sequence is letters that one person gets one after the other.
type Sequence struct {
	ID      string
	On      Begin
	Flow    string     // whose conversations begin it; "" = those of every flow
	If      *Condition // must hold when it begins and before each letter; nil = always
	Letters []*Letter
	Quiet   Span     // minutes since midnight in the person's zone; From > To passes midnight, From = To is never
	Stop    []string // what ends it: StopAnswer …
	Place   Place
}

// Begin is what a sequence begins with; one of its members is set.
type Begin struct {
	End     string        // the conversation ended so; EndLapsed = it was left in the middle and has lapsed
	Silence time.Duration // nothing was said for this long in the middle of the conversation
	If      *Condition    // came to hold, as a page was opened or something was said
}

// EndLapsed is how a conversation ended that nobody went on with.
const EndLapsed = "lapsed"

// What ends a sequence.
const (
	StopAnswer      = "answer"      // the person said or wrote something, anywhere
	StopBooking     = "booking"     // the person has a meeting
	StopUnsubscribe = "unsubscribe" // the person wants no more letters
	StopBounce      = "bounce"      // the address does not take letters
)

var stops = []string{StopAnswer, StopBooking, StopUnsubscribe, StopBounce}

// Letter is one letter of a sequence.
type Letter struct {
	After   time.Duration // since the letter before, or since the sequence began; whole days are days of the person's calendar
	Subject Text
	Say     Text
	Place   Place
}

// Sequence is the sequence with that id, or nil.
func (f *Followups) Sequence(id string) *Sequence {
	if f == nil {
		return nil
	}
	for _, s := range f.Sequences {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Stops says whether something of that kind ends the sequence. Whoever wants no letters, or cannot be reached, gets none
// whatever is written.
func (s *Sequence) Stops(kind string) bool {
	return kind == StopUnsubscribe || kind == StopBounce || slices.Contains(s.Stop, kind)
}

// words is the limit as its author writes it.
func (l LetterLimit) words() string {
	for _, unit := range limitUnits {
		if unit.of == l.Within {
			return plainNumber(float64(l.Letters)) + " a " + unit.name
		}
	}
	return ""
}

var limitUnits = []struct {
	name string
	of   time.Duration
}{{"day", 24 * time.Hour}, {"week", 7 * 24 * time.Hour}, {"month", 30 * 24 * time.Hour}}
