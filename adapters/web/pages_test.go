package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/flows"
)

func bodyOf(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWidget(t *testing.T) {
	files := fstest.MapFS{"chat-5bdad3a47d.js": {Data: []byte(strings.Repeat("chat();", 100))}, "notes.txt": {Data: []byte("x")}}
	with := func(s *Server) { s.Files, s.Launcher = files, []byte(`go("__USHER_CONFIG__")`) }
	t.Run("the launcher carries the workspace's configuration", func(t *testing.T) {
		_, h, ts := serve(t, with)
		h.workspace.Flows[0].Show = flows.Show{Pages: []string{"/", "/pricing*"}, After: 5 * time.Second}
		h.workspace.Flows[0].Theme.Name = "</script>"
		resp, _ := request(t, "GET", ts.URL+"/widget.js", "")
		body := bodyOf(t, resp)
		want := `go({"theme":{"color":"#123456","name":"\u003c/script\u003e"},"shows":[{"flow":"demo","pages":["/","/pricing*"],"after":5000,"teaser":""}],"chat":"/widget/chat-5bdad3a47d.js"})`
		if body != want {
			t.Fatalf("got  %s\nwant %s", body, want)
		}
		if resp.Header.Get("Content-Type") != "text/javascript; charset=utf-8" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Fatal(resp.Header)
		}
	})
	t.Run("a new revision shows at once, the same one is not sent twice", func(t *testing.T) {
		_, h, ts := serve(t, with)
		resp, _ := request(t, "GET", ts.URL+"/widget.js", "")
		tag := resp.Header.Get("ETag")
		if resp, _ := request(t, "GET", ts.URL+"/widget.js", "", "If-None-Match", "\"other\", W/"+tag); resp.StatusCode != 304 {
			t.Fatal(resp.Status)
		}
		h.workspace = &flows.Workspace{Revision: "r2", Flows: []*flows.Flow{{ID: "other"}}}
		if resp, _ := request(t, "GET", ts.URL+"/widget.js", "", "If-None-Match", tag); resp.StatusCode != 200 {
			t.Fatal(resp.Status)
		}
	})
	t.Run("files named by their hash are kept for ever, compressed where wanted", func(t *testing.T) {
		_, _, ts := serve(t, with)
		resp, _ := request(t, "GET", ts.URL+"/widget/chat-5bdad3a47d.js", "", "Accept-Encoding", "gzip")
		if h := resp.Header; !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("Content-Encoding") != "gzip" || h.Get("Vary") != "Accept-Encoding" {
			t.Fatal(h)
		}
		if n := len(bodyOf(t, resp)); n >= 700 {
			t.Fatalf("%d bytes", n)
		}
		if resp, _ := request(t, "GET", ts.URL+"/widget/notes.txt", ""); strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
			t.Fatal(resp.Header)
		}
		for _, path := range []string{"/widget/none.js", "/widget/..%2fserver.go", "/assets/demo.html"} {
			if resp, _ := request(t, "GET", ts.URL+path, ""); resp.StatusCode != 404 {
				t.Errorf("%s: %s", path, resp.Status)
			}
		}
	})
	t.Run("the widget's own files are served when none are given", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		resp, _ := request(t, "GET", ts.URL+"/widget.js", "")
		body := bodyOf(t, resp)
		_, path, _ := strings.Cut(body, `"chat":"`)
		path, _, _ = strings.Cut(path, `"`)
		if resp, _ := request(t, "GET", ts.URL+path, ""); resp.StatusCode != 200 || strings.Contains(body, "__USHER_CONFIG__") {
			t.Fatalf("%s %s", path, resp.Status)
		}
	})
}

