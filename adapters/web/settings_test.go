package web

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPlainHTTPIsSaid(t *testing.T) {
	for _, c := range []struct {
		listen, url string
		plain       bool
	}{
		{"127.0.0.1:8080", "", false},
		{"localhost:8080", "", false},
		{"[::1]:8080", "", false},
		{"0.0.0.0:8080", "", true},
		{":8080", "", true},
		{"10.0.0.7:8080", "http://usher.acme.example", true},
		{"10.0.0.7:8080", "https://usher.acme.example", false},
	} {
		if got := (&Settings{Listen: c.listen, URL: c.url}).Plain(); got != c.plain {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestAKeyIsKept(t *testing.T) {
	s, folder := &Settings{}, filepath.Join(t.TempDir(), "data")
	if key, err := s.KeptKey(folder); !errors.Is(err, ErrNoKey) || !strings.Contains(err.Error(), "there is no key in "+folder+"; ") {
		t.Errorf("looking for a key gives %s: %v", key, err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("looking for a key makes the folder: %v", err)
	}
	first, err := s.SigningKey(folder)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.SigningKey(folder); err != nil || string(again) != string(first) {
		t.Errorf("%s became %s: %v", first, again, err)
	}
	if kept, err := s.KeptKey(folder); err != nil || string(kept) != string(first) {
		t.Errorf("beside the server it is %s: %v", kept, err)
	}
	if err := os.WriteFile(filepath.Join(folder, "key"), []byte("cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	if made, err := s.SigningKey(folder); err == nil {
		t.Errorf("a damaged key was replaced by %s", made)
	}
}
