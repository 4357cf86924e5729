package web

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

func bearer(w answer) []string { return []string{"Authorization", "Bearer " + w.Token} }

// postHello arrives over plain HTTP.
func postHello(t *testing.T, ts *httptest.Server) answer {
	t.Helper()
	resp, w := request(t, "POST", ts.URL+"/v1/chat", hello)
	if resp.StatusCode != 200 || w.Type != "welcome" || w.Token == "" {
		t.Fatalf("%d %+v", resp.StatusCode, w)
	}
	return w
}

func TestPost(t *testing.T) {
	t.Run("frames go over plain HTTP", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		w := postHello(t, ts)
		for range 2 { // the second time it is stored already
			resp, m := request(t, "POST", ts.URL+"/v1/chat", say("id-1", "hello"), bearer(w)...)
			if resp.StatusCode != 200 || m.Type != "message" || m.ID != "id-1" || m.Seq != 2 {
				t.Fatalf("%d %+v", resp.StatusCode, m)
			}
		}
		for _, frame := range []string{`{"type":"typing"}`, `{"type":"visit","page":{"url":"/docs"}}`, `{"type":"identify","known":{"name":"P"}}`} {
			if resp, _ := request(t, "POST", ts.URL+"/v1/chat", frame, bearer(w)...); resp.StatusCode != 204 {
				t.Fatalf("%s: %d", frame, resp.StatusCode)
			}
		}
		if h.seen[0].Page != "/docs" || h.known["name"] != "P" {
			t.Fatalf("%v %v", h.seen, h.known)
		}
	})
	t.Run("the token may stand in the frame, and the conversation be named", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		w := postHello(t, ts)
		frame := fmt.Sprintf(`{"type":"say","id":"a","text":"x","token":%q,"conversation":%q}`, w.Token, w.Conversation)
		if resp, m := request(t, "POST", ts.URL+"/v1/chat", frame); resp.StatusCode != 200 || m.Seq != 2 {
			t.Fatalf("%d %+v", resp.StatusCode, m)
		}
	})
	t.Run("what is wrong is answered with the error frame and a fitting status", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		w, other := postHello(t, ts), postHello(t, ts)
		for _, c := range []struct {
			name, frame, token string
			status             int
			code               string
		}{
			{"not JSON", "x", w.Token, 400, "bad_json"},
			{"too large", `{"type":"say","id":"x","text":"` + strings.Repeat("a", MaxFrame) + `"}`, w.Token, 413, "too_large"},
			{"unknown type", `{"type":"shout"}`, w.Token, 400, "unknown_type"},
			{"lacking", `{"type":"say"}`, w.Token, 400, "bad_frame"},
			{"no token", say("a", "x"), "", 401, "unauthorized"},
			{"a wrong token", say("a", "x"), "forged", 401, "unauthorized"},
			{"a foreign conversation", fmt.Sprintf(`{"type":"say","id":"a","text":"x","conversation":%q}`, other.Conversation), w.Token, 404, "not_found"},
			{"no such conversation", `{"type":"say","id":"a","text":"x","conversation":"none"}`, w.Token, 404, "not_found"},
			{"not stored", say("a", "swallow"), w.Token, 409, "ended"},
		} {
			resp, a := request(t, "POST", ts.URL+"/v1/chat", c.frame, "Authorization", "Bearer "+c.token)
			if resp.StatusCode != c.status || a.Type != "error" || a.Code != c.code {
				t.Errorf("%s: %d %+v", c.name, resp.StatusCode, a)
			}
		}
		h.fail(bot.ErrBusy)
		resp, a := request(t, "POST", ts.URL+"/v1/chat", say("a", "x"), bearer(w)...)
		if resp.StatusCode != 503 || a.Code != "busy" || resp.Header.Get("Retry-After") == "" || a.ID != "a" {
			t.Errorf("%d %+v", resp.StatusCode, a)
		}
	})
	t.Run("a token of another site is not known here", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Origins = []string{"https://a.example", "https://b.example"} })
		_, w := request(t, "POST", ts.URL+"/v1/chat", hello, "Origin", "https://a.example")
		resp, a := request(t, "POST", ts.URL+"/v1/chat", say("a", "x"), append(bearer(w), "Origin", "https://b.example")...)
		if resp.StatusCode != 401 || a.Code != "unauthorized" {
			t.Fatalf("%d %+v", resp.StatusCode, a)
		}
	})
	t.Run("a plain GET is told that this is a socket", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		if resp, a := request(t, "GET", ts.URL+"/v1/chat", ""); resp.StatusCode != 426 || a.Code != "upgrade" {
			t.Fatalf("%d %+v", resp.StatusCode, a)
		}
	})
	t.Run("rates hold over HTTP too", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Limits.VisitorBurst, s.Limits.VisitorRate = 1, 1e-9 })
		w := postHello(t, ts)
		request(t, "POST", ts.URL+"/v1/chat", `{"type":"typing"}`, bearer(w)...)
		resp, a := request(t, "POST", ts.URL+"/v1/chat", `{"type":"typing"}`, bearer(w)...)
		if resp.StatusCode != 429 || a.Code != "rate" || resp.Header.Get("Retry-After") == "" {
			t.Fatalf("%d %+v", resp.StatusCode, a)
		}
	})
}

