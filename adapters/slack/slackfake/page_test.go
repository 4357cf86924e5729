package slackfake_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"usher/adapters/slack/slackfake"
)

// open serves a workspace's page.
func open(t *testing.T, f *slackfake.Fake) string {
	t.Helper()
	s := httptest.NewServer(f.Page())
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

func post(t *testing.T, address, body string) (status int, answer string) {
	t.Helper()
	res, err := http.Post(address, "application/json", strings.NewReader(body))
	must(t, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(data)
}

// shown reads the first scene of a member.
func shown(t *testing.T, address, me string) (scene struct {
	Me       string
	Channels []struct{ ID, Name, Kind string }
	Messages map[string][]slackfake.Message
},
) {
	t.Helper()
	r, err := http.NewRequestWithContext(soon(t), http.MethodGet, address+"/live?me="+me, nil)
	must(t, err)
	res, err := http.DefaultClient.Do(r)
	must(t, err)
	defer res.Body.Close()
	line, err := bufio.NewReader(res.Body).ReadString('\n')
	must(t, err)
	must(t, json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &scene))
	return scene
}

func TestPage(t *testing.T) {
	t.Run("the page loads only what its own server gives, and has no script in it", func(t *testing.T) {
		f, _, _ := start(t, slackfake.Options{})
		res, err := http.Get(open(t, f) + "/")
		must(t, err)
		defer res.Body.Close()
		html, err := io.ReadAll(res.Body)
		must(t, err)
		if p := res.Header.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") {
			t.Errorf("policy %q", p)
		}
		if regexp.MustCompile(`(?i)<script[^>]*>[^<]|\son\w+=|style=|https?://`).Match(html) {
			t.Error("the page has script, style or a foreign address in it")
		}
	})
	t.Run("a member writes, clicks and commands", func(t *testing.T) {
		f, a, c := start(t, slackfake.Options{})
		at := open(t, f)
		_, ts, err := c.PostMessage("C1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("claim", "Claim"))))
		must(t, err)
		must(t, f.Settle(soon(t)))
		for path, body := range map[string]string{
			"/say": `{"me":"U1","channel":"C1","thread":"` + ts + `","text":"hi"}`,
			"/act": `{"me":"U1","channel":"C1","ts":"` + ts + `","action":"claim","block":"b"}`,
		} {
			if status, answer := post(t, at+path, body); status != http.StatusOK {
				t.Errorf("%s: %d %s", path, status, answer)
			}
		}
		if status, answer := post(t, at+"/say", `{"me":"U1","channel":"C1","text":"/usher leads"}`); status != http.StatusOK {
			t.Errorf("%d %s", status, answer)
		}
		must(t, f.Settle(soon(t)))
		var paths []string
		for _, h := range a.heard() {
			paths = append(paths, h.path)
		}
		if got := strings.Join(paths, " "); strings.Count(got, "/slack/events") != 2 || strings.Count(got, "/slack/interactive") != 1 || strings.Count(got, "/slack/commands") != 1 {
			t.Error(got)
		}
	})
	t.Run("a member sees neither what is for another alone nor their direct messages", func(t *testing.T) {
		f, _, c := start(t, slackfake.Options{})
		at := open(t, f)
		_, err := c.PostEphemeral("C1", "U1", slack.MsgOptionText("for U1", false))
		must(t, err)
		f.Say("U1", "", "", "a secret")
		if s := shown(t, at, "U1"); len(s.Messages["C1"]) != 1 || len(s.Messages[f.DM("U1")]) != 1 {
			t.Errorf("U1 sees %v", s)
		}
		if s := shown(t, at, "U2"); len(s.Messages["C1"]) != 0 || s.Messages[f.DM("U1")] != nil {
			t.Errorf("U2 sees %v", s)
		}
	})
	t.Run("other sites, other names of this machine and nonsense are refused", func(t *testing.T) {
		f, _, _ := start(t, slackfake.Options{})
		at := open(t, f)
		say := func(change func(*http.Request), body string) int {
			r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, at+"/say", strings.NewReader(body))
			must(t, err)
			change(r)
			res, err := http.DefaultClient.Do(r)
			must(t, err)
			res.Body.Close()
			return res.StatusCode
		}
		f.User(slackfake.User{ID: "U3", RealName: "Priya Nair", Guest: true})
		fine := `{"me":"U1","channel":"C1","text":"hi"}`
		for name, c := range map[string]struct {
			change func(*http.Request)
			body   string
			want   int
		}{
			"another site":                  {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, fine, http.StatusForbidden},
			"another name":                  {func(r *http.Request) { r.Host = "evil.example" }, fine, http.StatusForbidden},
			"a channel not open to a guest": {func(*http.Request) {}, `{"me":"U3","channel":"C1","text":"hi"}`, http.StatusNotFound},
			"no JSON":                       {func(*http.Request) {}, "hi", http.StatusBadRequest},
			"nobody":                        {func(*http.Request) {}, `{"me":"U404","channel":"C1","text":"hi"}`, http.StatusNotFound},
			"nowhere":                       {func(*http.Request) {}, `{"me":"U1","channel":"C404","text":"hi"}`, http.StatusNotFound},
			"nothing":                       {func(*http.Request) {}, `{"me":"U1","channel":"C1","text":" "}`, http.StatusBadGateway},
			"a thread not there":            {func(*http.Request) {}, `{"me":"U1","channel":"C1","thread":"1.1","text":"hi"}`, http.StatusBadGateway},
		} {
			if got := say(c.change, c.body); got != c.want {
				t.Errorf("%s: %d, not %d", name, got, c.want)
			}
		}
		if n := len(f.Messages("C1")); n != 0 {
			t.Errorf("%d messages came through", n)
		}
	})
}
