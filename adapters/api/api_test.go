package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/adapters/api"
	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
	"usher/store"
	"usher/store/fresh"
)

// noon is when the tests begin.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// office is a server with a database and one key for each use.
type office struct {
	testing.TB
	*store.DB
	server  *api.Server
	url     string
	secret  string
	changes *changes
	clock   time.Time
	log     strings.Builder
}

// changes is what becomes of meetings; err is what the next one gives.
type changes struct {
	done []string
	err  error
}

func (c *changes) Cancel(_ context.Context, uid, because string) error {
	c.done = append(c.done, "cancel "+uid+" "+because)
	return c.err
}

func (c *changes) NoShow(_ context.Context, uid string) error {
	c.done = append(c.done, "no-show "+uid)
	return c.err
}

func open(t testing.TB, set ...func(*api.Server)) *office {
	t.Helper()
	o := &office{TB: t, changes: &changes{}, clock: noon}
	log := slog.New(slog.NewTextHandler(&o.log, nil))
	db, err := store.Open(t.Context(), fresh.SQLite(t), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	o.DB = db
	house := &bot.Bot{Store: db, Log: log, Now: func() time.Time { return o.clock }, Carriers: map[string]bot.Carrier{}}
	if err := house.Use(t.Context(), example()); err != nil {
		t.Fatal(err)
	}
	o.server = &api.Server{
		Keys: db, Requests: db, Leads: db, LeadChanges: house, Reports: db, Audit: house, Conversations: db, Meetings: db, Changes: o.changes, Log: log, Now: func() time.Time { return o.clock },
	}
	for _, f := range set {
		f(o.server)
	}
	server := httptest.NewServer(o.server.Beside(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the rest") })))
	t.Cleanup(func() {
		server.Close()
		db.Close()
	})
	o.url, o.secret = server.URL, o.key(bot.Scopes...)
	return o
}

// key makes a key with the scopes.
func (o *office) key(scopes ...string) string {
	o.Helper()
	secret, k := bot.MintAPIKey(bot.APIKey{Name: fmt.Sprint("warehouse ", len(scopes)), Scopes: scopes, CreatedAt: noon})
	if err := o.SaveAPIKey(o.Context(), k); err != nil {
		o.Fatal(err)
	}
	return secret
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
}

// ask sends a request with the office's key; more are headers, as "Name: value".
func (o *office) ask(method, path, body string, more ...string) answer {
	o.Helper()
	r, err := http.NewRequestWithContext(o.Context(), method, o.url+path, strings.NewReader(body))
	if err != nil {
		o.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+o.secret)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range more {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		o.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		o.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(text)}
}

// read reads the answer's body.
func (o *office) read(a answer, into any) {
	o.Helper()
	if a.status/100 != 2 {
		o.Fatalf("%d: %s", a.status, a.text)
	}
	if err := json.Unmarshal([]byte(a.text), into); err != nil {
		o.Fatalf("%v: %s", err, a.text)
	}
}

// refused fails unless the answer is a problem with that status that says all of the words.
func (o *office) refused(a answer, status int, words ...string) {
	o.Helper()
	if a.status != status || a.header.Get("Content-Type") != "application/problem+json" {
		o.Errorf("%d %s, not %d: %s", a.status, a.header.Get("Content-Type"), status, a.text)
	}
	for _, w := range words {
		if !strings.Contains(a.text, w) {
			o.Errorf("%q is not in %s", w, a.text)
		}
	}
}

// list reads a list to its end, and calls between after each page.
func list[T any](o *office, path string, between func()) (all []T) {
	o.Helper()
	cursor := ""
	for range 1000 {
		next := path
		if cursor != "" {
			next += "&cursor=" + cursor
		}
		var p struct {
			Data []T    `json:"data"`
			Next string `json:"next_cursor"`
		}
		o.read(o.ask("GET", next, ""), &p)
		all = append(all, p.Data...)
		if cursor = p.Next; cursor == "" {
			return all
		}
		between()
	}
	o.Fatal("the list does not end")
	return nil
}

// begun stores a conversation with two messages.
func (o *office) begun(id string, at time.Time, meetings ...bot.Meeting) {
	o.Helper()
	for i := range meetings {
		meetings[i].Conversation, meetings[i].Visitor = id, "v"
	}
	t := &bot.Turn{
		Conversation: bot.Conversation{ID: id, Site: "acme", Visitor: "v", State: dialogue.Conversation{
			Flow: "demo", Revision: "r1", State: "size", Channel: "web", Timezone: "Asia/Kolkata", Began: at,
			Answers:  []dialogue.Answer{{Field: "size", Value: flows.Value{Type: flows.TypeNumber, Number: 250}}},
			Assigned: &dialogue.Assignment{Team: "sales", Rep: "asha"}, Visit: flows.Visit{Page: "https://acme.example/pricing"},
		}},
		Now:      at,
		Messages: []bot.Message{{From: bot.FromBot, Text: "How many are you?", At: at}, {From: bot.FromVisitor, ID: "1", Text: "about 250", At: at}},
		Meetings: meetings,
	}
	if err := o.Commit(o.Context(), t); err != nil {
		o.Fatal(err)
	}
}

func meeting(uid, rep string, start time.Time) bot.Meeting {
	return bot.Meeting{UID: uid, Rep: rep, Start: start, End: start.Add(30 * time.Minute), Status: bot.Confirmed, Attendee: "ana@acme.example", CreatedAt: noon}
}

// example is the workspace of every office.
var example = sync.OnceValue(func() *flows.Workspace {
	w, problems := flows.Load(flows.Example())
	if w == nil {
		panic(problems)
	}
	return w
})