func TestMeetingPage(t *testing.T) {
	start := time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC)
	meeting := bot.Meeting{
		UID: "uid@usher", Title: "<BigCo> × Shelfwise", Rep: "asha", Start: start, End: start.Add(30 * time.Minute),
		Status: bot.Confirmed, Timezone: "America/New_York", Place: "https://meet.example/asha", Attendee: "priya@bigco.example",
	}
	with := func(s *Server) {
		s.Invitation = func(m bot.Meeting) ([]byte, error) {
			if m.Title == "broken" {
				return nil, errors.New("no")
			}
			return []byte("BEGIN:VCALENDAR\r\nUID:" + m.UID), nil
		}
	}
	t.Run("whoever has the link can cancel with a reason; looking at the page or a guess cannot", func(t *testing.T) {
		s, h, ts := serve(t, func(s *Server) { with(s); s.Now = func() time.Time { return start.Add(-time.Hour) } })
		h.meetings[meeting.UID] = meeting
		link := ts.URL + s.MeetingLink(meeting.UID)
		page, _ := request(t, "GET", link, "")
		if !strings.Contains(bodyOf(t, page), "/cancel?s=") || h.meetings[meeting.UID].Status != bot.Confirmed {
			t.Fatalf("looking: %s", h.meetings[meeting.UID].Status)
		}
		form := []string{"Content-Type", "application/x-www-form-urlencoded"}
		guess, _ := request(t, "POST", ts.URL+"/m/"+url.PathEscape(meeting.UID)+"/cancel?s=v1.guess", "because=no", form...)
		if guess.StatusCode != http.StatusNotFound || h.meetings[meeting.UID].Status != bot.Confirmed {
			t.Errorf("a guess: %s", guess.Status)
		}
		path, query, _ := strings.Cut(link, "?")
		done, _ := request(t, "POST", path+"/cancel?"+query, "because=I+am+ill", form...)
		if done.StatusCode != http.StatusSeeOther || h.because != "I am ill" || h.meetings[meeting.UID].Status != bot.Cancelled {
			t.Errorf("%s, because %q", done.Status, h.because)
		}
		after, _ := request(t, "GET", link, "")
		if body := bodyOf(t, after); !strings.Contains(body, "Cancelled") || strings.Contains(body, "/cancel?s=") {
			t.Errorf("the page afterwards:\n%s", body)
		}
	})
	t.Run("whoever has the link sees what, when and with whom", func(t *testing.T) {
		s, h, ts := serve(t, with)
		h.meetings[meeting.UID] = meeting
		h.workspace.Roster.Reps = []*flows.Rep{{ID: "asha", Name: "Asha Rao", Title: "Account executive"}}
		resp, _ := request(t, "GET", ts.URL+s.MeetingLink(meeting.UID), "")
		body := bodyOf(t, resp)
		for _, want := range []string{"&lt;BigCo&gt; × Shelfwise", "Monday 23 November 2026", "01:30 – 02:00", "America/New York (UTC-05:00)", "https://meet.example/asha", "Confirmed", "2026-11-23T06:30:00Z", "calendar.google.com"} {
			if !strings.Contains(body, want) {
				t.Errorf("%q is not in\n%s", want, body)
			}
		}
		for _, bad := range []string{"priya", "<script", "style="} {
			if strings.Contains(body, bad) {
				t.Errorf("%q is in\n%s", bad, body)
			}
		}
		hd := resp.Header
		if resp.StatusCode != 200 || !strings.Contains(hd.Get("X-Robots-Tag"), "noindex") || hd.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(hd.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s %v", resp.Status, hd)
		}
		_, file, _ := strings.Cut(body, `class="button" href="`)
		file, _, _ = strings.Cut(file, `"`)
		page, err := url.Parse(ts.URL + s.MeetingLink(meeting.UID))
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
	t.Run("a wrong link shows nothing", func(t *testing.T) {
		s, h, ts := serve(t, with)
		h.meetings["a"], h.meetings["b"] = meeting, meeting
		dropped := meeting
		dropped.Status = bot.Dropped
		h.meetings["dropped"] = dropped
		good := s.sign("a")
		for _, path := range []string{
			"/m/a", "/m/a?s=", "/m/a?s=" + good[:len(good)-1], "/m/b?s=" + good, "/m/a.ics", "/m/b.ics?s=" + good, "/m/a?s=" + strings.Replace(good, "v1.", "v2.", 1),
			"/m/none?s=" + s.sign("none"), "/m/dropped?s=" + s.sign("dropped"),
		} {
			resp, _ := request(t, "GET", ts.URL+path, "")
			if body := bodyOf(t, resp); resp.StatusCode != 404 || !strings.Contains(body, "nothing here") || strings.Contains(body, "BigCo") {
				t.Errorf("%s: %s %s", path, resp.Status, body)
			}
		}
	})
	t.Run("a cancelled meeting says so", func(t *testing.T) {
		s, h, ts := serve(t, nil)
		m := meeting
		m.Status, m.Timezone, m.Rep = bot.Cancelled, "Nowhere/Land", "gone"
		h.meetings[m.UID] = m
		resp, _ := request(t, "GET", ts.URL+s.MeetingLink(m.UID), "")
		if body := bodyOf(t, resp); !strings.Contains(body, "Cancelled") || strings.Contains(body, "Add to calendar") || !strings.Contains(body, "UTC") {
			t.Fatal(body)
		}
		if resp, _ := request(t, "GET", ts.URL+"/m/"+m.UID+".ics?s="+s.sign(m.UID), ""); resp.StatusCode != 404 {
			t.Fatal(resp.Status)
		}
	})
	t.Run("an invitation that cannot be written is our fault", func(t *testing.T) {
		s, h, ts := serve(t, with)
		m := meeting
		m.Title = "broken"
		h.meetings[m.UID] = m
		if resp, _ := request(t, "GET", ts.URL+"/m/"+m.UID+".ics?s="+s.sign(m.UID), ""); resp.StatusCode != 500 {
			t.Fatal(resp.Status)
		}
	})
	t.Run("without a key there are no links", func(t *testing.T) {
		s, h, ts := serve(t, func(s *Server) { s.Key = nil })
		h.meetings["a"] = meeting
		if link := s.MeetingLink("a"); link != "" {
			t.Fatal(link)
		}
		if resp, _ := request(t, "GET", ts.URL+"/m/a?s="+s.sign("a"), ""); resp.StatusCode != 404 {
			t.Fatal(resp.Status)
		}
	})
}

func TestDemo(t *testing.T) {
	t.Run("the example company has its pages, with the one tag", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Demo = true })
		for page, title := range demoPages {
			resp, _ := request(t, "GET", ts.URL+"/"+page, "")
			body := bodyOf(t, resp)
			if resp.StatusCode != 200 || !strings.Contains(body, "<title>"+title) || strings.Count(body, `<script async src="/widget.js"></script>`) != 1 {
				t.Errorf("%s: %s %s", page, resp.Status, body)
			}
			if strings.Contains(body, "style=") || strings.Contains(body, "<style") || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "script-src 'self';") {
				t.Errorf("%s: the page does not keep its own policy", page)
			}
		}
		for _, path := range []string{"/assets/demo.css", "/assets/stock.svg", "/assets/shelfwise.svg", "/assets/meeting.css"} {
			if resp, _ := request(t, "GET", ts.URL+path, ""); resp.StatusCode != 200 {
				t.Errorf("%s: %s", path, resp.Status)
			}
		}
		if resp, _ := request(t, "GET", ts.URL+"/none", ""); resp.StatusCode != 404 {
			t.Error(resp.Status)
		}
	})
	t.Run("it is not there unless it is wanted", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		if resp, _ := request(t, "GET", ts.URL+"/", ""); resp.StatusCode != 404 {
			t.Fatal(resp.Status)
		}
	})
}

