package dialogue_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"usher/bot/dialogue"
)

func TestClaim(t *testing.T) {
	t.Run("the first wins, a second does nothing at all", func(t *testing.T) {
		c := offeredTo(t, nil).input(dialogue.Claimed{Rep: "asha"})
		if c.c.Claimed != "asha" || !c.c.ClaimedAt.Equal(c.now) {
			t.Fatalf("%q at %s", c.c.Claimed, c.c.ClaimedAt)
		}
		before := c.c
		c.wait(time.Minute).input(dialogue.Claimed{Rep: "ben"})
		if !reflect.DeepEqual(before, c.c) {
			t.Errorf("%+v", c.c)
		}
	})
	t.Run("a claim of another's lead takes it, with the times on offer", func(t *testing.T) {
		c := offeredTo(t, nil).input(dialogue.Claimed{Rep: "ben"})
		if c.c.Assigned.Rep != "ben" || c.c.Claimed != "ben" || c.c.Offers[0].Rep != "ben" {
			t.Errorf("%+v, claimed by %q, offers %+v", c.c.Assigned, c.c.Claimed, c.c.Offers)
		}
	})
	t.Run("a claim before anybody was asked makes the rep the owner", func(t *testing.T) {
		c := atSize(t).input(dialogue.Claimed{Rep: "ben"})
		if c.c.Assigned == nil || c.c.Assigned.Rep != "ben" {
			t.Errorf("%+v", c.c.Assigned)
		}
	})
}

func TestPass(t *testing.T) {
	t.Run("the next rep has it, the claim is over and the snooze too", func(t *testing.T) {
		c := offeredTo(t, nil).input(dialogue.Claimed{Rep: "asha"}).input(dialogue.Snoozed{Rep: "asha", Until: monday.Add(time.Hour)})
		c.input(dialogue.Passed{Rep: "asha", Because: "ill"})
		if c.c.Assigned.Rep == "asha" || c.c.Claimed != "" || !c.c.Snoozed.IsZero() || !reflect.DeepEqual(c.c.Passed, []string{"asha"}) {
			t.Errorf("%+v, claimed by %q, snoozed until %s, passed by %q", c.c.Assigned, c.c.Claimed, c.c.Snoozed, c.c.Passed)
		}
		if !told(c, dialogue.Notify{Event: dialogue.NotifyPassed}) {
			t.Errorf("nobody is told: %+v", c.effects)
		}
	})
	t.Run("nobody passes or snoozes what is another's", func(t *testing.T) {
		c := offeredTo(t, nil)
		before := c.c
		c.input(dialogue.Passed{Rep: "ben"}).input(dialogue.Snoozed{Rep: "ben", Until: monday})
		if !reflect.DeepEqual(before, c.c) {
			t.Errorf("%+v", c.c)
		}
	})
	t.Run("where nobody can have it all stays as it is", func(t *testing.T) {
		c := offeredTo(t, nil)
		c.house.failed = "assign"
		before := c.c
		c.input(dialogue.Passed{Rep: "asha"})
		before.Turns = c.c.Turns
		if !reflect.DeepEqual(before, c.c) {
			t.Errorf("%+v\n%+v", before, c.c)
		}
	})
	t.Run("a meeting keeps its UID and time, and the visitor hears who comes", func(t *testing.T) {
		c := offeredTo(t, nil)
		c.choose(c.c.Offers[0].Start.Format(time.RFC3339))
		for c.c.Meeting == nil {
			c.say("priya@bigco.example")
		}
		was := *c.c.Meeting
		c.input(dialogue.Passed{Rep: "asha"})
		is := *c.c.Meeting
		if is.UID != was.UID || !is.Start.Equal(was.Start) || is.Rep != c.c.Assigned.Rep || is.Rep == was.Rep {
			t.Errorf("%+v, then %+v", was, is)
		}
		if !told(c, dialogue.Move{Meeting: is, From: was.Rep}) {
			t.Errorf("%+v", c.effects)
		}
	})
	t.Run("a meeting that is over stays with who held it", func(t *testing.T) {
		c := offeredTo(t, nil)
		c.choose(c.c.Offers[0].Start.Format(time.RFC3339))
		for c.c.Meeting == nil {
			c.say("priya@bigco.example")
		}
		c.wait(240 * time.Hour).input(dialogue.Passed{Rep: "asha"})
		if c.c.Meeting.Rep != "asha" || c.c.Assigned.Rep == "asha" {
			t.Errorf("%+v, %+v", c.c.Meeting, c.c.Assigned)
		}
	})
}

func TestSpoke(t *testing.T) {
	c := atSize(t)
	if err := c.try(dialogue.Spoke{ID: "1", Text: "hi"}); !errors.Is(err, dialogue.ErrNotJoined) {
		t.Errorf("nobody has joined: %v", err)
	}
	c.input(cora)
	var in *dialogue.JoinedError
	if err := c.try(dialogue.Spoke{ID: "1", Text: "hi", Rep: "ben"}); !errors.As(err, &in) || in.Person.Rep != "cora" {
		t.Errorf("another spoke: %v", err)
	}
	if err := c.try(dialogue.Joined{Person: dialogue.Person{Rep: "ben"}}); !errors.As(err, &in) {
		t.Errorf("another joined: %v", err)
	}
	turns := c.c.Turns
	if c.input(cora); c.c.Turns != turns {
		t.Error("joining twice is an input")
	}
}

func told(c *chat, want dialogue.Effect) bool {
	for _, e := range c.effects {
		if reflect.DeepEqual(e, want) {
			return true
		}
	}
	return false
}

func TestWhoAsksForAPersonHasOne(t *testing.T) {
	c := atSize(t)
	if c.c.Assigned != nil {
		t.Fatal("somebody has the lead already")
	}
	c.say("talk to a person")
	if c.c.Assigned == nil || c.c.Moving != "" {
		t.Fatalf("%+v, %q", c.c.Assigned, c.c.Moving)
	}
	was := c.c.Assigned.Rep
	if c.wake(); c.c.Assigned.Rep != was {
		t.Errorf("%+v", c.c.Assigned)
	}
}
