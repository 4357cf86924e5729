package bot

import (
	"context"
	"errors"
	"fmt"

	"usher/bot/dialogue"
)

// What a change of a meeting may be refused with, beside ErrNotFound and ErrNotFree.
var (
	ErrBegun    = errors.New("the meeting has begun")
	ErrNotBegun = errors.New("the meeting has not begun")           // a no-show is known only then
	ErrLate     = errors.New("the meeting is too near to be moved") // nearer than the notice its rules ask for
)

// Why a meeting that its rep gave up in the calendar does not take place. These are our words and nobody's own: visitors
// read them in their language.
const (
	TookOut   = "the rep took it out of the calendar"
	CalledOff = "the rep cancelled it in the calendar"
)

// InCalendar says that the meeting was given up in the rep's calendar, without a reason of the rep's own.
func InCalendar(because string) bool { return because == TookOut || because == CalledOff }

// Cancel takes that a meeting ahead does not take place: its time is free again, the visitor and the reps are told. A
// meeting that is cancelled already is no error; ErrNotFound, ErrBegun.
func (b *Bot) Cancel(ctx context.Context, uid, because string) error {
	m, err := b.meeting(ctx, uid)
	if err == nil {
		err = b.ahead(m)
	}
	switch {
	case err != nil:
		return fmt.Errorf("cancel meeting %s: %w", uid, err)
	case m.Status == Cancelled:
		return nil
	}
	return b.input(ctx, m.Conversation, "", dialogue.Cancelled{UID: m.UID, Because: because})
}

// ahead is what keeps a meeting from being given up: ErrNotFound, ErrBegun; nil for one that is given up already.
func (b *Bot) ahead(m Meeting) error {
	switch {
	case m.Status == Cancelled:
		return nil
	case m.Status != Confirmed:
		return ErrNotFound
	case !m.Start.After(b.now()):
		return ErrBegun
	}
	return nil
}
