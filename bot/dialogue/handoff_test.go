package dialogue_test

import (
	"testing"

	"usher/bot/dialogue"
	"usher/flows"
)

var cora = dialogue.Joined{Person: dialogue.Person{Rep: "cora", Name: "Cora Lim"}}

func TestHandoff(t *testing.T) {
	waiting := func(t *testing.T) *chat {
		return begin(t, load(t, acme, "book-a-demo"), dialogue.Started{}).choose("help").at("help/waiting")
	}
	t.Run("nobody came: the flow goes on", func(t *testing.T) {
		c := waiting(t).wake().at("nurture")
		if c.c.End != flows.Nurture || !c.did(dialogue.FollowUp{Kind: flows.Nurture, At: c.now}) {
			t.Fatalf("end %q, effects %v", c.c.End, c.effects)
		}
	})
	t.Run("a person joined: the bot is silent, then the flow goes on as joined", func(t *testing.T) {
		c := waiting(t).input(cora).at("help/joined").say("how much does it cost?")
		if len(c.effects) > 0 {
			t.Fatalf("effects %v", c.effects)
		}
		c.input(dialogue.Spoke{ID: "r1", Text: "20 dollars"}).input(dialogue.Left{Rep: "cora"}).at("done").hears("in touch")
		if c.c.End != flows.Qualified || c.c.Joined != nil {
			t.Fatalf("end %q", c.c.End)
		}
	})
	t.Run("a person may join at any question; it is asked again when they leave", func(t *testing.T) {
		c := atSize(t).input(cora).at("size").say("250")
		if len(c.effects) > 0 || c.known("team_size").Known() {
			t.Fatalf("effects %v", c.effects)
		}
		if c.m.Open(c.c, c.now) != nil {
			t.Fatal("a question is open beside the person")
		}
		c.input(dialogue.Left{Rep: "cora"}).at("size").asks("team_size").say("250").at("money")
	})
	t.Run("a person who was asked for in between gives the visitor back at the question that was open", func(t *testing.T) {
		c := atSize(t).say("can I talk to a person?").at("help/waiting").input(cora).at("help/joined")
		c.input(dialogue.Left{Rep: "cora"}).at("size").asks("team_size").say("250").at("money")
	})
	t.Run("somebody who is not there cannot leave", func(t *testing.T) {
		c := atSize(t)
		turns := c.c.Turns
		if c.input(dialogue.Left{Rep: "cora"}); c.c.Turns != turns {
			t.Fatal("it counted")
		}
	})
	t.Run("a person who falls silent for long ends it too, and the flow goes on with the visitor's next word", func(t *testing.T) {
		c := waiting(t).input(cora).wake().at("help/joined")
		if c.c.End != dialogue.Expired {
			t.Fatalf("end %q", c.c.End)
		}
		c.say("hello?").at("done")
	})
	t.Run("back out of the flow's own wait leads to the last question", func(t *testing.T) {
		waiting(t).say("back").at("goal").asks("goal")
	})
}
