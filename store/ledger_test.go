package store

import (
	"strings"
	"testing"

	"usher/bot/desk"
	"usher/store/pgtest"
)

func TestTheLedgerIsOnlyAddedTo(t *testing.T) {
	for name, url := range map[string]string{"sqlite": t.TempDir() + "/usher.db", "postgresql": pgtest.URL(t)} {
		d, err := Open(t.Context(), url, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		if err := d.Enter(t.Context(), "c", []desk.Entry{{Team: "sales", Rep: "asha", Kind: desk.AssignedLead, Leads: 1}}); err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"update ledger set rep = 'ben'", "delete from ledger"} {
			err := d.engine.write(t.Context(), []step{{sql: both(statement)}})
			if err == nil || !strings.Contains(err.Error(), "only added to") {
				t.Errorf("%s: %s: %v", name, statement, err)
			}
		}
	}
}
