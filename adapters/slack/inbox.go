package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"usher/bot"
)

// hold is how long an event waits for one that happened before it and comes after it. One that comes later still is
// worked on when it comes: what was said to the visitor meanwhile cannot be taken back.
const hold = 200 * time.Millisecond

// keep stores an event as a job, in one statement; the same event again is the same job. Events of a place are worked
// on one after the other, in the order in which they happened.
func (a *App) keep(ctx context.Context, e Event) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write event %s: %w", e.ID, err)
	}
	j := bot.Job{ID: e.ID, Kind: jobEvent, Payload: payload, RunAt: e.At, State: bot.JobReady}
	if e.Kind != kindCommand {
		j.Key, j.Place, j.RunAt = e.key(), e.place(), e.At.Add(hold)
	}
	if err := a.Jobs.Enqueue(ctx, j); err != nil {
		return fmt.Errorf("store event %s: %w", e.ID, err)
	}
	return nil
}

// key is where the event happened: a direct conversation or a thread in it, or the thread in a channel.
func (e Event) key() string {
	thread := e.Thread
	if thread == "" && !e.Direct {
		thread = e.TS
	}
	return jobEvent + " " + e.Channel + " " + thread
}

// place is when the event happened, in microseconds since 1970 by Slack's clock.
func (e Event) place() int64 {
	if at, ok := instant(e.Moment); ok {
		return at.UnixMicro()
	}
	return e.At.UnixMicro()
}

// instant reads a ts: seconds since 1970, a point, and six digits.
func instant(ts string) (time.Time, bool) {
	whole, part, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	micros, err := strconv.ParseInt((part + "000000")[:6], 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(seconds, micros*int64(time.Microsecond/time.Nanosecond)).UTC(), true
}

// carryEvent works on a stored event, unless a copy of it has been worked on under another id.
func (a *App) carryEvent(ctx context.Context, j bot.Job) error {
	var e Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read event: %w", err)}
	}
	if err := a.identify(ctx); err != nil {
		return err
	}
	if !a.ours(a.app(), e.Team) {
		a.log().Warn("slack: event of another team", "event", e.ID, "team", e.Team)
		return nil
	}
	if first, err := a.first(ctx, e); err != nil || !first {
		return err
	}
	err := a.handle(ctx, e)
	if err != nil && j.Attempts == troubled && e.Kind != kindHome && e.User != "" {
		err = errors.Join(err, a.whisper(ctx, e, "I have trouble just now. Your message is kept, and I answer as soon as I can."))
	}
	return err
}

// troubled is the attempt after which whoever waits is told so.
const troubled = 2

// first says whether this is the event that stands for its message: copies come under other ids, as a mention that is
// also a message, or from a client that sent twice.
func (a *App) first(ctx context.Context, e Event) (bool, error) {
	if e.Kind != kindMessage && e.Kind != kindMention {
		return true, nil
	}
	names := map[string]string{bot.OnceLink + "slack.ts": e.Channel + " " + e.TS, bot.OnceLink + "slack.client": e.Channel + " " + e.ClientID}
	if e.ClientID == "" {
		delete(names, bot.OnceLink+"slack.client")
	}
	for kind, key := range names {
		stands, ours, err := a.Links.ClaimLink(ctx, kind, key, e.ID)
		if err != nil {
			return false, fmt.Errorf("claim message %s: %w", key, err)
		}
		if !ours && stands != e.ID {
			return false, nil
		}
	}
	return true, nil
}
