package bot

import (
	"context"
	"errors"

	"usher/bot/dialogue"
)

// rehome routes the open leads of reps who are not in the running roster to somebody who is, once for each revision that
// this node runs; what failed is tried again at the next look. Of several nodes the first does it.
func (b *Bot) rehome(ctx context.Context) {
	h := b.running.Load()
	if h == nil || h.Roster == nil || len(h.Roster.Reps) == 0 || b.rehomed == h.Revision {
		return
	}
	var there []string
	for _, rep := range h.Roster.Reps {
		there = append(there, rep.ID)
	}
	orphans, err := b.Store.Orphans(ctx, there, b.now())
	if err != nil {
		b.complain(ctx, "find leads of reps who left", err)
		return
	}
	done := true
	for _, o := range orphans {
		if err := b.adoptLead(ctx, o); err != nil {
			done = false
			b.complain(ctx, "route a lead of a rep who left", err, "conversation", o.Conversation, "rep", o.Rep)
		}
	}
	if done {
		b.rehomed = h.Revision
	}
}

// adoptLead gives one lead to somebody who is there. Where nobody is free at the time of its meeting, that is called off
// and the visitor is asked for another.
func (b *Bot) adoptLead(ctx context.Context, o Orphan) error {
	const because = "is not in the roster any more"
	c, err := b.change(ctx, o.Conversation, dialogue.Passed{Rep: o.Rep, Because: because, Gone: true})
	if errors.Is(err, ErrNobody) && c.State.Meeting != nil {
		c, err = b.change(ctx, o.Conversation, dialogue.Clashed{UID: c.State.Meeting.UID, Because: o.Rep + " " + because})
	}
	if err == nil {
		b.log().Warn("the lead of a rep who left has another", "conversation", o.Conversation, "from", o.Rep, "rep", owner(c.State))
	}
	return err
}
