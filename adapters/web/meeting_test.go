package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/slots"
	"usher/flows"
)

var (
	meetingStart = time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC)
	aMeeting     = bot.Meeting{
		UID: "uid@usher", Title: "<BigCo> × Shelfwise", Rep: "asha", With: "ben", Start: meetingStart, End: meetingStart.Add(30 * time.Minute),
		Status: bot.Confirmed, Timezone: "America/New_York", Place: "https://meet.example/asha", Attendee: "priya@bigco.example", Name: "Priya Nair",
		Phone: "+91 98 7654 3210", Conversation: "c1",
	}
	form = []string{"Content-Type", "application/x-www-form-urlencoded"}
)

// meets serves one meeting at a time on the clock that now points to.
func meets(t *testing.T, m bot.Meeting, now *time.Time) (*Server, *house, *httptest.Server) {
	t.Helper()
	s, h, ts := serve(t, func(s *Server) {
		s.Now = func() time.Time { return *now }
		s.Invitation = func(m bot.Meeting) ([]byte, error) {
			if m.Title == "broken" {
				return nil, errors.New("no")
			}
			return []byte("BEGIN:VCALENDAR\r\nUID:" + m.UID), nil
		}
	})
	h.meetings[m.UID] = m
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	h.workspace.Roster.Reps = []*flows.Rep{
		{ID: "asha", Name: "Asha Rao", Title: "Account executive", Email: "asha@acme.example", Location: kolkata},
		{ID: "ben", Name: "Ben Ode", Email: "ben@acme.example"},
	}
	return s, h, ts
}

// under is an address below a meeting's page, with the page's own signature.
func under(ts *httptest.Server, link, action string) string {
	path, query, _ := strings.Cut(link, "?")
	return ts.URL + path + action + "?" + query
}

func shows(t *testing.T, body string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in\n%s", want, body)
		}
	}
}

func hides(t *testing.T, body string, unwanted ...string) {
	t.Helper()
	for _, bad := range unwanted {
		if strings.Contains(body, bad) {
			t.Errorf("%q is in\n%s", bad, body)
		}
	}
}

