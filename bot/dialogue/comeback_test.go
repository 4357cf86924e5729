package dialogue_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// unready is a flow whose ends are those of somebody who is not ready yet.
var unready = map[string]string{"team.yaml": acme["team.yaml"], "faq.yaml": acme["faq.yaml"], "talk.yaml": `
flow: talk
title: Talk
fields:
  goal:   { type: choice, options: { demo: A demo, help: Help } }
  when:   { type: choice, options: { now: Now, later: Later } }
  seats:  { type: number }
  budget: { type: money, currency: USD }
  agreed: { type: consent, wording: You may write. }
steps:
  - { id: goal, ask: goal, say: What for?, next: [{ if: goal == "help", to: person }, { to: seats }] }
  - { id: seats, ask: seats, say: How many? }
  - { id: when, ask: when, say: When? }
  - { id: money, ask: budget, optional: true, say: What budget? }
  - { id: fit, next: [{ if: when == "later" and seats < 20, to: later }, { if: budget < 100, to: later }, { to: mail }] }
  - { id: mail, ask: email, say: Which address? }
  - { id: agreed, ask: agreed, say: Is that fine? }
  - { id: decide, next: [{ if: part.need >= 10, to: done }, { to: bye }] }
  - { id: done, end: qualified, say: Done. }
  - { id: later, end: waitlist, revisit: 90d, say: I will write. }
  - { id: bye, end: nurture, say: Come back. }
  - { id: person, handoff: { team: support, wait: 2m }, say: One moment., next: [{ if: joined, to: done }, { to: where }] }
  - { id: where, ask: email, say: Where to write?, next: bye }
score:
  - { if: seats >= 200, points: 20, because: many, part: need }
  - { if: email endsWith ".edu", points: -5, because: student, part: need }
  - { if: budget >= 5000, points: 10, because: budget, part: budget }
grades: { warm: 10, cold: -10 }
`}

func talk(t *testing.T, words ...string) *chat {
	t.Helper()
	c := begin(t, load(t, unready, "talk"), dialogue.Started{})
	for _, w := range words {
		c.say(w)
	}
	return c
}

func (c *chat) back() *chat {
	c.t.Helper()
	return c.wait(30 * 24 * time.Hour).input(dialogue.Returned{Page: "/letter"})
}

func TestALetterLeadsToTheQuestionThatLedToTheEnd(t *testing.T) {
	for name, c := range map[string]struct {
		words  []string
		end    string
		asks   string
		answer string
		then   string
	}{
		"the last branch's":                                     {[]string{"demo", "3", "later", "500"}, flows.Waitlist, "when", "now", "mail"},
		"of several looked at on the way, the latest":           {[]string{"demo", "3", "now", "50"}, flows.Waitlist, "budget", "900", "mail"},
		"one that was skipped":                                  {[]string{"demo", "3", "later", "skip"}, flows.Waitlist, "when", "now", "money"},
		"one that only the score looks at, and no address":      {[]string{"demo", "50", "now", "900", "a@b.edu", "yes"}, flows.Nurture, "seats", "250", "done"},
		"one further up where the last branch looks at nothing": {[]string{"help", "skip", "a@b.example"}, flows.Nurture, "goal", "demo", "seats"},
	} {
		t.Run(name, func(t *testing.T) {
			chat := talk(t, c.words...)
			if chat.c.End != c.end {
				t.Fatalf("ended %q in %q", chat.c.End, chat.c.State)
			}
			before := chat.c.Answers
			chat.back().asks(c.asks).hears("Good to see you again")
			if chat.c.End != c.end || !chat.c.WakeAt.IsZero() || len(chat.c.Answers) != len(before) {
				t.Fatalf("who only looks changed it: %+v", chat.c)
			}
			chat.say(c.answer).at(c.then)
			if e := chat.c.End; e != "" && e != flows.Qualified {
				t.Fatalf("still ended: %q", e)
			}
		})
	}
}

func TestALetterOfAFlowThatBranchesNowhereLeadsToItsLastQuestion(t *testing.T) {
	steps := `{ id: mail, ask: email, say: Which address? }, { id: bye, end: nurture, say: Bye. }]`
	for asks, steps := range map[string]string{
		"note":  `[{ id: note, ask: note, say: What for? }, ` + steps,
		"email": `[` + steps,
	} {
		m := load(t, map[string]string{"talk.yaml": "flow: talk\ntitle: Talk\nfields: { note: { type: text } }\nsteps: " + steps}, "talk")
		c := begin(t, m, dialogue.Started{})
		for _, w := range []string{"a demo", "a@b.example"}[2-strings.Count(steps, "ask:"):] {
			c.say(w)
		}
		c.back().asks(asks)
	}
}

