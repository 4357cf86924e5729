// Package calendarfake is Google Calendar and Microsoft Graph for tests and rehearsals: handlers that answer as the
// references say for what usher asks, with the people, their calendars and every fault in the hands of whoever runs
// them.
package calendarfake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Calendar is one calendar of a person.
type Calendar struct {
	ID      string
	Title   string
	Zone    string // IANA name of whole days; "" = UTC
	Role    string // Google's: owner, writer, reader, freeBusyReader
	Owner   string // address; "" = the person who has it
	Primary bool
}

// Event is an event or a weekly series.
type Event struct {
	ID       string // "" = made up
	Calendar string // Calendar.ID
	UID      string // iCalendar's; "" = made up
	Title    string
	Start    time.Time
	End      time.Time
	AllDay   bool // Start and End are midnights in UTC and mean the dates
	Weeks    int  // of a weekly series; 0 = a single event
	Free     bool
	Declined bool
	Kind     string // Google's eventType
	ShowAs   string // Microsoft's; "" = busy, or free
	Gone     bool

	etag        int
	skipped     []int // weeks whose instance was deleted
	fields      map[string]json.RawMessage
	transaction string
	made        int
}

// instance is the event in one week of its series.
func (e *Event) instance(week int) (start, end time.Time) {
	return e.Start.AddDate(0, 0, 7*week), e.End.AddDate(0, 0, 7*week)
}

// books are the people's calendars and what is in them.
type books struct {
	mu     sync.Mutex
	people map[string][]Calendar
	events []*Event
	clock  int // counts changes
	floor  int // sync tokens from before are too old
	page   int // of a list, whatever the caller wants; 0 = as many as wanted
}

// AddCalendar gives a person a calendar.
func (b *books) AddCalendar(person string, c Calendar) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.people == nil {
		b.people = map[string][]Calendar{}
	}
	c.Role, c.Owner = cmp.Or(c.Role, "owner"), cmp.Or(c.Owner, person)
	b.people[person] = append(b.people[person], c)
	b.clock++
}

// DropCalendar takes a calendar away with all that is in it.
func (b *books) DropCalendar(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for person, list := range b.people {
		b.people[person] = slices.DeleteFunc(list, func(c Calendar) bool { return c.ID == id })
	}
	b.events = slices.DeleteFunc(b.events, func(e *Event) bool { return e.Calendar == id })
}

// AddEvent puts an event into a calendar and gives its id.
func (b *books) AddEvent(e Event) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.add(e).ID
}

func (b *books) add(e Event) *Event {
	b.clock++
	e.ID = cmp.Or(e.ID, fmt.Sprintf("event%04d", b.clock))
	e.UID = cmp.Or(e.UID, fmt.Sprintf("%s@calendarfake", e.ID))
	e.etag, e.made = b.clock, b.clock
	b.events = append(b.events, &e)
	return &e
}

// Change changes an event as its owner would: with what Change does to it.
func (b *books) Change(id string, with func(e *Event)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.find(id)
	if e == nil {
		return false
	}
	b.clock++
	with(e)
	e.etag = b.clock
	return true
}

// Move gives an event another time; its length stays.
func (b *books) Move(id string, start time.Time) bool {
	return b.Change(id, func(e *Event) { e.Start, e.End = start, start.Add(e.End.Sub(e.Start)) })
}

// Delete deletes an event or a series.
func (b *books) Delete(id string) bool { return b.Change(id, func(e *Event) { e.Gone = true }) }

// Skip deletes one instance of a series.
func (b *books) Skip(id string, week int) bool {
	return b.Change(id, func(e *Event) { e.skipped = append(e.skipped, week) })
}

// Events are those that are not deleted, of one calendar or, with "", of all.
func (b *books) Events(calendar string) []Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Event
	for _, e := range b.events {
		if !e.Gone && (calendar == "" || e.Calendar == calendar) {
			all = append(all, *e)
		}
	}
	return all
}

// ExpireTokens makes all sync tokens and delta links given so far too old.
func (b *books) ExpireTokens() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock++
	b.floor = b.clock
}

// Pages makes the pages of lists this small.
func (b *books) Pages(size int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.page = size
}

func (b *books) find(id string) *Event {
	for _, e := range b.events {
		if e.ID == id {
			return e
		}
	}
	return nil
}

func (b *books) calendar(person, id string) (Calendar, bool) {
	for _, c := range b.people[person] {
		if strings.EqualFold(c.ID, id) || c.Primary && id == "primary" {
			return c, true
		}
	}
	return Calendar{}, false
}

// cut is a page of a list that begins at an offset; the next offset is 0 at the end.
func cut[T any](list []T, from, size int) ([]T, int) {
	from = min(from, len(list))
	if size <= 0 || from+size >= len(list) {
		return list[from:], 0
	}
	return list[from : from+size], from + size
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who asked has gone
}
