package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"usher/adapters/slack/slackfake"
	"usher/bot"
)

// guarded is a memory that can be gone.
type guarded struct {
	bot.Store
	gone atomic.Bool
}

var errGone = errors.New("the database is away")

func (g *guarded) Enqueue(ctx context.Context, jobs ...bot.Job) error {
	if g.gone.Load() {
		return errGone
	}
	return g.Store.Enqueue(ctx, jobs...)
}

// slowBox takes half a second for each statement, whoever else asks.
type slowBox struct {
	box
	statements atomic.Int32
}

func (s *slowBox) Enqueue(ctx context.Context, jobs ...bot.Job) error {
	s.statements.Add(1)
	time.Sleep(500 * time.Millisecond) // the database's half second, not a wait for something
	return s.box.Enqueue(ctx, jobs...)
}

func TestAcknowledgement(t *testing.T) {
	t.Run("no acknowledgement waits for another while the database takes half a second a statement", func(t *testing.T) {
		fake := slackfake.New(slackfake.Options{Unlimited: true, Within: 5 * time.Second})
		t.Cleanup(fake.Close)
		slow := &slowBox{}
		a := &App{Jobs: slow, SigningSecret: fake.SigningSecret(), TeamID: fake.TeamID(), AppID: fake.AppID(), Log: quiet}
		server := httptest.NewServer(a.Handler())
		t.Cleanup(server.Close)
		fake.Deliver(server.URL)
		const users, each = 20, 5
		for u := range users {
			user := fake.User(slackfake.User{ID: fmt.Sprint("U", u), RealName: "User"})
			for range each {
				fake.Say(user, fake.DM(user), "", "hello")
			}
		}
		if err := fake.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		late := 0
		for _, d := range fake.Deliveries() {
			if d.Failed != "" {
				late++
			}
		}
		if late*100 > users*each {
			t.Errorf("%d of %d acknowledgements were late", late, users*each)
		}
		if n := int(slow.statements.Load()); n != users*each+late {
			t.Errorf("%d statements before %d acknowledgements", n, users*each)
		}
	})

	t.Run("what could not be stored is not acknowledged, and the retry is taken", func(t *testing.T) {
		t.Parallel()
		h := build(t, slackfake.Options{Unlimited: true, Scale: 0.01}, talk)
		g := &guarded{Store: h.memory}
		g.gone.Store(true)
		h.App.Jobs = g
		h.run(h.bot.Run)
		dm := h.fake.DM("U1")
		h.fake.Say("U1", dm, "", "How much does it cost?")
		h.eventually("it is refused", func() bool {
			return slices.ContainsFunc(h.fake.Deliveries(), func(d slackfake.Delivery) bool { return d.Failed != "" })
		})
		g.gone.Store(false)
		h.await(dm, "20 dollars a seat.")
		h.must(h.fake.Settle(t.Context()))
		if got := h.said("U1", ""); !slices.Equal(got, []string{"How much does it cost?"}) {
			t.Errorf("said %q", got)
		}
	})
}

func TestOnce(t *testing.T) {
	t.Run("copies and twins of an event are handled once, also by two nodes at once", func(t *testing.T) {
		t.Parallel()
		h := build(t, slackfake.Options{Unlimited: true}, talk)
		second, app := h.node()
		h.must(second.Use(t.Context(), h.bot.Workspace()))
		both := httptest.NewServer(twice(h.App.Handler(), app.Handler()))
		t.Cleanup(both.Close)
		h.fake.Deliver(both.URL)
		h.fake.Duplicate(2)
		h.run(h.bot.Run)
		h.run(second.Run)
		c := h.fake.Channel("C0OPEN", "open")
		h.fake.Invite(c)
		root := h.fake.Say("U1", c, "", "<@"+h.fake.Bot()+"> How much does it cost?") // comes as a message and as a mention
		h.await(c, "20 dollars a seat.")
		h.fake.Say("U1", c, root, "demo")
		h.await(c, "Which trade?")
		h.must(h.fake.Settle(t.Context()))
		h.idle()
		if got := h.said("U1", root); !slices.Equal(got, []string{"How much does it cost?", "demo"}) {
			t.Errorf("said %q", got)
		}
		if n := strings.Count(h.shown(c), "20 dollars"); n != 1 {
			t.Errorf("answered %d times:\n%s", n, h.shown(c))
		}
	})

	t.Run("a client that sends a message twice has said it once", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		dm := h.fake.DM("U1")
		for _, ts := range []string{"1790000000.000100", "1790000000.000200"} {
			h.fake.Emit(map[string]any{
				"type": "message", "channel": dm, "channel_type": "im", "user": "U1", "ts": ts, "event_ts": ts,
				"text": "How much does it cost?", "client_msg_id": "one",
			})
		}
		h.await(dm, "20 dollars a seat.")
		h.idle()
		if got := h.said("U1", ""); len(got) != 1 {
			t.Errorf("said %q", got)
		}
	})

	t.Run("events that come mixed up are worked on in the order in which they happened", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		dm := h.fake.DM("U1")
		h.fake.OpenHome("U1", "messages")
		h.await(dm, "What brings you here?")
		h.fake.Hold()
		for _, text := range []string{"demo", "books", "250"} {
			h.fake.Say("U1", dm, "", text)
		}
		h.fake.Release(2, 0, 1)
		h.await(dm, "Which address?")
		if got := h.said("U1", ""); !slices.Equal(got, []string{"demo", "books", "250"}) {
			t.Errorf("said %q", got)
		}
	})

	t.Run("a click and a second click on the same question are one answer", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		dm := h.fake.DM("U1")
		h.fake.OpenHome("U1", "messages")
		goal := h.await(dm, "What brings you here?")
		var all sync.WaitGroup
		for _, label := range []string{"Book a demo", "See prices", "Book a demo"} {
			all.Go(func() { h.must(h.fake.Click("U1", goal, label)) })
		}
		all.Wait()
		h.await(dm, "Which trade?")
		h.idle()
		if got := h.said("U1", ""); len(got) != 1 {
			t.Errorf("said %q", got)
		}
	})
}

// twice gives every request to two handlers at once.
func twice(a, b http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := new(strings.Builder)
		if _, err := io.Copy(body, r.Body); err != nil {
			return
		}
		var all sync.WaitGroup
		for _, h := range []http.Handler{a, b} {
			all.Go(func() {
				again := r.Clone(r.Context())
				again.Body = io.NopCloser(strings.NewReader(body.String()))
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, again)
				if rec.Code != http.StatusOK {
					w.WriteHeader(rec.Code)
				}
			})
		}
		all.Wait()
	})
}
