package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"usher/bot"
	"usher/store"
)

func TestTheVault(t *testing.T) {
	v := store.Vault{Folder: t.TempDir(), Key: []byte("secret")}
	head := bot.AuditHead{N: 3, Hash: "abc"}
	stone := bot.Tombstone{ID: "e1", At: time.Unix(1, 0).UTC(), Who: "mira@office", Hashes: []string{"h"}}
	for range 2 {
		if err := errors.Join(v.KeepHead(head), v.KeepTombstone(stone)); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("what was kept is read once", func(t *testing.T) {
		heads, err := v.Heads()
		stones, err2 := v.Tombstones()
		if err := errors.Join(err, err2); err != nil || len(heads) != 1 || heads[0] != head || len(stones) != 1 || stones[0].Hashes[0] != "h" {
			t.Errorf("%v %v %v", heads, stones, err)
		}
	})
	file := filepath.Join(v.Folder, "audit.heads")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a line cut by a lost power is left out", func(t *testing.T) {
		write(t, file, string(data)+"1234 {\"N\":")
		if heads, err := v.Heads(); err != nil || len(heads) != 1 {
			t.Error(heads, err)
		}
	})
	t.Run("a line of another hand is refused", func(t *testing.T) {
		write(t, file, string(data)+"1234 {\"N\":4,\"Hash\":\"x\"}\n")
		if _, err := v.Heads(); !errors.Is(err, store.ErrForged) {
			t.Error(err)
		}
	})
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
