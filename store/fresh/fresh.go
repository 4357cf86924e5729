// Package fresh owns the databases that tests open: each is the test's own, has the program's schema and nothing in it. It is
// migrated once for a test program, not once for a test, which costs more than most tests do. A test of migrations starts
// from nothing instead.
package fresh

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"usher/store"
	"usher/store/pgtest"
)

// SQLite is the address of a file in the test's temporary folder.
func SQLite(t testing.TB) string {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "usher.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + file
}

// PostgreSQL is the address of a database on the tests' server.
func PostgreSQL(t testing.TB) string {
	t.Helper()
	return pgtest.Prepared(t, migrate)
}

// migrated is an SQLite file with the schema alone.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "usher-fresh-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) // what stays is empty
	file := filepath.Join(folder, "usher.db")
	if err := migrate("sqlite:" + file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// migrate leaves a database as the program does that starts on it for the first time.
func migrate(url string) error {
	s, err := store.Open(context.Background(), url, store.Options{})
	if err != nil {
		return err
	}
	return s.Close()
}
