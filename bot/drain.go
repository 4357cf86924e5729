package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/flows"
)

// Bounds of one look at those who wait.
const (
	drainEvery = time.Second
	// maxAhead is how many of each place are looked at: those who have waited longest.
	maxAhead = 64
)

// keep sees to it, until ctx ends, that every lead has a rep who is there, or a place where it waits.
func (b *Bot) keep(ctx context.Context) {
	var last home
	for ctx.Err() == nil {
		if _, err := b.drain(ctx); err != nil {
			b.complain(ctx, "give leads that wait to reps", err)
			pause(ctx, storeAway)
		}
		last = b.rehome(ctx, last)
		pause(ctx, drainEvery)
	}
}

// serveOlder asks those who have waited longer than somebody else whose turn it is, and says whether that changed anything. A
// command leaves them to the server, which tells whoever gets one.
func (b *Bot) serveOlder(ctx context.Context) bool {
	if b.beside() {
		return false
	}
	n, err := b.drain(ctx)
	if err != nil {
		b.complain(ctx, "give leads that wait to reps", err)
	}
	return n > 0
}

// drain gives leads that wait to whoever can take one now, the oldest first, and those that have waited long enough to
// their fallback. It says how many wait no more. Another node may do the same: a lead that somebody has waits no more.
func (b *Bot) drain(ctx context.Context) (n int, err error) {
	places, err := b.Store.WaitingPlaces(ctx)
	if err != nil || len(places) == 0 {
		return 0, err
	}
	closed, err := b.Store.Waiting(ctx, WaitingQuery{Closed: true, Limit: batch})
	if err != nil {
		return 0, err
	}
	for _, w := range closed {
		did, err := b.letGo(ctx, w)
		n += counted(did)
		if err != nil {
			b.complain(ctx, "let go of a lead that waits and is closed", err, "conversation", w.Conversation, "place", w.Place)
		}
	}
	over, err := b.Store.Waiting(ctx, WaitingQuery{Over: b.now(), Limit: batch})
	if err != nil {
		return n, err
	}
	for _, w := range over {
		did, err := b.free(ctx, w, true)
		n += counted(did)
		if err != nil {
			b.complain(ctx, "give a lead that has waited long enough to its fallback", err, "conversation", w.Conversation, "place", w.Place)
		}
	}
	served, err := b.serveWaiting(ctx)
	return n + served, err
}

func counted(did bool) int {
	if did {
		return 1
	}
	return 0
}

// serveWaiting gives each lead that waits to whoever can take it now, the oldest first. Where there is no such place any
// more, they have waited long enough.
func (b *Bot) serveWaiting(ctx context.Context) (n int, err error) {
	now, h := b.now(), b.running.Load()
	if h == nil || h.Roster == nil {
		return 0, nil
	}
	waiting, err := b.older(ctx, now)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	asks := make([]desk.Older, len(waiting))
	for i, w := range waiting {
		asks[i] = w.ask
	}
	reps, err := b.deskOf(ctx, h, Conversation{}, now).Drain(asks)
	if err != nil {
		return 0, err
	}
	for i, w := range waiting {
		gone := reps[i] == "" && b.gone(w.Place)
		if reps[i] == "" && !gone {
			continue
		}
		did, err := b.free(ctx, w.Waiting, gone)
		n += counted(did)
		if did && gone {
			b.log().Warn("a lead waited for a team or rep who is not there any more; its fallback serves", "conversation", w.Conversation, "place", w.Place)
		}
		if err != nil && !errors.Is(err, ErrNobody) {
			b.complain(ctx, "give a lead that waits to a rep", err, "conversation", w.Conversation, "place", w.Place)
		}
	}
	return n, nil
}

// waiter is a lead that waits, and whom it asks.
type waiter struct {
	Waiting
	ask desk.Older
}

// before says whether the lead has waited longer than the conversation's, which may be new.
func (w waiter) before(c Conversation) bool {
	is := c.State.Waiting
	switch {
	case w.Conversation == c.ID:
		return false
	case is == nil || w.Since.Before(is.Since):
		return true
	}
	return w.Since.Equal(is.Since) && w.Conversation < c.ID
}

