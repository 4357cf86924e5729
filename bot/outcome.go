package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"usher/bot/desk"
	"usher/bot/dialogue"
)

// JobSettle writes into the ledger that a meeting was held, once its rep has had time to say that nobody came.
const JobSettle = "settle"

// outcome writes into the ledger what a change of the meeting makes of the lead.
func (d *decision) outcome(c dialogue.Conversation, e dialogue.Effect) error {
	switch e := e.(type) {
	case dialogue.Cancel:
		if !e.Clashed { // else another time is looked for
			return d.desk.Became(c, desk.Entry{Rep: e.Meeting.Rep, Kind: desk.CancelledLead, Because: "the meeting was cancelled"})
		}
	case dialogue.Mark:
		m, err := d.now(e.Meeting.UID)
		if err != nil {
			return fmt.Errorf("read meeting %s: %w", e.Meeting.UID, err)
		}
		if e.Missed && m.NoShow.IsZero() {
			return d.desk.Became(c, desk.Entry{Rep: e.Meeting.Rep, Kind: desk.NoShowLead, Because: "the visitor did not come"})
		}
	}
	return nil
}

// closed writes into the ledger that the conversation is over without a meeting, where that makes a difference.
func (d *decision) closed(is dialogue.Conversation) error {
	if d.before.End != "" || is.End == "" || is.Meeting != nil || is.Assigned == nil {
		return nil
	}
	return d.desk.Became(is, desk.Entry{Rep: is.Assigned.Rep, Kind: desk.UnbookedLead, Because: "the conversation ended without a meeting"})
}

// settles makes the job that asks of each new meeting, or new end of one, whether it was held.
func (d *decision) settles() {
	for _, m := range d.turn.Meetings {
		if m.Status == Confirmed && !m.End.Equal(d.was[m.UID].End) {
			d.job(JobSettle, Event{Event: desk.HeldLead, Meeting: m.UID, Rep: m.Rep}, m.End.Add(HeldAfter))
		}
	}
}

// Settle carries out JobSettle. Of a meeting that was moved, cancelled or missed, or that the ledger knows to be held, it
// does nothing.
func (b *Bot) Settle(ctx context.Context, j Job) error {
	var e Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &RetryError{Never: true, Err: err}
	}
	m, err := b.Store.Meeting(ctx, e.Meeting)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("settle meeting %s: %w", e.Meeting, err)
	case m.Status != Confirmed, !m.NoShow.IsZero(), m.End.Add(HeldAfter).After(b.now()):
		return nil
	}
	if err := b.held(ctx, m); err != nil {
		return fmt.Errorf("settle meeting %s: %w", e.Meeting, err)
	}
	return nil
}

// held writes into the ledger that the meeting took place.
func (b *Bot) held(ctx context.Context, m Meeting) error {
	c, err := b.Store.Load(ctx, m.Conversation)
	if err != nil {
		return err
	}
	h, err := b.houseOf(ctx, c)
	if err != nil {
		return err
	}
	d := b.deskOf(ctx, h, c, b.now())
	given, err := d.Given()
	if err != nil || tookPlace(given) {
		return err
	}
	if err := d.Became(c.State, desk.Entry{Rep: m.Rep, Kind: desk.HeldLead, Because: "the meeting is over"}); err != nil {
		return err
	}
	return b.Store.Enter(ctx, c.ID, d.Ledger)
}

// tookPlace says whether the last meeting that the lines tell of is known to be held.
func tookPlace(lines []desk.Entry) bool {
	for _, e := range slices.Backward(lines) {
		switch e.Kind {
		case desk.HeldLead:
			return true
		case desk.BookedLead:
			return false
		}
	}
	return false
}
