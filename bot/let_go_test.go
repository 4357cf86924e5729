package bot_test

import (
	"testing"
	"time"

	"usher/bot"
)

func TestALeadThatWaitsAndIsClosed(t *testing.T) {
	team := three + `
teams: [{ id: sales, reps: [asha] }]
routes: [{ to: sales, wait: 4h }]
`
	for name, url := range databases {
		t.Run("goes to nobody any more, on "+name, func(t *testing.T) {
			s := newStageOn(t, url(t), sales(team))
			s.folding()
			first := s.lead("first@a.example")
			lost, next := s.lead("lost@b.example"), s.lead("next@c.example")
			s.pass(time.Minute)
			s.work()
			must(t, s.SetStage(t.Context(), s.known("lost@b.example").ID, bot.StageLost, "bought elsewhere", "asha"))
			s.Drain(t.Context())
			s.hasLead(lost, "")
			s.hasLead(next, "waiting sales")
			if p := s.known("lost@b.example"); p.Waiting != "" || p.Owner != "" {
				t.Errorf("%q has them, or they wait for %q", p.Owner, p.Waiting)
			}
			places, err := s.Store.WaitingPlaces(t.Context())
			must(t, err)
			if places["sales"] != 1 {
				t.Errorf("%v", places)
			}
			must(t, s.SetStage(t.Context(), s.known("first@a.example").ID, bot.StageWon, "signed", "asha"))
			s.Drain(t.Context())
			s.hasLead(next, "asha")
			s.replays(first)
			s.replays(lost)
			s.pass(time.Minute)
			again := s.lead("lost@b.example")
			s.work()
			s.Drain(t.Context())
			s.hasLead(again, "waiting sales") // who was lost and comes back is somebody's again
		})
	}
}