func TestMeetingPage(t *testing.T) {
	now := meetingStart.Add(-24 * time.Hour)
	t.Run("whoever has the link sees what, when, where and with whom", func(t *testing.T) {
		s, _, ts := meets(t, aMeeting, &now)
		resp, _ := request(t, "GET", ts.URL+s.MeetingLink(aMeeting.UID), "")
		body := bodyOf(t, resp)
		shows(t, body, "&lt;BigCo&gt; × Shelfwise", "Monday 23 November 2026", "01:30 – 02:00", "America/New York (UTC-05:00)", "https://meet.example/asha",
			"Confirmed", "2026-11-23T06:30:00Z", "calendar.google.com", "outlook.live.com", "outlook.office.com", "Asha Rao", "Ben Ode", "mailto:asha@acme.example")
		hides(t, body, "priya", "<script", "style=", "no-show", "98 7654")
		hd := resp.Header
		if resp.StatusCode != 200 || !strings.Contains(hd.Get("X-Robots-Tag"), "noindex") || hd.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(hd.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s %v", resp.Status, hd)
		}
	})
	t.Run("the file to save is behind the same link", func(t *testing.T) {
		s, _, ts := meets(t, aMeeting, &now)
		resp, _ := request(t, "GET", ts.URL+s.MeetingLink(aMeeting.UID), "")
		_, file, _ := strings.Cut(bodyOf(t, resp), `class="button" href="`)
		file, _, _ = strings.Cut(file, `"`)
		page, err := url.Parse(ts.URL + s.MeetingLink(aMeeting.UID))
		if err != nil {
			t.Fatal(err)
		}
		ref, err := page.Parse(strings.ReplaceAll(file, "&amp;", "&"))
		if err != nil {
			t.Fatal(err)
		}
		resp, _ = request(t, "GET", ref.String(), "")
		if resp.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || bodyOf(t, resp) != "BEGIN:VCALENDAR\r\nUID:uid@usher" {
			t.Errorf("%s: %s %v", ref, resp.Status, resp.Header)
		}
	})
	t.Run("a rep sees who comes, too, and in both zones", func(t *testing.T) {
		m := aMeeting
		m.Answer = bot.AnswerDeclined
		s, _, ts := meets(t, m, &now)
		resp, _ := request(t, "GET", ts.URL+s.RepMeetingLink(m.UID), "")
		shows(t, bodyOf(t, resp), "Priya Nair", "mailto:priya@bigco.example", "BigCo", "tel:&#43;919876543210", "Has declined", "12:00 – 12:30", "Asia/Kolkata", "01:30 – 02:00")
	})
	t.Run("the page speaks the visitor's language, in its direction and calendar", func(t *testing.T) {
		for language, want := range map[string][]string{
			"fa-IR": {`lang="fa" dir="rtl"`, "دوشنبه ۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶)", "۰۱:۳۰ – ۰۲:۰۰", "۳۰ دقیقه"},
			"hi":    {`lang="hi" dir="ltr"`, "सोमवार २३ नवंबर २०२६", "०१:३० – ०२:००"},
			"bn":    {`lang="bn" dir="ltr"`, "সোমবার ২৩ নভেম্বর ২০২৬", "০১:৩০ – ০২:০০"},
			"sv":    {`lang="en" dir="ltr"`, "Monday 23 November 2026"},
		} {
			m := aMeeting
			m.Language = language
			s, _, ts := meets(t, m, &now)
			resp, _ := request(t, "GET", ts.URL+s.MeetingLink(m.UID), "")
			shows(t, bodyOf(t, resp), want...)
		}
	})
	t.Run("it shows how the meeting stands and offers what can be done with it", func(t *testing.T) {
		for name, c := range map[string]struct {
			change         func(*bot.Meeting)
			now            time.Duration // after the start
			shows, hides   []string
			repShows, None string
		}{
			"ahead":      {now: -time.Hour, shows: []string{"Confirmed", "/times?s=", "/cancel?s="}},
			"changed":    {change: func(m *bot.Meeting) { m.Sequence = 2 }, now: -time.Hour, shows: []string{"changed after it was booked"}},
			"running":    {now: time.Minute, shows: []string{"Happening now", ".ics?s="}, hides: []string{"/times?s=", "/cancel?s=", "no-show"}, repShows: "/no-show?s="},
			"over":       {now: time.Hour, shows: []string{"is over"}, hides: []string{".ics?s=", "/times?s=", "no-show"}, repShows: "/no-show?s="},
			"missed":     {change: func(m *bot.Meeting) { m.NoShow = m.End }, now: time.Hour, shows: []string{"did not take place"}, hides: []string{"no-show"}, repShows: "did not take place"},
			"cancelled":  {change: func(m *bot.Meeting) { m.Status, m.Because = bot.Cancelled, "ill" }, now: -time.Hour, shows: []string{"Cancelled", "ill"}, hides: []string{"Save to calendar", "/times?s=", "/cancel?s="}},
			"given up":   {change: func(m *bot.Meeting) { m.Status, m.Because = bot.Cancelled, bot.TookOut }, now: -time.Hour, shows: []string{"Cancelled", "in the host&#39;s calendar"}, hides: []string{bot.TookOut}},
			"clashed":    {change: func(m *bot.Meeting) { m.Status, m.Clashed, m.Because = bot.Cancelled, true, "dentist" }, now: -time.Hour, shows: []string{"Another time is needed", "/times?s=", "Choose another time"}, hides: []string{"dentist", "/cancel?s="}, repShows: "dentist"},
			"held":       {change: func(m *bot.Meeting) { m.Status = bot.Held }, now: -time.Hour, shows: []string{"Not yet confirmed"}, hides: []string{"/times?s=", "/cancel?s="}},
			"of nowhere": {change: func(m *bot.Meeting) { m.Timezone, m.Rep, m.With = "Nowhere/Land", "gone", "" }, now: -time.Hour, shows: []string{"UTC", "gone"}, hides: []string{"mailto:"}},
		} {
			t.Run(name, func(t *testing.T) {
				m, now := aMeeting, meetingStart.Add(c.now)
				if c.change != nil {
					c.change(&m)
				}
				s, _, ts := meets(t, m, &now)
				resp, _ := request(t, "GET", ts.URL+s.MeetingLink(m.UID), "")
				body := bodyOf(t, resp)
				shows(t, body, c.shows...)
				hides(t, body, c.hides...)
				resp, _ = request(t, "GET", ts.URL+s.RepMeetingLink(m.UID), "")
				shows(t, bodyOf(t, resp), c.repShows)
			})
		}
	})
	t.Run("an invitation that cannot be written is our fault", func(t *testing.T) {
		m := aMeeting
		m.Title = "broken"
		s, _, ts := meets(t, m, &now)
		if resp, _ := request(t, "GET", under(ts, s.MeetingLink(m.UID), ".ics"), ""); resp.StatusCode != 500 {
			t.Fatal(resp.Status)
		}
	})
}

