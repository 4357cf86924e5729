package bot

import (
	"context"
	"errors"
	"time"

	"usher/bot/dialogue"
)

// rehomeEvery is how often leads of reps who left are looked for while one roster stands: somebody whose conversation was
// over may take it up again, and had a rep who is not there any more.
const rehomeEvery = time.Minute

// home is when no lead was left with a rep who is not in the roster of a revision.
type home struct {
	revision string
	at       time.Time
}

// rehome routes the open leads of reps who are not in the running roster to somebody who is, as soon as this node runs a
// revision and every rehomeEvery from then; what failed is tried again at the next look. Of several nodes the first does it.
// It gives the last look that left none.
func (b *Bot) rehome(ctx context.Context, last home) home {
	h, now := b.running.Load(), b.now()
	if h == nil || h.Roster == nil || len(h.Roster.Reps) == 0 || last.revision == h.Revision && now.Before(last.at.Add(rehomeEvery)) {
		return last
	}
	var there []string
	for _, rep := range h.Roster.Reps {
		there = append(there, rep.ID)
	}
	orphans, err := b.Store.Orphans(ctx, there, now)
	if err != nil {
		b.complain(ctx, "find leads of reps who left", err)
		return last
	}
	done := true
	for _, o := range orphans {
		if err := b.adoptLead(ctx, o); err != nil {
			done = false
			b.complain(ctx, "route a lead of a rep who left", err, "conversation", o.Conversation, "rep", o.Rep)
		}
	}
	if !done {
		return last
	}
	return home{h.Revision, now}
}

// adoptLead gives one lead to somebody who is there. Where nobody is free at the time of its meeting, that is called off
// and the visitor is asked for another.
func (b *Bot) adoptLead(ctx context.Context, o Orphan) error {
	const because = "is not in the roster any more"
	c, did, err := b.does(ctx, o.Conversation, dialogue.Passed{Rep: o.Rep, Because: because, Gone: true})
	if errors.Is(err, ErrNobody) && c.State.Meeting != nil {
		c, did, err = b.does(ctx, o.Conversation, dialogue.Clashed{UID: c.State.Meeting.UID, Because: o.Rep + " " + because})
	}
	if did {
		b.log().Warn("the lead of a rep who left has another", "conversation", o.Conversation, "from", o.Rep, "rep", owner(c.State))
	}
	return err
}
