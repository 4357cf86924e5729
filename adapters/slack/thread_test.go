package slack

import (
	"strings"
	"testing"
	"time"
)

func TestSilence(t *testing.T) {
	s := work(t)
	v := s.lead()
	card := v.card("Not claimed yet")
	rep := users(v.state().Assigned.Rep)
	s.click(rep, card, actionJoin)
	s.inThread(card, "This thread is live")
	s.clock.pass(90 * 24 * time.Hour)
	s.inThread(card, "has been silent for long")
	s.fake.Say(rep, "C1", card.TS, "still there?")
	s.click(rep, v.card("has it since"), actionJoin)
	s.eventually("joined again", func() bool { return v.state().Joined != nil })
	s.fake.Say(rep, "C1", card.TS, "Hello again")
	v.heard("Hello again")
	for _, m := range v.all() {
		if m.Text == "still there?" {
			t.Error("words of a thread that was not live went out")
		}
	}
}

func TestLiveThread(t *testing.T) {
	s := work(t)
	v := s.lead()
	card := v.card("Not claimed yet")
	rep := users(v.state().Assigned.Rep)

	t.Run("what was written before Join stays internal, also when its event comes after it", func(t *testing.T) {
		s.fake.Hold()
		s.fake.Say(rep, "C1", card.TS, "I do not trust this one")
		s.click(rep, card, actionJoin)
		s.inThread(card, "This thread is live")
		s.fake.Release(0)
		s.must(s.fake.Settle(t.Context()))
		s.fake.Say(rep, "C1", card.TS, "Good morning")
		v.heard("Good morning")
		for _, m := range v.all() {
			if strings.Contains(m.Text, "trust") {
				t.Errorf("the visitor got %q", m.Text)
			}
		}
	})

	other := s.fake.Say(rep, "C9", "", "about a lead")
	s.must(s.memory.SaveLink(t.Context(), linkThread, "C9 "+other, v.Conversation.ID)) // where its card once was
	s.fake.Say(rep, "C9", other, "who knows them?")

	t.Run("a word is with the other side", func(t *testing.T) {
		for _, word := range []string{"one", "two", "three", "four", "five"} {
			began := time.Now()
			s.fake.Say(rep, "C1", card.TS, word)
			v.heard(word)
			out := time.Since(began)
			v.say("and " + word)
			s.inThread(card, "and "+word)
			t.Logf("to the visitor in %v, to the thread in %v", out, time.Since(began)-out)
		}
	})

	t.Run("another thread of the lead is not live", func(t *testing.T) {
		for _, m := range v.all() {
			if strings.Contains(m.Text, "who knows") {
				t.Errorf("the visitor got %q", m.Text)
			}
		}
	})
}
