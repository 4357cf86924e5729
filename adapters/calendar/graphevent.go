package calendar

import (
	"strconv"
	"strings"
	"time"

	"usher/bot"
)

// graphEvent is an event as Microsoft Graph has it; of all its fields those that matter here.
type graphEvent struct {
	ID          string          `json:"id,omitempty"`
	ETag        string          `json:"@odata.etag,omitempty"`
	ICalUID     string          `json:"iCalUId,omitempty"`
	Transaction string          `json:"transactionId,omitempty"`
	Created     string          `json:"createdDateTime,omitempty"`
	Subject     string          `json:"subject,omitempty"`
	Body        *graphBody      `json:"body,omitempty"`
	Start       *graphTime      `json:"start,omitempty"`
	End         *graphTime      `json:"end,omitempty"`
	AllDay      bool            `json:"isAllDay,omitempty"`
	Cancelled   bool            `json:"isCancelled,omitempty"`
	ShowAs      string          `json:"showAs,omitempty"` // free, tentative, busy, oof, workingElsewhere, unknown
	Response    *graphResponse  `json:"responseStatus,omitempty"`
	Location    *graphLocation  `json:"location,omitempty"`
	Online      bool            `json:"isOnlineMeeting,omitempty"`
	Provider    string          `json:"onlineMeetingProvider,omitempty"`
	Meeting     *graphMeetingAt `json:"onlineMeeting,omitempty"`
	Requested   *bool           `json:"responseRequested,omitempty"`
	Properties  []graphProperty `json:"singleValueExtendedProperties,omitempty"`
}

type graphTime struct {
	DateTime string `json:"dateTime"` // without offset
	Zone     string `json:"timeZone"`
}

type graphBody struct {
	Type    string `json:"contentType"`
	Content string `json:"content"`
}

type graphResponse struct {
	Response string `json:"response"` // none, organizer, tentativelyAccepted, accepted, declined, notResponded
}

type graphLocation struct {
	Name string `json:"displayName"`
}

type graphMeetingAt struct {
	JoinURL string `json:"joinUrl"`
}

type graphProperty struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

const graphLayout = "2006-01-02T15:04:05" // fractions of a second are read too

// instant reads a time. We ask for UTC; another zone is read by its IANA name.
func (t *graphTime) instant() (time.Time, error) {
	if t == nil {
		return time.Time{}, errTimes
	}
	zone := time.UTC
	if t.Zone != "" && t.Zone != "UTC" {
		var err error
		if zone, err = time.LoadLocation(t.Zone); err != nil {
			return time.Time{}, errTimes
		}
	}
	return time.ParseInLocation(graphLayout, t.DateTime, zone)
}

// day reads the date of a day that is meant where the rep is: whole days come as midnight, whatever zone was asked for.
func (t *graphTime) day(zone *time.Location) (time.Time, error) {
	at, err := t.instant()
	if err != nil || zone == nil || at.Hour()+at.Minute()+at.Second() != 0 {
		return at, err
	}
	return midnight(at.Format(time.DateOnly), zone)
}

// event is the item as an instance; cancelled ones are not kept. Where somebody works is no appointment.
func (g graphEvent) event(zone *time.Location) (e Event, keep bool, err error) {
	if g.Cancelled {
		return e, false, nil
	}
	e = Event{UID: g.ICalUID, Summary: g.Subject, AllDay: g.AllDay, Busy: g.ShowAs != "free" && g.ShowAs != "workingElsewhere"}
	if g.Response != nil && g.Response.Response == "declined" {
		e.Busy = false
	}
	if e.Start, err = g.at(g.Start, zone); err != nil {
		return e, false, err
	}
	if e.End, err = g.at(g.End, zone); err != nil || e.End.Before(e.Start) {
		e.End, err = e.Start.Add(unknownLength*time.Second), errEnd
	}
	return e, true, err
}

// at reads one of the event's times, a whole day's in the zone.
func (g graphEvent) at(t *graphTime, zone *time.Location) (time.Time, error) {
	if g.AllDay {
		return t.day(zone)
	}
	return t.instant()
}

// meeting is the UID of the meeting that this event was written for.
func (g graphEvent) meeting() string {
	if uid := g.property(graphMeeting); uid != "" {
		return uid
	}
	if rest, ok := strings.CutPrefix(g.Transaction, "usher/"); ok {
		if i := strings.LastIndexByte(rest, '/'); i > 0 {
			return rest[:i]
		}
	}
	return ""
}

func (g graphEvent) property(id string) string {
	for _, p := range g.Properties {
		if strings.EqualFold(p.ID, id) {
			return p.Value
		}
	}
	return ""
}

// times are the event's as propTimes says them; "" where it has none that we wrote.
func (g graphEvent) times() string {
	if g.AllDay {
		return ""
	}
	from, err := g.Start.instant()
	to, err2 := g.End.instant()
	if err != nil || err2 != nil {
		return ""
	}
	return writtenTimes(from, to)
}

// ours says that the event's time is one that we know: what we wrote last, or what the meeting has now, for it followed
// the rep.
func (g graphEvent) ours(m bot.Meeting) bool {
	t := g.times()
	return t != "" && t == g.property(graphTimes) || t == writtenTimes(m.Start, m.End)
}

// stands says that the event is as we would write it, but for what the rep may have added.
func (g graphEvent) stands(e Entry) bool {
	return !g.Cancelled && g.property(graphDigest) == digest(e) && g.times() == writtenTimes(e.Meeting.Start, e.Meeting.End)
}

// seen is the event as a Book shows it, whole days in the rep's zone.
func (g graphEvent) seen(uid string, zone *time.Location) (Seen, error) {
	s := Seen{AllDay: g.AllDay, Ref: Ref{UID: uid, Href: g.ID, ETag: g.ETag}, Sequence: sequenceOf(g.property(graphSequence)), Cancelled: g.Cancelled, Place: g.link()}
	var err error
	if s.Start, err = g.at(g.Start, zone); err != nil {
		return s, err
	}
	s.End, err = g.at(g.End, zone)
	return s, err
}

func (g graphEvent) link() string {
	if g.Meeting == nil {
		return ""
	}
	return g.Meeting.JoinURL
}

// graphWrite is a meeting as it is written: in UTC, busy, with what names it as ours.
func graphWrite(e Entry) graphEvent {
	m, no := e.Meeting, false
	g := graphEvent{
		Subject: m.Title, Body: &graphBody{"text", e.About}, ShowAs: "busy", Requested: &no,
		Start:      &graphTime{m.Start.UTC().Format(graphLayout), "UTC"},
		End:        &graphTime{m.End.UTC().Format(graphLayout), "UTC"},
		Properties: []graphProperty{{graphMeeting, m.UID}, {graphSequence, strconv.Itoa(m.Sequence)}, {graphTimes, writtenTimes(m.Start, m.End)}, {graphDigest, digest(e)}},
	}
	if m.Made == "" {
		g.Location = &graphLocation{m.Place}
	}
	return g
}
