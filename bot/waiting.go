package bot

import (
	"context"
	"errors"
	"time"

	"usher/bot/dialogue"
)

// Waitings remembers leads that nobody can take now.
type Waitings interface {
	// Waiting lists leads that wait, the one that has waited longest first.
	Waiting(ctx context.Context, q WaitingQuery) ([]Waiting, error)
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

// Bounds of one look at those who wait.
const (
	drainEvery = time.Second
	// drainMisses is how many of one place are tried in vain before those behind them are left alone: the first may want
	// somebody who speaks their language, while the next would take anybody.
	drainMisses = 4
)

// keep sees to it, until ctx ends, that every lead has a rep who is there, or a place where it waits.
func (b *Bot) keep(ctx context.Context) {
	var last home
	for ctx.Err() == nil {
		if err := b.drain(ctx); err != nil {
			b.complain(ctx, "give leads that wait to reps", err)
			pause(ctx, storeAway)
		}
		last = b.rehome(ctx, last)
		pause(ctx, drainEvery)
	}
}

// drain gives leads that wait to whoever can take one now, the oldest of each place first, and those that have waited long
// enough to their fallback. Another node may do the same: a lead that somebody has waits no more.
func (b *Bot) drain(ctx context.Context) error {
	places, err := b.Store.WaitingPlaces(ctx)
	if err != nil || len(places) == 0 {
		return err
	}
	closed, err := b.Store.Waiting(ctx, WaitingQuery{Closed: true, Limit: batch})
	if err != nil {
		return err
	}
	for _, w := range closed {
		if err := b.letGo(ctx, w); err != nil {
			b.complain(ctx, "let go of a lead that waits and is closed", err, "conversation", w.Conversation, "place", w.Place)
		}
	}
	over, err := b.Store.Waiting(ctx, WaitingQuery{Over: b.now(), Limit: batch})
	if err != nil {
		return err
	}
	for _, w := range over {
		if err := b.free(ctx, w, true); err != nil {
			b.complain(ctx, "give a lead that has waited long enough to its fallback", err, "conversation", w.Conversation, "place", w.Place)
		}
	}
	for place := range places {
		if err := b.drainPlace(ctx, place); err != nil {
			return err
		}
	}
	return nil
}

// drainPlace goes through those who wait in one place until nobody can take one more. Where there is no such place any
// more, they have waited long enough.
func (b *Bot) drainPlace(ctx context.Context, place string) error {
	waits, err := b.Store.Waiting(ctx, WaitingQuery{Place: place, Limit: batch})
	if err != nil {
		return err
	}
	misses, gone := 0, b.gone(place)
	for _, w := range waits {
		err := b.free(ctx, w, false)
		if gone && errors.Is(err, ErrNobody) {
			b.log().Warn("a lead waits for a team or rep who is not there any more; its fallback serves", "conversation", w.Conversation, "place", place)
			err = b.free(ctx, w, true)
		}
		switch {
		case errors.Is(err, ErrNobody):
			misses++
		case err != nil:
			b.complain(ctx, "give a lead that waits to a rep", err, "conversation", w.Conversation, "place", w.Place)
			misses++
		}
		if misses >= drainMisses || ctx.Err() != nil {
			return nil
		}
	}
	return nil
}

// gone says whether nobody is to be waited for in a place: it is neither a rep of the running roster nor a team with reps.
func (b *Bot) gone(place string) bool {
	h := b.running.Load()
	if h == nil || h.Roster == nil {
		return false
	}
	team := h.Roster.Team(place)
	return (team == nil || len(team.Reps) == 0) && h.Roster.Rep(place) == nil
}

// free gives one lead that waits to somebody: ErrNobody where nobody can take it and it goes on waiting.
func (b *Bot) free(ctx context.Context, w Waiting, over bool) error {
	c, err := b.change(ctx, w.Conversation, dialogue.Freed{Since: w.Since, Over: over})
	if err == nil && c.State.Assigned != nil {
		b.log().Info("a lead waits no more", "conversation", w.Conversation, "place", w.Place, "rep", c.State.Assigned.Rep, "over", over)
	}
	return err
}

// letGo ends the wait of a lead whose person was closed meanwhile: nobody is to get them any more.
func (b *Bot) letGo(ctx context.Context, w Waiting) error {
	if _, err := b.change(ctx, w.Conversation, dialogue.Freed{Since: w.Since, Closed: true}); err != nil {
		return err
	}
	p, err := b.Store.PersonOf(ctx, w.Conversation)
	if err != nil {
		return err
	}
	b.log().Info("a lead that was closed waits no more", "conversation", w.Conversation, "place", w.Place, "stage", p.Stage)
	return b.alter(ctx, p.ID, func(ch *personChange) {
		if ch.p.Owner == "" && ch.p.Waiting == w.Place {
			ch.wait("", Change{By: HouseKeeping, Because: "closed as " + ch.p.Stage, At: b.now()})
		}
	})
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