func TestCancelOnThePage(t *testing.T) {
	now := meetingStart.Add(-24 * time.Hour)
	t.Run("it is asked first, then done with the reason; looking or guessing does nothing", func(t *testing.T) {
		s, h, ts := meets(t, aMeeting, &now)
		link := s.MeetingLink(aMeeting.UID)
		page, _ := request(t, "GET", under(ts, link, "/cancel"), "")
		shows(t, bodyOf(t, page), "Cancel this meeting?", `name="because"`, "No, keep it")
		guess, _ := request(t, "POST", ts.URL+"/m/"+url.PathEscape(aMeeting.UID)+"/cancel?s=v1.guess", "because=no", form...)
		if guess.StatusCode != http.StatusNotFound || h.meetings[aMeeting.UID].Status != bot.Confirmed {
			t.Errorf("a guess: %s", guess.Status)
		}
		done, _ := request(t, "POST", under(ts, link, "/cancel"), "because=I+am+ill", form...)
		if done.StatusCode != http.StatusSeeOther || h.because != "I am ill" || h.meetings[aMeeting.UID].Status != bot.Cancelled {
			t.Errorf("%s, because %q", done.Status, h.because)
		}
		after, _ := request(t, "GET", ts.URL+done.Header.Get("Location"), "")
		body := bodyOf(t, after)
		shows(t, body, "Cancelled", "the meeting is cancelled", "I am ill")
		hides(t, body, "/cancel?s=")
		again, _ := request(t, "GET", under(ts, link, "/cancel"), "")
		if again.StatusCode != http.StatusSeeOther {
			t.Errorf("asked again: %s", again.Status)
		}
	})
	t.Run("a form that another site sends does nothing", func(t *testing.T) {
		s, h, ts := meets(t, aMeeting, &now)
		for _, from := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
			resp, _ := request(t, "POST", under(ts, s.MeetingLink(aMeeting.UID), "/cancel"), "because=x", append(from, form...)...)
			if resp.StatusCode != http.StatusForbidden || h.meetings[aMeeting.UID].Status != bot.Confirmed {
				t.Errorf("%v: %s", from, resp.Status)
			}
		}
		for _, from := range [][]string{{"Sec-Fetch-Site", "same-origin", "Origin", "https://rewritten.example"}, {"Origin", "null"}, {"Origin", ts.URL}} {
			h.meetings[aMeeting.UID] = aMeeting
			resp, _ := request(t, "POST", under(ts, s.MeetingLink(aMeeting.UID), "/cancel"), "because=x", append(from, form...)...)
			if resp.StatusCode != http.StatusSeeOther {
				t.Errorf("%v: %s", from, resp.Status)
			}
		}
	})
	t.Run("a rep says that nobody came; a visitor's link says nothing of the kind", func(t *testing.T) {
		now := meetingStart.Add(10 * time.Minute)
		s, h, ts := meets(t, aMeeting, &now)
		resp, _ := request(t, "POST", under(ts, s.MeetingLink(aMeeting.UID), "/no-show"), "", form...)
		if resp.StatusCode != 404 || !h.meetings[aMeeting.UID].NoShow.IsZero() {
			t.Errorf("by the visitor: %s", resp.Status)
		}
		resp, _ = request(t, "POST", under(ts, s.RepMeetingLink(aMeeting.UID), "/no-show"), "", form...)
		if resp.StatusCode != http.StatusSeeOther || h.meetings[aMeeting.UID].NoShow.IsZero() {
			t.Errorf("by the rep: %s", resp.Status)
		}
	})
}

