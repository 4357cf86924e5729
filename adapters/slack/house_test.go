package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"usher/adapters/slack/slackfake"
	"usher/bot"
	"usher/flows"
	"usher/store"
	"usher/store/fresh"
)

// talk is a small workspace: a choice of two, a long choice, a number, an address, a meeting.
var talk = fstest.MapFS{
	"talk.yaml": {Data: []byte(`
flow: talk
title: Talk
languages: [en]
fields:
  goal:  { type: choice, options: { demo: Book a demo, price: See prices } }
  trade: { type: choice, options: { a: Art, b: Books, c: Cars, d: Dance, e: Eggs, f: Film } }
  seats: { type: number, min: 1, label: Seats }
steps:
  - { id: hello, say: "**Hi**{{ known(name) ? ', ' + name : '' }}!" }
  - { id: goal, ask: goal, say: "What brings you here? [Read more](https://acme.example/more)" }
  - { id: trade, ask: trade, say: Which trade? }
  - { id: size, ask: seats, say: How many? }
  - { id: mail, ask: email, say: Which address? }
  - { id: meet, book: { minutes: 30 }, say: Which time? }
  - { id: done, end: qualified, say: "{{ booked ? 'See you ' + meeting.starts : 'No time' }}" }
`)},
	"team.yaml": {Data: []byte(`
timezone: UTC
hours:
  all: { mon-sun: "00:00-24:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: all }
teams:
  - { id: sales, reps: [asha], assign: fair }
meeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }
routes:
  - { to: sales }
`)},
	"faq.yaml": {Data: []byte("- ask: [How much does it cost?]\n  say: 20 dollars a seat.\n")},
}

// house is the program around the app, with a real store, a workspace of Slack, and a clock that tests move on.
type house struct {
	*App
	t      *testing.T
	clock  clock
	fake   *slackfake.Fake
	bot    *bot.Bot
	memory bot.Store
	server *httptest.Server
	log    *logBook
}

// build makes a house; nothing runs in it yet.
func build(t *testing.T, o slackfake.Options, files fs.FS) *house {
	t.Helper()
	h := &house{t: t, log: &logBook{}}
	o.Now, o.Within = h.clock.now, time.Minute // for a click, on a machine that has other things to do
	h.fake = slackfake.New(o)
	t.Cleanup(h.fake.Close)
	t.Cleanup(h.changedNothing)
	for _, id := range []string{"U1", "U2", "U3", "U4", "U5", "U6"} {
		h.fake.User(slackfake.User{ID: id, RealName: "User " + id[1:]})
	}
	memory, err := store.Open(t.Context(), fresh.SQLite(t), store.Options{})
	h.must(err)
	t.Cleanup(func() { h.must(memory.Close()) })
	h.memory = patient{memory}
	h.bot, h.App = h.node()
	h.server = httptest.NewServer(h.App.Handler())
	t.Cleanup(h.server.Close)
	h.fake.Deliver(h.server.URL)
	w, problems := flows.Load(files)
	if w == nil {
		t.Fatal(problems)
	}
	h.must(h.bot.Use(t.Context(), w))
	return h
}

// patient is a memory whose jobs are never taken from who carries them out, however far a test moves the clock meanwhile.
type patient struct{ bot.Store }

func (p patient) Claim(ctx context.Context, now time.Time, _ time.Duration, n int) ([]bot.Job, error) {
	return p.Store.Claim(ctx, now, 365*24*time.Hour, n)
}

// node is one more process on the same memory.
func (h *house) node() (*bot.Bot, *App) {
	log := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	b := &bot.Bot{Store: h.memory, Log: log, Now: h.clock.now}
	a := &App{
		Host: b, Desk: b, Jobs: b, Links: h.memory, Log: log,
		Token: h.fake.BotToken(), AppToken: h.fake.AppToken(), SigningSecret: h.fake.SigningSecret(), APIURL: h.fake.URL(),
		TeamID: h.fake.TeamID(), AppID: h.fake.AppID(),
	}
	b.Carriers = a.Carriers()
	b.Carriers[bot.JobPerson] = b.FoldPerson
	return b, a
}

