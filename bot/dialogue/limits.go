package dialogue

import (
	"errors"
	"fmt"
	"time"
)

// Errors of Advance; the conversation comes back as it was with each of them.
var (
	// ErrUnexpected: a fact nobody asked for, or a second Started.
	ErrUnexpected = errors.New("input does not fit the state")
	// ErrState: the stored state is not one of the flow's machine.
	ErrState = errors.New("unknown state")
	// ErrNotJoined: words of a person who has not joined.
	ErrNotJoined = errors.New("nobody has joined to say this")
	// ErrLimit: a named bound was met.
	ErrLimit = errors.New("limit reached")
	// ErrTooLong is the ErrLimit of a message that is longer than MaxTextBytes.
	ErrTooLong = fmt.Errorf("%w: a message of more than %d bytes", ErrLimit, MaxTextBytes)
	// ErrFull is the ErrLimit of a conversation that has had its MaxTurns.
	ErrFull = fmt.Errorf("%w: %d turns", ErrLimit, MaxTurns)
)

// JoinedError says that another person talks already.
type JoinedError struct{ Person Person }

func (e *JoinedError) Error() string {
	return fmt.Sprintf("%s is talking to the visitor already", e.Person.called())
}

const (
	// MaxSteps is how many steps one input may pass through, and how many facts one turn may feed back: several times
	// what a long flow with everything known needs, so that only a flow that runs in a circle meets it.
	MaxSteps = 500
	// MaxTurns is how many inputs a conversation takes before words of the visitor are refused: a whole day of talking.
	MaxTurns = 2000
	// MaxTextBytes is the longest message read: two pages of prose, more than any question asks for.
	MaxTextBytes = 4096
	// MaxPages is how many page views are kept: enough for scoring, small enough to load every turn.
	MaxPages = 50
	// MaxPageBytes is the longest page path or title kept; longer ones are cut.
	MaxPageBytes = 512
	// MaxUTM is how many utm parameters of a visit are kept: there are five in use.
	MaxUTM = 20
	// MaxRefused is how many offered times a visitor may turn down before the flow goes on without a meeting: ten
	// rounds of three have shown that the times are not the matter.
	MaxRefused = 30
	// MaxOffers is how many times are shown at once, whatever was found: more is a calendar, not an offer.
	MaxOffers = 12
	// MaxTrail is how many questions back a visitor can go; a flow that asks in a circle forgets the oldest.
	MaxTrail = 100
	// HoldFor is how long a chosen time is kept while something is still to be asked: time to type an address, short
	// enough that a visitor who left does not cost the rep an hour.
	HoldFor = 5 * time.Minute
	// DefaultWait is how long a visitor waits for a person where the author says nothing.
	DefaultWait = 2 * time.Minute
	// DefaultOffer is how many times are shown at once where the author says nothing.
	DefaultOffer = 3
)
