package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/slots"
	"usher/flows"
)

// sales is the workspace with a team file of its own.
func sales(team string) fstest.MapFS {
	return fstest.MapFS{
		"talk.yaml": workspace["talk.yaml"],
		"team.yaml": {Data: []byte("timezone: UTC\nhours:\n  all: { mon-sun: \"00:00-24:00\" }\nmeeting: { buffer: 0m, notice: 1h, horizon: 7d, every: 30m }\n" + team)},
	}
}

const three = `
reps:
  - { id: asha, name: Asha Rao, hours: all, limits: { open: 1 } }
  - { id: ben, name: Ben Ode, hours: all }
  - { id: cora, name: Cora Diaz, hours: all }
`

// patient is a team file whose large leads wait for asha, who has one at a time.
const patient = three + `
teams:
  - { id: sales, reps: [asha] }
  - { id: help, reps: [ben] }
routes:
  - { if: seats >= 100, to: sales, wait: 4h, else: help }
  - { to: help }
`

// on are the nodes on one database: two, or one where only one process may have it.
func on(t *testing.T, name, url string, files fstest.MapFS) []*stage {
	t.Helper()
	nodes := []*stage{newStageOn(t, url, files)}
	if name != "sqlite" {
		nodes = append(nodes, newStageOn(t, url, files))
	}
	return nodes
}

// lead is a visitor who has come to the times, with an address.
func (s *stage) lead(email string) bot.Arrived {
	s.t.Helper()
	a := s.arrive("")
	s.say(a, "250")
	s.say(a, email)
	return a
}

func (s *stage) has(a bot.Arrived) string {
	s.t.Helper()
	switch c := s.state(a); {
	case c.Assigned != nil:
		return c.Assigned.Rep
	case c.Waiting != nil:
		return "waiting " + c.Waiting.Place
	}
	return ""
}

func (s *stage) hasLead(a bot.Arrived, want string) {
	s.t.Helper()
	if got := s.has(a); got != want {
		s.t.Errorf("%q has the lead, not %q", got, want)
	}
}

