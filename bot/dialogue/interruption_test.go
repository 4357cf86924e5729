package dialogue_test

import (
	"testing"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

func atSize(t *testing.T) *chat {
	t.Helper()
	return begin(t, load(t, acme, "book-a-demo"), dialogue.Started{}).at("goal").choose("demo").at("size")
}

func TestInterruptions(t *testing.T) {
	t.Run("a question of the visitor is answered and the open one asked again, once", func(t *testing.T) {
		c := atSize(t).say("how much does it cost?").at("size").asks("team_size").hears("20 dollars").hears("How many people")
		if c.c.Tries != 0 {
			t.Fatal("a question was counted as a wrong answer")
		}
	})
	t.Run("words that are an option win over a question of the FAQ", func(t *testing.T) {
		c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{})
		c.say("price").at("size")
		if got := c.known("goal").Text; got != "price" {
			t.Fatalf("goal is %q", got)
		}
	})
	t.Run("back undoes the last answer and asks for it again", func(t *testing.T) {
		c := atSize(t).say("250")
		if c.c.Score.Score != 40 {
			t.Fatalf("score %v", c.c.Score.Score)
		}
		c.say("back").at("size").asks("team_size")
		if c.known("team_size").Known() || c.c.Score.Score != 0 {
			t.Fatalf("the answer or its score stayed: %+v", c.c)
		}
		c.say("25").at("money")
		if c.c.Score.Score != 20 {
			t.Fatalf("score %v after the correction", c.c.Score.Score)
		}
	})
	t.Run("back at the first question says so and asks it again", func(t *testing.T) {
		begin(t, load(t, acme, "book-a-demo"), dialogue.Started{}).say("back").at("goal").asks("goal").hears("first question")
	})
	t.Run("an optional question can be skipped, and come back to", func(t *testing.T) {
		c := atSize(t).say("250").at("money").say("skip").at("meet/offered")
		c.say("back").at("money").asks("budget")
		if c.c.Offers != nil {
			t.Fatal("the offers stayed")
		}
	})
	t.Run("a question that is needed cannot be skipped", func(t *testing.T) {
		atSize(t).say("skip").at("size").asks("team_size").hears("need this one")
	})
	t.Run("start over forgets what was said here and keeps what the visit and profile brought", func(t *testing.T) {
		m := load(t, acme, "book-a-demo")
		c := begin(t, m, dialogue.Started{
			Visit: flows.Visit{UTM: map[string]string{"source": "google"}},
			Known: map[string]flows.Value{"name": {Type: flows.TypeText, Text: "Priya"}},
		})
		c.hears("Hi, Priya!").choose("demo").say("250").say("start over").at("goal").asks("goal").hears("start over")
		if len(c.c.Answers) != 2 || c.known("source").Text != "google" || c.known("name").Text != "Priya" {
			t.Fatalf("answers %+v", c.c.Answers)
		}
		if c.c.Score.Score != 5 || c.c.Trail != nil {
			t.Fatalf("score %v, trail %v", c.c.Score.Score, c.c.Trail)
		}
	})
	t.Run("stop ends kindly", func(t *testing.T) {
		c := atSize(t).say("stop").hears("we will stop here")
		if c.c.End != dialogue.Stopped || !c.c.WakeAt.IsZero() || !c.did(dialogue.Notify{Event: dialogue.NotifyEnded}) {
			t.Fatalf("end %q, effects %v", c.c.End, c.effects)
		}
		c.say("start over").at("goal").asks("goal")
		if c.c.End != "" {
			t.Fatalf("end %q after starting over", c.c.End)
		}
	})
	t.Run("a person is called through the flow's handoff; when nobody comes the open question is asked again", func(t *testing.T) {
		c := atSize(t).say("can I talk to a person?").at("help/waiting").hears("getting a colleague")
		if !c.did(dialogue.CallRep{Team: "support", Until: monday.Add(2 * time.Minute)}) || !c.did(dialogue.Notify{Event: dialogue.NotifyHandoff}) {
			t.Fatalf("effects %v", c.effects)
		}
		c.say("hello?")
		if len(c.effects) > 0 {
			t.Fatalf("the bot did not keep quiet: %v", c.effects)
		}
		c.wake().at("size").asks("team_size").hears("nobody is free")
	})
	t.Run("back out of the wait for a person leads to the open question", func(t *testing.T) {
		atSize(t).say("talk to a human").at("help/waiting").say("back").at("size").asks("team_size")
	})
	t.Run("a flow without a handoff calls the team of the last route", func(t *testing.T) {
		sources := map[string]string{"team.yaml": acme["team.yaml"], "f.yaml": `
flow: f
fields: { size: { type: number } }
steps:
  - { id: size, ask: size, say: How many? }
  - { id: bye, end: nurture, say: Bye. }
`}
		c := begin(t, load(t, sources, "f"), dialogue.Started{}).say("talk to a person").at("person/waiting")
		if !c.did(dialogue.CallRep{Team: "sales", Until: monday.Add(dialogue.DefaultWait)}) {
			t.Fatalf("effects %v", c.effects)
		}
		c.input(dialogue.Joined{Person: dialogue.Person{Rep: "asha", Name: "Asha"}}).at("person/joined").say("hi Asha")
		if len(c.effects) > 0 {
			t.Fatalf("the bot did not keep quiet: %v", c.effects)
		}
		c.input(dialogue.Left{Rep: "asha"}).at("size").asks("size")
	})
	t.Run("a wrong answer stays where it is, then leads to else", func(t *testing.T) {
		c := atSize(t).say("many").at("size").asks("team_size").hears("A number is enough")
		if c.c.Tries != 1 {
			t.Fatalf("tries %d", c.c.Tries)
		}
		c.say("lots").at("size").say("loads").at("help/waiting")
		if c.c.Tries != 0 {
			t.Fatalf("tries %d after the last", c.c.Tries)
		}
	})
}

