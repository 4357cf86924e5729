package bot_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
	"usher/flows"
)

// heardOf is somebody whom another system tells of.
func (s *stage) heardOf(email string, seats float64) bot.Person {
	s.t.Helper()
	p, _, err := s.SavePerson(s.t.Context(), bot.PersonFacts{
		Email: email, By: "api crm", Waiting: "api", Fields: map[string]flows.Value{"seats": {Type: flows.TypeNumber, Number: seats, Text: fmt.Sprint(seats)}},
	})
	must(s.t, err)
	return p
}

func TestAPersonWithoutAConversationIsRouted(t *testing.T) {
	team := three + `
teams:
  - { id: sales, reps: [asha] }
  - { id: help, reps: [ben, cora] }
routes:
  - { if: known(owner), to: owner }
  - { if: seats >= 100, to: sales, wait: 4h, else: help }
  - { to: help }
`
	routed := func(s *stage, p bot.Person) bot.Person {
		s.t.Helper()
		p, err := s.RoutePerson(s.t.Context(), p.ID, "api crm")
		must(s.t, err)
		return p
	}
	for name, url := range databases {
		t.Run("by what is known of them, once, with a line in the trail and in the ledger, on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), sales(team))
			hooks := s.folding()
			p := s.heardOf("ada@bigco.example", 250)
			if p.Waiting != "api" || p.Owner != "" {
				t.Fatalf("%+v", p)
			}
			for range 2 {
				if p = routed(s, p); p.Owner != "asha" || p.Team != "sales" || p.Waiting != "" {
					t.Fatalf("%+v", p)
				}
			}
			s.work()
			if got := s.trail(p, bot.ChangedOwner); len(got) != 2 || !strings.HasPrefix(got[1], "waiting api→asha by api crm: Sales team: seats is 250") {
				t.Errorf("%q", got)
			}
			lines, shares := s.ledger()
			if len(lines) != 1 || lines[0].Conversation != p.ID || lines[0].Kind != desk.AssignedLead || lines[0].Leads != 1 || len(lines[0].Trace) == 0 || shares[routing.Queue{Team: "sales"}]["asha"].Count != 1 {
				t.Errorf("%+v", lines)
			}
			if last := (*hooks)[len(*hooks)-1]; last.Event != bot.HookOwner || last.Rep != "asha" {
				t.Errorf("%+v", *hooks)
			}
			a := s.lead("ada@bigco.example") // who comes is their owner's
			s.hasLead(a, "asha")
			of, err := s.Subject(t.Context(), "ada@bigco.example")
			must(t, err)
			_, err = s.Erase(t.Context(), of, "mira@office")
			must(t, err)
			if lines, _ := s.ledger(); len(lines) == 0 || strings.Contains(fmt.Sprint(lines), p.ID) || strings.Contains(fmt.Sprint(lines), "seats") {
				t.Errorf("after they are erased the ledger has %+v", lines)
			}
		})
		t.Run("and shared out evenly however many are at once, on "+name, func(t *testing.T) {
			at := url(t)
			files := sales(team)
			s := newStageOn(t, at, files)
			nodes := []*stage{s, s.beside(at, files)}
			var all sync.WaitGroup
			for i := range 12 {
				p := s.heardOf(fmt.Sprintf("p%d@a.example", i), 5)
				all.Go(func() {
					if _, err := nodes[i%2].RoutePerson(t.Context(), p.ID, "api crm"); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			_, shares := s.ledger()
			if q := shares[routing.Queue{Team: "help"}]; q["ben"].Count != 6 || q["cora"].Count != 6 {
				t.Errorf("%+v", q)
			}
		})
	}
	t.Run("who is closed, talks or has a rep stays as they are", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(team))
		s.folding()
		lost := s.heardOf("lost@a.example", 250)
		must(t, s.SetStage(t.Context(), lost.ID, bot.StageLost, "bought elsewhere", "asha"))
		if p := routed(s, lost); p.Owner != "" || p.Waiting != "api" {
			t.Errorf("%+v", p)
		}
		first, talks := s.lead("one@a.example"), s.lead("two@a.example")
		s.work()
		s.hasLead(first, "asha")
		s.hasLead(talks, "waiting sales")
		if p := routed(s, s.known("two@a.example")); p.Owner != "" || p.Waiting != "sales" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("nobody gets a rep before those who wait for them", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(team))
		first := s.lead("one@a.example")
		waits := s.lead("two@a.example")
		s.pass(time.Minute)
		s.say(first, "1")
		p := routed(s, s.heardOf("new@a.example", 250))
		s.hasLead(waits, "asha")
		if p.Owner != "ben" && p.Owner != "cora" {
			t.Errorf("%q has who came last", p.Owner)
		}
	})
	t.Run("a command leaves those who wait to the server, which tells the rep", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(team))
		first := s.lead("one@a.example")
		waits := s.lead("two@a.example")
		s.pass(time.Minute)
		s.say(first, "1")
		command := &bot.Bot{Store: s.Store, Now: s.now, Log: s.Log}
		must(t, command.Use(t.Context(), s.Workspace()))
		p, err := command.RoutePerson(t.Context(), s.heardOf("new@a.example", 250).ID, "import")
		must(t, err)
		if p.Owner != "ben" && p.Owner != "cora" {
			t.Errorf("%q has who came last", p.Owner)
		}
		s.hasLead(waits, "waiting sales")
		s.Drain(t.Context())
		s.hasLead(waits, "asha")
	})
}
