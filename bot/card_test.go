package bot_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

func TestCard(t *testing.T) {
	t.Run("it shows the lead, the answers, the score and why this rep, and then the meeting", func(t *testing.T) {
		s := newFloor(t)
		a := s.offered()
		rep := s.owner(a)
		card, err := s.Card(t.Context(), a.Conversation.ID)
		must(t, err)
		if card.Lead.Email != "priya@bigco.example" || card.Grade != "hot" || card.Score != 60 || len(card.Reasons) != 1 || card.Stage != bot.StageOpen {
			t.Errorf("%+v", card)
		}
		if want := (bot.CardAnswer{Field: "seats", Label: "Seats", Shown: "250"}); len(card.Answers) != 2 || card.Answers[0] != want {
			t.Errorf("answers: %+v", card.Answers)
		}
		if card.Owner.ID != rep || card.Owner.Name == rep || card.Because == "" || card.Team != "sales" {
			t.Errorf("owner: %+v of %s: %s", card.Owner, card.Team, card.Because)
		}
		if card.Meeting != nil || card.WhyNoMeeting == "" || len(card.Pages) != 1 {
			t.Errorf("%+v, %q, %+v", card.Meeting, card.WhyNoMeeting, card.Pages)
		}
		_, err = s.Claim(t.Context(), a.Conversation.ID, rep)
		must(t, err)
		must(t, s.Join(t.Context(), a.Conversation.ID, dialogue.Person{Rep: rep}))
		card, err = s.Card(t.Context(), a.Conversation.ID)
		must(t, err)
		if card.Claimed != rep || !card.ClaimedAt.Equal(s.now()) || card.Joined != rep {
			t.Errorf("%+v", card)
		}
	})

	t.Run("a booked one has the meeting and no excuse", func(t *testing.T) {
		s := newFloor(t)
		card, err := s.Card(t.Context(), s.booked().Conversation.ID)
		must(t, err)
		if card.Meeting == nil || card.Meeting.Rep != card.Owner.ID || card.WhyNoMeeting != "" || card.Stage != bot.StageBooked {
			t.Errorf("%+v", card)
		}
	})

	t.Run("who came by a campaign without a source came from it", func(t *testing.T) {
		s := newFloor(t)
		in, err := s.Arrive(t.Context(), bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/", UTM: map[string]string{"campaign": "fall"}}})
		must(t, err)
		card, err := s.Card(t.Context(), in.Conversation.ID)
		must(t, err)
		if card.Source != "fall" {
			t.Errorf("%q", card.Source)
		}
	})

	t.Run("of no conversation there is none", func(t *testing.T) {
		if _, err := newFloor(t).Card(t.Context(), "nothing"); !errors.Is(err, bot.ErrNotFound) {
			t.Error(err)
		}
	})
}

func TestFindLead(t *testing.T) {
	s := newFloor(t)
	a := s.offered()
	for _, words := range []string{a.Conversation.ID, " Priya@BigCo.example "} {
		if id, err := s.FindLead(t.Context(), words); err != nil || id != a.Conversation.ID {
			t.Errorf("%q is %q, %v", words, id, err)
		}
	}
	for _, words := range []string{"", "  ", "nobody"} {
		if _, err := s.FindLead(t.Context(), words); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%q: %v", words, err)
		}
	}
	leads, err := s.LeadsOf(t.Context(), s.owner(a), 5)
	must(t, err)
	if len(leads) != 1 || leads[0].Conversation != a.Conversation.ID {
		t.Errorf("%+v", leads)
	}
}

func TestJoin(t *testing.T) {
	t.Run("the first has the visitor, with name and picture, and the second hears who", func(t *testing.T) {
		s := newFloor(t)
		a := s.offered()
		id := a.Conversation.ID
		must(t, s.Join(t.Context(), id, dialogue.Person{Rep: "ben"}))
		must(t, s.Join(t.Context(), id, dialogue.Person{Rep: "ben"}))
		var in *dialogue.JoinedError
		if err := s.Join(t.Context(), id, dialogue.Person{Rep: "asha"}); !errors.As(err, &in) || in.Person.Name != "Ben Ode" {
			t.Errorf("the second: %v", err)
		}
		for range 2 { // a retry is the same words
			must(t, s.Speak(t.Context(), id, dialogue.Spoke{ID: "m1", Text: "Hello, Ben here", Rep: "ben"}))
		}
		all := s.transcript(a)
		want := bot.Message{
			Seq: all[len(all)-1].Seq, ID: "m1", From: bot.FromRep, Name: "Ben Ode", Picture: "https://acme.example/ben.png",
			Text: "Hello, Ben here", At: s.now(),
		}
		if !reflect.DeepEqual(all[len(all)-1], want) {
			t.Errorf("%+v", all[len(all)-1])
		}
		if err := s.Speak(t.Context(), id, dialogue.Spoke{ID: "m2", Text: "me too", Rep: "asha"}); !errors.As(err, &in) {
			t.Errorf("asha spoke: %v", err)
		}
		must(t, s.Leave(t.Context(), id, "ben"))
		s.replayed(a)
	})

	t.Run("words of who has not joined are refused", func(t *testing.T) {
		s := newFloor(t)
		a := s.offered()
		before := len(s.transcript(a))
		if err := s.Speak(t.Context(), a.Conversation.ID, dialogue.Spoke{ID: "m1", Text: "hello"}); !errors.Is(err, dialogue.ErrNotJoined) {
			t.Error(err)
		}
		if n := len(s.transcript(a)); n != before {
			t.Error("the visitor saw it")
		}
	})
}

func TestSnooze(t *testing.T) {
	s := newFloor(t)
	a := s.offered()
	id, rep := a.Conversation.ID, s.owner(a)
	until := s.now().Add(time.Hour)
	must(t, s.Snooze(t.Context(), id, rep, until))
	if card, err := s.Card(t.Context(), id); err != nil || !card.SnoozedUntil.Equal(until) {
		t.Errorf("%s, %v", card.SnoozedUntil, err)
	}
	if err := s.Snooze(t.Context(), id, s.other(rep), until); !errors.Is(err, bot.ErrNotYours) {
		t.Error(err)
	}
	if err := s.Snooze(t.Context(), id, rep, s.now()); err == nil {
		t.Error("snoozed until now")
	}
}
