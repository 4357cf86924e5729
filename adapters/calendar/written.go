package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"usher/bot"
	"usher/flows"
)

// eventLink is the kind of the links that say where a meeting stands: by UID, refs as JSON.
const eventLink = "calendar.event"

// refs are the events of one meeting by the rep in whose calendar they stand.
type refs map[string]ref

// ref is an event as we wrote it.
type ref struct {
	Ref
	Account  string    `json:"account"` // SourceName
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Sequence int       `json:"sequence"`
	Digest   string    `json:"digest"` // of what was written
	At       time.Time `json:"at"`     // when
}

// intended says that the event is about to be written: whether it was, nobody has told yet.
func (r ref) intended() bool { return r.Digest == "" }

func (r refs) reps() []string { return slices.Sorted(maps.Keys(r)) }

func (w *Writing) refs(ctx context.Context, uid string) (refs, error) {
	text, err := w.Memory.Link(ctx, eventLink, uid)
	if errors.Is(err, bot.ErrNotFound) {
		return refs{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("where meeting %s stands: %w", uid, err)
	}
	r := refs{}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return nil, fmt.Errorf("where meeting %s stands: %w", uid, err)
	}
	return r, nil
}

func (c *carrying) remember(ctx context.Context) error {
	text, err := json.Marshal(c.refs)
	if err == nil {
		err = c.Memory.SaveLink(ctx, eventLink, c.meeting.UID, string(text))
	}
	if err != nil {
		return fmt.Errorf("remember where meeting %s stands: %w", c.meeting.UID, err)
	}
	return nil
}

func (c *carrying) forget(ctx context.Context, id string) error {
	delete(c.refs, id)
	return c.remember(ctx)
}

// digest tells what would be written from what was.
func digest(e Entry) string {
	m := e.Meeting
	shown, _ := json.Marshal([]any{ // strings, numbers and times always marshal
		m.Sequence, m.Start.UTC(), m.End.UTC(), m.Title, m.Place, m.Made, m.Attendee, m.Name, m.Answer, e.Organizer, e.Others, e.About,
	})
	sum := sha256.Sum256(shown)
	return hex.EncodeToString(sum[:12])
}

// shelved names a calendar that is open.
type shelved struct {
	rep string
	of  flows.Calendar
}
