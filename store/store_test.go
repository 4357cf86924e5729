package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"usher/bot"
	"usher/store"
	"usher/store/fresh"
	"usher/store/pgtest"
	"usher/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) func() bot.Store {
		file := fresh.SQLite(t)
		return func() bot.Store { return open(t, file) }
	})
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) func() bot.Store {
		url := fresh.PostgreSQL(t)
		return func() bot.Store { return open(t, url) }
	})
}

// open opens a store for the test.
func open(t testing.TB, url string) *store.DB {
	t.Helper()
	s, err := store.Open(context.Background(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestAnUnknownURLIsRefusedWithWhatIsKnown(t *testing.T) {
	for url, word := range map[string]string{
		"mysql://localhost/usher":          "sqlite:FILE or postgres://",
		"":                                 "no database is named",
		":memory:":                         "name of a file",
		"sqlite:":                          "name of a file",
		"sqlite:/proc/version/usher.db":    "",
		"postgres://%zz":                   "",
		"postgres:///x?host=/no&user=none": "",
	} {
		s, err := store.Open(context.Background(), url, store.Options{})
		if err == nil {
			s.Close()
			t.Errorf("%q was opened", url)
			continue
		}
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestAServerThatCannotBeReachedIsBusy(t *testing.T) {
	_, err := store.Open(context.Background(), "postgres:///x?host="+t.TempDir()+"&user=none", store.Options{})
	if !errors.Is(err, bot.ErrBusy) {
		t.Error(err)
	}
}
