package bot_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// hooked records what other systems are told of.
type hooked struct {
	mu     sync.Mutex
	events []bot.Event
	keys   []string
}

func (s *stage) hooked() *hooked {
	h := &hooked{}
	s.Carriers[bot.JobHook] = func(_ context.Context, j bot.Job) error {
		var e bot.Event
		if err := json.Unmarshal(j.Payload, &e); err != nil {
			return err
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.events, h.keys = append(h.events, e), append(h.keys, j.Key)
		return nil
	}
	return h
}

// told are the events' names, in the order they were carried.
func (h *hooked) told() (names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		names = append(names, e.Event)
	}
	return names
}

// last is the last one of that name.
func (h *hooked) last(t *testing.T, event string) bot.Event {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range slices.Backward(h.events) {
		if e.Event == event {
			return e
		}
	}
	t.Fatalf("no %s", event)
	return bot.Event{}
}

func (h *hooked) holds(t *testing.T, want ...string) {
	t.Helper()
	if got := h.told(); !slices.Equal(got, want) {
		t.Errorf("told of %s, not of %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

func TestHook(t *testing.T) {
	t.Run("what nobody hears makes no jobs", func(t *testing.T) {
		s := newFloor(t)
		h := s.hooked()
		s.Hears = func(event string) bool { return event == bot.HookMeetingCancelled }
		s.run()
		a := s.booked()
		must(t, s.Cancel(t.Context(), s.meeting(a).UID, "no budget"))
		eventually(t, "a cancelled meeting, with nothing before it in its queue", func() bool { return len(h.told()) > 0 })
		h.holds(t, bot.HookMeetingCancelled)
	})
	t.Run("a meeting is told of when it is booked, moved to another rep and cancelled, with who and why", func(t *testing.T) {
		s := newFloor(t)
		h := s.hooked()
		s.run()
		a := s.booked()
		was := s.owner(a)
		booked := s.meeting(a)
		next, err := s.Pass(t.Context(), a.Conversation.ID, was, "on leave")
		must(t, err)
		must(t, s.Cancel(t.Context(), booked.UID, "no budget"))
		eventually(t, "the jobs of now are done", func() bool { return len(h.told()) == 3 })
		h.holds(t, bot.HookMeetingBooked, bot.HookMeetingMoved, bot.HookMeetingCancelled)
		moved, gone := h.last(t, bot.HookMeetingMoved), h.last(t, bot.HookMeetingCancelled)
		if *moved.Changed != (bot.Changed{What: bot.HookedRep, From: was, To: next, By: was}) || moved.Meeting != booked.UID || moved.Rep != next {
			t.Errorf("%+v %+v", moved, moved.Changed)
		}
		if gone.Detail != "no budget" || gone.Changed.To != bot.Cancelled || gone.At.IsZero() {
			t.Errorf("%+v %+v", gone, gone.Changed)
		}
		if h.keys[0] != bot.JobPerson+" "+a.Conversation.ID {
			t.Errorf("key %q: it would not wait until the person is known", h.keys[0])
		}
	})

	t.Run("a meeting at another time is told of with both", func(t *testing.T) {
		s := newFloor(t)
		h := s.hooked()
		s.run()
		m := s.meeting(s.booked())
		times, err := s.Times(t.Context(), m.UID, 1)
		must(t, err)
		must(t, s.RescheduleByRep(t.Context(), m.UID, times[0]))
		eventually(t, "the move", func() bool { return len(h.told()) == 2 })
		moved := h.last(t, bot.HookMeetingMoved)
		want := bot.Changed{What: bot.HookedTime, From: m.Start.Format(time.RFC3339), To: times[0].Start.UTC().Format(time.RFC3339), By: m.Rep}
		if *moved.Changed != want {
			t.Errorf("%+v", moved.Changed)
		}
	})

	t.Run("a meeting that is over is told of as held, once its rep had the time to say otherwise", func(t *testing.T) {
		s := newFloor(t)
		h := s.hooked()
		s.run()
		m := s.meeting(s.booked())
		s.pass(m.End.Sub(s.now()) + bot.HeldAfter + time.Second)
		eventually(t, "the meeting is held", func() bool { return slices.Contains(h.told(), bot.HookMeetingHeld) })
		if e := h.last(t, bot.HookMeetingHeld); e.Meeting != m.UID || !e.At.Equal(m.End) {
			t.Errorf("%+v", e)
		}
	})

	t.Run("a no-show is told of", func(t *testing.T) {
		s := newFloor(t)
		h := s.hooked()
		s.run()
		m := s.meeting(s.booked())
		s.pass(m.Start.Sub(s.now()) + time.Minute)
		must(t, s.NoShow(t.Context(), m.UID))
		eventually(t, "the no-show", func() bool { return slices.Contains(h.told(), bot.HookMeetingNoShow) })
	})

	t.Run("a person who is asked for is told of, and that they joined or that nobody came", func(t *testing.T) {
		s := newFloor(t)
		h := s.hooked()
		s.run()
		a, b := s.arrive(""), s.arrive("")
		for _, v := range []bot.Arrived{a, b} {
			s.say(v, "can I talk to a person?")
		}
		must(t, s.Join(t.Context(), a.Conversation.ID, dialogue.Person{Rep: "asha", Name: "Asha"}))
		s.pass(flows.DefaultExpiry)
		eventually(t, "nobody came", func() bool { return slices.Contains(h.told(), bot.HookHandoffMissed) })
		if e := h.last(t, bot.HookHandoffJoined); e.Rep != "asha" || e.Conversation != a.Conversation.ID {
			t.Errorf("%+v", e)
		}
		if e := h.last(t, bot.HookHandoffMissed); e.Conversation != b.Conversation.ID {
			t.Errorf("%+v", e)
		}
	})
}