func TestWhoComesBackByALetter(t *testing.T) {
	waits := []string{"demo", "3", "later", "500"}
	t.Run("is not greeted again as long as the question is open", func(t *testing.T) {
		c := talk(t, waits...).back()
		if said := c.back().words(); said != "" || c.c.Trail == nil {
			t.Fatalf("said %q, trail %v", said, c.c.Trail)
		}
	})
	t.Run("is asked again after something that is no answer", func(t *testing.T) {
		c := talk(t, waits...).back().say("how much does it cost?").hears("20 dollars").asks("when")
		if c.c.End != "" || c.c.WakeAt.IsZero() {
			t.Fatalf("end %q, wake at %v", c.c.End, c.c.WakeAt)
		}
	})
	t.Run("may go back, start over and stop", func(t *testing.T) {
		talk(t, waits...).back().say("back").at("seats").asks("seats")
		talk(t, waits...).back().say("start over").at("goal").asks("goal")
		if c := talk(t, waits...).back().say("stop"); c.c.End != dialogue.Stopped {
			t.Fatalf("end %q", c.c.End)
		}
	})
	t.Run("with the same answer is where they were", func(t *testing.T) {
		c := talk(t, waits...).back().say("later").at("later")
		if c.c.End != flows.Waitlist || !c.c.Revisit.Equal(c.now.Add(90*24*time.Hour)) {
			t.Fatalf("end %q, revisit %v", c.c.End, c.c.Revisit)
		}
	})
	t.Run("finds a person there, who may leave again", func(t *testing.T) {
		c := talk(t, waits...).back().input(cora).say("hello").input(dialogue.Left{Rep: "cora"}).asks("when")
		if c.c.End != flows.Waitlist || !c.c.WakeAt.IsZero() {
			t.Fatalf("end %q, wake at %v", c.c.End, c.c.WakeAt)
		}
		c.say("now").at("mail")
	})
	t.Run("sees what is decided as it was decided", func(t *testing.T) {
		for _, words := range [][]string{{"stop"}, {"demo", "250", "now", "900", "a@b.example", "yes"}} {
			c := talk(t, words...)
			state, trail := c.c.State, slices.Clone(c.c.Trail)
			if said := c.back().words(); said != "" || c.c.State != state || !slices.Equal(c.c.Trail, trail) {
				t.Fatalf("said %q in %q", said, c.c.State)
			}
		}
	})
	t.Run("finds the open question as it was asked", func(t *testing.T) {
		c := talk(t, "demo")
		if said := c.back().words(); said != "" || c.wake().back().words() != "" {
			t.Fatalf("said %q", said)
		}
		c.say("3").at("when")
	})
	t.Run("whose pages are not to be kept leaves none", func(t *testing.T) {
		if c := talk(t, waits...).input(dialogue.Returned{}).asks("when"); len(c.c.Visit.Pages) > 0 {
			t.Fatalf("%+v", c.c.Visit)
		}
	})
}

func TestNoMoreLettersMayBeWishedAtAnyTime(t *testing.T) {
	c := talk(t, "demo").say("unsubscribe").at("seats").asks("seats").hears("no more letters")
	if !c.c.NoLetters || c.c.End != "" {
		t.Fatalf("%+v", c.c)
	}
	c = talk(t, "demo", "3", "later", "500").say("stop sending me e-mails").at("later").hears("no more letters")
	if !c.c.NoLetters || c.c.End != flows.Waitlist {
		t.Fatalf("%+v", c.c)
	}
	c = talk(t, "demo", "3", "later", "500").back().say("no more letters").at("when").asks("when").hears("no more letters")
	if !c.c.NoLetters || c.c.End != flows.Waitlist || !c.c.WakeAt.IsZero() {
		t.Fatalf("%+v", c.c)
	}
	if c = talk(t, "help").say("unsubscribe").at("person/waiting").hears("no more letters"); !c.c.NoLetters {
		t.Fatalf("%+v", c.c)
	}
}
