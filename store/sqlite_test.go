package store_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"usher/bot"
	"usher/store"
)

func TestAnSQLiteFileIsTheOwnersAloneWhateverTheUmask(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077} {
		old := syscall.Umask(umask)
		folder := filepath.Join(t.TempDir(), "made", "below")
		open(t, filepath.Join(folder, "usher.db"))
		syscall.Umask(old)
		for name, want := range map[string]fs.FileMode{"usher.db": 0o600, "usher.db-wal": 0o600, "usher.db-shm": 0o600, "usher.db-lock": 0o600, ".": 0o700, "..": 0o700} {
			info, err := os.Stat(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != want {
				t.Errorf("umask %03o: %s has mode %o, want %o", umask, name, info.Mode().Perm(), want)
			}
		}
	}
}

func TestASecondServerOnOneSQLiteFileIsRefusedUntilTheFirstIsGone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "usher.db")
	first := open(t, file)
	if _, err := store.Open(context.Background(), file, store.Options{}); !errors.Is(err, store.ErrShared) || !strings.Contains(err.Error(), file) {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, file)
}

func TestACommandReadsBesideTheServer(t *testing.T) {
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "data", "usher.db")
	if _, err := store.OpenBeside(ctx, file); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a missing file was opened: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(file)); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("looking for a file made its folder: %v", err)
	}
	server := open(t, file)
	if err := server.Commit(ctx, &bot.Turn{Conversation: bot.Conversation{ID: "c1"}}); err != nil {
		t.Fatal(err)
	}
	beside, err := store.OpenBeside(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if _, err := beside.Load(ctx, "c1"); err != nil {
		t.Error(err)
	}
}

func TestACommandThatWritesMakesAFileThatNoServerHas(t *testing.T) {
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "usher.db")
	made, err := store.OpenToWrite(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, file, store.Options{}); !errors.Is(err, store.ErrShared) {
		t.Errorf("a server started on a file that is being made: %v", err)
	}
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, file)
	beside, err := store.OpenToWrite(ctx, file)
	if err != nil {
		t.Fatalf("a command cannot write beside a server: %v", err)
	}
	defer beside.Close()
}

func TestAnAddressIsShownWithoutItsPassword(t *testing.T) {
	for database, shown := range map[string]string{
		"sqlite:data/usher.db":                "sqlite:data/usher.db",
		"postgres://usher:secret@db/usher":    "postgres://usher:xxxxx@db/usher",
		"postgres://usher:sec%zzret@db/usher": "(not shown: not an address)",
	} {
		if got := store.Redacted(database); got != shown {
			t.Errorf("%s is shown as %s", database, got)
		}
	}
}

func TestAPathIsTakenAsItIsWritten(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a b.db", "50%.db", "q?.db", "ü#1.db", "%41.db"} {
		open(t, "sqlite:"+filepath.Join(folder, name))
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestAFileThatIsNoDatabaseIsRefusedAndLeftAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "letter.txt")
	letter := []byte(strings.Repeat("Dear Sir or Madam, ", 100))
	if err := os.WriteFile(file, letter, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(context.Background(), file, store.Options{}); err == nil {
		t.Error("it was opened")
	}
	if now, err := os.ReadFile(file); err != nil || string(now) != string(letter) {
		t.Error("it was changed")
	}
}

// The store's SQL counts on placeholders that are numbered, used twice and out of order; some drivers bind by position.
func TestSQLiteBindsNumberedPlaceholders(t *testing.T) {
	db := raw(t, filepath.Join(t.TempDir(), "x.db"))
	var a, b, c string
	if err := db.QueryRow("select $2, $1, $2 || $3 || $1", "one", "two", "three").Scan(&a, &b, &c); err != nil {
		t.Fatal(err)
	}
	if a != "two" || b != "one" || c != "twothreeone" {
		t.Error(a, b, c)
	}
}

// raw opens an SQLite file as somebody who goes round the store.
func raw(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestWhoGoesRoundTheStoreCannotBookTwiceInSQLite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "usher.db")
	open(t, file)
	db := raw(t, file)
	goRound(t, func(text string) error { _, err := db.Exec(text); return err })
}

func TestANewerSQLiteSchemaIsRefusedAndLeftAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "usher.db")
	if err := open(t, file).Close(); err != nil {
		t.Fatal(err)
	}
	db := raw(t, file)
	newer(t, func(text string) error { _, err := db.Exec(text); return err }, file)
}
