package web

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

func TestLinks(t *testing.T) {
	now := meetingStart.Add(-24 * time.Hour)
	t.Run("a link of one purpose or subject opens nothing else", func(t *testing.T) {
		s, h, ts := meets(t, aMeeting, &now)
		s.Feed = func(string, []bot.Meeting) ([]byte, error) { return []byte("BEGIN:VCALENDAR"), nil }
		s.Connector = connector{}
		dropped, guest := aMeeting, aMeeting
		dropped.UID, dropped.Status = "dropped", bot.Dropped
		guest.UID, guest.Of = "guest", aMeeting.UID
		other := aMeeting
		other.UID = "asha"
		h.meetings["dropped"], h.meetings["guest"], h.meetings["asha"] = dropped, guest, other
		of := func(link string) string { _, s, _ := strings.Cut(link, "?s="); return s }
		good := of(s.LinkTo(aMeeting))
		uid := url.PathEscape(aMeeting.UID)
		for _, path := range []string{
			"/m/" + uid, "/m/" + uid + "?s=", "/m/" + uid + "?s=" + good[:len(good)-1], "/m/" + uid + "?s=" + strings.Replace(good, "v2.", "v1.", 1),
			"/m/" + uid + "?s=" + strings.Replace(good, "v2.1", "v2.2", 1), "/m/" + uid + "?s=v2.0." + good[strings.LastIndexByte(good, '.')+1:],
			"/m/asha?s=" + good, "/m/asha.ics?s=" + good, "/m/asha?s=" + of(s.FeedLink("asha")), "/m/asha?s=" + of(s.ConnectLink("asha")),
			"/m/none?s=" + of(s.LinkTo(bot.Meeting{UID: "none", End: meetingStart})), s.LinkTo(dropped), s.LinkTo(guest),
			"/r/asha.ics?s=" + of(s.LinkTo(other)), "/r/asha.ics?s=" + of(s.ConnectLink("asha")), "/r/ben.ics?s=" + of(s.FeedLink("asha")), "/r/asha?s=" + of(s.FeedLink("asha")),
			s.FeedLink("gone"), "/calendar/connect/asha?s=" + of(s.FeedLink("asha")), "/calendar/connect/ben?s=" + of(s.ConnectLink("asha")), s.ConnectLink("gone"),
		} {
			resp, _ := request(t, "GET", ts.URL+path, "")
			body := bodyOf(t, resp)
			if resp.StatusCode != 404 || !strings.Contains(body, "nothing here") || strings.Contains(body, "BigCo") {
				t.Errorf("%s: %s %s", path, resp.Status, body)
			}
		}
	})
	t.Run("a meeting's link works until 30 days after the end it was made for, and then says whom to write to", func(t *testing.T) {
		clock := now
		s, h, ts := meets(t, aMeeting, &clock)
		link := s.MeetingLink(aMeeting.UID)
		moved := aMeeting
		moved.Start, moved.End = moved.Start.Add(100*24*time.Hour), moved.End.Add(100*24*time.Hour)
		h.meetings[aMeeting.UID] = moved
		clock = aMeeting.End.Add(meetingLinkLasts - time.Second)
		if resp, _ := request(t, "GET", ts.URL+link, ""); resp.StatusCode != 200 {
			t.Errorf("just before: %s", resp.Status)
		}
		clock = clock.Add(time.Second)
		for method, path := range map[string]string{"GET": "", "POST": "/cancel"} {
			resp, _ := request(t, method, under(ts, link, path), "", form...)
			body := bodyOf(t, resp)
			if resp.StatusCode != http.StatusGone || h.meetings[aMeeting.UID].Status != bot.Confirmed {
				t.Errorf("after: %s", resp.Status)
			}
			shows(t, body, "run out", "mailto:asha@acme.example")
			hides(t, body, "BigCo")
		}
	})
	t.Run("a link as they were made before goes on for looking, saving and cancelling, and for nothing more", func(t *testing.T) {
		clock := meetingStart.Add(-24 * time.Hour)
		s, h, ts := meets(t, aMeeting, &clock)
		old := "/m/" + url.PathEscape(aMeeting.UID) + "?s=" + linkOld + s.mac("usher meeting v1\x00"+aMeeting.UID)
		resp, _ := request(t, "GET", ts.URL+old, "")
		body := bodyOf(t, resp)
		shows(t, body, ".ics?s=v1.", "/cancel?s=v1.")
		hides(t, body, "/times?s=")
		resp, _ = request(t, "POST", under(ts, old, "/reschedule"), "start="+meetingStart.Add(time.Hour).Format(time.RFC3339), form...)
		if !h.meetings[aMeeting.UID].Start.Equal(meetingStart) {
			t.Errorf("moved: %s", resp.Status)
		}
		request(t, "POST", under(ts, old, "/cancel"), "because=x", form...)
		if h.meetings[aMeeting.UID].Status != bot.Cancelled {
			t.Error("not cancelled")
		}
		clock = clock.Add(1000 * 24 * time.Hour)
		if resp, _ := request(t, "GET", ts.URL+old, ""); resp.StatusCode != 200 {
			t.Error(resp.Status)
		}
	})
	t.Run("there is none without a key, and none for a meeting that is not there", func(t *testing.T) {
		s, h, ts := serve(t, func(s *Server) { s.Key = nil })
		h.meetings["a"] = aMeeting
		if s.MeetingLink("a")+s.RepMeetingLink("a")+s.FeedLink("a")+s.ConnectLink("a") != "" {
			t.Error("there is a link")
		}
		if resp, _ := request(t, "GET", ts.URL+"/m/a?s="+s.sign(forVisitor, "a", time.Time{}), ""); resp.StatusCode != 404 {
			t.Error(resp.Status)
		}
		s.Key = []byte("key")
		if link := s.MeetingLink("none"); link != "" {
			t.Error(link)
		}
	})
}

func TestWordsAreThereInEachLanguage(t *testing.T) {
	for language, w := range spoken {
		v := reflect.ValueOf(*w)
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Name != "digits" && v.Field(i).IsZero() {
				t.Errorf("%s has no %s", language, f.Name)
			}
		}
		for _, names := range [][]string{w.weekdays[:], w.months[:]} {
			for i, name := range names {
				if name == "" {
					t.Errorf("%s: name %d is missing", language, i)
				}
			}
		}
		if n := len([]rune(w.digits)); n != 0 && n != 10 {
			t.Errorf("%s has %d digits", language, n)
		}
	}
}