// open is a house that runs until the test ends.
func open(t *testing.T, o slackfake.Options) *house {
	t.Helper()
	t.Parallel() // most of the time is spent waiting for seconds of Slack's
	h := build(t, o, talk)
	h.run(h.bot.Run)
	return h
}

// run lets a part run until the test ends.
func (h *house) run(part func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		part(ctx)
	}()
	var once sync.Once
	stop = func() { once.Do(func() { cancel(); <-done }) }
	h.t.Cleanup(stop)
	return stop
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// await waits for a message that holds the words, in its text or on its buttons.
func (h *house) await(channel, words string) slackfake.Message {
	h.t.Helper()
	return h.find(channel, func(m slackfake.Message) bool { return strings.Contains(m.Words(), words) }, fmt.Sprintf("%q in %s", words, channel))
}

// find waits for a message that is as wanted.
func (h *house) find(channel string, want func(slackfake.Message) bool, what string) slackfake.Message {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	m, err := h.fake.Await(ctx, channel, want)
	if err != nil {
		h.t.Fatalf("no %s: %v\n%s\n%s", what, err, h.shown(channel), h.log)
	}
	return m
}

// shown is the channel as people see it.
func (h *house) shown(channel string) string {
	var b strings.Builder
	for _, m := range h.fake.Messages(channel) {
		b.WriteString(m.User + ": " + m.Words() + "\n")
	}
	return b.String()
}

// eventually waits for something that others bring about.
func (h *house) eventually(what string, is func() bool) {
	h.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	h.t.Fatalf("not in time: %s\n%s", what, h.log)
}

// changedNothing finds messages that were replaced by what they showed already: nobody should be called to look at nothing
// new. Where an answer was lost, the app cannot know.
func (h *house) changedNothing() {
	h.t.Helper()
	last := map[string]slackfake.Call{}
	for _, c := range h.fake.Calls("chat.postMessage", "chat.update") {
		if c.TS == "" {
			continue
		}
		place := c.Args["channel"] + " " + c.TS
		if was, ok := last[place]; ok && !was.Fault && was.Args["text"] == c.Args["text"] && was.Args["blocks"] == c.Args["blocks"] {
			h.t.Errorf("%s was replaced by the same: %s", place, c.Args["text"])
		}
		last[place] = c
	}
}

// idle waits until no job is left, also none that is due later.
func (h *house) idle() {
	h.t.Helper()
	h.eventually("all jobs are done", func() bool {
		counts, err := h.memory.JobCounts(h.t.Context())
		h.must(err)
		return counts[bot.JobReady]+counts[bot.JobRunning] == 0
	})
}

// said is what the visitor said in their newest conversation.
func (h *house) said(user, thread string) (out []string) {
	h.t.Helper()
	v, err := h.bot.Who(h.t.Context(), h.fake.TeamID()+":"+user+":"+thread, "slack:"+h.fake.TeamID())
	if err != nil {
		return nil
	}
	c, err := h.bot.Conversation(h.t.Context(), "", v.ID)
	if errors.Is(err, bot.ErrNotFound) {
		return nil // the visitor is there, the conversation is on its way
	}
	h.must(err)
	all, err := h.bot.Transcript(h.t.Context(), c.ID, 0, 1000)
	h.must(err)
	for _, m := range all {
		if m.From == bot.FromVisitor {
			out = append(out, m.Text)
		}
	}
	return out
}

// clock runs with the real one, ahead by what tests let pass.
type clock struct {
	mu   sync.Mutex
	more time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.more)
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.more += d
}

// logBook is what was logged.
type logBook struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var _ io.Writer = (*logBook)(nil)