func TestOperations(t *testing.T) {
	t.Run("a living server says so whatever the store does", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		h.fail(bot.ErrBusy)
		if resp, _ := request(t, "GET", ts.URL+"/healthz", ""); resp.StatusCode != 200 {
			t.Fatal(resp.Status)
		}
	})
	t.Run("a ready one has a store, and shows what is wrong in the workspace", func(t *testing.T) {
		_, h, ts := serve(t, func(s *Server) {
			s.Problems = func() flows.Problems {
				return flows.Problems{{Place: flows.Place{File: "book.yaml", Line: 7, Col: 9}, Severity: flows.Error, Rule: "unknown-field", Message: "no field \"gaol\""}}
			}
		})
		resp, _ := request(t, "GET", ts.URL+"/readyz", "")
		if body := bodyOf(t, resp); resp.StatusCode != 200 || !strings.Contains(body, `"file":"book.yaml","line":7`) || !strings.Contains(body, `"ready":true`) {
			t.Fatal(resp.Status, body)
		}
		h.fail(errors.New("password of postgres is wrong"))
		resp, _ = request(t, "GET", ts.URL+"/readyz", "")
		if body := bodyOf(t, resp); resp.StatusCode != 503 || strings.Contains(body, "password") || !strings.Contains(body, `"ready":false`) {
			t.Fatal(resp.Status, body)
		}
	})
	t.Run("metrics count connections, frames, turns and refusals", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		c.send(say("id-1", "x"))
		c.messages(3)
		c.send(`{"type":"shout"}`)
		c.expectError("unknown_type")
		resp, _ := request(t, "GET", ts.URL+"/metrics", "")
		body := bodyOf(t, resp)
		for _, want := range []string{"usher_web_connections 1", `usher_web_frames_total{type="say"} 1`, `usher_web_turn_seconds_count{type="say"} 1`, `usher_web_refused_total{code="unknown_type"} 1`, "go_goroutines"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s is not in\n%s", want, body)
			}
		}
	})
	t.Run("metrics tell what the bot has done and which jobs there are, and the one without the other", func(t *testing.T) {
		var lost error
		_, _, ts := serve(t, func(s *Server) {
			s.Counts = func() bot.Counts { return bot.Counts{Turns: 3, Seconds: 1.5} }
			s.Jobs = func(context.Context) (map[string]int, error) { return map[string]int{bot.JobDead: 2}, lost }
		})
		resp, _ := request(t, "GET", ts.URL+"/metrics", "")
		if body := bodyOf(t, resp); !strings.Contains(body, "usher_turns_total 3") || !strings.Contains(body, `usher_jobs{state="dead"} 2`) {
			t.Errorf("%s\n%s", resp.Status, body)
		}
		lost = bot.ErrBusy
		resp, _ = request(t, "GET", ts.URL+"/metrics", "")
		if body := bodyOf(t, resp); resp.StatusCode != 200 || !strings.Contains(body, "usher_turns_total 3") || strings.Contains(body, "usher_jobs{") {
			t.Errorf("%s\n%s", resp.Status, body)
		}
	})
	t.Run("a panic in a handler is answered", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		h.workspace = &flows.Workspace{Revision: "x", Flows: []*flows.Flow{nil}}
		if resp, a := request(t, "GET", ts.URL+"/widget.js", ""); resp.StatusCode != 500 || a.Code != "internal" {
			t.Fatalf("%s %+v", resp.Status, a)
		}
	})
}
