package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"usher/bot"
	"usher/store"
)

// goRound writes meetings past the store and expects the database itself to refuse what overlaps.
func goRound(t *testing.T, exec func(text string) error) {
	t.Helper()
	row := func(uid, rep, start, end, status string) string {
		return `insert into meeting (uid, conversation, visitor, rep, start_at, end_at, buffer, block_start, block_end,
			status, expires, sequence, title, place, attendee, name, timezone, created_at)
			values ('` + uid + `', 'c', 'v', '` + rep + `', ` + start + `, ` + end + `, 0, ` + start + `, ` + end + `,
			'` + status + `', 0, 0, '', '', '', '', '', 0)`
	}
	for _, c := range []struct {
		what, text string
		refused    bool
	}{
		{"a first meeting", row("a", "asha", "100", "200", "confirmed"), false},
		{"one that overlaps", row("b", "asha", "199", "300", "confirmed"), true},
		{"a hold that overlaps", row("b", "asha", "50", "101", "held"), true},
		{"one around it", row("b", "asha", "0", "900", "confirmed"), true},
		{"one within it", row("b", "asha", "120", "130", "confirmed"), true},
		{"one that begins as it ends", row("b", "asha", "200", "300", "confirmed"), false},
		{"a cancelled one over it", row("c", "asha", "100", "200", "cancelled"), false},
		{"the cancelled one come back", "update meeting set status = 'confirmed' where uid = 'c'", true},
		{"one moved over the other", "update meeting set block_end = 201 where uid = 'a'", true},
		{"one moved over itself", "update meeting set block_start = 101 where uid = 'a'", false},
		{"one given to another rep", "update meeting set rep = 'ben' where uid = 'a'", false},
		{"an unknown status", row("d", "cleo", "0", "1", "pending"), true},
		{"one that ends as it starts", row("d", "cleo", "1", "1", "confirmed"), true},
	} {
		if err := exec(c.text); (err != nil) != c.refused {
			t.Errorf("%s: refused is to be %t, got %v", c.what, c.refused, err)
		}
	}
}

// newer writes a version from the future and expects the store to refuse it with a clear word.
func newer(t *testing.T, exec func(text string) error, url string) {
	t.Helper()
	if err := exec("insert into goose_db_version (version_id, is_applied) values (999, " + yes(url) + ")"); err != nil {
		t.Fatal(err)
	}
	for _, o := range []store.Options{{}, {Beside: true}} {
		s, err := store.Open(context.Background(), url, o)
		if !errors.Is(err, bot.ErrNewer) {
			t.Errorf("opened %v with %v", s, err)
			continue
		}
		if !strings.Contains(err.Error(), "999") || !strings.Contains(err.Error(), "start the newer program") {
			t.Error(err)
		}
	}
}

func yes(url string) string {
	if strings.HasPrefix(url, "postgres") {
		return "true"
	}
	return "1"
}
