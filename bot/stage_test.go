package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// ends is a workspace whose one question decides how the conversation ends.
var ends = fstest.MapFS{
	"talk.yaml": {Data: []byte(`
flow: talk
title: Talk
languages: [en]
fields:
  how: { type: choice, options: { good: Good, warm: Warm, cold: Cold, wait: Wait, never: Never } }
  ok: { type: consent, wording: You may write to me. }
steps:
  - id: mail
    ask: email
    say: Which address?
  - id: consent
    ask: ok
  - id: how
    ask: how
    say: How is it?
    next:
      - { if: how == "good", to: good }
      - { if: how == "wait", to: wait }
      - { if: how == "never", to: never }
      - { to: nurture }
  - { id: good, end: qualified, say: Good. }
  - { id: wait, end: waitlist, revisit: 10d, say: Wait. }
  - { id: never, end: disqualified, reason: a student, say: No. }
  - { id: nurture, end: nurture, say: Bye. }
score:
  - { if: how == "warm", points: 30, because: warm }
  - { if: visited("/pricing*"), points: 20, because: read the price page, halves: 10d }
grades: { warm: 30, cold: 0 }
`)},
	"team.yaml": workspace["team.yaml"],
}

func TestStagesGoAsTheConversationsDo(t *testing.T) {
	s, nth := newStageOn(t, file(t), ends), 0
	s.folding()
	for name, c := range map[string]struct {
		talks []string // how each of the person's conversations ends
		byHow string   // set by hand before the last of them
		want  []string
	}{
		"a good end makes a lead, whatever the grade":           {[]string{"good"}, "", []string{"mql"}},
		"a grade that is not the lowest makes a lead":           {[]string{"warm"}, "", []string{"mql"}},
		"the lowest grade is nurtured":                          {[]string{"cold"}, "", []string{"nurture"}},
		"who was nurtured becomes a lead":                       {[]string{"cold", "good"}, "", []string{"nurture", "mql"}},
		"a lead who is cold the next time stays one":            {[]string{"warm", "cold"}, "", []string{"mql"}},
		"the author's no says why":                              {[]string{"never"}, "", []string{"disqualified"}},
		"somebody disqualified needs more than a grade":         {[]string{"never", "warm"}, "", []string{"disqualified"}},
		"an end that says so takes back that they were refused": {[]string{"never", "good"}, "", []string{"disqualified", "mql"}},
		"a lead may wait":                                       {[]string{"warm", "wait"}, "", []string{"mql", "waitlist"}},
		"who waits and comes back warm waits no more":           {[]string{"wait", "warm"}, "", []string{"waitlist", "mql"}},
		"a customer stays one":                                  {[]string{"good", "never"}, bot.StageWon, []string{"mql", "won"}},
		"who is lost stays so":                                  {[]string{"good", "warm"}, bot.StageLost, []string{"mql", "lost"}},
		"by hand it goes back too, and then on by news alone":   {[]string{"warm", "cold"}, bot.StageVisitor, []string{"mql", "visitor", "nurture"}},
	} {
		t.Run(name, func(t *testing.T) {
			s.t, nth = t, nth+1
			address := fmt.Sprintf("ada%d@co.example", nth)
			for i, how := range c.talks {
				if i == len(c.talks)-1 && c.byHow != "" {
					must(t, s.SetStage(t.Context(), s.known(address).ID, c.byHow, "so be it", "asha"))
				}
				s.says(s.arrive(""), address, "yes", how)
			}
			p := s.known(address)
			var got []string
			for _, line := range s.trail(p, bot.ChangedStage) {
				_, to, _ := strings.Cut(line, "→")
				got = append(got, strings.Fields(to)[0])
			}
			if !slices.Equal(got, c.want) || p.Stage != c.want[len(c.want)-1] {
				t.Errorf("%s by way of %q", p.Stage, got)
			}
			if p.Stage == bot.StageDisqualified && p.Reason != "a student" {
				t.Errorf("disqualified because %q", p.Reason)
			}
			if len(p.Consents) != len(c.talks) || p.Consents[0].Wording != "You may write to me." || !p.Consents[0].Given || p.Consents[0].Language != "en" {
				t.Errorf("%+v", p.Consents)
			}
		})
	}
}

