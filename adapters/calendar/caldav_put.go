package calendar

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/emersion/go-ical"
)

// resource is a meeting as the file that stands in a rep's calendar.
func resource(e Entry, now time.Time) ([]byte, error) {
	event, err := eventIn(e, now)
	if err != nil {
		return nil, err
	}
	return event.encode("")
}

// eventIn is a meeting as it stands in a rep's calendar. SCHEDULE-AGENT=CLIENT (RFC 6638 7.1) keeps the server from
// inviting anybody: the letters are ours.
func eventIn(e Entry, now time.Time) (eventOut, error) {
	event, err := newEvent(e.Meeting, e.Organizer, now)
	if err != nil {
		return event, err
	}
	event.text(ical.PropDescription, e.About)
	visitor := attendee{answer: "ACCEPTED"} // whoever books has said yes
	if e.Meeting.Answer != "" {
		visitor.answer = partStat(e.Meeting.Answer)
	}
	if err := event.inviteAll(e.Meeting, e.Others, visitor); err != nil {
		return event, err
	}
	for _, name := range []string{ical.PropOrganizer, ical.PropAttendee} {
		for _, p := range event.Props[name] {
			p.Params.Set("SCHEDULE-AGENT", "CLIENT")
		}
	}
	return event, nil
}

// putting is one meeting on its way into a calendar.
type putting struct {
	*calDAV
	entry Entry
	data  []byte
}

func (p *putting) put(ctx context.Context, at Ref) (Seen, error) {
	at.UID = p.entry.Meeting.UID
	place, err := p.place(at)
	if err != nil {
		return Seen{}, err
	}
	if at.Href == "" {
		return p.create(ctx, place)
	}
	return p.over(ctx, place)
}

// create writes where nothing is. What is there already came of an answer that was lost.
func (p *putting) create(ctx context.Context, place *url.URL) (Seen, error) {
	seen, err := p.send(ctx, place, "If-None-Match", "*")
	switch s := statusOf(err); {
	case err == nil:
		return seen, nil
	case s == http.StatusPreconditionFailed:
		return p.over(ctx, place)
	case s == http.StatusConflict || s == http.StatusForbidden:
		// The server may hold the UID in another file, where the rep has put it (RFC 4791 5.3.2.1, no-uid-conflict).
		if other, found := p.elsewhere(ctx); found == nil && other != nil {
			return p.over(ctx, other)
		}
	case s == 0:
		return p.lost(ctx, place, err)
	}
	return Seen{}, err
}

func (p *putting) elsewhere(ctx context.Context) (*url.URL, error) {
	for _, cal := range p.calendars {
		if at, err := p.byUID(ctx, cal, p.entry.Meeting.UID); at != nil || err != nil {
			return at, err
		}
	}
	return nil, nil
}

// over writes over what stands there unless somebody else has put the meeting at another time since: an event that we
// wrote, with an older SEQUENCE, or that says the same time, with a note or an alarm that the rep added.
func (p *putting) over(ctx context.Context, place *url.URL) (Seen, error) {
	ours := p.data
	for range 3 {
		is, err := p.look(ctx, place, p.entry.Meeting.UID)
		if err != nil {
			return Seen{}, err
		}
		if is.Sequence >= p.entry.Meeting.Sequence && !p.says(is.Seen) {
			return is.Seen, ErrChanged
		}
		if place, err = p.place(is.Ref); err != nil {
			return Seen{}, err
		}
		p.data = keep(ours, is.data, p.entry.Meeting.UID)
		seen, err := p.send(ctx, place, "If-Match", strong(is.ETag))
		if statusOf(err) == http.StatusBadRequest && len(p.data) > len(ours) { // what was there already does not please the server
			p.data = ours
			seen, err = p.send(ctx, place, "If-Match", strong(is.ETag))
		}
		switch s := statusOf(err); {
		case err != nil && s == 0:
			return p.lost(ctx, place, err)
		case s != http.StatusPreconditionFailed:
			return seen, err
		}
	}
	return Seen{}, fmt.Errorf("%w again and again", ErrChanged)
}

// says is whether the event is at the meeting's time.
func (p *putting) says(is Seen) bool {
	m := p.entry.Meeting
	return is.Start.Equal(m.Start) && is.End.Equal(m.End) && !is.Cancelled
}

// send writes and learns what the server made of it. Many servers do not tell the ETag: then it is looked up.
func (p *putting) send(ctx context.Context, place *url.URL, condition, value string) (Seen, error) {
	header := http.Header{"Content-Type": {"text/calendar; charset=utf-8"}}
	if value != "" {
		header.Set(condition, value)
	}
	a, err := p.do(ctx, ask{http.MethodPut, place, header, p.data})
	if err != nil {
		return Seen{}, err
	}
	m := p.entry.Meeting
	seen := Seen{
		Ref:   Ref{UID: m.UID, Source: p.name, Href: place.EscapedPath(), ETag: a.header.Get("ETag")},
		Start: m.Start, End: m.End, Sequence: m.Sequence,
	}
	if seen.ETag != "" {
		return seen, nil
	}
	if is, err := p.get(ctx, place, m.UID); err == nil {
		return is.Seen, nil
	}
	return seen, nil // it is written; the ETag is looked up before the next change
}

// lost looks whether a write whose answer did not come has been done.
func (p *putting) lost(ctx context.Context, place *url.URL, cause error) (Seen, error) {
	is, err := p.get(ctx, place, p.entry.Meeting.UID)
	if err == nil && is.Sequence == p.entry.Meeting.Sequence && p.says(is.Seen) {
		return is.Seen, nil
	}
	return Seen{}, cause
}
