package calendar

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

// followed reads the rep's calendar as the sync does and hands on what it found of our meetings.
func (h *writingHouse) followed(account flows.Calendar) {
	h.t.Helper()
	c := open(h.t, account)
	h.clock = h.clock.Add(time.Minute)
	f := Found{Rep: h.roster.Rep("asha"), Source: SourceName(account), Book: c, ReadAt: h.clock}
	reading, err := c.Read(h.t.Context(), week)
	if err != nil {
		h.t.Fatal(err)
	}
	h.mu.Lock()
	for _, m := range h.meetings {
		o := OwnMeeting{Meeting: m}
		for _, e := range reading.Events {
			if e.UID == m.UID {
				o.Events = append(o.Events, e)
			}
		}
		f.Meetings = append(f.Meetings, o)
	}
	h.mu.Unlock()
	h.clock = h.clock.Add(time.Minute)
	h.writing.Follow(h.t.Context(), f)
}

func TestAMeetingFollowsItsRepsCalendar(t *testing.T) {
	replace := func(s *davServer, pairs ...string) {
		href := s.home + "work/" + hrefName(meeting.UID)
		_, data := s.plain(http.MethodGet, href, "")
		s.put("work", hrefName(meeting.UID), []byte(strings.NewReplacer(pairs...).Replace(data)))
	}
	cases := map[string]struct {
		by   func(*davServer)
		want string
	}{
		"nothing was done": {func(*davServer) {}, ""},
		"a note was added": {func(s *davServer) { replace(s, "BEGIN:VEVENT", "BEGIN:VEVENT\r\nCATEGORIES:VIP") }, ""},
		"moved": {func(s *davServer) {
			replace(s, "20261123T063000Z", "20261123T150000Z", "20261123T070000Z", "20261123T153000Z")
		}, "shifted to 15:00"},
		"made a whole day": {func(s *davServer) {
			replace(s, "DTSTART:20261123T063000Z", "DTSTART;VALUE=DATE:20261123", "DTEND:20261123T070000Z", "DTEND;VALUE=DATE:20261124")
		}, ""},
		"made longer": {func(s *davServer) { replace(s, "20261123T070000Z", "20261123T073000Z") }, "shifted to 06:30"},
		"moved far away": {func(s *davServer) {
			replace(s, "20261123T063000Z", "20270301T150000Z", "20261123T070000Z", "20270301T153000Z")
		}, "shifted to 15:00"},
		"cancelled": {func(s *davServer) { replace(s, "STATUS:CONFIRMED", "STATUS:CANCELLED") }, "cancel: " + bot.CalledOff},
		"deleted": {func(s *davServer) {
			s.plain(http.MethodDelete, s.home+"work/"+hrefName(meeting.UID), "")
		}, "cancel: " + bot.TookOut},
	}
	onServers(t, func(t *testing.T, s *davServer) {
		account := s.account("Work")
		for name, x := range cases {
			t.Run(name, func(t *testing.T) {
				h := newWritingHouse(t, account, flows.Calendar{}, meeting)
				h.mustCarry()
				x.by(s)
				h.followed(account)
				if got := h.heard(); got != x.want {
					t.Fatalf("%q", got)
				}
				h.mustCarry() // the calendar follows in turn, and neither chases the other
				h.followed(account)
				h.mustCarry()
				if got := h.heard(); got != "" {
					t.Errorf("and then %q", got)
				}
				if strings.HasPrefix(x.want, "cancel") != (len(s.stands("work")) == 0) {
					t.Errorf("%+v", s.stands("work"))
				}
				s.plain(http.MethodDelete, s.home+"work/"+hrefName(meeting.UID), "")
			})
		}
	})
}

func TestAMoveOfTheRepsIsNotWrittenOver(t *testing.T) {
	s := radicale(t)
	h := newWritingHouse(t, s.account("Work"), flows.Calendar{}, meeting)
	href := s.home + "work/" + hrefName(meeting.UID)
	h.mustCarry()
	_, data := s.plain(http.MethodGet, href, "")
	s.put("work", hrefName(meeting.UID), []byte(strings.NewReplacer("20261123T063000Z", "20261123T150000Z", "20261123T070000Z", "20261123T153000Z").Replace(data)))
	h.edit(func(m *bot.Meeting) { m.Place = "https://meet.acme.example/new" })
	h.mustCarry()
	if got := h.heard(); got != "shifted to 15:00" || text(s.stands("work")[0], "LOCATION") != "https://meet.acme.example/new" {
		t.Errorf("%q", got)
	}
	s.standsAt(t, time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC))
	s.plain(http.MethodDelete, href, "")
	h.edit(func(m *bot.Meeting) { m.Place = "elsewhere" })
	h.mustCarry()
	if got := h.heard(); got != "cancel: "+bot.TookOut || len(s.stands("work")) != 0 {
		t.Errorf("%q", got)
	}
}

