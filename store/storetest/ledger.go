package storetest

import (
	"errors"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
)

// ledgers tells what the ledger keeps.
func ledgers(t *testing.T, fresh Database) {
	line := desk.Entry{
		Team: "sales", Queue: "team_size >= 200", Rep: "asha", Kind: desk.AssignedLead, Route: 1, Because: "next by fair share", Leads: 1, At: noon,
		Among: map[string]int{"asha": 2, "ben": 1}, Without: map[string]int{"cora": 1},
		Trace: []routing.Verdict{{Route: 1, Team: "sales", Rep: "asha", Taken: true, Because: "next"}, {Route: 1, Team: "sales", Rep: "ben", Because: "is not next", Need: "1 lead fewer"}},
	}
	later := desk.Entry{Team: "sales", Queue: "team_size >= 200", Rep: "asha", Kind: desk.NoShowLead, Because: "did not come", Leads: -1, At: noon.Add(time.Hour), Among: line.Among}
	write := func(w world) {
		t := turn("c1", 0)
		t.Ledger = []desk.Entry{line}
		w.commits(t)
		w.must(w.Enter(w.ctx, "c2", []desk.Entry{later}))
	}
	tell(t, fresh, "lines come back as they were written, in order, page by page", func(w world) {
		write(w)
		all, err := w.Ledger(w.ctx, bot.LedgerQuery{})
		w.must(err)
		w.same([]desk.Entry{all[0].Entry, all[1].Entry}, []desk.Entry{line, later})
		w.same([]string{all[0].Conversation, all[1].Conversation}, []string{"c1", "c2"})
		for _, c := range []struct {
			q    bot.LedgerQuery
			want int64
		}{
			{bot.LedgerQuery{Conversation: "c2"}, all[1].ID},
			{bot.LedgerQuery{Limit: 1}, all[0].ID},
			{bot.LedgerQuery{After: all[0].ID}, all[1].ID},
			{bot.LedgerQuery{Since: noon.Add(time.Minute)}, all[1].ID},
		} {
			got, err := w.Ledger(w.ctx, c.q)
			w.must(err)
			if len(got) != 1 || got[0].ID != c.want {
				w.Errorf("%+v: %+v", c.q, got)
			}
		}
	})
	tell(t, fresh, "the shares are what the lines add up to", func(w world) {
		write(w)
		kept, err := w.Shares(w.ctx)
		w.must(err)
		w.same(kept, desk.Enter(nil, line, later))
	})
	tell(t, fresh, "a team's first lead is refused that was decided on leads nobody had", func(w world) {
		t := turn("c1", 0)
		t.Ledger, t.Draws = []desk.Entry{line}, map[string]int64{"sales": 3}
		if err := w.Commit(w.ctx, t); !errors.Is(err, bot.ErrUneven) {
			w.Errorf("it was let through: %v", err)
		}
	})
}
