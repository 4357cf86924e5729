package calendarfake

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Graph is Microsoft Graph at /v1.0 and Microsoft's sign-in at /login/TENANT/oauth2/v2.0/. Refresh tokens rotate.
type Graph struct {
	books
	oauth
	faults
	Granted func(person string) bool // whose mailboxes the app may enter; nil = everybody's
	used    map[string]string        // transaction id → event
	blind   int                      // searches that do not see a new event yet
	teams   int                      // looks until a link is made
}

// Blind makes the next n searches for an event find nothing, as right after it was created.
func (g *Graph) Blind(n int) {
	g.books.mu.Lock()
	defer g.books.mu.Unlock()
	g.blind = n
}

// SlowTeams makes a Teams link be there only after n further looks at the event.
func (g *Graph) SlowTeams(n int) {
	g.books.mu.Lock()
	defer g.books.mu.Unlock()
	g.teams = n
}

func (g *Graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.omu.Lock()
	g.rotates = true
	g.omu.Unlock()
	switch {
	case strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/authorize"):
		g.authorize(w, r)
	case strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token"):
		g.faults.serve(w, r, g.token, func(w http.ResponseWriter, status int) { w.WriteHeader(status) })
	default:
		g.faults.serve(w, r, g.api, func(w http.ResponseWriter, status int) { graphFails(w, status, "TooManyRequests") })
	}
}

func graphFails(w http.ResponseWriter, status int, code string) {
	answer(w, status, map[string]any{"error": map[string]any{"code": code, "message": "fake: " + code}})
}

func (g *Graph) api(w http.ResponseWriter, r *http.Request) {
	person, ok := g.caller(r)
	if !ok {
		graphFails(w, 401, "InvalidAuthenticationToken")
		return
	}
	g.books.mu.Lock()
	defer g.books.mu.Unlock()
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/v1.0/"), "/")
	for i := range parts {
		parts[i], _ = url.PathUnescape(parts[i]) // as it came through the server
	}
	switch {
	case parts[0] == "me" && person != "":
		parts = parts[1:]
	case parts[0] == "users" && person == "" && len(parts) > 1:
		person, parts = parts[1], parts[2:]
		if g.Granted != nil && !g.Granted(person) {
			graphFails(w, 403, "ErrorAccessDenied")
			return
		}
	default:
		graphFails(w, 400, "BadRequest") // /me as an app, or somebody else's mailbox as a person
		return
	}
	if len(g.people[person]) == 0 {
		graphFails(w, 404, "ErrorInvalidUser")
		return
	}
	graphCall{g, w, r, person}.serve(parts)
}

// graphCall is a request to one mailbox.
type graphCall struct {
	*Graph
	w      http.ResponseWriter
	r      *http.Request
	person string
}

func (q graphCall) serve(parts []string) {
	switch {
	case len(parts) == 1 && parts[0] == "calendar":
		answer(q.w, 200, graphCalendar(q.primary()))
	case len(parts) == 1 && parts[0] == "calendars":
		var all []any
		for _, c := range q.people[q.person] {
			all = append(all, graphCalendar(c))
		}
		q.page(all, nil)
	case len(parts) > 2 && parts[0] == "calendars":
		c, ok := q.calendar(q.person, parts[1])
		if !ok {
			graphFails(q.w, 404, "ErrorItemNotFound")
			return
		}
		q.inside(c, strings.Join(parts[2:], "/"))
	case len(parts) == 1 && parts[0] == "events" && q.r.Method == http.MethodPost:
		q.create()
	case len(parts) == 2 && parts[0] == "events":
		q.one(parts[1])
	default:
		graphFails(q.w, 404, "UnknownError")
	}
}

func (q graphCall) primary() Calendar {
	for _, c := range q.people[q.person] {
		if c.Primary {
			return c
		}
	}
	return q.people[q.person][0]
}

func graphCalendar(c Calendar) map[string]any {
	return map[string]any{
		"id": c.ID, "name": c.Title, "isDefaultCalendar": c.Primary, "canEdit": c.Role == "owner" || c.Role == "writer",
		"owner": map[string]any{"address": c.Owner},
	}
}

func (q graphCall) inside(c Calendar, what string) {
	switch what {
	case "calendarView":
		q.page(q.view(c), nil)
	case "calendarView/delta":
		q.delta(c)
	case "events":
		q.search(c)
	default:
		graphFails(q.w, 404, "UnknownError")
	}
}