func TestWaitingEndsWhereItBegan(t *testing.T) {
	s := newStageOn(t, file(t), ends)
	s.folding()
	s.says(s.arrive(""), "ada@co.example", "yes", "warm")
	s.says(s.arrive(""), "ada@co.example", "yes", "wait")
	if p := s.known("ada@co.example"); p.Stage != bot.StageWaitlist || !p.Revisit.Equal(s.now().Add(10*24*time.Hour)) {
		t.Fatalf("%s until %s", p.Stage, p.Revisit)
	}
	s.pass(10*24*time.Hour - time.Minute)
	if s.work(); s.known("ada@co.example").Stage != bot.StageWaitlist {
		t.Error("it is over too soon")
	}
	s.pass(time.Minute)
	if s.work(); s.known("ada@co.example").Stage != bot.StageMQL {
		t.Errorf("%s after waiting", s.known("ada@co.example").Stage)
	}
}

func TestAScoreFadesUntilSomethingNewIsLearnt(t *testing.T) {
	s := newStageOn(t, file(t), ends)
	s.folding()
	a, err := s.Arrive(t.Context(), bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/pricing", Language: "en", Timezone: "UTC"}})
	must(t, err)
	s.says(a, "ada@co.example", "yes")
	v, err := s.View(t.Context(), "ada@co.example")
	must(t, err)
	if v.Score < 19.9 || v.Grade != "cold" || len(v.Standing.Reasons) != 1 || len(v.Pages) != 1 || len(v.Conversations) != 1 {
		t.Errorf("%+v", v)
	}
	s.pass(10*24*time.Hour - 2*time.Minute)
	card, err := s.Card(t.Context(), a.Conversation.ID)
	must(t, err)
	if v, err = s.View(t.Context(), "ada@co.example"); err != nil || v.Score != 10 || card.Score != 10 || card.Stage != bot.StageVisitor {
		t.Errorf("%g, %g on the card, %s, %v", v.Score, card.Score, card.Stage, err)
	}
	must(t, s.See(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Visited{Page: "/pricing"}))
	s.work()
	if v, err = s.View(t.Context(), "ada@co.example"); err != nil || v.Score != 20 {
		t.Errorf("%g after another look, %v", v.Score, err)
	}
}

func TestConversationsOfOldAreAddedToTheirPersons(t *testing.T) {
	s := newStageOn(t, file(t), ends)
	for i := range 3 { // nobody folds: as before there were persons
		a := s.arrive("")
		for _, words := range []string{"ada@co.example", "yes", "cold"} {
			s.pass(time.Minute)
			must(t, s.Say(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(i, words), Text: words}))
		}
	}
	then := s.now()
	s.pass(100 * 24 * time.Hour)
	s.folding()
	s.run()
	eventually(t, "all are folded", func() bool {
		left, err := s.Store.Unfolded(t.Context(), "", 10)
		return err == nil && len(left) == 0
	})
	p := s.known("ada@co.example")
	of, err := s.Store.ConversationsOf(t.Context(), p.ID)
	must(t, err)
	if len(of) != 3 || p.Stage != bot.StageNurture || p.UpdatedAt.After(then) || p.CreatedAt.After(then) {
		t.Errorf("%d conversations, %+v", len(of), p)
	}
}

func TestACommandLeavesToTheServerWhatItCannotCarryOut(t *testing.T) {
	s := newStageOn(t, file(t), pair)
	hooks := s.folding()
	a := s.arrive("")
	s.says(a, "250", "priya@bigco.example")
	p := s.known("priya@bigco.example")
	*hooks = nil
	command := &bot.Bot{Store: s.Store, Now: s.now, Log: s.Log}
	must(t, command.Use(t.Context(), s.Workspace()))
	must(t, command.SetStage(t.Context(), p.ID, bot.StageWon, "signed", "ann@desk"))
	must(t, command.SetOwner(t.Context(), p.ID, "ben", "his region", "ann@desk"))
	if p = s.known("priya@bigco.example"); p.Stage != bot.StageWon || p.Owner != "asha" {
		t.Fatalf("%s of %s before the server works", p.Stage, p.Owner)
	}
	s.work()
	s.work()
	if p = s.known("priya@bigco.example"); p.Owner != "ben" || p.Handing.Rep != "" {
		t.Errorf("%+v", p)
	}
	var told []string
	for _, e := range *hooks {
		told = append(told, e.Event)
	}
	if !slices.Equal(told, []string{bot.HookStage, bot.HookOwner}) {
		t.Errorf("%q", told)
	}
}
