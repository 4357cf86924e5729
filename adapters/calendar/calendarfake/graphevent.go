package calendarfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

func graphMoment(t time.Time) map[string]any {
	return map[string]any{"dateTime": t.UTC().Format("2006-01-02T15:04:05.0000000"), "timeZone": "UTC"}
}

// shown is the event resource.
func (q graphCall) shown(e *Event, start, end time.Time) map[string]any {
	item := map[string]any{"type": "singleInstance", "responseStatus": map[string]any{"response": "organizer"}, "isCancelled": false}
	for k, v := range e.fields {
		item[k] = v
	}
	item["id"], item["iCalUId"], item["subject"], item["isAllDay"] = e.ID, e.UID, e.Title, e.AllDay
	item["@odata.etag"] = fmt.Sprintf(`W/"%d"`, e.etag)
	item["createdDateTime"] = time.Unix(int64(e.made), 0).UTC().Format(time.RFC3339)
	item["start"], item["end"] = graphMoment(start), graphMoment(end)
	if !strings.Contains(q.r.URL.Query().Get("$expand"), "singleValueExtendedProperties") {
		delete(item, "singleValueExtendedProperties")
	}
	switch {
	case e.ShowAs != "":
		item["showAs"] = e.ShowAs
	case e.Free:
		item["showAs"] = "free"
	default:
		item["showAs"] = "busy"
	}
	if e.Declined {
		item["responseStatus"] = map[string]any{"response": "declined"}
	}
	if e.transaction != "" {
		item["transactionId"] = e.transaction
	}
	return item
}

var wanted = regexp.MustCompile(`^singleValueExtendedProperties/Any\(ep: ep/id eq '([^']*)' and ep/value eq '((?:[^']|'')*)'\)$`)

// search finds events by an extended property.
func (q graphCall) search(c Calendar) {
	m := wanted.FindStringSubmatch(q.r.URL.Query().Get("$filter"))
	if m == nil {
		graphFails(q.w, 400, "ErrorInvalidUrlQueryFilter")
		return
	}
	if q.blind > 0 {
		q.blind--
		q.page(nil, nil)
		return
	}
	var all []any
	for _, e := range q.events {
		var properties []struct{ ID, Value string }
		_ = json.Unmarshal(e.fields["singleValueExtendedProperties"], &properties) // most have none
		for _, p := range properties {
			if e.Calendar == c.ID && !e.Gone && p.ID == m[1] && p.Value == strings.ReplaceAll(m[2], "''", "'") {
				all = append(all, q.shown(e, e.Start, e.End))
			}
		}
	}
	q.page(all, nil)
}

func (q graphCall) create() {
	var body map[string]json.RawMessage
	if json.NewDecoder(q.r.Body).Decode(&body) != nil || body["attendees"] != nil { // a fake invites nobody
		graphFails(q.w, 400, "ErrorInvalidRequest")
		return
	}
	var transaction string
	_ = json.Unmarshal(body["transactionId"], &transaction) // it is optional
	if q.used[transaction] != "" {
		graphFails(q.w, 409, "ErrorDuplicateTransactionId")
		return
	}
	e := q.add(Event{Calendar: q.primary().ID, transaction: transaction})
	if !q.write(e, body) {
		e.Gone = true
		return
	}
	if transaction != "" {
		if q.used == nil {
			q.used = map[string]string{}
		}
		q.used[transaction] = e.ID
	}
	answer(q.w, 201, q.shown(e, e.Start, e.End))
}

// write sets what the body gives; the rest stays.
func (q graphCall) write(e *Event, body map[string]json.RawMessage) bool {
	var given struct {
		Subject    string
		Start, End struct{ DateTime string }
		Online     bool `json:"isOnlineMeeting"`
	}
	whole, _ := json.Marshal(body) // it was read from JSON
	const layout = "2006-01-02T15:04:05"
	_ = json.Unmarshal(whole, &given) // what is missing stays
	if body["start"] != nil {
		start, err := time.Parse(layout, given.Start.DateTime)
		end, err2 := time.Parse(layout, given.End.DateTime)
		if err != nil || err2 != nil || end.Before(start) {
			graphFails(q.w, 400, "ErrorPropertyValidationFailure")
			return false
		}
		e.Start, e.End = start, end
	}
	if body["subject"] != nil {
		e.Title = given.Subject
	}
	online := string(e.fields["isOnlineMeeting"]) == "true"
	e.fields = maps.Clone(e.fields)
	if e.fields == nil {
		e.fields = map[string]json.RawMessage{}
	}
	maps.Copy(e.fields, body)
	if given.Online && q.teams == 0 {
		e.fields["onlineMeeting"] = json.RawMessage(fmt.Sprintf(`{"joinUrl":"https://teams.microsoft.example/l/%s"}`, e.ID))
	}
	if online && body["body"] != nil { // who overwrites the body loses the meeting's blob, and with it the meeting
		delete(e.fields, "onlineMeeting")
	}
	return true
}

func (q graphCall) one(id string) {
	e := q.find(id)
	if e == nil || e.Gone || !slices.ContainsFunc(q.people[q.person], func(c Calendar) bool { return c.ID == e.Calendar }) {
		graphFails(q.w, 404, "ErrorItemNotFound")
		return
	}
	if match := q.r.Header.Get("If-Match"); match != "" && match != fmt.Sprintf(`W/"%d"`, e.etag) {
		graphFails(q.w, 412, "ErrorIrresolvableConflict")
		return
	}
	switch q.r.Method {
	case http.MethodGet:
		if q.teams > 0 && string(e.fields["isOnlineMeeting"]) == "true" {
			if q.teams--; q.teams == 0 {
				e.fields["onlineMeeting"] = json.RawMessage(fmt.Sprintf(`{"joinUrl":"https://teams.microsoft.example/l/%s"}`, e.ID))
			}
		}
	case http.MethodPatch:
		var body map[string]json.RawMessage
		if json.NewDecoder(q.r.Body).Decode(&body) != nil || body["transactionId"] != nil {
			graphFails(q.w, 400, "ErrorInvalidRequest")
			return
		}
		if !q.write(e, body) {
			return
		}
		q.clock++
		e.etag = q.clock
	case http.MethodDelete:
		q.clock++
		e.Gone, e.etag = true, q.clock
		q.w.WriteHeader(http.StatusNoContent)
		return
	default:
		graphFails(q.w, 405, "UnknownError")
		return
	}
	answer(q.w, 200, q.shown(e, e.Start, e.End))
}

// PutInto moves an event into another calendar, where Exchange gives it another id.
func (g *Graph) PutInto(id, calendar string) (now string) {
	g.books.mu.Lock()
	defer g.books.mu.Unlock()
	e := g.find(id)
	if e == nil {
		return ""
	}
	g.clock++
	copied := *e
	copied.ID, copied.Calendar, copied.etag = fmt.Sprintf("event%04d", g.clock), calendar, g.clock
	e.Gone, e.etag = true, g.clock
	g.events = append(g.events, &copied)
	return copied.ID
}
