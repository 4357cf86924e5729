package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"usher/bot"
)

// subscribers remember who wants no more letters.
type subscribers map[string]bool

func (s subscribers) Unsubscribe(_ context.Context, recipient string) error {
	s[recipient] = true
	return nil
}

func (s subscribers) Unsubscribed(_ context.Context, recipient string) (bool, error) {
	return s[recipient], nil
}

func TestUnsubscribe(t *testing.T) {
	who := subscribers{}
	s, _, ts := serve(t, func(s *Server) { s.Subscriptions = who })
	link := ts.URL + strings.TrimPrefix(s.UnsubscribeLink("h1", "hi"), s.URL)
	for range 3 {
		resp, _ := request(t, "GET", link, "")
		shows(t, bodyOf(t, resp), `lang="hi"`, `method="post"`)
	}
	if len(who) > 0 {
		t.Fatal("looking at the link ended the letters")
	}
	for range 2 { // as a mail program does it: no page, no cookie, another site's origin
		resp, _ := request(t, "POST", link, "List-Unsubscribe=One-Click", append(form, "Origin", "https://mail.example", "Sec-Fetch-Site", "cross-site")...)
		if resp.StatusCode != http.StatusOK || !who["h1"] {
			t.Errorf("%d %v", resp.StatusCode, who)
		}
	}
	resp, _ := request(t, "GET", link, "")
	hides(t, bodyOf(t, resp), `method="post"`)
	for _, bad := range []string{strings.Replace(link, "/u/h1", "/u/h2", 1), strings.Replace(link, "s=v2.0.", "s=v2.1.", 1), ts.URL + "/u/h1"} {
		for _, method := range []string{"GET", "POST"} {
			if resp, _ := request(t, method, bad, ""); resp.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, bad, resp.StatusCode)
			}
		}
	}
	if who["h2"] {
		t.Error("a forged link ended letters")
	}
}

func TestALinkOfALetterLeadsBack(t *testing.T) {
	now := meetingStart
	s, h, ts := serve(t, func(s *Server) { s.Now = func() time.Time { return now } })
	h.conversations["c1"] = &bot.Conversation{ID: "c1"}
	link := ts.URL + strings.TrimPrefix(s.ResumeLink("c1"), s.URL)
	_, signature, _ := strings.Cut(link, "?s=")
	resp, _ := request(t, "GET", link, "")
	body := bodyOf(t, resp)
	shows(t, body, `data-resume="c1 `+signature+`"`, "widget.js")
	if resp.Header.Get("Cache-Control") != "private, no-store" || resp.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", resp.Header)
	}
	if h.arrival.Site != "" {
		t.Error("looking at the link brought a visitor")
	}
	for path, want := range map[string]int{
		strings.Replace(link, "/c/c1", "/c/c2", 1): http.StatusNotFound,
		strings.Replace(link, "/c/c1", "/u/c1", 1): http.StatusNotFound,
		ts.URL + "/c/c1": http.StatusNotFound,
		ts.URL + strings.TrimPrefix(s.ResumeLink("c9"), s.URL): http.StatusNotFound,
	} {
		if resp, _ := request(t, "GET", path, ""); resp.StatusCode != want {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	now = now.Add(91 * 24 * time.Hour)
	if resp, _ := request(t, "GET", link, ""); resp.StatusCode != http.StatusGone {
		t.Errorf("after 91 days: %d", resp.StatusCode)
	}
}
