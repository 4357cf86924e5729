package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
)

func TestWake(t *testing.T) {
	t.Run("conversations that can never be woken do not stand ahead of the others", func(t *testing.T) {
		s := newStage(t)
		for i := range 70 {
			state := dialogue.Conversation{Flow: "gone", Revision: s.Workspace().Revision, WakeAt: s.now()}
			must(t, s.Store.Commit(t.Context(), &bot.Turn{Conversation: bot.Conversation{ID: fmt.Sprint("stuck", i), State: state}, Now: s.now()}))
		}
		a := s.arrive("")
		s.say(a, "120")
		s.pass(100 * 24 * time.Hour)
		s.run()
		eventually(t, "the conversation lapses", func() bool { return s.state(a).End == dialogue.Expired })
		due, err := s.Store.Due(t.Context(), s.now().Add(time.Hour), 100)
		if err != nil || len(due) != 70 {
			t.Errorf("%d are tried again, %v", len(due), err)
		}
	})
	t.Run("who spoke since the look is not woken", func(t *testing.T) {
		s := newStage(t)
		a := s.arrive("")
		late := &looks{Store: s.Store, id: a.Conversation.ID}
		s.Store = late
		before := s.state(a)
		s.run()
		eventually(t, "a second look", func() bool { return late.n.Load() > 1 })
		if c := s.state(a); c.End != "" || c.Turns != before.Turns {
			t.Errorf("%+v", c)
		}
	})
}

// looks is a store whose looks are late: it calls a conversation due whose time has not come.
type looks struct {
	bot.Store
	id string
	n  atomic.Int64
}

func (l *looks) Due(context.Context, time.Time, int) ([]string, error) {
	l.n.Add(1)
	return []string{l.id}, nil
}

func TestRefresh(t *testing.T) {
	t.Run("a calendar that hangs keeps one visitor waiting for two seconds, and nobody for the next minute", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			b := &bot.Bot{Refresh: func(ctx context.Context, rep string) error {
				calls++
				<-ctx.Done()
				return ctx.Err()
			}}
			began := time.Now()
			for range 3 {
				if b.Reread(t.Context(), "asha") {
					t.Error("it was read")
				}
			}
			if waited := time.Since(began); waited != 2*time.Second || calls != 1 {
				t.Errorf("%v, %d calls", waited, calls)
			}
			time.Sleep(time.Minute)
			if b.Refresh = func(context.Context, string) error { return nil }; !b.Reread(t.Context(), "asha") {
				t.Error("it is not tried again")
			}
			if b.Refresh = func(context.Context, string) error { return errors.New("no route") }; b.Reread(t.Context(), "asha") {
				t.Error("a failure is a success")
			}
		})
	})
	t.Run("a calendar that was read since it failed is asked again at once", func(t *testing.T) {
		s := newStageOn(t, file(t), fstest.MapFS{"talk.yaml": workspace["talk.yaml"], "team.yaml": {Data: []byte(strings.NewReplacer(
			"hours: all }", "hours: all, calendar: https://feed.example/asha.ics }", "every: 30m }", "every: 30m, stale: 1m }",
		).Replace(string(workspace["team.yaml"].Data)))}})
		read := func(at time.Time) {
			must(t, s.Store.SaveBusy(t.Context(), bot.Busy{Rep: "asha", ReadAt: at, Until: s.now().AddDate(0, 1, 0)}))
		}
		asked := 0
		s.Refresh = func(context.Context, string) error { asked++; return errors.New("no route") }
		visit := func() {
			a := s.arrive("")
			s.say(a, "250")
			s.say(a, fmt.Sprint("p", s.now().UnixNano(), "@bigco.example"))
		}
		read(s.now().Add(-10 * time.Minute))
		visit()
		visit()
		if asked != 1 {
			t.Fatalf("asked %d times while it is known to fail", asked)
		}
		read(s.now().Add(-5 * time.Minute))
		visit()
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}
