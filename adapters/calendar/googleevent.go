package calendar

import (
	"errors"
	"net/url"
	"strconv"
	"time"

	"usher/bot"
)

// googleEvent is an event as Google has it; of all its fields those that matter here.
type googleEvent struct {
	ID           string            `json:"id,omitempty"`
	ETag         string            `json:"etag,omitempty"`
	ICalUID      string            `json:"iCalUID,omitempty"`
	Status       string            `json:"status,omitempty"` // confirmed, tentative, cancelled
	Summary      string            `json:"summary,omitempty"`
	Description  string            `json:"description,omitempty"`
	Location     string            `json:"location,omitempty"`
	Start        *googleTime       `json:"start,omitempty"`
	End          *googleTime       `json:"end,omitempty"`
	Transparency string            `json:"transparency,omitempty"` // opaque, transparent
	Type         string            `json:"eventType,omitempty"`
	Attendees    []googleAttendee  `json:"attendees,omitempty"`
	Properties   *googleProperties `json:"extendedProperties,omitempty"`
	Hangout      string            `json:"hangoutLink,omitempty"`
	Conference   *googleConference `json:"conferenceData,omitempty"`
}

type googleTime struct {
	Date     string `json:"date,omitempty"`
	DateTime string `json:"dateTime,omitempty"`
	Zone     string `json:"timeZone,omitempty"`
}

type googleAttendee struct {
	Self     bool   `json:"self,omitempty"`
	Response string `json:"responseStatus,omitempty"` // needsAction, declined, tentative, accepted
}

type googleProperties struct {
	Private map[string]string `json:"private,omitempty"`
}

type googleConference struct {
	Create *googleCreate `json:"createRequest,omitempty"`
	Entry  []struct {
		Type string `json:"entryPointType"`
		URI  string `json:"uri"`
	} `json:"entryPoints,omitempty"`
}

type googleCreate struct {
	RequestID string          `json:"requestId"`
	Solution  *googleSolution `json:"conferenceSolutionKey,omitempty"`
	Status    *struct {
		Code string `json:"statusCode"` // pending, success, failure
	} `json:"status,omitempty"`
}

type googleSolution struct {
	Type string `json:"type"`
}

// What can be wrong with an event's times. One without an end is as long as most meetings.
var (
	errTimes = errors.New("its times cannot be read; it is left out")
	errEnd   = errors.New("its end cannot be read; it is taken to last an hour")
)

// strange is what is to be said of an event whose times cannot be read; kept where it is busy all the same.
func strange(uid string, kept bool, err error) Problem {
	if kept {
		return Problem{UID: uid, Code: "bad-end", Message: err.Error()}
	}
	return Problem{UID: uid, Code: "bad-start", Message: errTimes.Error()}
}

// instant reads a time; a day begins at midnight in the calendar's zone.
func (t *googleTime) instant(zone *time.Location) (time.Time, error) {
	switch {
	case t == nil:
		return time.Time{}, errTimes
	case t.DateTime != "":
		return time.Parse(time.RFC3339, t.DateTime)
	case zone == nil:
		zone = time.UTC
	}
	return midnight(t.Date, zone)
}

// midnight is the first instant of a date, where the zone's clock leaves midnight out too.
func midnight(date string, zone *time.Location) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}, err
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	if at.Day() != day.Day() { // the gap begins at midnight, and the offset before it was taken
		at = time.Date(day.Year(), day.Month(), day.Day(), 1, 0, 0, 0, zone)
	}
	return at, nil
}

