package slack

import (
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"usher/adapters/slack/slackfake"
	"usher/bot"
)

// altered is the floor with something in team.yaml written differently.
func altered(old, new string) fstest.MapFS {
	files := maps.Clone(floor)
	files["team.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(floor["team.yaml"].Data), old, new))}
	return files
}

// lead is a visitor who has been offered times.
func (s *house) lead() *visitor {
	s.t.Helper()
	v := s.visitor()
	v.say("250", "priya@bigco.example")
	return v
}

func users(rep string) string { return map[string]string{"asha": "U1", "ben": "U2", "cora": "U3"}[rep] }

func TestWrongPerson(t *testing.T) {
	s := work(t)
	v := s.lead()
	card := v.card("Not claimed yet")
	owner := v.state().Assigned.Rep

	t.Run("who is no rep is told so in private, and nothing changes", func(t *testing.T) {
		for _, action := range []string{actionClaim, actionPass, actionJoin, actionTranscript} {
			s.click("U7", card, action)
		}
		s.must(s.fake.Choose("U7", card, actionSnooze, "1 hour"))
		s.eventually("five whispers", func() bool { return len(s.fake.Ephemerals("C1", "U7")) == 5 })
		if c := v.state(); c.Claimed != "" || c.Joined != nil || c.Assigned.Rep != owner {
			t.Errorf("it is %+v", c)
		}
	})

	t.Run("only who has a lead can pass or snooze it", func(t *testing.T) {
		other := "ben"
		if owner == other {
			other = "asha"
		}
		s.click(users(other), card, actionPass)
		s.whispered("C1", users(other), "Only who has a lead can pass it")
		s.must(s.fake.Choose(users(other), card, actionSnooze, "1 hour"))
		s.whispered("C1", users(other), "Only who has a lead can snooze it")
	})

	t.Run("a lead of somebody else is joined by who insists, and one person talks at a time", func(t *testing.T) {
		s.click("U1", card, actionClaim)
		card = v.card("has it since")
		s.click("U2", card, actionJoin)
		anyway := s.find("C1", func(m slackfake.Message) bool {
			return m.Ephemeral == "U2" && strings.Contains(m.Words(), "Join all the same")
		}, "the offer to join")
		if v.state().Joined != nil {
			t.Fatal("joined without insisting")
		}
		s.click("U2", anyway, actionAnyway)
		s.inThread(card, "This thread is live")
		s.click("U1", s.inThread(card, "Leave"), actionLeave)
		s.whispered("C1", "U1", "Only Ben Vogel can leave")
		s.fake.Say("U2", "C1", card.TS, "Ben here")
		v.heard("Ben here")
	})
}

func TestPass(t *testing.T) {
	s := work(t)
	v := s.lead()
	card := v.card("Not claimed yet")

	t.Run("the next rep by the routing has it, and is told below the card", func(t *testing.T) {
		first := v.state().Assigned.Rep
		s.click(users(first), card, actionPass)
		s.eventually("another rep", func() bool { return v.state().Assigned.Rep != first })
		next := v.state().Assigned.Rep
		card = v.card("*Rep*\n<@" + users(next) + ">")
		s.inThread(card, "<@"+users(next)+">, this lead is yours now")
		s.whispered("C1", users(first), "Passed to ")
	})

	t.Run("when all had their turn it stays where it is", func(t *testing.T) {
		second := v.state().Assigned.Rep
		s.click(users(second), card, actionPass)
		s.eventually("the last rep", func() bool { return v.state().Assigned.Rep != second })
		last := v.state().Assigned.Rep
		s.click(users(last), card, actionPass)
		s.whispered("C1", users(last), "Nobody else can take this lead")
		if got := v.state().Assigned.Rep; got != last {
			t.Errorf("%s has it", got)
		}
	})

	t.Run("there is one card all the time", func(t *testing.T) {
		if n := s.cards(v); n != 1 {
			t.Errorf("%d cards", n)
		}
	})
}

func TestTenLeads(t *testing.T) {
	s := work(t)
	if err := s.bot.SetAway(t.Context(), "cora", s.clock.now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	leads := make([]*visitor, 10)
	for i := range leads {
		all.Go(func() { leads[i] = s.lead() })
	}
	all.Wait()
	all = sync.WaitGroup{}
	for i, v := range leads {
		card := v.card("Not claimed yet")
		if i%3 == 0 {
			all.Go(func() { s.click(users(v.state().Assigned.Rep), card, actionPass) })
			continue
		}
		for _, user := range []string{"U1", "U2"} {
			all.Go(func() { s.click(user, card, actionClaim) })
		}
	}
	all.Wait()
	share := map[string]int{}
	for i, v := range leads {
		if i%3 == 0 {
			s.eventually("passed", func() bool { return len(v.state().Passed) > 0 })
		} else {
			s.eventually("claimed", func() bool { return v.state().Claimed != "" })
		}
		c := v.state()
		if c.Assigned == nil || c.Assigned.Rep == "" || c.Assigned.Rep == "cora" {
			t.Errorf("lead %d is with %+v", i, c.Assigned)
			continue
		}
		share[c.Assigned.Rep]++
		v.card("*Rep*\n<@" + users(c.Assigned.Rep) + ">")
		if n := s.cards(v); n != 1 {
			t.Errorf("lead %d has %d cards", i, n)
		}
	}
	t.Logf("shares: %v", share)
}

func TestTimers(t *testing.T) {
	s := shift(t, floor)
	stop := s.run(s.bot.Run)
	v := s.lead()
	card := v.card("Not claimed yet")
	first := v.state().Assigned.Rep

	s.clock.pass(3 * time.Minute)
	s.inThread(card, "<@"+users(first)+"> *priya@bigco.example* waits for you")

	stop() // the process ends and comes back between the timers
	b, _ := s.node()
	s.must(b.Use(t.Context(), s.bot.Workspace()))
	s.bot = b
	stop = s.run(b.Run)
	defer stop()

	s.clock.pass(3 * time.Minute)
	s.eventually("the next rep", func() bool { return v.state().Assigned.Rep != first })
	next := v.state().Assigned.Rep
	s.inThread(card, "<@"+users(next)+">, this lead is yours now")
	if v.state().Claimed != "" {
		t.Error("nobody claimed it")
	}
	s.clock.pass(6 * time.Minute)
	told := s.find("C9", func(m slackfake.Message) bool {
		return strings.Contains(m.Words(), "Nobody has claimed *priya@bigco.example*")
	}, "the fallback")
	if v.state().Assigned == nil {
		t.Error("nobody has it")
	}
	s.click("U3", told, actionClaim)
	v.card("<@U3> has it since")
}

func TestDirect(t *testing.T) {
	s := shift(t, altered(", slack: C1", ""))
	s.run(s.bot.Run)
	v := s.lead()
	first := v.state().Assigned.Rep
	dm := s.fake.DM(users(first))
	holds := func(words string) func(slackfake.Message) bool {
		return func(m slackfake.Message) bool { return strings.Contains(m.Words(), words) }
	}

	t.Run("without a team's channel the card is in the rep's own messages", func(t *testing.T) {
		card := s.find(dm, holds("Not claimed yet"), "card")
		s.fake.Say(users(first), dm, card.TS, "a note for myself")
		s.click(users(first), card, actionPass)
		s.find(dm, holds("*priya@bigco.example* is with"), "the note that it is gone")
	})

	t.Run("it goes with the lead, and is live there", func(t *testing.T) {
		next := v.state().Assigned.Rep
		card := s.find(s.fake.DM(users(next)), holds("Not claimed yet"), "card of the next rep")
		s.click(users(next), card, actionJoin)
		s.inThread(card, "This thread is live")
		s.fake.Say(users(next), card.Channel, card.TS, "Hello")
		v.heard("Hello")
		v.say("Hi!")
		s.inThread(card, "Hi!")
	})

	t.Run("what a rep wrote below a card began no conversation", func(t *testing.T) {
		if said := s.said(users(first), ""); said != nil {
			t.Errorf("the bot heard %q", said)
		}
		for _, m := range s.fake.Messages(dm) {
			if strings.Contains(m.Text, "How many?") {
				t.Errorf("the bot talks to the rep: %q", m.Text)
			}
		}
	})
}

func TestAlerts(t *testing.T) {
	s := shift(t, altered("fallback:", "watch: [bigco.example]\nfallback:"))
	s.run(s.bot.Run)
	v := s.visitor()
	v.say("250", "priya@bigco.example")
	s.find("C1", func(m slackfake.Message) bool {
		return strings.Contains(m.Words(), "Somebody from *bigco.example* is on the site")
	}, "watched company")
	card := v.card("Not claimed yet")
	v.say("stop")
	s.inThread(card, "told who they are and did not book: the visitor stopped")
	s.must(s.bot.Store.Enqueue(t.Context(), bot.Job{
		ID: "x", Kind: bot.JobAlert, Payload: []byte(`{"event":"job_dead","detail":"mail: <!channel> refused"}`), RunAt: s.clock.now(), State: bot.JobReady,
	}))
	s.find("C9", func(m slackfake.Message) bool { return strings.Contains(m.Words(), "mail: &lt;!channel&gt; refused") }, "dead job")
}

func TestCardUpdates(t *testing.T) {
	s := work(t)
	v := s.lead()
	card := v.card("Not claimed yet")

	t.Run("a card that would show the same is left alone, however many jobs there are", func(t *testing.T) {
		for _, kind := range []string{bot.JobCard, bot.JobNotify, bot.JobCard} {
			j := bot.Job{ID: "again-" + kind, Kind: kind, Payload: []byte(`{"conversation":"` + v.Conversation.ID + `","event":"qualified"}`)}
			s.must(s.bot.Carriers[kind](t.Context(), j))
		}
		v.say("1")
		card = v.card("*Meeting*")
		s.changedNothing()
		if n := len(s.fake.Calls("chat.postMessage")); n != 1 {
			t.Errorf("%d messages", n)
		}
	})

	t.Run("a card that somebody removed is posted again", func(t *testing.T) {
		s.fake.Delete("C1", card.TS)
		s.click(users(v.state().Assigned.Rep), s.repost(v), actionClaim)
		v.card("has it since")
	})
}

// repost makes the lead's card change, and waits for it.
func (s *house) repost(v *visitor) slackfake.Message {
	s.t.Helper()
	s.must(s.bot.Snooze(s.t.Context(), v.Conversation.ID, v.state().Assigned.Rep, s.clock.now().Add(time.Hour)))
	return v.card("is reminded at")
}

func TestCall(t *testing.T) {
	files := maps.Clone(floor)
	files["talk.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(floor["talk.yaml"].Data), "team: sales", "team: support"))}
	files["team.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(floor["team.yaml"].Data), "meeting:", "  - { id: support, reps: [cora], assign: fair, slack: C2 }\nmeeting:"))}
	s := shift(t, files)
	s.fake.Channel("C2", "support")
	s.run(s.bot.Run)
	v := s.lead()
	card := v.card("Not claimed yet")
	v.say("can I talk to a person?")
	s.inThread(card, "asks for a person")
	call := s.find("C2", func(m slackfake.Message) bool {
		return strings.Contains(m.Words(), "<@U3> *priya@bigco.example* asks for a person")
	}, "call")
	s.click("U3", call, actionJoin)
	s.inThread(card, "This thread is live")
	if p := v.state().Joined; p == nil || p.Rep != "cora" {
		t.Errorf("joined: %+v", p)
	}
}
