package calendar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// google makes the calls of Google's Calendar API v3 (developers.google.com/workspace/calendar/api/v3/reference).
type google struct {
	*rest
	calendar string         // calendar id of the roster: an address, mostly the rep's, or primary
	zone     *time.Location // the rep's
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

// shelves lists the calendars. The rep's own are those of which they are the owner, and the one in the roster:
// colleagues' calendars and holidays that somebody has subscribed to keep nobody busy.
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

// read takes the instances of the stretch: Google takes recurrences apart (singleEvents), and the last page has the
// sync token.
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
				r.Problems = append(r.Problems, strange(item.ICalUID, keep, err))
			}
			if keep {
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

// changed asks for what happened since the sync token. The first page tells: if there is anything, the whole is read
// again.
func (g *google) changed(ctx context.Context, s shelf, mark string) (bool, string, error) {
	p, err := g.list(ctx, s, url.Values{"syncToken": {mark}})
	var status *restError
	if errors.As(err, &status) && status.is(410, 400) { // 400: the token is not one any more
		return false, "", errStale
	}
	return len(p.Items) > 0 || p.Next != "", p.Sync, err
}
