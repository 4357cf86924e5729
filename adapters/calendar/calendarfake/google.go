package calendarfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Google is Google Calendar at /calendar/v3, with the page of consent at /auth and the token endpoint at /token.
type Google struct {
	books
	oauth
	faults
	meet int // looks until a link is made
}

// SlowMeet makes a Meet link be there only after n further looks at the event.
func (g *Google) SlowMeet(n int) {
	g.books.mu.Lock()
	defer g.books.mu.Unlock()
	g.meet = n
}

func (g *Google) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/auth":
		g.authorize(w, r)
	case "/token":
		g.faults.serve(w, r, g.token, func(w http.ResponseWriter, status int) { w.WriteHeader(status) })
	default:
		g.faults.serve(w, r, g.api, func(w http.ResponseWriter, status int) {
			googleFails(w, status, map[int]string{403: "rateLimitExceeded", 429: "rateLimitExceeded"}[status])
		})
	}
}

// googleFails answers with an error as the guide to the API's errors shows it.
func googleFails(w http.ResponseWriter, status int, reason string) {
	answer(w, status, map[string]any{"error": map[string]any{
		"code": status, "message": "fake: " + reason, "errors": []any{map[string]any{"domain": "global", "reason": reason}},
	}})
}

func (g *Google) api(w http.ResponseWriter, r *http.Request) {
	person, ok := g.caller(r)
	if !ok {
		googleFails(w, 401, "authError")
		return
	}
	g.books.mu.Lock()
	defer g.books.mu.Unlock()
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/calendar/v3/")
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i], _ = url.PathUnescape(parts[i]) // as it came through the server
	}
	switch {
	case strings.HasPrefix(path, "users/me/calendarList"):
		g.calendarList(w, r, person, parts[3:])
	case parts[0] == "calendars" && len(parts) >= 3 && parts[2] == "events":
		c, ok := g.calendar(person, parts[1])
		if !ok {
			googleFails(w, 404, "notFound")
			return
		}
		q := googleCall{g, w, r, c}
		q.serve(strings.Join(parts[3:], "/"))
	default:
		googleFails(w, 404, "notFound")
	}
}

func (g *Google) calendarList(w http.ResponseWriter, r *http.Request, person string, id []string) {
	var items []map[string]any
	for _, c := range g.people[person] {
		item := map[string]any{"id": c.ID, "summary": c.Title, "accessRole": c.Role, "timeZone": zoneOf(c), "primary": c.Primary}
		if len(id) > 0 && (strings.EqualFold(id[0], c.ID) || id[0] == "primary" && c.Primary) {
			answer(w, 200, item)
			return
		}
		items = append(items, item)
	}
	if len(id) > 0 {
		googleFails(w, 404, "notFound")
		return
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("pageToken")) // none is the first
	page, next := cut(items, from, g.page)
	out := map[string]any{"items": page}
	if next > 0 {
		out["nextPageToken"] = strconv.Itoa(next)
	}
	answer(w, 200, out)
}

func zoneOf(c Calendar) string {
	if c.Zone == "" {
		return "UTC"
	}
	return c.Zone
}

// googleCall is a request to one calendar.
type googleCall struct {
	*Google
	w http.ResponseWriter
	r *http.Request
	c Calendar
}

func (q googleCall) serve(id string) {
	if q.r.Method != http.MethodGet && q.c.Role != "owner" && q.c.Role != "writer" {
		googleFails(q.w, 403, "requiredAccessLevel")
		return
	}
	switch {
	case id == "" && q.r.Method == http.MethodGet:
		q.list()
	case id == "" && q.r.Method == http.MethodPost:
		q.insert()
	default:
		q.one(id)
	}
}

// notWithToken are the parameters that events.list refuses beside a sync token.
var notWithToken = []string{"iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax", "updatedMin"}