// event is the item as an instance; cancelled ones are not kept. Where somebody works is no appointment, nor is a
// birthday.
func (g googleEvent) event(zone *time.Location) (e Event, keep bool, err error) {
	if g.Status == "cancelled" {
		return e, false, nil
	}
	e = Event{UID: g.uid(), Summary: g.Summary, AllDay: g.allDay()}
	if e.Start, err = g.Start.instant(zone); err != nil {
		return e, false, err
	}
	if e.End, err = g.End.instant(zone); err != nil || e.End.Before(e.Start) {
		e.End, err = e.Start.Add(unknownLength*time.Second), errEnd
	}
	e.Busy = g.Transparency != "transparent" && g.Type != "workingLocation" && g.Type != "birthday"
	for _, a := range g.Attendees {
		if a.Self && a.Response == "declined" {
			e.Busy = false
		}
	}
	return e, true, err
}

func (g googleEvent) allDay() bool { return g.Start != nil && g.Start.Date != "" }

// uid is the meeting's for an event that we inserted. A copy that the rep made of one has our property too, but another
// id: it is an event of its own.
func (g googleEvent) uid() string {
	if uid := g.property(propMeeting); uid != "" && g.ID == googleID(uid) {
		return uid
	}
	return g.ICalUID
}

// property is one of our private properties, "" for an event that is not ours.
func (g googleEvent) property(name string) string {
	if g.Properties == nil {
		return ""
	}
	return g.Properties.Private[name]
}

// times are the event's as propTimes says them; "" where it has none that we wrote.
func (g googleEvent) times() string {
	if g.allDay() {
		return ""
	}
	from, err := g.Start.instant(nil)
	to, err2 := g.End.instant(nil)
	if err != nil || err2 != nil {
		return ""
	}
	return writtenTimes(from, to)
}

// ours says that the event's time is one that we know: what we wrote last, or what the meeting has now, for it followed
// the rep.
func (g googleEvent) ours(m bot.Meeting) bool {
	t := g.times()
	return t != "" && t == g.property(propTimes) || t == writtenTimes(m.Start, m.End)
}

// stands says that the event is as we would write it, but for what the rep may have added.
func (g googleEvent) stands(e Entry) bool {
	return g.Status != "cancelled" && g.property(propDigest) == digest(e) && g.times() == writtenTimes(e.Meeting.Start, e.Meeting.End)
}

// seen is the event as a Book shows it, whole days in the rep's zone.
func (g googleEvent) seen(calendar, uid string, zone *time.Location) (Seen, error) {
	s := Seen{AllDay: g.allDay(), Ref: Ref{UID: uid, Href: url.PathEscape(calendar) + "/" + g.ID, ETag: g.ETag}, Sequence: sequenceOf(g.property(propSequence)), Cancelled: g.Status == "cancelled", Place: g.link()}
	var err error
	if s.Start, err = g.Start.instant(zone); err != nil {
		return s, err
	}
	s.End, err = g.End.instant(zone)
	return s, err
}

func (g googleEvent) link() string {
	if g.Conference != nil {
		for _, e := range g.Conference.Entry {
			if e.Type == "video" {
				return e.URI
			}
		}
	}
	return g.Hangout
}

// pending says that Google is still making the link.
func (g googleEvent) pending() bool {
	c := g.Conference
	return g.link() == "" && c != nil && c.Create != nil && c.Create.Status != nil && c.Create.Status.Code == "pending"
}

// googleWrite is a meeting as it is written: in UTC, busy, with what names it as ours.
func googleWrite(e Entry) googleEvent {
	m := e.Meeting
	g := googleEvent{
		Status: "confirmed", Summary: m.Title, Description: e.About, Transparency: "opaque",
		Start: &googleTime{DateTime: m.Start.UTC().Format(time.RFC3339), Zone: "UTC"},
		End:   &googleTime{DateTime: m.End.UTC().Format(time.RFC3339), Zone: "UTC"},
		Properties: &googleProperties{Private: map[string]string{
			propMeeting: m.UID, propSequence: strconv.Itoa(m.Sequence), propTimes: writtenTimes(m.Start, m.End), propDigest: digest(e),
		}},
	}
	if m.Made == "" {
		g.Location = m.Place
	}
	return g
}
