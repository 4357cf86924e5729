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

// google makes the calls of Google's Calendar API v3 (developers.google.com/workspace/calendar/api/v3/reference).
type google struct {
	*rest
	calendar string // calendar id of the roster: an address, mostly the rep's, or primary
}

const (
	googlePage   = "2500" // the most the API gives at once
	googleFields = "timeZone,nextPageToken,nextSyncToken,items(id,iCalUID,status,summary,start,end,transparency,eventType,attendees(self,responseStatus),extendedProperties/private)"
)

// Private properties of our events, which nobody sees but programs with access to that calendar.
const (
	propMeeting  = "usherMeeting"  // the meeting's UID
	propSequence = "usherSequence" // of the meeting as it was written last
	propTimes    = "usherTimes"    // of the meeting as it was written last
	propDigest   = "usherDigest"   // of all that was written last
)

func (g *google) who(ctx context.Context) (string, error) {
	var entry googleShelf
	err := g.do(ctx, call{method: http.MethodGet, path: "/users/me/calendarList/" + url.PathEscape(g.calendar), out: &entry})
	if isGone(err) || err == nil && !entry.writes() {
		return "", fmt.Errorf("%w %s, or it may not write there", ErrStranger, g.calendar)
	}
	return entry.ID, err
}

// googleShelf is an entry of the calendarList.
type googleShelf struct {
	ID       string `json:"id"`
	Summary  string `json:"summary"`
	Override string `json:"summaryOverride"` // as the user calls it
	Primary  bool   `json:"primary"`
	Role     string `json:"accessRole"`
	Deleted  bool   `json:"deleted"`
}

func (s googleShelf) writes() bool { return s.Role == "owner" || s.Role == "writer" }

// shelves lists the calendars. The rep's own are those of which they are the owner, and the one in the roster: colleagues' calendars
// and holidays that somebody has subscribed to keep nobody busy.
func (g *google) shelves(ctx context.Context) ([]shelf, error) {
	var all []shelf
	for page := ""; ; {
		var list struct {
			Items []googleShelf `json:"items"`
			Next  string        `json:"nextPageToken"`
		}
		query := url.Values{"maxResults": {"250"}, "fields": {"nextPageToken,items(id,summary,summaryOverride,primary,accessRole,deleted)"}}
		if page != "" {
			query.Set("pageToken", page)
		}
		if err := g.do(ctx, call{method: http.MethodGet, path: "/users/me/calendarList", query: query, out: &list}); err != nil {
			return nil, err
		}
		for _, s := range list.Items {
			if s.Deleted {
				continue
			}
			title := s.Override
			if title == "" {
				title = s.Summary
			}
			own := s.Role == "owner" || strings.EqualFold(s.ID, g.calendar) || s.Primary && g.calendar == "primary"
			all = append(all, shelf{id: s.ID, title: title, own: own, writes: s.writes()})
		}
		if page = list.Next; page == "" {
			return all, nil
		}
	}
}

// googlePageOf is a page of events.list.
type googlePageOf struct {
	Zone  string        `json:"timeZone"` // the calendar's
	Items []googleEvent `json:"items"`
	Next  string        `json:"nextPageToken"`
	Sync  string        `json:"nextSyncToken"` // on the last page
}

// list asks for one page. A sync token cannot be combined with time bounds; all else has to be as when it was given.
func (g *google) list(ctx context.Context, s shelf, extra url.Values) (googlePageOf, error) {
	query := url.Values{"singleEvents": {"true"}, "maxResults": {googlePage}, "maxAttendees": {"1"}, "fields": {googleFields}}
	for k, v := range extra {
		query[k] = v
	}
	var p googlePageOf
	err := g.do(ctx, call{method: http.MethodGet, path: eventsOf(s.id), query: query, out: &p})
	return p, err
}

func eventsOf(calendar string) string { return "/calendars/" + url.PathEscape(calendar) + "/events" }

// read takes the instances of the stretch: Google takes recurrences apart (singleEvents), and the last page has the sync token.
func (g *google) read(ctx context.Context, s shelf, span Query) (Reading, string, error) {
	var r Reading
	bounds := url.Values{"timeMin": {span.From.UTC().Format(time.RFC3339)}, "timeMax": {span.To.UTC().Format(time.RFC3339)}}
	for {
		p, err := g.list(ctx, s, bounds)
		if err != nil {
			return r, "", err
		}
		zone := span.Zone
		if z, err := time.LoadLocation(p.Zone); err == nil && p.Zone != "" {
			zone = z
		}
		for _, item := range p.Items {
			e, keep, err := item.event(zone)
			if err != nil {
				r.Problems = append(r.Problems, Problem{UID: item.ICalUID, Code: "bad-start", Message: "its times cannot be read; it is left out"})
			} else if keep {
				r.Events = append(r.Events, e)
			}
		}
		if len(r.Events) > MaxInstances {
			return Reading{}, "", fmt.Errorf("the calendar has more than %d events in %d days", MaxInstances, int(span.To.Sub(span.From).Hours()/24))
		}
		if p.Next == "" {
			return r, p.Sync, nil
		}
		bounds.Set("pageToken", p.Next)
	}
}

// changed asks for what happened since the sync token. The first page tells: if there is anything, the whole is read again.
func (g *google) changed(ctx context.Context, s shelf, mark string) (bool, string, error) {
	p, err := g.list(ctx, s, url.Values{"syncToken": {mark}})
	var status *restError
	if errors.As(err, &status) && status.is(410, 400) { // 400: the token is not one any more
		return false, "", errStale
	}
	return len(p.Items) > 0 || p.Next != "", p.Sync, err
}

// Put inserts with an id made of the UID, so that the second of two tries is told 409. It never has attendees: Google would put the event
// into the visitor's own calendar and ask the rep to notify them. Nor has it our iCalUID, which cannot be given beside an id.
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

// over writes over what stands there, wherever the rep has put it: what an answer that was lost has left, or what the rep gave a
// note or a colour. Where the rep gave it a time that we do not know it stays, ErrChanged. Back is for a meeting that left this calendar and
// comes back: Google keeps the ids of deleted events, and what was deleted stands again.
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

// linkTries is how often a link that the provider is still making is looked for, each time after linkWait; then the meeting is
// tried again after linkLater.
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
	return got.seen(calendar, e.Meeting.UID)
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
	return got.seen(in, at.UID)
}

// where finds the event. One that is not in its calendar any more is looked for in the account's others, for reps move events between
// them and the id stays; ErrGone it is only when it is in none.
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
		return got, "", err
	}
	for _, s := range all {
		if s.id == calendar || !s.writes {
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
	return got, "", ErrGone
}

func (g *google) Remove(ctx context.Context, at Ref) error {
	calendar, id, err := g.place(at, at.UID)
	if err != nil {
		return err
	}
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