func (q googleCall) list() {
	query := q.r.URL.Query()
	since, token := -1, query.Get("syncToken")
	if token != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(token, "sync-"))
		if err != nil || slices.ContainsFunc(notWithToken, query.Has) {
			googleFails(q.w, 400, "syncTokenWithRequestRestrictions")
			return
		}
		if n < q.floor {
			googleFails(q.w, 410, "fullSyncRequired")
			return
		}
		since = n
	}
	from, err1 := instant(query.Get("timeMin"))
	to, err2 := instant(query.Get("timeMax"))
	if err1 != nil || err2 != nil || !to.IsZero() && !from.Before(to) {
		googleFails(q.w, 400, "timeRangeEmpty")
		return
	}
	var items []map[string]any
	for _, e := range q.events {
		if e.Calendar == q.c.ID && e.etag > since {
			items = append(items, q.instances(e, since >= 0, from, to)...)
		}
	}
	size := q.page
	if n, err := strconv.Atoi(query.Get("maxResults")); err == nil && (size == 0 || n < size) {
		size = n
	}
	first, _ := strconv.Atoi(query.Get("pageToken")) // none is the first
	page, next := cut(items, first, size)
	out := map[string]any{"timeZone": zoneOf(q.c), "items": page}
	if next > 0 {
		out["nextPageToken"] = strconv.Itoa(next)
	} else {
		out["nextSyncToken"] = fmt.Sprintf("sync-%d", q.clock)
	}
	answer(q.w, 200, out)
}

func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, text)
}

// instances takes a series apart, as singleEvents does. Increments show what was deleted too.
func (q googleCall) instances(e *Event, increment bool, from, to time.Time) []map[string]any {
	var all []map[string]any
	for week := range max(e.Weeks, 1) {
		start, end := e.instance(week)
		gone := e.Gone || slices.Contains(e.skipped, week)
		if gone && !increment || !to.IsZero() && !start.Before(to) || !from.IsZero() && !end.After(from) {
			continue
		}
		item := q.shown(e, start, end)
		if e.Weeks > 0 {
			item["id"] = e.ID + "_" + start.UTC().Format("20060102T150405Z")
			item["recurringEventId"] = e.ID
		}
		if gone {
			item = map[string]any{"id": item["id"], "status": "cancelled"}
		}
		all = append(all, item)
	}
	return all
}

// shown is the event resource.
func (q googleCall) shown(e *Event, start, end time.Time) map[string]any {
	item := map[string]any{
		"kind": "calendar#event", "id": e.ID, "etag": strconv.Quote(strconv.Itoa(e.etag)), "iCalUID": e.UID, "status": "confirmed",
		"summary": e.Title, "start": googleMoment(e, start), "end": googleMoment(e, end), "eventType": "default",
	}
	for k, v := range e.fields {
		item[k] = v
	}
	if e.Free {
		item["transparency"] = "transparent"
	}
	if e.Declined {
		item["attendees"] = []any{map[string]any{"email": q.c.Owner, "self": true, "responseStatus": "declined"}}
	}
	if e.Kind != "" {
		item["eventType"] = e.Kind
	}
	if e.Gone {
		item["status"] = "cancelled"
	}
	return item
}

func googleMoment(e *Event, t time.Time) map[string]any {
	if e.AllDay {
		return map[string]any{"date": t.Format(time.DateOnly)}
	}
	return map[string]any{"dateTime": t.Format(time.RFC3339)}
}

var eventID = regexp.MustCompile(`^[a-v0-9]{5,}$`)

func (q googleCall) insert() {
	var body map[string]json.RawMessage
	if json.NewDecoder(q.r.Body).Decode(&body) != nil {
		googleFails(q.w, 400, "parseError")
		return
	}
	var id string
	_ = json.Unmarshal(body["id"], &id) // without one the server makes it
	switch {
	case body["id"] != nil && body["iCalUID"] != nil, id != "" && (len(id) > 1024 || !eventID.MatchString(id)), body["attendees"] != nil:
		googleFails(q.w, 400, "invalid") // attendees: a fake sends no mail, and nobody may ask for it
		return
	case id != "" && q.find(id) != nil: // a deleted event keeps its id
		googleFails(q.w, 409, "duplicate")
		return
	}
	e := q.add(Event{ID: id, Calendar: q.c.ID})
	if !q.write(e, body) {
		e.Gone = true
		return
	}
	answer(q.w, 200, q.shown(e, e.Start, e.End))
}

