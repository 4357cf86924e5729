package calendar

import (
	"context"
	"errors"

	"usher/bot"
)

// What no meeting can follow: an event that is made to end where it begins, and one that is made a whole day.
var (
	errNoLength = errors.New("the meeting has no length there")
	errWholeDay = errors.New("the meeting is a whole day there, and keeps its time")
)

// followable says what keeps a meeting from being where its event was seen.
func (s Seen) followable() error {
	switch {
	case s.AllDay:
		return errWholeDay
	case !s.Start.Before(s.End):
		return errNoLength
	}
	return nil
}

// Follow lets meetings follow what their reps did to them in their calendars; it is a Sync's Own. A meeting is called off
// only where the server says plainly that the event is gone or cancelled; whatever is unclear is logged and nothing more.
func (w *Writing) Follow(ctx context.Context, f Found) {
	for _, o := range f.Meetings {
		if err := w.follow(ctx, f, o); err != nil && ctx.Err() == nil {
			w.warn(o.UID, "what became of a meeting in its rep's calendar cannot be told", "meeting", o.UID, "rep", f.Rep.ID, "err", err)
		}
	}
}

func (w *Writing) follow(ctx context.Context, f Found, o OwnMeeting) error {
	if o.Of != "" || o.Rep != f.Rep.ID || o.Status != bot.Confirmed || !o.Start.After(w.Now()) || o.stands() {
		return nil
	}
	refs, err := w.refs(ctx, o.UID)
	if err != nil {
		return err
	}
	was, ok := refs[f.Rep.ID]
	if !ok || was.intended() || was.Account != f.Source || was.Sequence < o.Sequence || !was.At.Before(f.ReadAt) {
		return nil // not written there, or what is to be written is still ahead, or was not when the calendar was read
	}
	seen, err := f.Book.Look(ctx, was.Ref)
	if err != nil && !errors.Is(err, ErrGone) {
		return err
	}
	return w.take(ctx, o, seen, err)
}

// stands says that the meeting is where it is to be.
func (o *OwnMeeting) stands() bool {
	for _, e := range o.Events {
		if e.Start.Equal(o.Start) && e.End.Equal(o.End) {
			return true
		}
	}
	return false
}

// take tells the bot, unless the meeting has changed since the calendar was read: then the calendar has to follow it.
func (w *Writing) take(ctx context.Context, o OwnMeeting, seen Seen, gone error) error {
	now, err := w.Host.Meeting(ctx, o.UID)
	if err != nil {
		return err
	}
	if now.Status != bot.Confirmed || now.Sequence != o.Sequence {
		return nil
	}
	switch {
	case gone != nil:
		return w.Host.Cancel(ctx, o.UID, bot.TookOut)
	case seen.Cancelled:
		return w.Host.Cancel(ctx, o.UID, bot.CalledOff)
	case seen.followable() != nil:
		return seen.followable()
	case !seen.Start.Equal(o.Start) || !seen.End.Equal(o.End):
		return w.Host.Shifted(ctx, o.UID, seen.Start, seen.End)
	}
	return nil
}

// mostSaid bounds what is remembered of the log.
const mostSaid = 1000

// warn logs what is unclear once, not at every reading.
func (w *Writing) warn(uid, text string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.said[uid] == text {
		return
	}
	if len(w.said) == 0 || len(w.said) > mostSaid {
		w.said = map[string]string{}
	}
	w.said[uid] = text
	w.Log.Warn(text, args...)
}
