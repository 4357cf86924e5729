package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// Put inserts with an id made of the UID, so that the second of two tries is told 409. It never has attendees: Google
// would put the event into the visitor's own calendar and ask the rep to notify them. Nor has it our iCalUID, which
// cannot be given beside an id.
func (g *google) Put(ctx context.Context, e Entry, at Ref) (Seen, error) {
	calendar, id, err := g.place(at, e.Meeting.UID)
	if err != nil {
		return Seen{}, err
	}
	var got googleEvent
	if at.Href == "" {
		got, err = g.insert(ctx, e, calendar, id)
	} else {
		got, err = g.patch(ctx, e, calendar, id, at.ETag)
	}
	if answeredWith(err, 404, 409, 410, 412) {
		return g.over(ctx, e, calendar, id, at.Href == "")
	}
	if err != nil {
		return Seen{}, err
	}
	return g.linked(ctx, e, calendar, got)
}

func (g *google) insert(ctx context.Context, e Entry, calendar, id string) (got googleEvent, err error) {
	body := googleWrite(e)
	body.ID = id
	if e.Meeting.Made == flows.PlaceGoogleMeet {
		body.Conference = &googleConference{Create: &googleCreate{RequestID: id, Solution: &googleSolution{Type: "hangoutsMeet"}}}
	}
	err = g.do(ctx, call{method: http.MethodPost, path: eventsOf(calendar), query: quietly(), body: body, out: &got})
	return got, err
}

func (g *google) patch(ctx context.Context, e Entry, calendar, id, etag string) (got googleEvent, err error) {
	err = g.do(ctx, call{method: http.MethodPatch, path: eventsOf(calendar) + "/" + id, query: quietly(), match: etag, body: googleWrite(e), out: &got})
	return got, err
}

// overTries is how often an event that changes under our hands is written over.
const overTries = 3

// over writes over what stands there, wherever the rep has put it: what an answer that was lost has left, or what the
// rep gave a note or a colour. Where the rep gave it a time that we do not know it stays, ErrChanged. Back is for a
// meeting that left this calendar and comes back: Google keeps the ids of deleted events, and what was deleted stands
// again.
func (g *google) over(ctx context.Context, e Entry, calendar, id string, back bool) (Seen, error) {
	for range overTries {
		got, in, err := g.where(ctx, calendar, id)
		if errors.Is(err, ErrGone) && back {
			in = calendar
			got, err = g.get(ctx, calendar, id)
		}
		switch {
		case err != nil:
			return Seen{}, err
		case got.stands(e):
			return g.linked(ctx, e, in, got)
		case got.Status != "cancelled" && !got.ours(e.Meeting):
			return Seen{}, ErrChanged
		}
		got, err = g.patch(ctx, e, in, id, got.ETag)
		if err == nil {
			return g.linked(ctx, e, in, got)
		}
		if !answeredWith(err, 412) {
			return Seen{}, err
		}
	}
	return Seen{}, ErrChanged
}

// linkTries is how often a link that the provider is still making is looked for, each time after linkWait; then the
// meeting is tried again after linkLater.
const (
	linkTries = 4
	linkWait  = 500 * time.Millisecond
	linkLater = 5 * time.Second
)

var errLink = errors.New("the provider is still making the meeting's link")

// linked waits for the video link. The meeting stands without it, and whoever tries again finds it there.
func (g *google) linked(ctx context.Context, e Entry, calendar string, got googleEvent) (Seen, error) {
	for try := 0; e.Meeting.Made == flows.PlaceGoogleMeet && got.pending(); try++ {
		if try == linkTries {
			return Seen{}, &bot.RetryError{After: linkLater, Err: errLink}
		}
		err := g.wait(ctx, linkWait)
		if err == nil {
			got, err = g.get(ctx, calendar, got.ID)
		}
		if err != nil {
			return Seen{}, err
		}
	}
	return got.seen(calendar, e.Meeting.UID, g.zone)
}

// Look reads the event.
func (g *google) Look(ctx context.Context, at Ref) (Seen, error) {
	calendar, id, err := g.place(at, at.UID)
	if err != nil {
		return Seen{}, err
	}
	got, in, err := g.where(ctx, calendar, id)
	if err != nil {
		return Seen{}, err
	}
	return got.seen(in, at.UID, g.zone)
}

// where finds the event. One that is not in its calendar any more is looked for in the account's others, for reps move
// events between them and the id stays; ErrGone it is only when its calendar is there and it is in none.
func (g *google) where(ctx context.Context, calendar, id string) (googleEvent, string, error) {
	got, err := g.get(ctx, calendar, id)
	if err == nil && got.Status != "cancelled" {
		return got, calendar, nil
	}
	if err != nil && !isGone(err) {
		return got, "", err
	}
	all, err := g.shelves(ctx)
	if err != nil {
		return got, "", away(err)
	}
	there := calendar == "primary"
	for _, s := range all {
		if s.id == calendar || !s.writes {
			there = there || strings.EqualFold(s.id, calendar)
			continue
		}
		got, err := g.get(ctx, s.id, id)
		if err == nil && got.Status != "cancelled" {
			return got, s.id, nil
		}
		if err != nil && !isGone(err) {
			return got, "", err
		}
	}
	if !there {
		return got, "", fmt.Errorf("%w: the account has no calendar %s", ErrNotThere, calendar)
	}
	return got, "", ErrGone
}

// Remove deletes the event, also where the rep has put it into another calendar of the account.
func (g *google) Remove(ctx context.Context, at Ref) error {
	calendar, id, err := g.place(at, at.UID)
	if err != nil {
		return err
	}
	if err := g.delete(ctx, calendar, id); !isGone(err) {
		return err
	}
	_, in, err := g.where(ctx, calendar, id)
	if err != nil {
		return err
	}
	return g.delete(ctx, in, id)
}

func (g *google) delete(ctx context.Context, calendar, id string) error {
	return g.do(ctx, call{method: http.MethodDelete, path: eventsOf(calendar) + "/" + id, query: quietly()})
}

func (g *google) get(ctx context.Context, calendar, id string) (googleEvent, error) {
	var got googleEvent
	err := g.do(ctx, call{method: http.MethodGet, path: eventsOf(calendar) + "/" + id, out: &got})
	return got, err
}

// quietly asks for no notices to anybody, and for the conference to be made and shown.
func quietly() url.Values {
	return url.Values{"sendUpdates": {"none"}, "conferenceDataVersion": {"1"}}
}

// place is the calendar and the id of an event: as the Ref says, or as they are when it is written first.
func (g *google) place(at Ref, uid string) (calendar, id string, err error) {
	if at.Href == "" {
		return g.calendar, googleID(uid), nil
	}
	calendar, id, ok := strings.Cut(at.Href, "/")
	if calendar, err = url.PathUnescape(calendar); !ok || err != nil || id == "" {
		return "", "", fmt.Errorf("%w: the reference to the event cannot be read", ErrGone)
	}
	return calendar, id, nil
}

// googleID is an event's id: letters a to v and digits (base32hex), here of a digest of the UID.
func googleID(uid string) string {
	sum := sha256.Sum256([]byte("usher " + uid))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))
}