// write sets what the body gives; the rest stays.
func (q googleCall) write(e *Event, body map[string]json.RawMessage) bool {
	var times struct {
		Summary    string
		Start, End struct{ DateTime time.Time }
		Status     string
		Conference struct {
			Create struct{ RequestID string } `json:"createRequest"`
		} `json:"conferenceData"`
	}
	whole, _ := json.Marshal(body) // it was read from JSON
	if json.Unmarshal(whole, &times) != nil || !times.Start.DateTime.IsZero() && !times.Start.DateTime.Before(times.End.DateTime) {
		googleFails(q.w, 400, "timeRangeEmpty")
		return false
	}
	if e.fields == nil {
		e.fields = map[string]json.RawMessage{}
	}
	e.fields = maps.Clone(e.fields)
	maps.Copy(e.fields, body)
	if !times.Start.DateTime.IsZero() {
		e.Start, e.End = times.Start.DateTime, times.End.DateTime
	}
	if body["summary"] != nil {
		e.Title = times.Summary
	}
	if times.Status == "confirmed" {
		e.Gone = false
	}
	for _, k := range []string{"id", "start", "end", "summary", "status", "etag"} {
		delete(e.fields, k)
	}
	if times.Conference.Create.RequestID != "" && q.r.URL.Query().Get("conferenceDataVersion") == "1" {
		e.fields["conferenceData"] = conference(times.Conference.Create.RequestID, q.meet > 0)
	}
	return true
}

// conference is a Meet link, made or being made.
func conference(request string, pending bool) json.RawMessage {
	if pending {
		return json.RawMessage(fmt.Sprintf(`{"createRequest":{"requestId":%q,"status":{"statusCode":"pending"}}}`, request))
	}
	return json.RawMessage(fmt.Sprintf(`{"createRequest":{"requestId":%q,"status":{"statusCode":"success"}},"entryPoints":[{"entryPointType":"video","uri":"https://meet.google.example/%s"}]}`, request, request[:10]))
}

func (q googleCall) one(id string) {
	e := q.find(id)
	switch {
	case e == nil || e.Calendar != q.c.ID:
		googleFails(q.w, 404, "notFound")
		return
	case q.r.Method == http.MethodGet:
		if c := e.fields["conferenceData"]; q.meet > 0 && strings.Contains(string(c), "pending") {
			if q.meet--; q.meet == 0 {
				e.fields["conferenceData"] = conference(e.ID, false)
			}
		}
		answer(q.w, 200, q.shown(e, e.Start, e.End))
		return
	}
	if match := q.r.Header.Get("If-Match"); match != "" && match != strconv.Quote(strconv.Itoa(e.etag)) {
		googleFails(q.w, 412, "conditionNotMet")
		return
	}
	switch q.r.Method {
	case http.MethodDelete:
		if e.Gone {
			googleFails(q.w, 410, "deleted")
			return
		}
		q.clock++
		e.Gone, e.etag = true, q.clock
		q.w.WriteHeader(http.StatusNoContent)
	case http.MethodPatch:
		var body map[string]json.RawMessage
		if json.NewDecoder(q.r.Body).Decode(&body) != nil {
			googleFails(q.w, 400, "parseError")
			return
		}
		if !q.write(e, body) {
			return
		}
		q.clock++
		e.etag = q.clock
		answer(q.w, 200, q.shown(e, e.Start, e.End))
	default:
		googleFails(q.w, 405, "httpMethodNotAllowed")
	}
}
