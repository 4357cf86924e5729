package slack

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"usher/adapters/slack/slackfake"
	"usher/bot"
)

var quiet = slog.New(slog.DiscardHandler)

// box keeps jobs in memory.
type box struct {
	mu   sync.Mutex
	jobs []bot.Job
}

func (b *box) Enqueue(_ context.Context, jobs ...bot.Job) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.jobs = append(b.jobs, jobs...)
	return nil
}

// ids are the events that were stored.
func (b *box) ids() map[string]bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string]bool{}
	for _, j := range b.jobs {
		out[j.ID] = true
	}
	return out
}

// plug is an app on Socket Mode that keeps what comes.
func plug(t *testing.T, o slackfake.Options) (*slackfake.Fake, *App, *box) {
	t.Helper()
	o.Socket = true
	fake := slackfake.New(o)
	t.Cleanup(fake.Close)
	kept := &box{}
	a := &App{Jobs: kept, Token: fake.BotToken(), AppToken: fake.AppToken(), APIURL: fake.URL(), TeamID: fake.TeamID(), AppID: fake.AppID(), Log: quiet}
	return fake, a, kept
}

// connect runs the app's sockets until the test ends.
func connect(t *testing.T, a *App) (stop func()) {
	t.Helper()
	h := &house{t: t, log: &logBook{}}
	return h.run(a.RunSocket)
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	(&house{t: t, log: &logBook{}}).eventually(what, is)
}

func TestSocketMode(t *testing.T) {
	t.Run("of a thousand events none is lost while sockets are warned, refreshed and cut", func(t *testing.T) {
		t.Parallel()
		fake, a, kept := plug(t, slackfake.Options{Unlimited: true, Scale: 0.02, Within: 2 * time.Second})
		connect(t, a)
		until(t, "a socket", func() bool { return fake.Connections() > 0 })
		const users, each = 20, 50
		var all sync.WaitGroup
		for u := range users {
			id := fake.User(slackfake.User{ID: fmt.Sprint("U", u), RealName: fmt.Sprint("User ", u)})
			dm := fake.DM(id)
			all.Go(func() {
				for n := range each {
					fake.Say(id, dm, "", fmt.Sprint("word ", n))
					time.Sleep(5 * time.Millisecond) // the pace of the people
				}
			})
		}
		churn, end := context.WithCancel(t.Context())
		var churning sync.WaitGroup
		churning.Go(func() {
			for n := 0; churn.Err() == nil; n++ {
				pause(churn, 60*time.Millisecond)
				switch n % 4 {
				case 0, 2:
					fake.Disconnect("warning")
				case 1:
					fake.Disconnect("refresh_requested")
				case 3:
					fake.Cut()
				}
			}
		})
		all.Wait()
		end()
		churning.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if err := fake.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		if n := len(kept.ids()); n != users*each {
			t.Errorf("%d of %d events were stored", n, users*each)
		}
	})

	t.Run("the next socket is open before a warned one closes", func(t *testing.T) {
		t.Parallel()
		fake, a, _ := plug(t, slackfake.Options{Scale: 0.5}) // the warned one has five seconds left
		connect(t, a)
		until(t, "a socket", func() bool { return fake.Connections() == 1 })
		fake.Disconnect("warning")
		until(t, "two sockets", func() bool { return fake.Connections() == 2 })
		until(t, "the old one has gone", func() bool { return fake.Connections() == 1 })
	})

	t.Run("a half-open socket is noticed and replaced", func(t *testing.T) {
		t.Parallel()
		fake, a, kept := plug(t, slackfake.Options{Scale: 0.05})
		a.silence = 2 * time.Second
		if silence >= 30*time.Second {
			t.Errorf("by default after %v", silence)
		}
		connect(t, a)
		until(t, "a socket", func() bool { return fake.Connections() == 1 })
		fake.Freeze()
		id := fake.User(slackfake.User{ID: "U1", RealName: "User"})
		fake.Say(id, fake.DM(id), "", "hello")
		until(t, "the event came over another socket", func() bool { return len(kept.ids()) == 1 })
	})

	t.Run("an app that cannot connect is an alarm, which ends when it can", func(t *testing.T) {
		t.Parallel()
		fake, a, _ := plug(t, slackfake.Options{})
		fake.Break("apps.connections.open", 1, slackfake.Fail("invalid_auth"))
		connect(t, a)
		until(t, "an alarm", func() bool { return len(a.Problems()) == 1 })
		until(t, "it ends", func() bool { return len(a.Problems()) == 0 })
	})

	t.Run("what cannot be stored is not acknowledged, and comes again", func(t *testing.T) {
		t.Parallel()
		fake, a, kept := plug(t, slackfake.Options{Scale: 0.01})
		fails := &failing{Jobs: kept, left: 2}
		a.Jobs = fails
		connect(t, a)
		until(t, "a socket", func() bool { return fake.Connections() == 1 })
		id := fake.User(slackfake.User{ID: "U1", RealName: "User"})
		fake.Say(id, fake.DM(id), "", "hello")
		until(t, "it is stored", func() bool { return len(kept.ids()) == 1 })
	})

	t.Run("clicks and commands come over the socket too, and all ends with the context", func(t *testing.T) {
		t.Parallel()
		h := build(t, slackfake.Options{Unlimited: true, Socket: true}, talk)
		h.run(h.bot.Run)
		stop := h.run(h.RunSocket)
		dm := h.fake.DM("U1")
		h.eventually("a socket", func() bool { return h.fake.Connections() == 1 })
		h.fake.OpenHome("U1", "messages")
		goal := h.await(dm, "What brings you here?")
		h.must(h.fake.Click("U1", goal, "Book a demo"))
		h.await(dm, "Which trade?")
		stop()
		h.eventually("no socket is left", func() bool { return h.fake.Connections() == 0 })
	})
}

// failing refuses some jobs first.
type failing struct {
	Jobs
	mu   sync.Mutex
	left int
}

func (f *failing) Enqueue(ctx context.Context, jobs ...bot.Job) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left > 0 {
		f.left--
		return errGone
	}
	return f.Jobs.Enqueue(ctx, jobs...)
}
