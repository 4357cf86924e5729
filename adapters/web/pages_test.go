package web

import (
	"context"
	"errors"
	"io"
	"net/http"
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
			s.Waiting = func(context.Context) (map[string]int, error) { return map[string]int{"enterprise": 3}, lost }
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
	t.Run("metrics tell how old calendars are, and which never were read", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) {
			s.CalendarAges = func() map[string]time.Duration { return map[string]time.Duration{"asha": 90 * time.Second, "ben": -1} }
		})
		resp, _ := request(t, "GET", ts.URL+"/metrics", "")
		body := bodyOf(t, resp)
		for _, want := range []string{`usher_calendar_age_seconds{rep="asha"} 90`, `usher_calendar_age_seconds{rep="ben"} -1`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s is not in\n%s", want, body)
			}
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