func TestWaiting(t *testing.T) {
	for name, url := range databases {
		t.Run("who cannot be served waits kindly, and the oldest comes first when somebody is free, on "+name, func(t *testing.T) {
			at := url(t)
			s := newStageOn(t, at, sales(patient))
			first := s.lead("one@a.example")
			s.hasLead(first, "asha")
			var waits []bot.Arrived
			for i := range 3 {
				s.pass(time.Minute)
				a := s.lead(fmt.Sprintf("w%d@a.example", i))
				s.hasLead(a, "waiting sales")
				waits = append(waits, a)
			}
			if said := s.transcript(waits[0]); !strings.Contains(said[len(said)-2].Text, "You are on our list") {
				t.Errorf("%+v", said)
			}
			s.Drain(t.Context())
			s.hasLead(waits[0], "waiting sales")
			lines, err := s.Store.Ledger(t.Context(), bot.LedgerQuery{Conversation: waits[0].Conversation.ID})
			must(t, err)
			if len(lines) != 1 || lines[0].Kind != desk.WaitingLead || lines[0].Rep != "" || len(lines[0].Trace) == 0 {
				t.Errorf("the ledger does not say why it waits: %+v", lines)
			}
			s.say(first, "1") // booked: asha has no open lead any more
			other := s
			if name != "sqlite" {
				other = newStageOn(t, at, sales(patient))
			}
			for range 2 { // two nodes, or one that looks twice
				s.Drain(t.Context())
				other.Drain(t.Context())
			}
			s.hasLead(waits[0], "asha")
			s.hasLead(waits[1], "waiting sales")
			if last := s.transcript(waits[0]); !strings.Contains(last[len(last)-1].Text, "Asha Rao") {
				t.Errorf("the visitor was not told: %+v", last)
			}
			places, err := s.Store.WaitingPlaces(t.Context())
			must(t, err)
			if places["sales"] != 2 {
				t.Errorf("%v", places)
			}
			s.pass(4 * time.Hour)
			s.Drain(t.Context())
			s.hasLead(waits[1], "ben")
			s.hasLead(waits[2], "ben")
			for _, a := range append(waits, first) {
				s.replays(a)
			}
		})
	}
	t.Run("two nodes that look at once give each place once", func(t *testing.T) {
		at := databases["postgresql"](t)
		nodes := []*stage{newStageOn(t, at, sales(patient)), newStageOn(t, at, sales(patient))}
		s := nodes[0]
		first := s.lead("one@a.example")
		var waits []bot.Arrived
		for i := range 4 {
			s.pass(time.Minute)
			waits = append(waits, s.lead(fmt.Sprintf("w%d@a.example", i)))
		}
		s.say(first, "1")
		var all sync.WaitGroup
		for _, node := range nodes {
			for range 3 {
				all.Go(func() { node.Drain(t.Context()) })
			}
		}
		all.Wait()
		s.hasLead(waits[0], "asha")
		for _, a := range waits[1:] {
			s.hasLead(a, "waiting sales")
		}
	})
	t.Run("a rep who is back, and a new rep, take those who wait", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(patient))
		must(t, s.SetAway(t.Context(), "asha", s.now().Add(30*24*time.Hour)))
		a := s.lead("one@a.example")
		s.pass(time.Minute)
		b := s.lead("two@a.example")
		s.hasLead(a, "waiting sales")
		must(t, s.Back(t.Context(), "asha"))
		s.Drain(t.Context())
		s.hasLead(a, "asha")
		s.hasLead(b, "waiting sales")
		must(t, s.Use(t.Context(), load(t, sales(strings.Replace(patient, "reps: [asha]", "reps: [asha, cora]", 1)))))
		s.Drain(t.Context())
		s.hasLead(b, "cora")
	})
	t.Run("who waits for a team that is no more gets its fallback at once", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(patient))
		s.lead("one@a.example")
		a := s.lead("two@a.example")
		s.hasLead(a, "waiting sales")
		must(t, s.Use(t.Context(), load(t, sales(three+"teams: [{ id: help, reps: [ben] }]\nroutes: [{ to: help }]\n"))))
		s.Drain(t.Context())
		s.hasLead(a, "ben")
	})
	t.Run("a rep may claim a lead that waits", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(patient))
		s.lead("one@a.example")
		a := s.lead("two@a.example")
		holder, err := s.Claim(t.Context(), a.Conversation.ID, "cora")
		must(t, err)
		if holder != "cora" || s.state(a).Waiting != nil {
			t.Errorf("%q, %+v", holder, s.state(a).Waiting)
		}
		places, err := s.Store.WaitingPlaces(t.Context())
		must(t, err)
		if len(places) != 0 {
			t.Errorf("%v", places)
		}
		s.replays(a)
	})
}

func TestTiers(t *testing.T) {
	team := three + `
teams:
  - { id: enterprise, reps: [asha], assign: in_order }
  - { id: mid, reps: [ben] }
  - { id: help, reps: [cora] }
routes:
  - { if: seats >= 100, to: [enterprise, mid], after: 15m, else: help }
  - { to: help }
`
	open := func(t *testing.T) *stage {
		s := newStageOn(t, file(t), sales(team))
		s.Carriers[bot.JobTier] = s.NextTier
		s.run()
		return s
	}
	t.Run("a lead that nobody claims goes from tier to tier, and ends in the fallback", func(t *testing.T) {
		s := open(t)
		a := s.lead("one@a.example")
		s.hasLead(a, "asha")
		s.pass(15 * time.Minute)
		eventually(t, "the second tier has it", func() bool { return s.has(a) == "ben" })
		s.pass(15 * time.Minute)
		eventually(t, "the fallback has it", func() bool { return s.has(a) == "cora" })
		if next := s.state(a).Assigned.Next; next != nil {
			t.Errorf("somebody comes after the fallback: %+v", next)
		}
		s.replays(a)
	})
	t.Run("a tier that cannot serve falls through at once", func(t *testing.T) {
		s := open(t)
		s.lead("one@a.example")
		a := s.lead("two@a.example") // asha has one open lead
		s.hasLead(a, "ben")
		if because := s.state(a).Assigned.Because; !strings.Contains(because, "nobody of enterprise could take it") {
			t.Error(because)
		}
	})
	t.Run("a claimed or booked lead stays", func(t *testing.T) {
		s := open(t)
		a := s.lead("one@a.example")
		_, err := s.Claim(t.Context(), a.Conversation.ID, "asha")
		must(t, err)
		job, err := s.Store.Claim(t.Context(), s.now().Add(time.Hour), time.Minute, 10)
		must(t, err)
		s.pass(time.Hour)
		for _, j := range job {
			must(t, s.NextTier(t.Context(), j))
		}
		s.hasLead(a, "asha")
	})
}

