package hooks_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"usher/adapters/hooks"
	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
	"usher/store"
	"usher/store/fresh"
)

// talk asks for a number, an address and a time.
const talk = `
flow: talk
title: Talk
languages: [en]
fields:
  seats: { type: number, min: 1, label: Seats }
steps:
  - { id: size, ask: seats, say: How many? }
  - { id: mail, ask: email, say: Which address? }
  - { id: meet, book: { minutes: 30 }, say: Which time? }
  - { id: done, end: qualified, say: Bye. }
score:
  - { if: seats >= 100, points: 60, because: 100 seats or more }
grades: { hot: 60, cold: 0 }
`

const team = `
timezone: UTC
hours:
  all: { mon-sun: "00:00-24:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all }
  - { id: ben, name: Ben Ode, email: ben@acme.example, hours: all }
teams:
  - { id: sales, reps: [asha, ben], assign: fair }
meeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }
routes:
  - { to: sales }
`

// secretText signs the tests' messages.
const secretText = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// clock is moved by tests.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// logged is what the operator's log says.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// house is a bot with webhooks on a real store.
type house struct {
	*bot.Bot
	t     *testing.T
	clock *clock
	hooks *hooks.Hooks
	jobs  *looked
	log   *logged
	url   string
}

// looked is a memory that counts how often somebody looked for jobs, and how many there were.
type looked struct {
	bot.Store
	empty, given atomic.Int64
}

func (l *looked) Claim(ctx context.Context, now time.Time, lease time.Duration, n int) ([]bot.Job, error) {
	jobs, err := l.Store.Claim(ctx, now, lease, n)
	if l.given.Add(int64(len(jobs))); err == nil && len(jobs) == 0 {
		l.empty.Add(1)
	}
	return jobs, err
}

// loopback are settings with which receivers on this machine are reached.
var loopback = hooks.Settings{Allow: []string{"127.0.0.1"}}

// newHouse is a house whose hooks.yaml is given; "" = there is none.
func newHouse(t *testing.T, hooksFile string, s hooks.Settings) *house {
	t.Helper()
	h := &house{t: t, clock: newClock(), url: fresh.SQLite(t)}
	h.open(hooksFile, s)
	return h
}

// open begins a program's life on the house's database.
func (h *house) open(hooksFile string, s hooks.Settings) {
	h.t.Helper()
	db, err := store.Open(context.Background(), h.url, store.Options{Log: slog.New(slog.DiscardHandler)})
	must(h.t, err)
	h.t.Cleanup(func() { db.Close() }) //nolint:errcheck // the test is over
	h.on(db, hooksFile, s)
}

// on begins a program's life on an open store.
func (h *house) on(db bot.Store, hooksFile string, s hooks.Settings) {
	h.t.Helper()
	var err error
	h.log = &logged{}
	h.jobs = &looked{Store: db}
	h.Bot = &bot.Bot{Store: h.jobs, Now: h.clock.now, Log: slog.New(slog.NewTextHandler(h.log, nil))}
	h.Carriers = map[string]bot.Carrier{bot.JobPerson: h.FoldPerson}
	h.hooks, err = s.Join(h.Bot, hooks.Keys{Signing: []byte(strings.Repeat("k", 32))})
	must(h.t, err)
	files := fstest.MapFS{"talk.yaml": {Data: []byte(talk)}, "team.yaml": {Data: []byte(team)}}
	if hooksFile != "" {
		files["hooks.yaml"] = &fstest.MapFile{Data: []byte(hooksFile)}
	}
	w, problems := flows.Load(files)
	if w == nil {
		h.t.Fatal(problems)
	}
	must(h.t, h.Use(context.Background(), w))
}

// run lets the bot work until the test ends, or until what it returns is called.
func (h *house) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { h.Run(ctx) })
	stop = sync.OnceFunc(func() { cancel(); all.Wait() })
	h.t.Cleanup(stop)
	return stop
}

// says has a visitor answer.
func (h *house) says(a bot.Arrived, text string) {
	h.t.Helper()
	must(h.t, h.Say(h.t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: text, Text: text}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("not in time: %s", what)
}
