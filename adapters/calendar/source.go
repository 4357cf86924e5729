package calendar

import (
	"context"
	"errors"
	"time"

	"usher/bot"
)

// Errors of a Source, wrapped with what was being done. A *bot.RetryError says when a server wants to be asked again;
// anything else may have passed by the next time.
var (
	ErrAuth    = errors.New("the calendar's server refuses the sign-in") // somebody has to act: a new password, a new consent
	ErrGone    = errors.New("the event is not in the calendar any more") // the server said so plainly of our own event: 404 or 410
	ErrChanged = errors.New("the event was changed in the calendar")     // 412: look at it, then decide
)

// Source is one calendar account of a rep: a file, a feed, or calendars on a server. One goroutine uses it at a time; it
// keeps what it read (ETag, sync token) for the next time, in memory alone.
type Source interface {
	// Read gives all instances that overlap the query as they are now. After an error nothing can be said, and the
	// rep is not offered; what was read before stays known to whoever asked.
	Read(ctx context.Context, q Query) (Reading, error)
}

// Reading is what a source holds.
type Reading struct {
	Events   []Event
	Problems []Problem
}

// Book is a source that meetings are written to.
type Book interface {
	Source
	// Put writes the meeting: with a zero Ref it is created, unless it is there already (a lost answer never makes two), else
	// it is changed where it still is as the Ref saw it: ErrChanged, ErrGone.
	Put(ctx context.Context, e Entry, at Ref) (Seen, error)
	// Look reads a meeting that was written: ErrGone.
	Look(ctx context.Context, at Ref) (Seen, error)
	// Remove deletes it; one that is gone already is no error. No invitation or cancellation goes out: the letters are ours.
	Remove(ctx context.Context, at Ref) error
}

// Entry is a meeting as it stands in a rep's calendar.
type Entry struct {
	Meeting   bot.Meeting
	Organizer Organizer   // the rep who has the meeting: the one inviter
	Others    []Organizer // reps who come too
	About     string      // plain text: who the visitor is, what they want, the meeting's page
}

// Ref is where an event stands and as what it was last seen.
type Ref struct {
	UID    string `json:"uid"`
	Source string `json:"source"` // names the account, so that another one is not asked for it
	Href   string `json:"href"`   // CalDAV: path of the object; Google, Microsoft: calendar and event id
	ETag   string `json:"etag"`
}

// Seen is an event of ours as the server has it.
type Seen struct {
	Ref
	Start, End time.Time
	Sequence   int
	AllDay     bool // Start and End are the bounds of whole days, and no time of a meeting
	Cancelled  bool
	Place      string // the link that Google or Microsoft made, where the meeting wanted one
}
