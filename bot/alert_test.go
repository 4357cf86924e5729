package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// warned records the alerts that a stage's jobs come to.
type warned struct {
	mu     sync.Mutex
	events []bot.Event
}

func (s *stage) warned() *warned {
	w := &warned{}
	s.Carriers[bot.JobAlert] = func(_ context.Context, j bot.Job) error {
		var e bot.Event
		if err := json.Unmarshal(j.Payload, &e); err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.events = append(w.events, e)
		return nil
	}
	return w
}

func (w *warned) of(event string) []bot.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.events), func(e bot.Event) bool { return e.Event != event })
}

// settle waits until no job is left to do.
func (s *stage) settle() {
	s.t.Helper()
	eventually(s.t, "the jobs are done", func() bool {
		counts, err := s.Store.JobCounts(s.t.Context())
		return err == nil && counts[bot.JobReady]+counts[bot.JobRunning] == 0
	})
}

func TestAlert(t *testing.T) {
	t.Run("who left an address and fell silent without a meeting is told of once", func(t *testing.T) {
		s := newFloor(t)
		w := s.warned()
		s.run()
		a := s.offered()
		s.pass(flows.DefaultExpiry + time.Minute)
		eventually(t, "the alert", func() bool { return len(w.of(bot.AlertNotBooked)) > 0 })
		s.settle()
		all := w.of(bot.AlertNotBooked)
		if len(all) != 1 || all[0].Conversation != a.Conversation.ID || all[0].Rep != s.owner(a) || all[0].Detail == "" {
			t.Errorf("%+v", all)
		}
	})

	t.Run("who is put on the waiting list was not meant to book, unless a rep has them already", func(t *testing.T) {
		for _, meant := range []bool{false, true} {
			s := newStageOn(t, file(t), ends)
			w := s.warned()
			a := s.arrive("")
			s.says(a, "ada@co.example", "yes")
			if meant {
				_, err := s.Claim(t.Context(), a.Conversation.ID, "asha")
				must(t, err)
			}
			s.says(a, "wait")
			if all := w.of(bot.AlertNotBooked); s.state(a).End != flows.Waitlist || (len(all) == 1) != meant {
				t.Errorf("a rep has them: %t, %+v", meant, all)
			}
		}
	})
	t.Run("who booked, or left nothing, is not", func(t *testing.T) {
		s := newFloor(t)
		w := s.warned()
		s.run()
		s.booked()
		s.arrive("")
		s.pass(flows.DefaultExpiry + time.Minute)
		s.settle()
		if all := w.of(bot.AlertNotBooked); len(all) != 0 {
			t.Errorf("%+v", all)
		}
	})

	t.Run("a watched company is told of once a day and visitor, also by its site or a part of its domain", func(t *testing.T) {
		s := newFloor(t)
		w := s.warned()
		s.run()
		a := s.offered() // priya@bigco.example
		must(t, s.See(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Visited{Page: "/pricing"}))
		b := s.arrive("")
		must(t, s.Identify(t.Context(), b.Conversation.ID, b.Visitor.ID, map[string]string{"email": "lena@labs.bigco.example"}))
		c := s.arrive("")
		must(t, s.Identify(t.Context(), c.Conversation.ID, c.Visitor.ID, map[string]string{"email": "lena@notbigco.example"}))
		s.settle()
		if all := w.of(bot.AlertWatched); len(all) != 2 || all[0].Detail != "bigco.example" {
			t.Fatalf("%+v", all)
		}
		s.pass(24 * time.Hour)
		must(t, s.See(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Visited{Page: "/pricing"}))
		s.settle()
		if all := w.of(bot.AlertWatched); len(all) != 3 {
			t.Errorf("the next day: %+v", all)
		}
	})

	t.Run("a meeting that another rep takes over is told of", func(t *testing.T) {
		s := newFloor(t)
		w := s.warned()
		s.run()
		a := s.booked()
		was := s.owner(a)
		next, err := s.Pass(t.Context(), a.Conversation.ID, was, "")
		must(t, err)
		s.settle()
		if all := w.of(bot.AlertMoved); len(all) != 1 || all[0].Detail != was || all[0].Rep != next {
			t.Errorf("%+v", all)
		}
	})

	t.Run("a job given up is told of, once an hour for a target, and an alert given up is not", func(t *testing.T) {
		s := newFloor(t)
		w := s.warned()
		never := func(context.Context, bot.Job) error {
			return &bot.RetryError{Never: true, Err: errors.New("channel_not_found")}
		}
		s.Carriers[bot.JobCard] = never
		s.run()
		s.booked()
		s.settle()
		all := w.of(bot.AlertDead)
		if len(all) != 1 || !strings.Contains(all[0].Detail, "channel_not_found") || all[0].Conversation == "" {
			t.Fatalf("%+v", all)
		}
		s = newFloor(t)
		s.Carriers[bot.JobCard], s.Carriers[bot.JobAlert] = never, never
		s.run()
		s.booked()
		s.settle()
		counts, err := s.Store.JobCounts(t.Context())
		must(t, err)
		if counts[bot.JobDead] == 0 || counts[bot.JobDead] > 8 {
			t.Errorf("jobs: %v", counts)
		}
	})
}

func TestAway(t *testing.T) {
	s := newFloor(t)
	ctx := t.Context()
	must(t, s.SetAway(ctx, "asha", s.now().Add(2*time.Hour)))
	must(t, s.SetAway(ctx, "ben", s.now().Add(2*time.Hour)))
	if until, err := s.AwayUntil(ctx, "asha"); err != nil || !until.Equal(s.now().Add(2*time.Hour)) {
		t.Errorf("%s, %v", until, err)
	}
	for range 3 {
		if rep := s.owner(s.offered()); rep != "cora" {
			t.Errorf("%s has it", rep)
		}
	}
	must(t, s.Back(ctx, "asha"))
	if until, err := s.AwayUntil(ctx, "asha"); err != nil || !until.IsZero() {
		t.Errorf("%s, %v", until, err)
	}
	if first, second := s.owner(s.offered()), s.owner(s.offered()); first == second || first == "ben" || second == "ben" {
		t.Errorf("who is back is level with who was here: %s and %s have the next two", first, second)
	}
	s.pass(3 * time.Hour)
	if until, err := s.AwayUntil(ctx, "ben"); err != nil || !until.IsZero() {
		t.Errorf("%s, %v", until, err)
	}
	if err := s.SetAway(ctx, "mallory", s.now().Add(time.Hour)); !errors.Is(err, bot.ErrNoRep) {
		t.Error(err)
	}
	if err := s.SetAway(ctx, "asha", s.now()); err == nil {
		t.Error("away until now")
	}
}

func TestReply(t *testing.T) {
	s := newStageOn(t, file(t), fstest.MapFS{"talk.yaml": {Data: []byte(`
flow: talk
languages: [en, de]
steps:
  - { id: done, end: qualified, say: { en: Hello, de: Hallo } }
`)}, "team.yaml": floor["team.yaml"], "replies.yaml": {Data: []byte("price: { en: 20 dollars, de: 20 Dollar }\n")}})
	if text, ok := s.Reply("price"); !ok || text != "20 dollars" {
		t.Errorf("%q, %v", text, ok)
	}
	if text, ok := s.ReplyIn("price", "de-AT"); !ok || text != "20 Dollar" {
		t.Errorf("%q, %v", text, ok)
	}
	if text, ok := s.Reply("prise"); ok || text != "" {
		t.Errorf("%q, %v", text, ok)
	}
}
