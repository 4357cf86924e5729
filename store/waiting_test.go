package store

import (
	"strings"
	"testing"
)

func TestWhoWaitsIsFoundByIndexes(t *testing.T) {
	d, err := Open(t.Context(), "sqlite:"+t.TempDir()+"/usher.db", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for name, c := range map[string]struct {
		text string
		args []any
		read string // all that may be read from end to end
	}{
		"of each place, however many wait there": {waiters.lite, []any{int64(64)}, "places p"},
		"whom somebody closed, of all the leads": {listClosed.lite, []any{"", int64(0), int64(10)}, "w"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, table := range scanned(t, d, c.text, c.args...) {
				if !strings.Contains(" "+c.read+" ", " "+table+" ") {
					t.Errorf("all of %s is read", table)
				}
			}
		})
	}
}

// scanned are the tables that SQLite would read from end to end.
func scanned(t *testing.T, d *DB, text string, args ...any) (tables []string) {
	steps := []step{{sql: statement{lite: "explain query plan " + text}, args: args, each: func(row scanner) error {
		var id, parent, unused int64
		var said string
		err := row.Scan(&id, &parent, &unused, &said)
		if words := strings.Fields(said); len(words) > 1 && words[0] == "SCAN" {
			tables = append(tables, words[1])
		}
		return err
	}}}
	if err := d.engine.read(t.Context(), steps); err != nil {
		t.Fatal(err)
	}
	return tables
}