// older are leads that wait, of each place those who have waited longest, the oldest first. One whose revision cannot be
// read any more goes on waiting. Those whose time is over have their fallback: one that cannot be given to anybody holds back
// nobody for ever.
func (b *Bot) older(ctx context.Context, now time.Time) (all []waiter, err error) {
	talks, err := b.Store.Waiters(ctx, maxAhead)
	if err != nil {
		return nil, err
	}
	for _, c := range talks {
		ask, err := b.asks(ctx, c, now)
		switch is := c.State.Waiting; {
		case err != nil:
			b.complain(ctx, "ask for whom a lead waits", err, "conversation", c.ID)
		case is != nil && is.Until.After(now):
			all = append(all, waiter{Waiting{Conversation: c.ID, Place: is.Place, Since: is.Since, Until: is.Until}, desk.Older{Key: c.ID, Assign: ask}})
		}
	}
	return all, nil
}

// asks is whom a lead that waits asks.
func (b *Bot) asks(ctx context.Context, c Conversation, now time.Time) (dialogue.Assign, error) {
	h, err := b.houseOf(ctx, c)
	if err != nil {
		return dialogue.Assign{}, err
	}
	m := h.machines[c.State.Flow]
	if m == nil {
		return dialogue.Assign{}, fmt.Errorf("revision %s has no flow %q", h.Revision, c.State.Flow)
	}
	ask, waits := m.Asks(c.State, now)
	if !waits || ask.Scope.Owner != "" || !slices.Contains(ask.First.To, flows.Owner) {
		return ask, nil
	}
	owner, err := b.ownerOf(ctx, c, ask.Scope.Values["email"].Text)
	ask.Scope.Owner, ask.Scope.OwnedAt, ask.Scope.OwnedBy = owner.Rep, owner.At, owner.By
	return ask, err
}

// waitedLonger are those who have waited longer than the conversation's lead, but whom a turn on its way has given to somebody.
func (b *Bot) waitedLonger(ctx context.Context, c Conversation, now time.Time, coming []*Turn) (ahead []desk.Older, err error) {
	h := b.running.Load()
	if h == nil || h.Roster == nil || !slices.ContainsFunc(h.Roster.Routes, func(r *flows.Route) bool { return r.Wait > 0 }) {
		return nil, nil // nobody waits
	}
	waiting, err := b.older(ctx, now)
	for _, w := range waiting {
		given := slices.ContainsFunc(coming, func(t *Turn) bool { return t.Conversation.ID == w.Conversation })
		if !given && w.before(c) {
			ahead = append(ahead, w.ask)
		}
	}
	return ahead, err
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

// free gives one lead that waits to somebody, and says whether it did: ErrNobody where nobody can take it and it goes on
// waiting.
func (b *Bot) free(ctx context.Context, w Waiting, over bool) (bool, error) {
	c, did, err := b.does(ctx, w.Conversation, dialogue.Freed{Since: w.Since, Over: over})
	if did && c.State.Assigned != nil {
		b.log().Info("a lead waits no more", "conversation", w.Conversation, "place", w.Place, "rep", c.State.Assigned.Rep, "over", over)
	}
	return did, err
}

// letGo ends the wait of a lead whose person was closed meanwhile: nobody is to get them any more.
func (b *Bot) letGo(ctx context.Context, w Waiting) (bool, error) {
	_, did, err := b.does(ctx, w.Conversation, dialogue.Freed{Since: w.Since, Closed: true})
	if err != nil {
		return false, err
	}
	p, err := b.Store.PersonOf(ctx, w.Conversation)
	if err != nil {
		return did, err
	}
	if did {
		b.log().Info("a lead that was closed waits no more", "conversation", w.Conversation, "place", w.Place, "stage", p.Stage)
	}
	return did, b.alter(ctx, p.ID, func(ch *personChange) {
		if ch.p.Owner == "" && ch.p.Waiting == w.Place {
			ch.wait("", Change{By: HouseKeeping, Because: "closed as " + ch.p.Stage, At: b.now()})
		}
	})
}
