package slack

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"usher/adapters/slack/slackfake"
)

// gate is an app that keeps what comes.
func gate(t *testing.T) (*App, *box, func(path, body string, change func(h http.Header)) *httptest.ResponseRecorder) {
	t.Helper()
	kept := &box{}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	a := &App{Jobs: kept, SigningSecret: "secret", TeamID: "T1", AppID: "A1", Now: func() time.Time { return now }, Log: quiet}
	send := func(path, body string, change func(h http.Header)) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(now.Unix(), 10))
		r.Header.Set("X-Slack-Signature", slackfake.Sign("secret", now, []byte(body)))
		if change != nil {
			change(r.Header)
		}
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		return w
	}
	return a, kept, send
}

const hello = `{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1","event":{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"hello","ts":"1790000000.000100"}}`

func TestSignature(t *testing.T) {
	then := func(d time.Duration) string {
		return strconv.FormatInt(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).Add(d).Unix(), 10)
	}
	signedAt := func(d time.Duration) func(h http.Header) {
		return func(h http.Header) {
			at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).Add(d)
			h.Set("X-Slack-Request-Timestamp", then(d))
			h.Set("X-Slack-Signature", slackfake.Sign("secret", at, []byte(hello)))
		}
	}
	for name, test := range map[string]struct {
		change func(h http.Header)
		want   int
	}{
		"signed":                             {nil, 200},
		"signed almost five minutes ago":     {signedAt(-299 * time.Second), 200},
		"signed more than five minutes ago":  {signedAt(-301 * time.Second), 401},
		"signed in the future":               {signedAt(301 * time.Second), 401},
		"without a signature":                {func(h http.Header) { h.Del("X-Slack-Signature") }, 401},
		"without a time":                     {func(h http.Header) { h.Del("X-Slack-Request-Timestamp") }, 401},
		"with an older time than was signed": {func(h http.Header) { h.Set("X-Slack-Request-Timestamp", then(time.Second)) }, 401},
		"signed with another secret": {func(h http.Header) {
			h.Set("X-Slack-Signature", slackfake.Sign("other", time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), []byte(hello)))
		}, 401},
		"signed over other bytes": {func(h http.Header) {
			h.Set("X-Slack-Signature", slackfake.Sign("secret", time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), []byte(hello+" ")))
		}, 401},
		"with a signature cut short": {func(h http.Header) { h.Set("X-Slack-Signature", h.Get("X-Slack-Signature")[:20]) }, 401},
		"with a retry's headers":     {func(h http.Header) { h.Set("X-Slack-Retry-Num", "1"); h.Set("X-Slack-Retry-Reason", "http_timeout") }, 200},
	} {
		t.Run("a request "+name, func(t *testing.T) {
			_, kept, send := gate(t)
			if got := send("/slack/events", hello, test.change).Code; got != test.want {
				t.Errorf("answered %d, want %d", got, test.want)
			}
			if n := len(kept.jobs); (n == 1) != (test.want == 200) {
				t.Errorf("%d jobs were stored", n)
			}
		})
	}

	t.Run("a body larger than any of Slack's is refused", func(t *testing.T) {
		_, _, send := gate(t)
		if got := send("/slack/events", strings.Repeat(" ", maxBody+1), nil).Code; got != http.StatusRequestEntityTooLarge {
			t.Errorf("answered %d", got)
		}
	})

	t.Run("without a signing secret nothing is believed", func(t *testing.T) {
		a, _, send := gate(t)
		a.SigningSecret = ""
		if got := send("/slack/events", hello, nil).Code; got != http.StatusUnauthorized {
			t.Errorf("answered %d", got)
		}
	})
}

