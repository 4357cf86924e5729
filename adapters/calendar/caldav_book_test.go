package calendar

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

// booked is the meeting that the tests write.
func booked() Entry {
	m := meeting
	m.Sequence = 0
	return Entry{Meeting: m, Organizer: asha, Others: []Organizer{ben}, About: about}
}

// later is the meeting an hour later, as its next version.
func anHourLater(e Entry) Entry {
	e.Meeting.Sequence++
	e.Meeting.Start, e.Meeting.End = e.Meeting.Start.Add(time.Hour), e.Meeting.End.Add(time.Hour)
	return e
}

func mustPut(t *testing.T, c *calDAV, e Entry, at Ref) Seen {
	t.Helper()
	seen, err := c.Put(t.Context(), e, at)
	if err != nil {
		t.Fatal(err)
	}
	if seen.ETag == "" || seen.Href == "" || seen.UID != e.Meeting.UID || seen.Source != c.name || !seen.Start.Equal(e.Meeting.Start) {
		t.Fatalf("%+v", seen)
	}
	return seen
}

// standsAt wants exactly one event in the calendar, at that time.
func (s *davServer) standsAt(t *testing.T, start time.Time) {
	t.Helper()
	events := s.stands("work")
	if len(events) != 1 || text(events[0], "DTSTART") != start.Format(stamp8601) {
		t.Fatalf("%d events stand there: %+v, want one at %s", len(events), events, start)
	}
}

func TestABookFollowsTheMeeting(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		c, e := open(t, s.account("Work")), booked()
		first := mustPut(t, c, e, Ref{})
		stands := s.stands("work")
		if len(stands) != 1 {
			t.Fatalf("%+v", stands)
		}
		for name, want := range map[string]string{
			"UID": "m1@acme.example", "SEQUENCE": "0", "STATUS": "CONFIRMED", "DTSTART": "20261123T063000Z", "DTEND": "20261123T070000Z",
			"LOCATION": "https://meet.acme.example/asha", "ORGANIZER": "mailto:asha@acme.example",
		} {
			if got := text(stands[0], name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if got, _ := stands[0].Props.Text("DESCRIPTION"); got != about {
			t.Errorf("%q", got)
		}
		for _, p := range append(stands[0].Props["ATTENDEE"], stands[0].Props["ORGANIZER"]...) {
			if p.Params.Get("SCHEDULE-AGENT") != "CLIENT" {
				t.Errorf("the server would invite %s", p.Value)
			}
		}
		if len(stands[0].Children) > 0 || len(stands[0].Props["ATTENDEE"]) != 2 {
			t.Errorf("%+v", stands[0])
		}

		second := mustPut(t, c, anHourLater(e), first.Ref)
		if second.Href != first.Href || second.ETag == first.ETag {
			t.Errorf("%+v, then %+v", first, second)
		}
		s.standsAt(t, e.Meeting.Start.Add(time.Hour))
		if seen, err := c.Look(t.Context(), second.Ref); err != nil || seen.Sequence != 1 || seen.ETag != second.ETag || !seen.Start.Equal(e.Meeting.Start.Add(time.Hour)) {
			t.Errorf("%+v %v", seen, err)
		}
		if err := c.Remove(t.Context(), second.Ref); err != nil {
			t.Fatal(err)
		}
		if got := s.stands("work"); len(got) != 0 {
			t.Errorf("%+v", got)
		}
		if _, err := c.Look(t.Context(), second.Ref); !errors.Is(err, ErrGone) {
			t.Errorf("%v", err)
		}
		if err := c.Remove(t.Context(), second.Ref); err != nil {
			t.Errorf("taken out already: %v", err)
		}
	})
}

