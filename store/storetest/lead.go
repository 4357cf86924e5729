package storetest

import (
	"errors"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
)

func leads(t *testing.T, fresh Database) {
	lead := func(w world, id, name, email, rep string, at time.Time) {
		t := turn(id, 0)
		t.Lead = &bot.Lead{ID: id, Conversation: id, Name: name, Email: email, Rep: rep, Team: "sales", Score: 40, Grade: "warm", UpdatedAt: at}
		w.commits(t)
	}
	found := func(w world, text string) string {
		l, err := w.FindLead(w.ctx, text)
		if err != nil {
			w.Fatalf("%q: %v", text, err)
		}
		return l.ID
	}
	tell(t, fresh, "a rep's leads come with the one that changed last first, and no more than asked for", func(w world) {
		lead(w, "c1", "Priya", "priya@bigco.example", "asha", noon)
		lead(w, "c2", "Omar", "omar@smallco.example", "ben", noon)
		lead(w, "c3", "Lena", "lena@bigco.example", "asha", noon.Add(time.Hour))
		all, err := w.LeadsOf(w.ctx, "asha", 10)
		if err != nil || len(all) != 2 {
			w.Fatal(all, err)
		}
		w.same(all[0].ID, "c3")
		w.same(all[1], bot.Lead{ID: "c1", Conversation: "c1", Name: "Priya", Email: "priya@bigco.example", Rep: "asha", Team: "sales", Score: 40, Grade: "warm", UpdatedAt: noon})
		one, err := w.LeadsOf(w.ctx, "asha", 1)
		if err != nil || len(one) != 1 {
			w.Fatal(one, err)
		}
		none, err := w.LeadsOf(w.ctx, "cora", 10)
		if err != nil || len(none) != 0 {
			w.Fatal(none, err)
		}
	})
	tell(t, fresh, "a lead is found by its id, an address or how the name begins, capitals or not", func(w world) {
		lead(w, "c1", "Priya Nair", "Priya@bigco.example", "asha", noon)
		lead(w, "c2", "Priya Shah", "shah@smallco.example", "ben", noon.Add(time.Hour))
		lead(w, "c3", "Øyvind 100%_Berg", "", "ben", noon)
		lead(w, "c4", "c1", "x@y.example", "ben", noon.Add(time.Hour))
		w.same(found(w, "c1"), "c1")
		w.same(found(w, "priya@BIGCO.example"), "c1")
		w.same(found(w, "priya"), "c2")
		w.same(found(w, "Priya N"), "c1")
		w.same(found(w, "Øyv"), "c3")
		for _, nobody := range []string{"", "nair", "%", "_", "priya@"} {
			if l, err := w.FindLead(w.ctx, nobody); !errors.Is(err, bot.ErrNotFound) {
				w.Errorf("%q is %+v, %v", nobody, l, err)
			}
		}
	})
	tell(t, fresh, "a passed lead leaves one share and comes to another", func(w world) {
		first, second := turn("c1", 0), turn("c1", 1)
		first.Ledger = []desk.Entry{{Team: "sales", Rep: "asha", Kind: desk.AssignedLead, Leads: 1, At: noon}}
		second.Ledger = []desk.Entry{{Team: "sales", Rep: "asha", Kind: desk.PassedLead, Leads: -1, At: noon}, {Team: "sales", Rep: "ben", Kind: desk.ReceivedLead, Leads: 1, At: noon}}
		w.commits(first)
		w.commits(second)
		shares := w.agenda(day("asha", "ben")).Shares[routing.Queue{Team: "sales"}]
		w.same(shares["asha"].Count, 0)
		w.same(shares["ben"].Count, 1)
	})
	tell(t, fresh, "of turns decided on the same shares only the first goes through", func(w world) {
		draws := w.agenda(day("asha")).Draws
		share := func(id string) *bot.Turn {
			t := turn(id, 0)
			t.Ledger = []desk.Entry{{Team: "sales", Rep: "asha", Kind: desk.AssignedLead, Leads: 1, At: noon}}
			t.Draws = draws
			return t
		}
		w.commits(share("c1"))
		if err := w.Commit(w.ctx, share("c2")); !errors.Is(err, bot.ErrUneven) {
			w.Errorf("it was let through: %v", err)
		}
		if _, err := w.Load(w.ctx, "c2"); !errors.Is(err, bot.ErrNotFound) {
			w.Errorf("half of it was kept: %v", err)
		}
		draws = w.agenda(day("asha")).Draws
		w.same(draws["sales"], int64(1))
		w.commits(share("c2"))
		w.same(w.agenda(day("asha")).Shares[routing.Queue{Team: "sales"}]["asha"].Count, 2.0)
	})
}
