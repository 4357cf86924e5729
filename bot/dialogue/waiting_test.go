package dialogue_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"usher/bot/dialogue"
)

func TestALeadThatNobodyCanTake(t *testing.T) {
	queue := func(c *chat, since time.Time) {
		c.house.queued = &dialogue.Queued{Waiting: dialogue.Waiting{
			Place: "support", Since: since, Until: since.Add(4 * time.Hour), Tiers: dialogue.Tiers{To: []string{"support"}}, Because: "full",
		}}
	}
	t.Run("waits where a person was asked for, is told so, and gets somebody later", func(t *testing.T) {
		c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{})
		queue(c, monday)
		c.choose("help").at("help/waiting").hears("You are on our list")
		if w := c.c.Waiting; w == nil || w.Place != "support" || c.c.Assigned != nil || c.c.Moving != "" {
			t.Fatalf("%+v", c.c)
		}
		if c.input(dialogue.Freed{Since: monday.Add(time.Second)}); c.c.Waiting == nil {
			t.Fatal("news of another wait was taken")
		}
		c.house.queued = nil
		c.input(dialogue.Freed{Since: monday}).hears("You are in good hands")
		if c.c.Waiting != nil || c.c.Assigned == nil {
			t.Fatalf("%+v", c.c)
		}
	})
	t.Run("one whose time is over goes to its fallback and cannot wait again", func(t *testing.T) {
		c := begin(t, load(t, acme, "book-a-demo"), dialogue.Started{})
		queue(c, monday)
		c.choose("help").input(dialogue.Freed{Since: monday, Over: true})
		asked := func(e dialogue.Effect) bool { a, ok := e.(dialogue.Assign); return ok && a.Must && !a.Only }
		if !slices.ContainsFunc(c.effects, asked) || c.c.Assigned == nil || !strings.Contains(c.words(), "good hands") {
			t.Fatalf("%+v", c.effects)
		}
	})
}