// hrefName is the name of a meeting's file.
func hrefName(uid string) string {
	c := &calDAV{book: &collection{at: new(url.URL)}}
	u, err := c.place(Ref{UID: uid})
	if err != nil {
		panic(err)
	}
	return lastSegment(u.Path)
}

func TestWhatIsUnclearCancelsNothing(t *testing.T) {
	s := radicale(t)
	account := s.account("Work")
	begin := func() *writingHouse {
		h := newWritingHouse(t, account, flows.Calendar{}, meeting)
		h.mustCarry()
		return h
	}
	found := func(h *writingHouse) Found { // a sync that lost everything
		h.clock = h.clock.Add(time.Minute)
		f := Found{Rep: h.roster.Rep("asha"), Source: SourceName(account), Book: open(t, account), ReadAt: h.clock}
		m, err := h.Meeting(t.Context(), meeting.UID)
		if err != nil {
			t.Fatal(err)
		}
		f.Meetings = []OwnMeeting{{Meeting: m}}
		return f
	}
	t.Run("the sync lost it", func(t *testing.T) {
		h := begin()
		h.writing.Follow(t.Context(), found(h))
		if got := h.heard(); got != "" {
			t.Error(got)
		}
	})
	for name, f := range map[string]fault{"down": severed, "500": broken, "403": refuse, "503": later, "lost": mute} {
		t.Run(name, func(t *testing.T) {
			h := begin()
			s.breaks("", f)
			defer s.breaks("", noFault)
			h.writing.Follow(t.Context(), found(h))
			h.writing.Follow(t.Context(), found(h))
			if got := h.heard(); got != "" || strings.Count(h.log.String(), "level=WARN") != 1 {
				t.Errorf("%q, and the log says %s", got, h.log)
			}
		})
	}
	t.Run("a write is still ahead", func(t *testing.T) {
		h := begin()
		s.plain(http.MethodDelete, s.home+"work/"+hrefName(meeting.UID), "")
		h.edit(anHour)
		h.writing.Follow(t.Context(), found(h))
		if got := h.heard(); got != "" {
			t.Error(got)
		}
		h.mustCarry()
		s.standsAt(t, meeting.Start.Add(time.Hour))
		s.plain(http.MethodDelete, s.home+"work/"+hrefName(meeting.UID), "")
	})
	t.Run("it was written after the calendar was read", func(t *testing.T) {
		h := begin()
		s.plain(http.MethodDelete, s.home+"work/"+hrefName(meeting.UID), "")
		f := found(h)
		f.ReadAt = noon
		h.writing.Follow(t.Context(), f)
		if got := h.heard(); got != "" {
			t.Error(got)
		}
	})
	t.Run("it is about to be written for the first time", func(t *testing.T) {
		h := newWritingHouse(t, account, flows.Calendar{}, bot.Meeting{})
		first := meeting
		first.Sequence = 0
		h.meetings = map[string]bot.Meeting{first.UID: first}
		s.breaks(http.MethodPut, broken)
		if err := h.carry(); err == nil {
			t.Error("it was not written")
		}
		s.breaks("", noFault)
		h.writing.Follow(t.Context(), found(h))
		if got := h.heard(); got != "" {
			t.Error(got)
		}
	})
	t.Run("it is over", func(t *testing.T) {
		h := begin()
		s.plain(http.MethodDelete, s.home+"work/"+hrefName(meeting.UID), "")
		h.clock = meeting.End
		h.writing.Follow(t.Context(), found(h))
		h.mustCarry()
		if got := h.heard(); got != "" {
			t.Error(got)
		}
	})
	t.Run("the calendar is gone", func(t *testing.T) {
		h := begin()
		f := found(h)
		if _, err := f.Book.Read(t.Context(), week); err != nil {
			t.Fatal(err)
		}
		s.plain(http.MethodDelete, s.home+"work/", "")
		h.writing.Follow(t.Context(), f)
		if got := h.heard(); got != "" || !strings.Contains(h.log.String(), "cannot be told") {
			t.Errorf("%q, and the log says %s", got, h.log)
		}
	})
}