func TestALostAnswerMakesNoSecondEvent(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		c, e := open(t, s.account("Work")), booked()
		uids(t, c)
		s.once(http.MethodPut, mute)
		first := mustPut(t, c, e, Ref{}) // it looked and found its own
		s.standsAt(t, e.Meeting.Start)

		s.breaks("", mute)
		if _, err := c.Put(t.Context(), anHourLater(e), first.Ref); err == nil {
			t.Fatal("no answer came through")
		}
		s.breaks("", noFault)
		second := mustPut(t, open(t, s.account("Work")), anHourLater(e), first.Ref) // another node, with what it knows
		s.standsAt(t, e.Meeting.Start.Add(time.Hour))

		mustPut(t, c, anHourLater(e), Ref{}) // a node that does not know that it was written at all
		s.standsAt(t, e.Meeting.Start.Add(time.Hour))
		s.once(http.MethodDelete, mute)
		if err := c.Remove(t.Context(), second.Ref); err == nil {
			t.Error("the answer was lost")
		}
		if err := c.Remove(t.Context(), second.Ref); err != nil {
			t.Error(err)
		}
	})
}

func TestAWriteThatCannotBeDoneIsSaidPlainly(t *testing.T) {
	s := radicale(t)
	e := booked()
	for name, x := range map[string]struct {
		f     fault
		never bool
		want  string
	}{
		"down":                     {severed, false, "127.0.0.1"},
		"500":                      {broken, false, "500"},
		"read-only":                {refuse, true, "read only"},
		"full":                     {full, false, "no room"},
		"a server asking for time": {later, false, "503"},
	} {
		c := open(t, s.account("Work"))
		uids(t, c)
		s.breaks(http.MethodPut, x.f)
		_, err := c.Put(t.Context(), e, Ref{})
		var retry *bot.RetryError
		if err == nil || !strings.Contains(err.Error(), x.want) || (errors.As(err, &retry) && retry.Never) != x.never {
			t.Errorf("%s: %v", name, err)
		}
		if x.f == refuse && !errors.Is(err, ErrReadOnly) || x.f == later && retry.After != 90*time.Second {
			t.Errorf("%s: %v", name, err)
		}
		s.breaks("", noFault)
	}
	if got := s.stands("work"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	bad := e
	bad.Organizer.Email = ""
	var retry *bot.RetryError
	if _, err := open(t, s.account("Work")).Put(t.Context(), bad, Ref{}); !errors.As(err, &retry) || !retry.Never || !errors.Is(err, errMeeting) {
		t.Errorf("what cannot be written is not tried again: %v", err)
	}
}

func TestStrangeServersAreWrittenTo(t *testing.T) {
	for name, f := range map[string]fault{"no ETag in the answer": untagged, "a weak ETag": weakened} {
		t.Run(name, func(t *testing.T) {
			s := radicale(t)
			c, e := open(t, s.account("Work")), booked()
			s.breaks(http.MethodPut, f)
			first := mustPut(t, c, e, Ref{})
			second := mustPut(t, c, anHourLater(e), first.Ref)
			s.standsAt(t, e.Meeting.Start.Add(time.Hour))
			if err := c.Remove(t.Context(), second.Ref); err != nil {
				t.Error(err)
			}
		})
	}
}

// additions are what a rep adds to an event in their calendar.
const additions = "BEGIN:VEVENT\r\nCATEGORIES:VIP\r\nX-NOTE;X-A=\"a:b\":bring the offer\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:soon\r\nTRIGGER:-PT10M\r\nEND:VALARM"

func TestWhatTheRepDidToAnEventCounts(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		c, e := open(t, s.account("Work")), booked()
		first := mustPut(t, c, e, Ref{})
		name := lastSegment(first.Href)
		_, data := s.plain(http.MethodGet, first.Href, "")

		s.put("work", name, []byte(strings.Replace(data, "BEGIN:VEVENT", additions, 1)))
		second := mustPut(t, c, anHourLater(e), first.Ref) // a note of the rep's keeps nothing from moving
		is := s.stands("work")[0]
		if text(is, "CATEGORIES") != "VIP" || is.Props.Get("X-NOTE").Params.Get("X-A") != "a:b" || len(is.Children) != 1 || text(is, "DTSTART") != "20261123T073000Z" {
			t.Errorf("what the rep added stays: %+v", is)
		}

		moved := strings.NewReplacer("SEQUENCE:1", "SEQUENCE:2", "20261123T073000Z", "20261123T150000Z", "20261123T080000Z", "20261123T153000Z")
		_, data = s.plain(http.MethodGet, first.Href, "")
		s.put("work", name, []byte(moved.Replace(data)))
		if seen, err := c.Put(t.Context(), anHourLater(anHourLater(e)), second.Ref); !errors.Is(err, ErrChanged) {
			t.Errorf("the rep put it elsewhere: %+v %v", seen, err)
		}
		s.standsAt(t, time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC))
		seen, err := c.Look(t.Context(), second.Ref)
		if err != nil || seen.Start.Hour() != 15 || seen.Sequence != 2 {
			t.Errorf("%+v %v", seen, err)
		}
		follows := e
		follows.Meeting.Start, follows.Meeting.End, follows.Meeting.Sequence = seen.Start, seen.End, 2
		third := mustPut(t, c, follows, second.Ref) // the meeting has followed the rep
		s.standsAt(t, seen.Start)

		s.plain(http.MethodDelete, third.Href, "")
		if _, err := c.Put(t.Context(), anHourLater(follows), third.Ref); !errors.Is(err, ErrGone) {
			t.Errorf("the rep took it out: %v", err)
		}
		if got := s.stands("work"); len(got) != 0 {
			t.Errorf("and it is not put back: %+v", got)
		}
	})
}

