package calendar

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"usher/bot"
	"usher/flows"
)

// Put creates with a transaction id, which Microsoft takes once, after a look for an event that has our property: the
// answer to an earlier try may have been lost, and it was known by another SEQUENCE then. It never has attendees:
// Microsoft would write to them itself.
func (g *graph) Put(ctx context.Context, e Entry, at Ref) (Seen, error) {
	if at.Href != "" {
		got, err := g.patch(ctx, e, at.Href, at.ETag)
		if answeredWith(err, 404, 410, 412) {
			return g.over(ctx, e)
		}
		if err != nil {
			return Seen{}, err
		}
		return g.linked(ctx, e, got)
	}
	seen, err := g.over(ctx, e)
	if !errors.Is(err, ErrGone) {
		return seen, err
	}
	return g.create(ctx, e)
}

func (g *graph) create(ctx context.Context, e Entry) (Seen, error) {
	body := graphWrite(e)
	body.Transaction = transaction(e.Meeting)
	if e.Meeting.Made == flows.PlaceTeams {
		body.Online, body.Provider = true, "teamsForBusiness"
	}
	var got graphEvent
	err := g.ask(ctx, call{method: http.MethodPost, path: "/events", body: body, out: &got})
	var s *restError
	if errors.As(err, &s) && s.Reason == "ErrorDuplicateTransactionId" {
		// It was created after all, by a try whose event cannot be found yet.
		return Seen{}, &bot.RetryError{After: busyWait, Err: err}
	}
	if err != nil {
		return Seen{}, err
	}
	got.Properties = body.Properties // an answer does not show them
	return g.linked(ctx, e, got)
}

// transaction is the same for every try to create the meeting as it stands; a meeting that comes back to this calendar
// has another SEQUENCE.
func transaction(m bot.Meeting) string { return "usher/" + m.UID + "/" + strconv.Itoa(m.Sequence) }

// patch changes an event. The body of a Teams meeting holds what joins it and is left alone.
func (g *graph) patch(ctx context.Context, e Entry, id, etag string) (got graphEvent, err error) {
	body := graphWrite(e)
	if e.Meeting.Made == flows.PlaceTeams {
		body.Body = nil
	}
	err = g.ask(ctx, call{method: http.MethodPatch, path: "/events/" + url.PathEscape(id), match: etag, body: body, out: &got})
	got.Properties = body.Properties // an answer does not show them
	return got, err
}

// over writes over what stands there, wherever the rep has put it: what an answer that was lost has left, or what the
// rep gave a note or a colour. Where the rep gave it a time that we do not know it stays, ErrChanged. ErrGone when
// there is none.
func (g *graph) over(ctx context.Context, e Entry) (Seen, error) {
	for range overTries {
		got, err := g.find(ctx, e.Meeting.UID)
		switch {
		case err != nil:
			return Seen{}, err
		case got.stands(e):
			return g.linked(ctx, e, got)
		case got.Cancelled, !got.ours(e.Meeting):
			return Seen{}, ErrChanged
		}
		got, err = g.patch(ctx, e, got.ID, got.ETag)
		if err == nil {
			return g.linked(ctx, e, got)
		}
		if !answeredWith(err, 412) {
			return Seen{}, err
		}
	}
	return Seen{}, ErrChanged
}

// linked waits for the link to the Teams meeting. The meeting stands without it, and whoever tries again finds it
// there.
func (g *graph) linked(ctx context.Context, e Entry, got graphEvent) (Seen, error) {
	for try := 0; e.Meeting.Made == flows.PlaceTeams && got.Online && got.link() == ""; try++ {
		if try == linkTries {
			return Seen{}, &bot.RetryError{After: linkLater, Err: errLink}
		}
		err := g.wait(ctx, linkWait)
		if err == nil {
			got, err = g.get(ctx, got.ID)
		}
		if err != nil {
			return Seen{}, err
		}
	}
	return got.seen(e.Meeting.UID, g.zone)
}

// Look reads the event. An event that the rep puts into another calendar gets another id, so that one which is not
// there any more is looked for by our property; ErrGone it is only when that finds none.
func (g *graph) Look(ctx context.Context, at Ref) (Seen, error) {
	if at.Href != "" {
		got, err := g.get(ctx, at.Href)
		if err == nil {
			return got.seen(at.UID, g.zone)
		}
		if !isGone(err) {
			return Seen{}, err
		}
	}
	got, err := g.find(ctx, at.UID)
	if err != nil {
		return Seen{}, err
	}
	return got.seen(at.UID, g.zone)
}

// Remove deletes the event, also where the rep has put it into another calendar and it has another id.
func (g *graph) Remove(ctx context.Context, at Ref) error {
	if at.Href != "" {
		if err := g.delete(ctx, at.Href); !isGone(err) {
			return err
		}
	}
	got, err := g.find(ctx, at.UID)
	if err != nil {
		return err
	}
	return g.delete(ctx, got.ID)
}

func (g *graph) delete(ctx context.Context, id string) error {
	return g.ask(ctx, call{method: http.MethodDelete, path: "/events/" + url.PathEscape(id)})
}

func (g *graph) get(ctx context.Context, id string) (graphEvent, error) {
	var got graphEvent
	err := g.ask(ctx, call{method: http.MethodGet, path: "/events/" + url.PathEscape(id), query: url.Values{"$expand": {graphExpand}}, out: &got})
	return got, err
}

// find gives the oldest event of the rep's calendars that has the meeting's UID: ErrGone.
func (g *graph) find(ctx context.Context, uid string) (graphEvent, error) {
	all, err := g.shelves(ctx)
	if err != nil {
		return graphEvent{}, away(err)
	}
	filter := "singleValueExtendedProperties/Any(ep: ep/id eq '" + graphMeeting + "' and ep/value eq '" + strings.ReplaceAll(uid, "'", "''") + "')"
	for _, s := range all {
		if !s.writes {
			continue
		}
		found, err := pages[graphEvent](ctx, g, "/calendars/"+url.PathEscape(s.id)+"/events", url.Values{"$filter": {filter}, "$expand": {graphExpand}})
		if err != nil {
			return graphEvent{}, away(err)
		}
		if len(found) > 0 {
			return slices.MinFunc(found, func(a, b graphEvent) int { return strings.Compare(a.Created, b.Created) }), nil
		}
	}
	return graphEvent{}, ErrGone
}
