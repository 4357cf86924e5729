package slack

import (
	"slices"
	"strings"
	"testing"

	"usher/adapters/slack/slackfake"
)

func TestProspect(t *testing.T) {
	priya := slackfake.User{ID: "U0PRIYA", RealName: "Priya Iyer", Email: "priya@bigco.example", Timezone: "Asia/Kolkata", Locale: "en-IN"}

	t.Run("a prospect is greeted, clicks and types through the flow, and books", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		dm := h.fake.DM(priya.ID)
		h.fake.OpenHome(priya.ID, "messages")
		goal := h.await(dm, "What brings you here?")
		if !strings.Contains(goal.Text, "*Hi*, Priya Iyer!") || !strings.Contains(goal.Text, "<https://acme.example/more|Read more>") {
			t.Errorf("the greeting: %q", goal.Text)
		}
		h.must(h.fake.Click(priya.ID, goal, "Book a demo"))
		trade := h.await(dm, "Which trade?")
		h.eventually("the answered question has no buttons", func() bool {
			m, _ := h.fake.Message(dm, goal.TS)
			return len(m.Actions()) == 0 && strings.Contains(m.Words(), "✓ Book a demo")
		})
		h.must(h.fake.Choose(priya.ID, trade, trade.Actions()[0], "Film"))
		h.await(dm, "How many?")
		h.fake.Say(priya.ID, dm, "", "about 250")
		times := h.await(dm, "Which time?") // the address is known from the profile
		h.must(h.fake.Click(priya.ID, times, times.Labels()[0]))
		h.await(dm, "See you")
		if got := h.said(priya.ID, ""); len(got) != 4 || got[0] != "Book a demo" || got[1] != "Film" || got[2] != "about 250" {
			t.Errorf("the transcript: %q", got)
		}
	})

	t.Run("the greeting comes once, however often the app is opened", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		dm := h.fake.DM(priya.ID)
		for range 3 {
			h.fake.OpenHome(priya.ID, "messages")
		}
		h.await(dm, "What brings you here?")
		h.fake.Say(priya.ID, dm, "", "How much does it cost?")
		h.await(dm, "20 dollars a seat.")
		if n := strings.Count(h.shown(dm), "Hi, Priya") + strings.Count(h.shown(dm), "*Hi*, Priya"); n != 1 {
			t.Errorf("%d greetings:\n%s", n, h.shown(dm))
		}
	})

	t.Run("a mention in a channel is answered in its thread, and the thread goes on without mentions", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		c := h.fake.SharedChannel("C0SHARED", "with-bigco")
		h.fake.Invite(c)
		root := h.fake.Say(priya.ID, c, "", "<@"+h.fake.Bot()+"> hello")
		h.await(c, "What brings you here?")
		h.fake.Say(priya.ID, c, root, "demo")
		h.await(c, "Which trade?")
		for _, m := range h.fake.Messages(c) {
			if m.User == h.fake.Bot() && m.Thread != root {
				t.Errorf("not in the thread: %q", m.Text)
			}
		}
		h.fake.Say(priya.ID, c, "", "nothing for the bot")
		h.must(h.fake.Settle(t.Context()))
		if got := h.said(priya.ID, root); !slices.Equal(got, []string{"demo"}) {
			t.Errorf("said in the thread: %q", got)
		}
	})
}