func TestRequests(t *testing.T) {
	t.Run("Slack's question whether the address is ours is answered", func(t *testing.T) {
		_, _, send := gate(t)
		w := send("/slack/events", `{"type":"url_verification","challenge":"abc"}`, nil)
		var got map[string]string
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got["challenge"] != "abc" {
			t.Errorf("%s: %v", w.Body, err)
		}
	})

	t.Run("a replayed request is one job", func(t *testing.T) {
		_, kept, send := gate(t)
		click := "payload=" + url.QueryEscape(`{"type":"block_actions","api_app_id":"A1","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"container":{"message_ts":"1.2"},"trigger_id":"t","actions":[{"action_id":"claim","block_id":"b","value":"v","action_ts":"1790000000.5"}]}`)
		command := url.Values{"command": {"/usher"}, "text": {"back"}, "team_id": {"T1"}, "api_app_id": {"A1"}, "user_id": {"U1"}, "trigger_id": {"t"}}.Encode()
		for range 2 {
			for path, body := range map[string]string{"/slack/events": hello, "/slack/interactive": click, "/slack/commands": command} {
				if w := send(path, body, nil); w.Code != 200 || w.Body.Len() != 0 {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
			}
		}
		ids := map[string]bool{}
		for _, j := range kept.jobs {
			ids[j.ID] = true
		}
		if len(ids) != 3 || len(kept.jobs) != 6 {
			t.Errorf("%d ids in %d jobs", len(ids), len(kept.jobs))
		}
	})

	t.Run("events of another team or app are refused, and not asked for again", func(t *testing.T) {
		for _, change := range []string{`"team_id":"T1"`, `"api_app_id":"A1"`} {
			_, kept, send := gate(t)
			w := send("/slack/events", strings.Replace(hello, change, strings.Replace(change, "1", "9", 1), 1), nil)
			if w.Code != http.StatusForbidden || w.Header().Get("X-Slack-No-Retry") != "1" || len(kept.jobs) > 0 {
				t.Errorf("%s: %d, %d jobs", change, w.Code, len(kept.jobs))
			}
		}
	})

	t.Run("what happens in a shared channel belongs to the installation it is for", func(t *testing.T) {
		_, kept, send := gate(t)
		foreign := strings.Replace(hello, `"team_id":"T1"`, `"team_id":"T9","authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}]`, 1)
		if w := send("/slack/events", foreign, nil); w.Code != 200 || len(kept.jobs) != 1 {
			t.Errorf("%d, %d jobs", w.Code, len(kept.jobs))
		}
	})

	t.Run("previews, joins, the app's own words and other apps' are of no interest", func(t *testing.T) {
		_, kept, send := gate(t)
		for _, event := range []string{
			`{"type":"message","subtype":"message_changed","channel":"D1","message":{"user":"U1","text":"same","ts":"1.1"},"previous_message":{"user":"U1","text":"same","ts":"1.1"}}`,
			`{"type":"message","subtype":"channel_join","channel":"C1","user":"U1","text":"joined"}`,
			`{"type":"message","channel":"C1","user":"U2","bot_id":"B1","text":"beep","ts":"1.1"}`,
			`{"type":"message","subtype":"bot_message","channel":"C1","text":"beep","ts":"1.1"}`,
			`{"type":"reaction_added","user":"U1"}`,
		} {
			body := `{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev2","event":` + event + `}`
			if w := send("/slack/events", body, nil); w.Code != 200 {
				t.Errorf("%s: %d", event, w.Code)
			}
		}
		if len(kept.jobs) > 0 {
			t.Errorf("%d jobs", len(kept.jobs))
		}
	})

	t.Run("what is no JSON and no form is refused", func(t *testing.T) {
		_, _, send := gate(t)
		for path, body := range map[string]string{"/slack/events": "{", "/slack/interactive": "payload={", "/slack/commands": "a=b"} {
			if w := send(path, body, nil); w.Code != http.StatusBadRequest {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	})

	t.Run("an answer goes to Slack's own host alone", func(t *testing.T) {
		a, _, _ := gate(t)
		for address, want := range map[string]bool{
			"https://hooks.slack.com/actions/T1/1": true, "http://hooks.slack.com/actions": false, "https://hooks.slack.com.evil.example/x": false,
			"https://evil.example/hooks.slack.com": false, "https://hooks.slack.com@evil.example/x": false, "https://u:p@hooks.slack.com/x": false,
			"https://hooks.slack.com:8443/x": false, "": false, "javascript:alert(1)": false,
		} {
			if got := a.safeURL(address) != ""; got != want {
				t.Errorf("%s: %v", address, got)
			}
		}
	})
}

func TestReplayedClick(t *testing.T) {
	h := open(t, slackfake.Options{Unlimited: true})
	dm := h.fake.DM("U1")
	h.fake.OpenHome("U1", "messages")
	goal := h.await(dm, "What brings you here?")
	r, err := h.fake.ClickRequest("U1", goal, goal.Actions()[0], time.Now())
	h.must(err)
	body, err := io.ReadAll(r.Body)
	h.must(err)
	for range 3 {
		again := r.Clone(t.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		answer, err := http.DefaultClient.Do(again)
		h.must(err)
		answer.Body.Close()
		if answer.StatusCode != 200 {
			t.Errorf("answered %d", answer.StatusCode)
		}
	}
	h.await(dm, "Which trade?")
	h.idle()
	if got := h.said("U1", ""); !slices.Equal(got, []string{"Book a demo"}) {
		t.Errorf("said %q", got)
	}
}
