package bot

import (
	"context"
	"time"
)

// Waitings remembers leads that nobody can take now.
type Waitings interface {
	// Waiting lists leads that wait, the one that has waited longest first.
	Waiting(ctx context.Context, q WaitingQuery) ([]Waiting, error)
	// Waiters reads their conversations, the one that has waited longest first: of each place the first ones, at most so many.
	Waiters(ctx context.Context, ofEach int) ([]Conversation, error)
	// WaitingPlaces counts them by place.
	WaitingPlaces(ctx context.Context) (map[string]int, error)
	// Orphans lists leads of reps who are none of these: open ones, and those with a meeting ahead.
	Orphans(ctx context.Context, reps []string, now time.Time) ([]Orphan, error)
}

// Waiting is a lead in its place.
type Waiting struct {
	Conversation string
	Place        string // the team or rep it waits for
	Since, Until time.Time
}

// WaitingQuery is which of them.
type WaitingQuery struct {
	Place  string    // "" = any
	Over   time.Time // only those whose Until is not after then; zero = all
	Closed bool      // only those whose person somebody has closed since: won, lost or let go by hand, the API or a CRM
	Limit  int
}

// Orphan is a lead whose rep is not in the roster any more.
type Orphan struct {
	Conversation string
	Rep          string
}

// waits keeps with the turn where the lead waits, or that it does no more.
func (d *decision) waits() {
	was, is := d.before.Waiting, d.turn.Conversation.State.Waiting
	switch {
	case is != nil && (was == nil || was.Place != is.Place || !was.Since.Equal(is.Since)):
		d.turn.Waiting = &Waiting{Conversation: d.turn.Conversation.ID, Place: is.Place, Since: is.Since, Until: is.Until}
		d.bot.log().Info("a lead waits", "conversation", d.turn.Conversation.ID, "place", is.Place, "until", is.Until)
	case is == nil && was != nil:
		d.turn.Waiting = &Waiting{Conversation: d.turn.Conversation.ID}
	}
}
