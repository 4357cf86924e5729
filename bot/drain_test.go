package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/desk"
	"usher/flows"
)

func TestNobodyOvertakesWhoWaits(t *testing.T) {
	for name, url := range databases {
		t.Run("who come at once when a rep has room again go behind those who wait, on "+name, func(t *testing.T) {
			nodes := on(t, name, url(t), sales(patient))
			s := nodes[0]
			first := s.lead("one@a.example")
			var waits []bot.Arrived
			for i := range 2 {
				s.pass(time.Minute)
				waits = append(waits, s.lead(fmt.Sprintf("w%d@a.example", i)))
			}
			s.pass(time.Minute)
			s.say(first, "1") // booked: asha has room for one, and nobody has looked at those who wait
			var all sync.WaitGroup
			come := make([]string, 6)
			for i := range come {
				on := nodes[i%len(nodes)]
				all.Go(func() { come[i] = on.has(on.lead(fmt.Sprintf("new%d@a.example", i))) })
			}
			all.Wait()
			for _, has := range come {
				if has != "waiting sales" {
					t.Errorf("%q has somebody who came last", has)
				}
			}
			s.hasLead(waits[0], "asha")
			s.hasLead(waits[1], "waiting sales")
		})
	}
	t.Run("a lead that nobody can be given to holds nobody back once its time is over", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(patient))
		first := s.lead("one@a.example")
		waits := s.lead("two@a.example")
		s.Bot.Store = stuck{s.Store, waits.Conversation.ID}
		s.pass(time.Minute)
		s.say(first, "1")
		s.pass(3 * time.Hour)
		next := s.lead("three@a.example")
		s.Drain(t.Context())
		s.hasLead(next, "waiting sales")
		s.pass(2 * time.Hour)
		s.Drain(t.Context())
		s.hasLead(next, "asha")
		s.hasLead(waits, "waiting sales")
	})
	t.Run("when a rep is back, those who wait have them before who comes then", func(t *testing.T) {
		s := newStageOn(t, file(t), sales(patient))
		must(t, s.SetAway(t.Context(), "asha", s.now().Add(9*24*time.Hour)))
		waits := s.lead("two@a.example")
		s.hasLead(waits, "waiting sales")
		must(t, s.Back(t.Context(), "asha"))
		s.hasLead(s.lead("three@a.example"), "waiting sales")
		s.hasLead(waits, "asha")
	})
	t.Run("who cannot have the free rep does not keep others from them, however many they are", func(t *testing.T) {
		files := sales(`
reps:
  - { id: asha, name: Asha Rao, hours: all, languages: [en], limits: { open: 1 } }
  - { id: ben, name: Ben Ode, hours: all, languages: [de], limits: { open: 1 } }
teams: [{ id: sales, reps: [asha, ben], languages: match }]
routes: [{ to: sales, wait: 4h }]
`)
		files["talk.yaml"] = &fstest.MapFile{Data: bytes.Replace(files["talk.yaml"].Data, []byte("languages: [en]"), []byte("languages: [en, de]"), 1)}
		s := newStageOn(t, file(t), files)
		s.folding()
		spoken := func(language, email string) bot.Arrived {
			a, err := s.Arrive(t.Context(), bot.Arrival{Site: "acme.example", Visit: flows.Visit{Page: "/", Language: language, Timezone: "UTC"}})
			must(t, err)
			s.say(a, "250")
			s.say(a, email)
			return a
		}
		asha, ben := spoken("en", "en@a.example"), spoken("de", "de@a.example")
		s.hasLead(asha, "asha")
		s.hasLead(ben, "ben")
		for i := range 6 {
			s.pass(time.Minute)
			s.hasLead(spoken("de", fmt.Sprintf("w%d@a.example", i)), "waiting sales")
		}
		waits := spoken("en", "w@a.example")
		s.hasLead(waits, "waiting sales")
		s.say(asha, "1")
		s.Drain(t.Context())
		s.hasLead(waits, "asha")
		s.closes("w@a.example")
		s.hasLead(spoken("en", "new@a.example"), "asha")
	})
}

// closes has somebody say that a lead is won.
func (s *stage) closes(email string) {
	s.t.Helper()
	s.work()
	must(s.t, s.SetStage(s.t.Context(), s.known(email).ID, bot.StageWon, "signed", "asha"))
}

// TestTheOldestIsNext is the law of waiting: a rep gets the leads of a place in the order in which they came.
func TestTheOldestIsNext(t *testing.T) {
	s := newStageOn(t, file(t), sales(strings.Replace(three, "open: 1", "open: 2", 1)+"teams: [{ id: sales, reps: [asha] }]\nroutes: [{ to: sales, wait: 400h }]\n"))
	s.folding()
	var came []string
	var open []bot.Arrived
	address := func(id string) string { return fmt.Sprintf("p%d@a.example", slices.Index(came, id)) }
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 5).Draw(r, "deeds") {
			switch rapid.SampledFrom([]string{"comes", "comes", "is closed", "is looked at"}).Draw(r, "deed") {
			case "comes":
				s.pass(time.Second)
				a := s.lead(fmt.Sprintf("p%d@a.example", len(came)))
				came, open = append(came, a.Conversation.ID), append(open, a)
			case "is looked at":
				s.Drain(t.Context())
			default:
				i := slices.IndexFunc(open, func(a bot.Arrived) bool { return s.has(a) == "asha" })
				if i < 0 {
					continue
				}
				s.closes(address(open[i].Conversation.ID))
				open = slices.Delete(open, i, i+1)
			}
		}
		lines, err := s.Store.Ledger(t.Context(), bot.LedgerQuery{})
		if err != nil {
			r.Fatal(err)
		}
		i := 0
		for _, l := range lines {
			if l.Kind != desk.AssignedLead {
				continue
			}
			if l.Conversation != came[i] {
				r.Fatalf("lead %d of asha came as number %d", i, slices.Index(came, l.Conversation))
			}
			i++
		}
	})
}

// stuck is a store in which one conversation cannot be changed any more.
type stuck struct {
	bot.Store
	conversation string
}

func (s stuck) Commit(ctx context.Context, t *bot.Turn) error {
	if t.Conversation.ID == s.conversation {
		return errors.New("it cannot be written")
	}
	return s.Store.Commit(ctx, t)
}
