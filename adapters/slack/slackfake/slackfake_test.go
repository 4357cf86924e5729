package slackfake_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"usher/adapters/slack/slackfake"
)

// app is an app over HTTP that notes what it is told.
type app struct {
	mu       sync.Mutex
	requests []heard
	answer   func(n int, w http.ResponseWriter) // how it acknowledges; nil means at once
	server   *httptest.Server
}

type heard struct {
	path   string
	header http.Header
	body   []byte
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	a.mu.Lock()
	a.requests = append(a.requests, heard{r.URL.Path, r.Header, body})
	n, answer := len(a.requests), a.answer
	a.mu.Unlock()
	if answer != nil {
		answer(n, w)
	}
}

func (a *app) heard() []heard {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]heard(nil), a.requests...)
}

// event is the inner event of a request.
func (h heard) event(t *testing.T) map[string]any {
	t.Helper()
	var e struct {
		ID    string         `json:"event_id"`
		Event map[string]any `json:"event"`
	}
	must(t, json.Unmarshal(h.body, &e))
	e.Event["event_id"] = e.ID
	return e.Event
}

func start(t *testing.T, o slackfake.Options) (*slackfake.Fake, *app, *slack.Client) {
	t.Helper()
	f := slackfake.New(o)
	t.Cleanup(f.Close)
	a := &app{}
	a.server = httptest.NewServer(a)
	t.Cleanup(a.server.Close)
	f.Deliver(a.server.URL)
	f.User(slackfake.User{ID: "U1", RealName: "Asha Rao", Email: "asha@shelfwise.example", Timezone: "Asia/Kolkata", Offset: 19800, Locale: "en-IN"})
	f.User(slackfake.User{ID: "U2", RealName: "Ben Vogel"})
	f.Channel("C1", "sales")
	return f, a, slack.New(f.BotToken(), slack.OptionAPIURL(f.URL()))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestSignature(t *testing.T) {
	t.Run("the example of Slack's page is signed as it stands there", func(t *testing.T) {
		body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
			"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com" +
			"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
		got := slackfake.Sign("8f742231b10e8888abcd99yyyzzz85a5", time.Unix(1531420618, 0), []byte(body))
		if want := "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"; got != want {
			t.Errorf("%s, not %s", got, want)
		}
	})
	t.Run("what is sent passes the check of a client library", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{})
		f.Say("U1", "C1", "", "hello")
		must(t, f.Settle(soon(t)))
		for _, h := range a.heard() {
			v, err := slack.NewSecretsVerifier(h.header, f.SigningSecret())
			must(t, err)
			if _, err := v.Write(h.body); err != nil {
				t.Fatal(err)
			}
			must(t, v.Ensure())
		}
	})
}

func TestEvents(t *testing.T) {
	t.Run("a person's words are escaped and addresses become links", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{})
		f.Say("U1", "", "", "<!channel> I am priya@bigco.example & see https://bigco.example/a.")
		must(t, f.Settle(soon(t)))
		e := a.heard()[0].event(t)
		if want := "&lt;!channel&gt; I am <mailto:priya@bigco.example|priya@bigco.example> &amp; see <https://bigco.example/a>."; e["text"] != want {
			t.Errorf("%q, not %q", e["text"], want)
		}
		if e["channel_type"] != "im" || e["user"] != "U1" || e["client_msg_id"] == "" {
			t.Errorf("not a direct message: %v", e)
		}
	})
	t.Run("a mention comes as a message and as a mention of the same timestamp", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{})
		ts := f.Say("U1", "C1", "", "<@"+f.Bot()+"> hello")
		must(t, f.Settle(soon(t)))
		kinds := map[any]bool{}
		for _, h := range a.heard() {
			if e := h.event(t); e["ts"] == ts {
				kinds[e["type"]] = true
			}
		}
		if !kinds["message"] || !kinds["app_mention"] {
			t.Errorf("told of %v", kinds)
		}
	})
	t.Run("the app hears its own posts", func(t *testing.T) {
		f, a, c := start(t, slackfake.Options{})
		_, ts, err := c.PostMessage("C1", slack.MsgOptionText("hi", false))
		must(t, err)
		must(t, f.Settle(soon(t)))
		if e := a.heard()[0].event(t); e["ts"] != ts || e["bot_id"] != f.BotID() || e["app_id"] != f.AppID() {
			t.Errorf("echo %v", e)
		}
	})
	t.Run("an unfurled link is a change without a changed text", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{})
		ts := f.Say("U1", "C1", "", "see https://bigco.example")
		f.Unfurl("C1", ts, "https://bigco.example")
		must(t, f.Settle(soon(t)))
		e := a.heard()[1].event(t)
		now, before := e["message"].(map[string]any), e["previous_message"].(map[string]any)
		if e["subtype"] != "message_changed" || now["text"] != before["text"] || now["edited"] != nil || now["attachments"] == nil {
			t.Errorf("change %v", e)
		}
	})
	t.Run("an event that fails comes again with a number and a reason, three times at most", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{Scale: 0.0001, Within: time.Minute})
		a.answer = func(_ int, w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }
		f.Say("U1", "C1", "", "hello")
		must(t, f.Settle(soon(t)))
		var numbers []string
		ids := map[any]bool{}
		for _, h := range a.heard() {
			numbers = append(numbers, h.header.Get("X-Slack-Retry-Num")+h.header.Get("X-Slack-Retry-Reason"))
			ids[h.event(t)["event_id"]] = true
		}
		if got := strings.Join(numbers, " "); got != " 1http_error 2http_error 3http_error" || len(ids) != 1 {
			t.Errorf("attempts %q of %d events", got, len(ids))
		}
	})
	t.Run("an app may forbid retries", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{})
		a.answer = func(_ int, w http.ResponseWriter) {
			w.Header().Set("X-Slack-No-Retry", "1")
			w.WriteHeader(http.StatusBadRequest)
		}
		f.Say("U1", "C1", "", "hello")
		must(t, f.Settle(soon(t)))
		if n := len(a.heard()); n != 1 {
			t.Errorf("%d attempts", n)
		}
	})
	t.Run("held events come in the order a test wants, lost and doubled ones too", func(t *testing.T) {
		f, a, _ := start(t, slackfake.Options{})
		f.Hold()
		for _, text := range []string{"a", "b", "c"} {
			f.Say("U1", "C1", "", text)
		}
		f.Release(2, 0, 0)
		must(t, f.Settle(soon(t)))
		var got string
		for _, h := range a.heard() {
			got += h.event(t)["text"].(string)
		}
		if got != "caa" {
			t.Errorf("heard %q", got)
		}
	})
}
