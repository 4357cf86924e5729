package store_test

import (
	"errors"
	"testing"

	"usher/bot"
	"usher/bot/desk"
	"usher/store"
	"usher/store/fresh"
)

func TestWhatATestLeftIsNotThereForTheNext(t *testing.T) {
	for name, database := range map[string]func(testing.TB) string{"sqlite": fresh.SQLite, "postgresql": fresh.PostgreSQL} {
		t.Run(name, func(t *testing.T) {
			for _, test := range []string{"first", "second"} {
				t.Run(test, func(t *testing.T) { leave(t, database(t)) })
			}
		})
	}
}

// leave writes into tables of each sort, after a look whether they are empty and their numbers begin at 1.
func leave(t *testing.T, url string) {
	s, err := store.Open(t.Context(), url, store.Options{})
	must(t, err)
	defer s.Close()
	if _, err := s.Link(t.Context(), "test", "left"); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("a link is left: %v", err)
	}
	must(t, s.SaveLink(t.Context(), "test", "left", "here"))
	must(t, s.Enter(t.Context(), "c", []desk.Entry{{Team: "sales", Rep: "asha", Kind: desk.AssignedLead, Leads: 1}}))
	lines, err := s.Ledger(t.Context(), bot.LedgerQuery{})
	must(t, err)
	if len(lines) != 1 || lines[0].ID != 1 {
		t.Errorf("the ledger has %+v", lines)
	}
	must(t, s.Audit(t.Context(), bot.AuditLine{What: bot.AuditImport, Who: "test"}))
	if head, err := s.AuditHead(t.Context()); err != nil || head.N != 1 {
		t.Errorf("the chain ends with %d, %v", head.N, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
