package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"usher/bot"
)

// abreast lets nobody commit who got a lead, or a place to wait, before all have decided once.
type abreast struct {
	bot.Store
	all  *sync.WaitGroup
	been *sync.Map
}

func (b abreast) Commit(ctx context.Context, t *bot.Turn) error {
	if s := t.Conversation.State; s.Assigned != nil || s.Waiting != nil {
		if _, been := b.been.LoadOrStore(t.Conversation.ID, true); !been {
			b.all.Done()
			b.all.Wait()
		}
	}
	return b.Store.Commit(ctx, t)
}

func TestARepHasNoMoreOpenLeadsThanTheirLimit(t *testing.T) {
	team := three + `
teams:
  - { id: sales, reps: [asha], assign: in_order }
  - { id: help, reps: [cora] }
accounts: [{ domain: big.example, to: asha }]
routes:
  - { if: known(account), to: asha, wait: 4h, else: help }
  - { to: sales, wait: 4h }
`
	for name, url := range databases {
		t.Run("where leads come at once by name and by a team, on "+name, func(t *testing.T) {
			nodes := on(t, name, url(t), sales(team))
			leads := []string{"one@big.example", "two@big.example", "three@small.example"}
			var been sync.Map
			var decided, all sync.WaitGroup
			decided.Add(len(leads))
			for _, s := range nodes {
				s.Store = abreast{s.Store, &decided, &been}
			}
			came := make([]bot.Arrived, len(leads))
			for i, email := range leads {
				all.Go(func() { came[i] = nodes[i%len(nodes)].lead(email) })
			}
			all.Wait()
			var has []string
			for _, a := range came {
				has = append(has, nodes[0].has(a))
			}
			if slices.Sort(has); has[0] != "asha" || has[1] == "asha" {
				t.Errorf("%q", has)
			}
		})
	}
}

func TestARushFillsALimitAndNoMore(t *testing.T) {
	team := strings.Replace(three, "open: 1", "open: 8", 1) + `
teams: [{ id: help, reps: [cora] }]
routes:
  - { to: asha, wait: 4h, else: help }
`
	for name, url := range databases {
		t.Run("on "+name, func(t *testing.T) {
			at := url(t)
			nodes := []*stage{newStageOn(t, at, sales(team)), nil}
			if nodes[1] = nodes[0]; name != "sqlite" {
				nodes[1] = newStageOn(t, at, sales(team))
			}
			var all sync.WaitGroup
			leads := make([]bot.Arrived, 24)
			for i := range leads {
				all.Go(func() { leads[i] = nodes[i%2].lead(fmt.Sprintf("p%d@a.example", i)) })
			}
			all.Wait()
			nodes[0].Drain(t.Context()) // one that waited may have a place that another on the way to it did not keep
			n := 0
			for _, a := range leads {
				if nodes[0].has(a) == "asha" {
					n++
				}
			}
			if n != 8 {
				t.Errorf("%d leads for a limit of 8", n)
			}
		})
	}
}

func TestAPersonKeepsTheirOwnerWhoHasAsManyLeadsAsTheyMay(t *testing.T) {
	team := strings.Replace(three, "open: 1", "open: 2", 1) + `
teams: [{ id: sales, reps: [asha], assign: in_order }, { id: help, reps: [ben] }]
routes:
  - { if: known(owner), to: owner }
  - { to: [sales, help] }
`
	for name, url := range databases {
		t.Run("on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), sales(team))
			s.folding()
			first := s.lead("ada@gmail.com")
			s.hasLead(first, "asha")
			s.hasLead(s.lead("bob@gmail.com"), "asha")
			s.hasLead(s.lead("eve@gmail.com"), "ben")
			s.work()
			again := s.lead("ada@gmail.com")
			s.hasLead(again, "asha")
			if because := s.state(again).Assigned.Because; !strings.Contains(because, "has 2 of 2 open leads, but this is no new one") {
				t.Error(because)
			}
			s.work()
			must(t, s.SetStage(t.Context(), s.known("bob@gmail.com").ID, bot.StageWon, "signed", "asha"))
			s.hasLead(s.lead("eli@gmail.com"), "asha") // who talks twice is one lead
			s.hasLead(s.lead("ivy@gmail.com"), "ben")
		})
	}
}