func TestOwnersOfLeads(t *testing.T) {
	team := three + `
teams:
  - { id: sales, reps: [ben, cora], assign: in_order }
accounts:
  - { domain: bigco.example, company: Big Co, to: cora }
routes:
  - { if: known(owner), to: owner, within: 7d, for: 90d }
  - { if: known(account), to: account }
  - { to: sales }
`
	s := newStageOn(t, file(t), sales(team))
	a := s.lead("priya@shop.example")
	s.hasLead(a, "ben")
	_, err := s.Claim(t.Context(), a.Conversation.ID, "cora")
	must(t, err)
	t.Run("a colleague of the same company has the same rep", func(t *testing.T) {
		b := s.lead("omar@shop.example")
		s.hasLead(b, "cora")
		if because := s.state(b).Assigned.Because; !strings.Contains(because, "already has a lead of this company") {
			t.Error(because)
		}
	})
	t.Run("addresses at a free mail service have nothing in common", func(t *testing.T) {
		c := s.lead("one@gmail.com")
		_, err := s.Claim(t.Context(), c.Conversation.ID, "cora")
		must(t, err)
		s.hasLead(s.lead("two@gmail.com"), "ben")
	})
	t.Run("an account goes to whom it names", func(t *testing.T) {
		s.hasLead(s.lead("lena@eu.bigco.example"), "cora")
	})
	t.Run("after the time the owner counts no more", func(t *testing.T) {
		s.pass(91 * 24 * time.Hour)
		s.hasLead(s.lead("new@shop.example"), "ben")
	})
	t.Run("an owner whom the record alone names has the lead by it", func(t *testing.T) {
		lead := s.lead("rita@rita.example")
		s.hasLead(lead, "ben")
		must(t, s.Store.CommitPerson(t.Context(), bot.PersonTurn{
			Person: bot.Person{ID: "p2", Stage: bot.StageMQL, Owner: "asha", OwnedAt: s.now(), CreatedAt: s.now(), UpdatedAt: s.now()},
			Keys:   []bot.PersonKey{{Kind: bot.ByEmail, Value: "rita@rita.example"}},
			Folded: []bot.Folded{{Conversation: lead.Conversation.ID, Person: "p2"}},
		}))
		again := s.lead("rita@rita.example")
		s.hasLead(again, "asha")
		if because := s.state(again).Assigned.Because; !strings.Contains(because, "has this lead by its record") {
			t.Error(because)
		}
	})
	t.Run("an owner who is not in the roster gives way to the next route, with a line in the log", func(t *testing.T) {
		lead := s.lead("zoe@zoo.example")
		must(t, s.Store.CommitPerson(t.Context(), bot.PersonTurn{
			Person: bot.Person{ID: "p1", Stage: bot.StageMQL, Owner: "crm-77", OwnedAt: s.now(), CreatedAt: s.now(), UpdatedAt: s.now()},
			Keys:   []bot.PersonKey{{Kind: bot.ByEmail, Value: "zoe@zoo.example"}},
			Folded: []bot.Folded{{Conversation: lead.Conversation.ID, Person: "p1"}},
		}))
		var log strings.Builder
		s.Log = slog.New(slog.NewTextHandler(&log, nil))
		s.hasLead(s.lead("zoe@zoo.example"), "ben")
		if n := strings.Count(log.String(), "crm-77"); n != 1 {
			t.Errorf("%d lines: %s", n, log.String())
		}
	})
}

