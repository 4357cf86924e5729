package slack

import (
	"context"
	"slices"
	"strings"
	"testing"

	"usher/adapters/slack/slackfake"
	"usher/bot"
	"usher/flows"
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

	t.Run("an edit is one only when the words changed, and changes the last answer alone", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		dm := h.fake.DM(priya.ID)
		h.fake.OpenHome(priya.ID, "messages")
		h.await(dm, "What brings you here?")
		goal := h.fake.Say(priya.ID, dm, "", "demo")
		h.await(dm, "Which trade?")
		h.fake.Unfurl(dm, goal, "https://acme.example")
		trade := h.fake.Say(priya.ID, dm, "", "books")
		h.await(dm, "How many?")
		h.fake.Edit(dm, trade, "cars")
		h.eventually("the new answer stands", func() bool { return h.answer(priya.ID, "trade") == "c" })
		h.fake.Edit(dm, goal, "price")
		h.eventually("it is told that an older one stands", func() bool { return len(h.fake.Ephemerals(dm, priya.ID)) == 1 })
		h.idle()
		if got := h.answer(priya.ID, "goal"); got != "demo" {
			t.Errorf("the goal is %q", got)
		}
		h.fake.Say(priya.ID, dm, "", "250")
		h.await(dm, "Which time?")
	})

	t.Run("an edit of a word that was not understood is the answer", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		dm := h.fake.DM(priya.ID)
		h.fake.OpenHome(priya.ID, "messages")
		h.await(dm, "What brings you here?")
		goal := h.fake.Say(priya.ID, dm, "", "dmoeo")
		h.eventually("it was taken", func() bool { return len(h.said(priya.ID, "")) == 1 })
		h.fake.Edit(dm, goal, "demo")
		h.await(dm, "Which trade?")
	})

	t.Run("a deletion is noted, and a file is acknowledged with its link", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		dm := h.fake.DM(priya.ID)
		h.fake.OpenHome(priya.ID, "messages")
		h.await(dm, "What brings you here?")
		ts := h.fake.Say(priya.ID, dm, "", "demo")
		h.await(dm, "Which trade?")
		h.fake.Delete(dm, ts)
		h.eventually("a note", func() bool { return len(h.fake.Ephemerals(dm, priya.ID)) == 1 })
		h.fake.Share(priya.ID, dm, "", "books", slackfake.File{Name: "plan <b>.pdf"})
		if m := h.await(dm, "I got"); !strings.Contains(m.Text, "|plan &lt;b&gt;.pdf>") || !strings.Contains(m.Text, "<http") {
			t.Errorf("acknowledged with %q", m.Text)
		}
		h.await(dm, "How many?")
	})

	t.Run("the words of a person stay words wherever they are repeated", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(slackfake.User{ID: "U0EVIL", RealName: "<!channel> [win](https://evil.example)"})
		dm := h.fake.DM("U0EVIL")
		h.fake.OpenHome("U0EVIL", "messages")
		m := h.await(dm, "What brings you here?")
		if strings.Contains(m.Text+string(m.Blocks), "<!channel>") || strings.Contains(m.Text+string(m.Blocks), "<https://evil") {
			t.Errorf("alive: %s", m.Text)
		}
	})

	t.Run("somebody else's click is refused in private", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		c := h.fake.Channel("C0OPEN", "open")
		h.fake.Invite(c)
		root := h.fake.Say(priya.ID, c, "", "<@"+h.fake.Bot()+"> hello")
		goal := h.await(c, "What brings you here?")
		h.must(h.fake.Click("U1", goal, "Book a demo"))
		h.eventually("a note", func() bool { return len(h.fake.Ephemerals(c, "U1")) == 1 })
		if got := h.said(priya.ID, root); len(got) != 0 {
			t.Errorf("said %q", got)
		}
	})

	t.Run("a message that is too long is told of kindly", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		dm := h.fake.DM(priya.ID)
		h.fake.Say(priya.ID, dm, "", strings.Repeat("long ", 8000))
		h.eventually("a note", func() bool { return len(h.fake.Ephemerals(dm, priya.ID)) == 1 })
	})

	t.Run("threads are conversations of their own", func(t *testing.T) {
		h := open(t, slackfake.Options{Unlimited: true})
		h.fake.User(priya)
		dm := h.fake.DM(priya.ID)
		one := h.fake.Say(priya.ID, dm, "", "demo")
		h.await(dm, "Which trade?")
		h.fake.Say(priya.ID, dm, one, "price")
		h.eventually("the thread has its own", func() bool { return slices.Equal(h.said(priya.ID, one), []string{"price"}) })
		if got := h.said(priya.ID, ""); !slices.Equal(got, []string{"demo"}) {
			t.Errorf("outside of the thread: %q", got)
		}
	})
}

// away is a house that cannot be reached.
type away struct{ Host }

func (away) Arrive(context.Context, bot.Arrival) (bot.Arrived, error) { return bot.Arrived{}, errGone }

func TestFlow(t *testing.T) {
	t.Parallel()
	h := build(t, slackfake.Options{Unlimited: true}, flows.Example())
	h.run(h.bot.Run)
	h.fake.OpenHome("U1", "messages")
	h.await(h.fake.DM("U1"), "Book a demo") // what the front page of the site asks, for there are no pages here
}

func TestTrouble(t *testing.T) {
	t.Parallel()
	h := build(t, slackfake.Options{Unlimited: true}, talk)
	dm := h.fake.DM("U1")
	h.App.Host = away{h.App.Host}
	h.run(h.bot.Run)
	h.fake.Say("U1", dm, "", "How much does it cost?")
	h.eventually("the visitor is told of the trouble", func() bool { return len(h.fake.Ephemerals(dm, "U1")) == 1 })
}

// answer is what a field holds in the user's conversation.
func (h *house) answer(user, field string) string {
	h.t.Helper()
	v, err := h.bot.Who(h.t.Context(), h.fake.TeamID()+":"+user+":", "slack:"+h.fake.TeamID())
	h.must(err)
	c, err := h.bot.Conversation(h.t.Context(), "", v.ID)
	h.must(err)
	for _, a := range c.State.Answers {
		if a.Field == field {
			return a.Value.Text
		}
	}
	return ""
}