func TestRescheduleOnThePage(t *testing.T) {
	now := meetingStart.Add(-24 * time.Hour)
	at := func(hours int, rep string) slots.Slot {
		start := meetingStart.Add(time.Duration(hours) * time.Hour)
		return slots.Slot{Rep: rep, Interval: slots.Interval{Start: start, End: start.Add(30 * time.Minute)}}
	}
	value := func(s slots.Slot) string { return s.Start.Format(time.RFC3339) }
	free := []slots.Slot{at(2, "asha"), at(20, "asha"), at(20, "ben"), at(44, "ben")}
	t.Run("times are grouped by the visitor's days; choosing one moves the meeting", func(t *testing.T) {
		s, h, ts := meets(t, aMeeting, &now)
		h.free = free
		link := s.MeetingLink(aMeeting.UID)
		page, _ := request(t, "GET", under(ts, link, "/times"), "")
		body := bodyOf(t, page)
		shows(t, body, "Monday 23 November 2026", "03:30", "21:30", "Tuesday 24 November 2026", "with Ben Ode", "America/New York")
		if n := strings.Count(body, `type="radio"`); n != 3 { // of two reps at one time the owner's is shown
			t.Errorf("%d times in\n%s", n, body)
		}
		done, _ := request(t, "POST", under(ts, link, "/reschedule"), "start="+url.QueryEscape(value(free[1])), form...)
		if m := h.meetings[aMeeting.UID]; done.StatusCode != http.StatusSeeOther || !m.Start.Equal(free[1].Start) || m.Rep != "asha" {
			t.Errorf("%s %+v", done.Status, m)
		}
		after, _ := request(t, "GET", ts.URL+done.Header.Get("Location"), "")
		shows(t, bodyOf(t, after), "at this time now", "21:30 – 22:00")
	})
	t.Run("whoever's link it is moved it", func(t *testing.T) {
		s, h, ts := meets(t, aMeeting, &now)
		h.free = free
		for link, want := range map[string]string{s.MeetingLink(aMeeting.UID): bot.FromVisitor, s.RepMeetingLink(aMeeting.UID): bot.FromRep} {
			resp, _ := request(t, "POST", under(ts, link, "/reschedule"), "start="+url.QueryEscape(value(free[1])), form...)
			if resp.StatusCode != http.StatusSeeOther || h.moved != want {
				t.Errorf("%s: moved by %q, not %q", resp.Status, h.moved, want)
			}
		}
	})
	t.Run("another rep's time names the rep", func(t *testing.T) {
		s, h, ts := meets(t, aMeeting, &now)
		h.free = free
		for _, body := range []string{"start=" + url.QueryEscape(value(free[3])+" ben"), "rep=ben&start=" + url.QueryEscape(value(free[2]))} {
			request(t, "POST", under(ts, s.MeetingLink(aMeeting.UID), "/reschedule"), body, form...)
			if m := h.meetings[aMeeting.UID]; m.Rep != "ben" {
				t.Errorf("%s: %+v", body, m)
			}
		}
	})
	t.Run("what is taken, was never offered or is no time gets fresh times", func(t *testing.T) {
		s, h, ts := meets(t, aMeeting, &now)
		h.free = free
		const taken, never = "has just been taken", "is not on offer"
		past, beside := slots.Slot{Interval: slots.Interval{Start: now.Add(-time.Hour)}}, at(3, "")
		beside.Start = beside.Start.Add(7 * time.Minute)
		for start, note := range map[string]string{
			value(at(3, "")): taken, value(free[0]) + " mallory": taken, value(beside): never, value(past): never, "tomorrow": never, "": never,
		} {
			resp, _ := request(t, "POST", under(ts, s.MeetingLink(aMeeting.UID), "/reschedule"), "start="+url.QueryEscape(start), form...)
			if resp.StatusCode != http.StatusConflict || !h.meetings[aMeeting.UID].Start.Equal(meetingStart) {
				t.Errorf("%q: %s", start, resp.Status)
			}
			shows(t, bodyOf(t, resp), note, "03:30")
		}
		h.taken = true
		resp, _ := request(t, "POST", under(ts, s.MeetingLink(aMeeting.UID), "/reschedule"), "start="+url.QueryEscape(value(free[0])), form...)
		if resp.StatusCode != http.StatusConflict {
			t.Error(resp.Status)
		}
	})
	t.Run("too near to be moved, it says whom to write to", func(t *testing.T) {
		s, h, ts := meets(t, aMeeting, &now)
		h.free, h.late = free, true
		for method, path := range map[string]string{"GET": "/times", "POST": "/reschedule"} {
			resp, _ := request(t, method, under(ts, s.MeetingLink(aMeeting.UID), path), "start="+url.QueryEscape(value(free[0])), form...)
			body := bodyOf(t, resp)
			shows(t, body, "too close to be moved", "mailto:asha@acme.example")
			hides(t, body, "radio")
		}
	})
	t.Run("without any free time it says so", func(t *testing.T) {
		s, _, ts := meets(t, aMeeting, &now)
		resp, _ := request(t, "GET", under(ts, s.MeetingLink(aMeeting.UID), "/times"), "")
		shows(t, bodyOf(t, resp), "no free time", "mailto:asha@acme.example")
	})
	t.Run("one that clashed gets another time; one that was cancelled or has begun does not", func(t *testing.T) {
		m := aMeeting
		m.Status, m.Clashed = bot.Cancelled, true
		s, h, ts := meets(t, m, &now)
		h.free = free
		body := "start=" + url.QueryEscape(value(free[0]))
		old := s.MeetingLink(m.UID)
		done, _ := request(t, "POST", under(ts, old, "/reschedule"), body, form...)
		if got := h.meetings["anew"]; got.Status != bot.Confirmed {
			t.Errorf("%+v", got)
		}
		for _, link := range []string{done.Header.Get("Location"), old} { // the old link leads to the new meeting
			resp, _ := request(t, "GET", ts.URL+link, "")
			if link == old {
				resp, _ = request(t, "GET", ts.URL+resp.Header.Get("Location"), "")
			}
			shows(t, bodyOf(t, resp), "Confirmed", "03:30 – 04:00")
		}
		h.anew = ""
		cancelled := aMeeting
		cancelled.Status = bot.Cancelled
		for _, c := range []struct {
			m   bot.Meeting
			now time.Time
		}{{cancelled, now}, {aMeeting, meetingStart}} {
			now = c.now
			h.meetings[m.UID] = c.m
			for method, path := range map[string]string{"GET": "/times", "POST": "/reschedule"} {
				if resp, _ := request(t, method, under(ts, s.MeetingLink(m.UID), path), body, form...); resp.StatusCode != http.StatusSeeOther {
					t.Errorf("%s: %s", method, resp.Status)
				}
			}
			if got := h.meetings[m.UID]; !got.Start.Equal(meetingStart) {
				t.Errorf("it moved: %+v", got)
			}
		}
	})
}
