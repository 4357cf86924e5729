package bot_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"usher/bot"
	"usher/flows"
)

// divided is the workspace with a second flow that half of the visitors get.
func divided() fstest.MapFS {
	talk := string(workspace["talk.yaml"].Data)
	return fstest.MapFS{
		"team.yaml":  workspace["team.yaml"],
		"talk.yaml":  {Data: []byte(talk + "split: { talk: 50, brief: 50 }\n")},
		"brief.yaml": {Data: []byte(strings.Replace(strings.Replace(talk, "flow: talk", "flow: brief", 1), "How many?", "Seats?", 1))},
	}
}

func TestASplit(t *testing.T) {
	t.Run("gives each visitor one flow, the same in every visit and on every node", func(t *testing.T) {
		s := newStageOn(t, file(t), divided())
		got := map[string]int{}
		for range 40 {
			first := s.arrive("")
			c := first.Conversation
			got[c.State.Flow]++
			if c.Split != "talk" || first.Flow.ID != c.State.Flow {
				t.Fatalf("split %q, flow %s, conversation in %s", c.Split, first.Flow.ID, c.State.Flow)
			}
			if again := s.arrive(first.Token); again.Conversation.ID != c.ID {
				t.Fatal("a reload began anew")
			}
			s.say(first, "stop")
			s.pass(2 * bot.SameVisit)
			node := &bot.Bot{Store: s.Store, Now: s.now, Log: s.Log}
			must(t, node.Use(t.Context(), load(t, divided())))
			next, err := node.Arrive(t.Context(), bot.Arrival{Token: first.Token, Site: "acme.example", Visit: flows.Visit{Page: "/"}})
			must(t, err)
			if next.Conversation.ID == c.ID || next.Conversation.State.Flow != c.State.Flow {
				t.Fatalf("%s in %s became %s in %s", c.ID, c.State.Flow, next.Conversation.ID, next.Conversation.State.Flow)
			}
		}
		if got["talk"] == 0 || got["brief"] == 0 {
			t.Errorf("not divided: %v", got)
		}
	})
	t.Run("holds for a page that asks for the flow, which is not asked for anew by the variant", func(t *testing.T) {
		s := newStageOn(t, file(t), divided())
		for {
			a, err := s.Arrive(t.Context(), bot.Arrival{Site: "acme.example", Flow: "talk", Visit: flows.Visit{Page: "/"}})
			must(t, err)
			if a.Conversation.State.Flow != "brief" {
				continue
			}
			again, err := s.Arrive(t.Context(), bot.Arrival{Token: a.Token, Site: "acme.example", Flow: "talk", Visit: flows.Visit{Page: "/"}})
			must(t, err)
			if again.Conversation.ID != a.Conversation.ID {
				t.Error("the page's flow was begun anew")
			}
			return
		}
	})
	t.Run("a variant that a page asks for by name is no part of the split", func(t *testing.T) {
		s := newStageOn(t, file(t), divided())
		a, err := s.Arrive(t.Context(), bot.Arrival{Site: "acme.example", Flow: "brief", Visit: flows.Visit{Page: "/"}})
		must(t, err)
		if a.Conversation.Split != "" || a.Conversation.State.Flow != "brief" {
			t.Errorf("split %q, flow %s", a.Conversation.Split, a.Conversation.State.Flow)
		}
	})
}