func TestARepWhoLeaves(t *testing.T) {
	team := three + `
teams:
  - { id: sales, reps: [asha, ben], assign: in_order }
  - { id: help, reps: [cora] }
routes:
  - { to: sales }
`
	without := strings.Replace(strings.Replace(team, "  - { id: asha, name: Asha Rao, hours: all, limits: { open: 1 } }\n", "", 1), "[asha, ben]", "[ben]", 1)
	t.Run("open leads and meetings ahead go to somebody who is there, once, and reps are warned", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(team))
		s.Carriers[bot.JobAlert] = func(context.Context, bot.Job) error { return nil }
		booked := s.lead("one@a.example")
		s.hasLead(booked, "asha")
		s.say(booked, "1")
		open := s.lead("two@a.example")
		s.hasLead(open, "asha")
		must(t, s.Use(t.Context(), load(t, sales(without))))
		for range 2 {
			s.Rehome(t.Context())
		}
		s.hasLead(open, "ben")
		s.hasLead(booked, "ben")
		m, err := s.Meeting(t.Context(), s.state(booked).Meeting.UID)
		must(t, err)
		if m.Rep != "ben" || m.Status != bot.Confirmed || m.Sequence != 1 {
			t.Errorf("%+v", m)
		}
		jobs, err := s.Store.Claim(t.Context(), s.now(), time.Minute, 20)
		must(t, err)
		left := 0
		for _, j := range jobs {
			left += strings.Count(string(j.Payload), bot.AlertLeft)
		}
		if left != 2 {
			t.Errorf("%d alerts", left)
		}
	})
	t.Run("of two nodes that find them at once the one that did it says so", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(team))
		a := s.lead("two@a.example")
		must(t, s.Use(t.Context(), load(t, sales(without))))
		var log strings.Builder
		s.Log = slog.New(slog.NewTextHandler(&log, nil))
		other := &bot.Bot{Store: lateToLook{s.Store, []bot.Orphan{{Conversation: a.Conversation.ID, Rep: "asha"}}}, Now: s.now, Log: s.Log}
		must(t, other.Use(t.Context(), s.Workspace()))
		s.Rehome(t.Context())
		other.Rehome(t.Context())
		s.hasLead(a, "ben")
		if n := strings.Count(log.String(), "of a rep who left"); n != 1 {
			t.Errorf("%d lines: %s", n, log.String())
		}
	})
	t.Run("a conversation that began before goes to nobody who has left", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(team))
		a := s.arrive("")
		s.say(a, "250")
		must(t, s.Use(t.Context(), load(t, sales(without))))
		s.say(a, "one@a.example")
		s.hasLead(a, "ben")
		s.say(a, "1")
		if s.state(a).End != flows.Qualified {
			t.Errorf("%+v", s.state(a))
		}
	})
	t.Run("where nobody is free at the time of the meeting the visitor is asked for another", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(team))
		first := s.lead("one@a.example")
		s.say(first, "1")
		s.hasLead(first, "asha")
		busy := slots.Interval{Start: s.now(), End: s.now().Add(5 * time.Hour)}
		must(t, s.Store.SaveBusy(t.Context(), bot.Busy{Rep: "ben", Spans: []slots.Interval{busy}, ReadAt: s.now()}))
		only := strings.Replace(without, "  - { id: cora, name: Cora Diaz, hours: all }\n", "", 1)
		only = strings.Replace(only, "  - { id: help, reps: [cora] }\n", "", 1)
		must(t, s.Use(t.Context(), load(t, sales(only))))
		s.Rehome(t.Context())
		s.hasLead(first, "ben")
		if c := s.state(first); c.Meeting != nil || c.Clashed == nil || len(c.Offers) == 0 {
			t.Errorf("%+v", c)
		}
	})
}

// lateToLook found leads of reps who left just before another node gave them to somebody.
type lateToLook struct {
	bot.Store
	found []bot.Orphan
}

func (l lateToLook) Orphans(context.Context, []string, time.Time) ([]bot.Orphan, error) {
	return l.found, nil
}
