package secret

import (
	"errors"
	"strings"
	"testing"
)

func TestAVault(t *testing.T) {
	key := strings.Repeat("k", KeyLength)
	open := func(owner, key string) *Vault {
		v, err := NewVault(owner, key)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := open("webhook", key)
	locked := v.Lock("hush", "one")
	if strings.Contains(locked, "hush") || locked == v.Lock("hush", "one") {
		t.Error(locked)
	}
	if got, err := open("webhook", key).Open(locked, "one"); err != nil || got != "hush" {
		t.Error(got, err)
	}
	for name, try := range map[string]struct {
		v             *Vault
		record, bound string
		want          error
	}{
		"bound to other words":  {v, locked, "two", ErrSealed},
		"changed":               {v, locked[:len(locked)-2] + "AA", "one", ErrSealed},
		"cut short":             {v, "v1." + strings.Split(locked, ".")[1] + ".AA", "one", ErrSealed},
		"nothing":               {v, "", "one", ErrSealed},
		"under another key":     {open("webhook", key+"x"), locked, "one", ErrOtherKey},
		"of another's purposes": {open("calendar", key), locked, "one", ErrOtherKey},
	} {
		if got, err := try.v.Open(try.record, try.bound); !errors.Is(err, try.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := NewVault("webhook", ""); !errors.Is(err, ErrNoKey) {
		t.Error(err)
	}
	if _, err := NewVault("webhook", "short"); !errors.Is(err, ErrShortKey) {
		t.Error(err)
	}
}
