package store

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"usher/bot"
)

// Vault is two files in the data folder, beside the database and not in it. Each line is signed with the key of the house.
type Vault struct {
	Folder string
	Key    []byte
}

var _ bot.Vault = Vault{}

// Names of the files.
const (
	headsFile  = "audit.heads"
	erasedFile = "erased.jsonl"
)

// ErrForged says that a line in the data folder was not written by this house.
var ErrForged = errors.New("a line was not signed with the key of this house")

// Heads reads the ends of the audit log that were kept, the oldest first.
func (v Vault) Heads() ([]bot.AuditHead, error) { return readLines[bot.AuditHead](v, headsFile) }

// KeepHead adds an end; one that is kept already does nothing.
func (v Vault) KeepHead(h bot.AuditHead) error {
	all, err := v.Heads()
	if err != nil || slices.Contains(all, h) {
		return err
	}
	return v.add(headsFile, h)
}

// Tombstones reads who was erased.
func (v Vault) Tombstones() ([]bot.Tombstone, error) { return readLines[bot.Tombstone](v, erasedFile) }

// KeepTombstone adds one; the same again does nothing.
func (v Vault) KeepTombstone(t bot.Tombstone) error {
	all, err := v.Tombstones()
	if err != nil || slices.ContainsFunc(all, func(k bot.Tombstone) bool { return k.ID == t.ID }) {
		return err
	}
	return v.add(erasedFile, t)
}

// add appends a signed line and waits for the disk.
func (v Vault) add(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.MkdirAll(v.Folder, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(v.Folder, name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = fmt.Fprintf(f, "%s %s\n", v.sign(name, text), text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func (v Vault) sign(name string, text []byte) string {
	mac := hmac.New(sha256.New, v.Key)
	fmt.Fprintf(mac, "usher %s\x00%s", name, text)
	return hex.EncodeToString(mac.Sum(nil))
}

// readLines reads a file; one that is not there has no lines. A last line that was not written to its end is left out.
func readLines[T any](v Vault, name string) (all []T, err error) {
	data, err := os.ReadFile(filepath.Join(v.Folder, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	whole := data[:bytes.LastIndexByte(data, '\n')+1]
	n := 0
	for line := range strings.Lines(string(whole)) {
		n++
		mac, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		var value T
		if !hmac.Equal([]byte(mac), []byte(v.sign(name, []byte(text)))) || json.Unmarshal([]byte(text), &value) != nil {
			return nil, fmt.Errorf("%s, line %d: %w", filepath.Join(v.Folder, name), n, ErrForged)
		}
		all = append(all, value)
	}
	return all, nil
}