func TestAnEventInAnotherCalendarIsFound(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		s.make("private", "Private")
		c, e := open(t, s.account("Work, Private")), booked()
		first := mustPut(t, c, e, Ref{})
		_, data := s.plain(http.MethodGet, first.Href, "")
		s.plain(http.MethodDelete, first.Href, "")
		s.put("private", "elsewhere.ics", []byte(data))
		seen, err := c.Look(t.Context(), first.Ref)
		if err != nil || lastSegment(seen.Href) != "elsewhere.ics" {
			t.Fatalf("%+v %v", seen, err)
		}
		mustPut(t, c, anHourLater(e), first.Ref)
		if got := s.stands("private"); len(got) != 1 || text(got[0], "SEQUENCE") != "1" || len(s.stands("work")) != 0 {
			t.Errorf("%+v", got)
		}
		if err := c.Remove(t.Context(), first.Ref); err != nil || len(s.stands("private")) != 0 {
			t.Error(err)
		}
	})
}

func TestOnlyAnExplicitNoMeansThatAnEventIsGone(t *testing.T) {
	s := radicale(t)
	c := open(t, s.account("Work"))
	seen := mustPut(t, c, booked(), Ref{})
	for name, f := range map[string]fault{"cut": severed, "lost": mute, "500": broken, "403": refuse, "503": later} {
		s.breaks(http.MethodGet, f)
		if _, err := c.Look(t.Context(), seen.Ref); err == nil || errors.Is(err, ErrGone) {
			t.Errorf("%s: %v", name, err)
		}
		s.breaks("", noFault)
	}
	s.plain(http.MethodDelete, s.home+"work/", "")
	if _, err := c.Look(t.Context(), seen.Ref); err == nil || errors.Is(err, ErrGone) {
		t.Errorf("the whole calendar is gone: %v", err)
	}
	empty := scriptedDAV(t, func(r *http.Request) (int, string) {
		if r.Method == "PROPFIND" {
			return multi(aCalendar)
		}
		return http.StatusOK, ""
	})
	if _, err := empty.Look(t.Context(), Ref{UID: "m1", Href: "/c/m1.ics"}); err == nil || errors.Is(err, ErrGone) {
		t.Errorf("an empty answer: %v", err)
	}
	moved := scriptedDAV(t, func(r *http.Request) (int, string) {
		switch {
		case r.Method == "PROPFIND":
			return multi(aCalendar)
		case r.Method == "REPORT":
			return multi(with("/c/elsewhere.ics", `<getetag>"1"</getetag>`))
		case r.URL.Path == "/c/elsewhere.ics":
			return http.StatusBadGateway, ""
		}
		return http.StatusNotFound, ""
	})
	if _, err := moved.Look(t.Context(), Ref{UID: "m1", Href: "/c/m1.ics"}); err == nil || errors.Is(err, ErrGone) {
		t.Errorf("it was found elsewhere and could not be read there: %v", err)
	}
	if _, err := empty.Look(t.Context(), Ref{UID: "m1", Href: "https://evil.example/c/m1.ics"}); !errors.Is(err, errForeign) {
		t.Errorf("a place elsewhere: %v", err)
	}
}
