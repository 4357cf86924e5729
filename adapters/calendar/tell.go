package calendar

import (
	"context"
	"errors"
	"fmt"

	"usher/bot"
)

// notice looks, before something other than the time is written, whether the rep has put the meeting elsewhere meanwhile:
// then it follows the rep.
func (c *carrying) notice(ctx context.Context, b Book, was ref) (again bool, err error) {
	seen, err := b.Look(ctx, was.Ref)
	switch {
	case errors.Is(err, ErrGone):
		return c.cancel(ctx, bot.TookOut)
	case err != nil:
		return false, fmt.Errorf("calendar of %s: %w", c.meeting.Rep, never(err))
	case seen.Cancelled:
		return c.cancel(ctx, bot.CalledOff)
	case !seen.Start.Equal(was.Start) || !seen.End.Equal(was.End):
		return c.shift(ctx, seen)
	}
	return false, nil
}

// yield lets the meeting follow what its rep made of it in the calendar since we wrote it. What a guest made of their own
// copy stays as it is there.
func (c *carrying) yield(ctx context.Context, b Book, id string, was ref) (again bool, err error) {
	if id != c.meeting.Rep {
		c.warn(c.meeting.UID, "a guest changed a meeting in their own calendar", "meeting", c.meeting.UID, "rep", id)
		return false, nil
	}
	was.UID = c.meeting.UID
	seen, err := b.Look(ctx, was.Ref)
	switch {
	case err != nil:
		return false, fmt.Errorf("calendar of %s: %w", id, err)
	case seen.Cancelled:
		return c.cancel(ctx, bot.CalledOff)
	}
	return c.shift(ctx, seen)
}

func (c *carrying) cancel(ctx context.Context, because string) (again bool, err error) {
	return c.tell(ctx, func() error { return c.Host.Cancel(ctx, c.meeting.UID, because) })
}

func (c *carrying) shift(ctx context.Context, to Seen) (again bool, err error) {
	if err := to.followable(); err != nil {
		return false, &bot.RetryError{Never: true, Err: fmt.Errorf("calendar of %s: %w", c.meeting.Rep, err)}
	}
	return c.tell(ctx, func() error { return c.Host.Shifted(ctx, c.meeting.UID, to.Start, to.End) })
}

// tell tells the bot, unless the meeting was changed while the calendar was asked: what was found is not about that one.
// Again says that the meeting is another now; it is not where there was nothing to tell any more.
func (c *carrying) tell(ctx context.Context, what func() error) (again bool, err error) {
	now, err := c.Host.Meeting(ctx, c.meeting.UID)
	if err == nil && (now.Sequence != c.meeting.Sequence || now.Status != c.meeting.Status) {
		return true, nil
	}
	if err == nil {
		err = what()
	}
	if errors.Is(err, bot.ErrNotFound) || errors.Is(err, bot.ErrBegun) {
		return false, nil
	}
	return err == nil, err
}