// reader reads server-sent events.
type reader struct {
	t    *testing.T
	body *bufio.Reader
	stop func()
}

func events(t *testing.T, url string, header ...string) *reader {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s %v", resp.Status, resp.Header)
	}
	stop := func() { cancel(); resp.Body.Close() }
	t.Cleanup(stop)
	return &reader{t, bufio.NewReader(resp.Body), stop}
}

// block reads up to the next empty line; "" is the end of the stream.
func (r *reader) block() string {
	r.t.Helper()
	var b strings.Builder
	for {
		line, err := r.body.ReadString('\n')
		if err != nil {
			return b.String()
		}
		if line == "\n" {
			return b.String()
		}
		b.WriteString(line)
	}
}

func (r *reader) expect(start string) {
	r.t.Helper()
	if b := r.block(); !strings.HasPrefix(b, start) {
		r.t.Fatalf("got %q, want %q", b, start)
	}
}

func TestEvents(t *testing.T) {
	t.Run("the transcript after a seq comes as events, and what is new", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		w := postHello(t, ts)
		request(t, "POST", ts.URL+"/v1/chat", say("a", "x"), bearer(w)...)
		r := events(t, ts.URL+"/v1/chat/events?after=2&conversation="+w.Conversation, bearer(w)...)
		r.expect("retry: 2000\n")
		r.expect("id: 3\ndata: {\"type\":\"message\",\"seq\":3,\"from\":\"bot\"")
		r.expect("id: 4\n")
		h.speak(w.Conversation, "Asha here")
		r.expect("id: 5\ndata: {\"type\":\"message\",\"seq\":5,\"from\":\"rep\",\"name\":\"Asha\"")
	})
	t.Run("a browser that comes back reads on after the last event it saw", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		w := postHello(t, ts)
		request(t, "POST", ts.URL+"/v1/chat", say("a", "x"), bearer(w)...)
		r := events(t, ts.URL+"/v1/chat/events?after=0&conversation="+w.Conversation, append(bearer(w), "Last-Event-ID", "3")...)
		r.expect("retry")
		r.expect("id: 4\n")
	})
	t.Run("a silent stream has a heartbeat", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Limits.PingEvery = 30 * time.Millisecond })
		w := postHello(t, ts)
		r := events(t, ts.URL+"/v1/chat/events?conversation="+w.Conversation, bearer(w)...)
		r.expect("retry")
		r.expect("id: 1\n")
		r.expect(": ")
		r.expect(": ")
	})
	t.Run("nobody reads what is somebody else's", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		w, other := postHello(t, ts), postHello(t, ts)
		for _, c := range []struct {
			query, token string
			status       int
		}{
			{"?conversation=" + other.Conversation, w.Token, 404},
			{"?conversation=none", w.Token, 404},
			{"?conversation=" + w.Conversation, "", 401},
			{"?conversation=" + w.Conversation + "&token=" + w.Token, "", 401},
			{"?conversation=" + w.Conversation + "&after=x", w.Token, 400},
			{"?conversation=" + w.Conversation + "&after=-1", w.Token, 400},
		} {
			if resp, _ := request(t, "GET", ts.URL+"/v1/chat/events"+c.query, "", "Authorization", "Bearer "+c.token); resp.StatusCode != c.status {
				t.Errorf("%+v: %d", c, resp.StatusCode)
			}
		}
	})
	t.Run("a stopping server says when to come back, and ends", func(t *testing.T) {
		s, _, ts := serve(t, nil)
		w := postHello(t, ts)
		r := events(t, ts.URL+"/v1/chat/events?conversation="+w.Conversation, bearer(w)...)
		r.expect("retry: 2000")
		r.expect("id: 1\n")
		if err := s.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		r.expect("retry: ")
		if b := r.block(); b != "" {
			t.Fatalf("the stream goes on: %q", b)
		}
	})
	t.Run("a stream whose transcript cannot be read ends", func(t *testing.T) {
		_, h, ts := serve(t, nil)
		w := postHello(t, ts)
		r := events(t, ts.URL+"/v1/chat/events?after=1&conversation="+w.Conversation, bearer(w)...)
		r.expect("retry")
		h.fail(bot.ErrBusy)
		h.speak(w.Conversation, "x")
		if b := r.block(); b != "" {
			t.Fatalf("the stream goes on: %q", b)
		}
	})
}