func TestIdentify(t *testing.T) {
	m := load(t, acme, "book-a-demo")
	known := func(field string, v flows.Value) dialogue.Identified {
		return dialogue.Identified{Known: map[string]flows.Value{field: v}}
	}
	t.Run("what the page knows answers the open question", func(t *testing.T) {
		c := begin(t, m, dialogue.Started{}).choose("demo").input(known("team_size", flows.Value{Type: flows.TypeNumber, Number: 25})).at("money")
		if c.c.Score.Score != 20 || c.c.Answers[1].Source != dialogue.SourceProfile {
			t.Fatalf("%+v", c.c)
		}
	})
	t.Run("it books where only that was missing", func(t *testing.T) {
		begin(t, m, dialogue.Started{}).choose("demo").say("250").say("skip").say("1").at("meet/asking").
			input(dialogue.Identified{Known: priya}).at("done")
	})
	t.Run("it leaves alone what the visitor said, what is of another type and what the flow does not know", func(t *testing.T) {
		c := begin(t, m, dialogue.Started{}).choose("demo").input(dialogue.Identified{Known: map[string]flows.Value{
			"goal": {Type: flows.TypeChoice, Text: "price"}, "team_size": {Type: flows.TypeText, Text: "many"}, "shoe": {Type: flows.TypeText, Text: "42"},
		}}).at("size")
		if len(c.c.Answers) != 1 || c.known("goal").Text != "demo" {
			t.Fatalf("%+v", c.c.Answers)
		}
	})
}

func TestAfterTheEnd(t *testing.T) {
	ended := func(t *testing.T) *chat {
		c := atSize(t).say("5").say("skip").at("note").say("no more").at("agree").choose("true").at("later")
		if c.c.End != flows.Waitlist {
			t.Fatalf("end %q", c.c.End)
		}
		return c
	}
	t.Run("a waitlist lead is written to when its time comes", func(t *testing.T) {
		c := ended(t)
		at := monday.Add(90 * 24 * time.Hour)
		if !c.c.Revisit.Equal(at) || !c.did(dialogue.FollowUp{Kind: flows.Waitlist, At: at}) {
			t.Fatalf("revisit %v, effects %v", c.c.Revisit, c.effects)
		}
	})
	t.Run("words are answered kindly and change nothing", func(t *testing.T) {
		c := ended(t).say("hello again").at("later").hears("start over")
		if c.c.End != flows.Waitlist || len(c.asked()) > 0 {
			t.Fatalf("end %q, asked %q", c.c.End, c.asked())
		}
	})
	t.Run("back opens the last question again", func(t *testing.T) {
		c := ended(t).say("back").at("agree").asks("agreed")
		if c.c.End != "" || !c.c.Revisit.IsZero() || c.known("agreed").Known() {
			t.Fatalf("%+v", c.c)
		}
		c.choose("true").at("later")
	})
	t.Run("a question is still answered", func(t *testing.T) { ended(t).say("pricing").hears("20 dollars") })
	t.Run("a person can still be asked for", func(t *testing.T) {
		c := ended(t).say("talk to a person").at("later")
		if !c.did(dialogue.CallRep{Team: "support", Until: monday.Add(dialogue.DefaultWait)}) {
			t.Fatalf("effects %v", c.effects)
		}
	})
	t.Run("a consent keeps what was shown, its language and the time", func(t *testing.T) {
		c := ended(t)
		for _, a := range c.c.Answers {
			if a.Field == "agreed" && a.Value.Yes && a.Wording == "We may write to you." && a.Language == "en" && a.At.Equal(monday) {
				return
			}
		}
		t.Fatalf("answers %+v", c.c.Answers)
	})
}

func TestRetry(t *testing.T) {
	t.Run("a slip in an address is named; for all else the author's words are said", func(t *testing.T) {
		m := load(t, map[string]string{"team.yaml": acme["team.yaml"], "mail.yaml": `
flow: mail
title: Mail
languages: [en]
steps:
  - { id: mail, ask: email, say: Which address?, retry: Your address at work please. }
  - { id: bye, end: nurture, say: Bye. }
`}, "mail")
		c := begin(t, m, dialogue.Started{})
		c.say("nonsense").hears("Your address at work please.")
		c.say("priya@gmial.com").hears("priya@gmail.com")
	})
}