// size is how many items the caller wants on a page.
func (q graphCall) size() int {
	size := 10 // Graph's own
	if n, err := strconv.Atoi(q.r.URL.Query().Get("$top")); err == nil {
		size = n
	}
	for _, p := range q.r.Header.Values("Prefer") {
		if n, err := strconv.Atoi(strings.TrimPrefix(p, "odata.maxpagesize=")); err == nil {
			size = n
		}
	}
	if q.books.page > 0 {
		size = min(size, q.books.page)
	}
	return size
}

// link is this request's address with other parameters.
func (q graphCall) link(set url.Values) string {
	query := q.r.URL.Query()
	for k, v := range set {
		query[k] = v
	}
	return "http://" + q.r.Host + q.r.URL.EscapedPath() + "?" + query.Encode()
}

// page answers with part of a list and the link to the next, or at the end with what belongs there.
func (q graphCall) page(items []any, last map[string]any) {
	from, _ := strconv.Atoi(q.r.URL.Query().Get("$skiptoken")) // none is the first
	part, next := cut(items, from, q.size())
	if part == nil {
		part = []any{}
	}
	out := map[string]any{"value": part}
	if next > 0 {
		out["@odata.nextLink"] = q.link(url.Values{"$skiptoken": {strconv.Itoa(next)}})
	} else {
		maps.Copy(out, last)
	}
	answer(q.w, 200, out)
}

// bounds are those of a calendar view.
func (q graphCall) bounds() (from, to time.Time, ok bool) {
	query := q.r.URL.Query()
	from, err := instant(query.Get("startDateTime"))
	to, err2 := instant(query.Get("endDateTime"))
	return from, to, err == nil && err2 == nil && from.Before(to)
}

func (q graphCall) view(c Calendar) (all []any) {
	from, to, _ := q.bounds() // a view without bounds shows nothing
	for _, e := range q.events {
		if e.Calendar != c.ID || e.Gone {
			continue
		}
		for week := range max(e.Weeks, 1) {
			start, end := e.instance(week)
			if slices.Contains(e.skipped, week) || !start.Before(to) || !end.After(from) {
				continue
			}
			item := q.shown(e, start, end)
			if e.Weeks > 0 {
				item["id"], item["type"], item["seriesMasterId"] = fmt.Sprintf("%s.%d", e.ID, week), "occurrence", e.ID
			}
			all = append(all, item)
		}
	}
	return all
}

// delta shows what changed in a view. Of a series it gives occurrences without their properties, and it says nothing of
// one that was deleted: the series just comes without it.
func (q graphCall) delta(c Calendar) {
	query := q.r.URL.Query()
	since := -1
	if token := query.Get("$deltatoken"); token != "" {
		n, err := strconv.Atoi(token)
		if err != nil || n < q.floor {
			graphFails(q.w, 410, "SyncStateNotFound")
			return
		}
		since = n
	}
	from, to, ok := q.bounds()
	if !ok || query.Has("$select") || query.Has("$filter") || query.Has("$expand") || query.Has("$orderby") {
		graphFails(q.w, 400, "ErrorInvalidUrlQuery")
		return
	}
	var all []any
	for _, e := range q.events {
		if e.Calendar != c.ID || e.etag <= since || e.Gone && since < 0 {
			continue
		}
		if e.Gone {
			all = append(all, map[string]any{"id": e.ID, "@removed": map[string]any{"reason": "deleted"}})
			continue
		}
		for week := range max(e.Weeks, 1) {
			start, end := e.instance(week)
			if slices.Contains(e.skipped, week) || !start.Before(to) || !end.After(from) {
				continue
			}
			if e.Weeks == 0 {
				all = append(all, q.shown(e, start, end))
				continue
			}
			all = append(all, map[string]any{
				"id": fmt.Sprintf("%s.%d", e.ID, week), "type": "occurrence", "seriesMasterId": e.ID, "start": graphMoment(start), "end": graphMoment(end),
			})
		}
		if e.Weeks > 0 || len(all) == 0 {
			all = append(all, map[string]any{"id": e.ID, "type": "seriesMaster"})
		}
	}
	q.page(all, map[string]any{"@odata.deltaLink": q.link(url.Values{"$deltatoken": {strconv.Itoa(q.clock)}, "$skiptoken": nil})})
}
