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
			at := url(t)
			nodes := []*stage{newStageOn(t, at, sales(team))}
			if name != "sqlite" {
				nodes = append(nodes, newStageOn(t, at, sales(team)))
			}
			leads := []string{"one@big.example", "two@big.example", "three@small.example"}
			var been sync.Map
			var decided, all sync.WaitGroup
			decided.Add(len(leads))
			for _, s := range nodes {
				s.Store = abreast{s.Store, &decided, &been}
			}
			has := make([]string, len(leads))
			for i, email := range leads {
				s := nodes[i%len(nodes)]
				all.Go(func() { has[i] = s.has(s.lead(email)) })
			}
			all.Wait()
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
			has := make([]string, 24)
			for i := range has {
				s := nodes[i%2]
				all.Go(func() { has[i] = s.has(s.lead(fmt.Sprintf("p%d@a.example", i))) })
			}
			all.Wait()
			n := 0
			for _, rep := range has {
				if rep == "asha" {
					n++
				}
			}
			if n != 8 {
				t.Errorf("%d leads for a limit of 8: %q", n, has)
			}
		})
	}
}
