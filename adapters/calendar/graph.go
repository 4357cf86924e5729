package calendar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// graph makes the calls of Microsoft Graph v1.0 (learn.microsoft.com/graph/api/resources/calendar).
type graph struct {
	*rest
	user string         // user principal name of the roster
	zone *time.Location // the rep's
}

const (
	graphPage   = 500
	graphFields = "id,iCalUId,subject,start,end,isAllDay,isCancelled,showAs,responseStatus,transactionId,createdDateTime"
)

// Extended properties of our events: named ones in a set of our own.
const (
	graphSet      = "String {5f2d3c0e-9c0f-4c0e-9d63-7a2f6f1f0b57} Name "
	graphMeeting  = graphSet + propMeeting
	graphSequence = graphSet + propSequence
	graphTimes    = graphSet + propTimes
	graphDigest   = graphSet + propDigest
)

// graphExpand shows our properties with an event.
var graphExpand = "singleValueExtendedProperties($filter=id eq '" + graphMeeting + "' or id eq '" + graphSequence + "' or id eq '" + graphTimes + "' or id eq '" + graphDigest + "')"

var inUTC = []string{`outlook.timezone="UTC"`}

// root is the mailbox: the one who signed in, or as the app the one of the roster.
func (g *graph) root(ctx context.Context) (string, error) {
	_, byRep, err := g.session.access(ctx)
	if byRep {
		return "/me", err
	}
	return "/users/" + url.PathEscape(g.user), err
}

// ask makes a call at the mailbox.
func (g *graph) ask(ctx context.Context, c call) error {
	root, err := g.root(ctx)
	if err != nil {
		return err
	}
	c.path = root + c.path
	c.prefer = append(c.prefer, inUTC...)
	return g.do(ctx, c)
}

func (g *graph) who(ctx context.Context) (string, error) {
	var c graphShelf
	if err := g.ask(ctx, call{method: http.MethodGet, path: "/calendar", out: &c}); err != nil {
		return "", err
	}
	if !strings.EqualFold(c.Owner.Address, g.user) {
		return "", fmt.Errorf("%w: %s is wanted, and it is %s", ErrStranger, g.user, c.Owner.Address)
	}
	return c.Owner.Address, nil
}

// graphShelf is a calendar.
type graphShelf struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Default bool   `json:"isDefaultCalendar"`
	CanEdit bool   `json:"canEdit"`
	Owner   struct {
		Address string `json:"address"`
	} `json:"owner"`
}

// shelves lists the calendars. The rep's own are the default one and those of the same owner that can be written:
// holidays, birthdays and colleagues' calendars keep nobody busy.
func (g *graph) shelves(ctx context.Context) ([]shelf, error) {
	list, err := pages[graphShelf](ctx, g, "/calendars", url.Values{"$top": {"100"}, "$select": {"id,name,isDefaultCalendar,canEdit,owner"}})
	if err != nil {
		return nil, err
	}
	owner := ""
	for _, c := range list {
		if c.Default {
			owner = c.Owner.Address
		}
	}
	var all []shelf
	for _, c := range list {
		own := c.Default || c.CanEdit && strings.EqualFold(c.Owner.Address, owner)
		all = append(all, shelf{id: c.ID, title: c.Name, own: own, writes: c.CanEdit})
	}
	return all, nil
}

// graphPageOf is a page of a list.
type graphPageOf[T any] struct {
	Value []T    `json:"value"`
	Next  string `json:"@odata.nextLink"`
	Delta string `json:"@odata.deltaLink"`
}

// pages reads a list to its end.
func pages[T any](ctx context.Context, g *graph, path string, query url.Values) ([]T, error) {
	var all []T
	var p graphPageOf[T]
	if err := g.ask(ctx, call{method: http.MethodGet, path: path, query: query, out: &p}); err != nil {
		return nil, err
	}
	for {
		all = append(all, p.Value...)
		if len(all) > MaxInstances {
			return nil, fmt.Errorf("the calendar has more than %d events", MaxInstances)
		}
		next := p.Next
		if next == "" {
			return all, nil
		}
		p = graphPageOf[T]{}
		if err := g.do(ctx, call{method: http.MethodGet, path: next, prefer: inUTC, out: &p}); err != nil {
			return nil, err
		}
	}
}

func viewOf(s shelf, span Query) (path string, query url.Values) {
	return "/calendars/" + url.PathEscape(s.id) + "/calendarView",
		url.Values{"startDateTime": {span.From.UTC().Format(time.RFC3339)}, "endDateTime": {span.To.UTC().Format(time.RFC3339)}}
}

// read takes a delta link for the stretch and then the calendar view, which unlike the delta has showAs for the
// occurrences of a series. What changes between the two is noticed by the next poll.
func (g *graph) read(ctx context.Context, s shelf, span Query) (Reading, string, error) {
	path, query := viewOf(s, span)
	mark, _, err := g.delta(ctx, call{method: http.MethodGet, path: path + "/delta", query: query})
	if err != nil {
		return Reading{}, "", err
	}
	query.Set("$top", strconv.Itoa(graphPage))
	query.Set("$select", graphFields)
	query.Set("$expand", graphExpand)
	items, err := pages[graphEvent](ctx, g, path, query)
	if err != nil {
		return Reading{}, "", err
	}
	slices.SortStableFunc(items, func(a, b graphEvent) int { return strings.Compare(a.Created, b.Created) })
	var r Reading
	taken := map[string]bool{}
	for _, item := range items {
		e, keep, err := item.event(span.Zone)
		if err != nil {
			r.Problems = append(r.Problems, strange(item.ICalUID, keep, err))
		}
		if !keep {
			continue
		}
		if uid := item.meeting(); uid != "" && !taken[uid] { // a copy that the rep made of ours is younger, and an event of its own
			taken[uid], e.UID = true, uid
		}
		r.Events = append(r.Events, e)
	}
	return r, mark, nil
}

// changed follows the delta link. The server says 410, and used to say 400 syncStateNotFound, when it is too old.
func (g *graph) changed(ctx context.Context, _ shelf, mark string) (bool, string, error) {
	next, any, err := g.delta(ctx, call{method: http.MethodGet, path: mark})
	var s *restError
	if errors.As(err, &s) && (s.is(410) || s.is(400) || strings.EqualFold(s.Reason, "syncStateNotFound")) {
		return false, "", errStale
	}
	return any, next, err
}

// delta goes through a round of changes to the link of the next one, and says whether there were any.
func (g *graph) delta(ctx context.Context, c call) (mark string, any bool, err error) {
	c.prefer = []string{"odata.maxpagesize=" + strconv.Itoa(graphPage)}
	for n := 0; ; n++ {
		var p graphPageOf[struct {
			ID string `json:"id"`
		}]
		c.out = &p
		if strings.Contains(c.path, "://") {
			c.prefer = append(c.prefer[:1:1], inUTC...)
			err = g.do(ctx, c)
		} else {
			err = g.ask(ctx, c)
		}
		if err != nil {
			return "", false, err
		}
		any = any || len(p.Value) > 0
		if p.Next == "" {
			return p.Delta, any, nil
		}
		if n > MaxInstances/10 {
			return "", false, fmt.Errorf("the calendar has more than %d pages of changes", n)
		}
		c.path, c.query = p.Next, nil
	}
}
