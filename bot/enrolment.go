package bot

import (
	"context"
	"time"
)

// Recipient is somebody whom letters go to, by the keyed hash of the address: no address is kept with it.
type Recipient struct {
	Hash       string
	Version    int64     // changes committed, those of the enrolments too: the optimistic lock; 0 = there is no row yet
	Suppressed time.Time // since when no letter goes there; zero = letters go
	Because    string    // flows.StopUnsubscribe, flows.StopBounce, or who said so by hand
}

// Enrolment is somebody who gets the letters of a sequence.
type Enrolment struct {
	ID           string // of the recipient and the sequence: EnrolmentID
	Recipient    string // hash
	Sequence     string
	Conversation string // that began it, and that the letters lead back to
	Run          int64  // from 1: how often the sequence began
	BeganAt      time.Time
	Letters      int       // of this run that were to go by now
	Sent         int       // of these, those that no server refused; CommitEnrolment tells it of itself
	LastAt       time.Time // of the last letter of any run; zero = none
	NextAt       time.Time // zero = there is no next one
	State        string    // EnrolmentRunning …
	Because      string    // why it stopped: flows.StopAnswer …, StopWon …; of one that did not, what became of its last letter
}

// States of an enrolment.
const (
	EnrolmentRunning = "running"
	EnrolmentDone    = "done" // every letter was sent
	EnrolmentStopped = "stopped"
)

// EnrolmentID is that of a recipient in a sequence.
func EnrolmentID(recipient, sequence string) string { return recipient + "/" + sequence }

// EnrolmentTurn is everything one change of an enrolment writes: it is committed together or not at all.
type EnrolmentTurn struct {
	Recipient Recipient // Version is the one it was decided on
	Enrolment Enrolment // as it is after the change
	Letter    int       // that is sent with it, from 1; 0 = none
	Refused   int       // the letter of the run that no server took after all: it counts for nothing; 0 = none
	Now       time.Time
	Jobs      []Job
}

// Enrolments remembers who gets which letters, and who wants none.
type Enrolments interface {
	// Recipient reads by hash; one that nobody has heard of has Version 0.
	Recipient(ctx context.Context, hash string) (Recipient, error)
	// Enrolment reads by id, or ErrNotFound.
	Enrolment(ctx context.Context, id string) (Enrolment, error)
	// Enrolments lists them by when they began, the newest first, at most limit.
	Enrolments(ctx context.Context, limit int) ([]Enrolment, error)
	// CommitEnrolment writes one change, or ErrStale where something about the recipient changed meanwhile.
	CommitEnrolment(ctx context.Context, t EnrolmentTurn) error
	// LettersTo is when the recipient was sent letters since then, the oldest first.
	LettersTo(ctx context.Context, recipient string, since time.Time) ([]time.Time, error)
	// Suppress lets no letter go to the recipient any more and stops what runs. Doing it again changes nothing.
	Suppress(ctx context.Context, r Recipient) error
	// Unsuppress lets letters go there again; ErrNotFound where they did. What was stopped stays so.
	Unsuppress(ctx context.Context, hash string) error
	// LastHeard is when the visitor of the conversation last said something, in any of theirs; zero = never.
	LastHeard(ctx context.Context, conversation string) (time.Time, error)
	// AddToken gives a visitor a further token: those there were stay good.
	AddToken(ctx context.Context, visitor string, tokenHash []byte, at time.Time) error
}
