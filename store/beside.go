package store

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
)

// In is the database in a data folder, for Open.
func In(folder string) string { return "sqlite:" + filepath.Join(folder, "usher.db") }

// OpenBeside opens for a command a database that a server may have open. One that is not there is fs.ErrNotExist: looking
// into a database must not make it.
func OpenBeside(ctx context.Context, url string) (*DB, error) {
	return Open(ctx, url, Options{Beside: true, Log: slog.New(slog.DiscardHandler)})
}

// OpenToWrite is OpenBeside for a command that writes: it also makes an SQLite file that is not there, or brings it up to
// date, but only while no server has it.
func OpenToWrite(ctx context.Context, url string) (*DB, error) {
	d, err := OpenBeside(ctx, url)
	if err == nil || strings.HasPrefix(url, "postgres") {
		return d, err
	}
	made, second := Open(ctx, url, Options{Log: slog.New(slog.DiscardHandler)})
	if errors.Is(second, ErrShared) {
		return nil, err // the server has it: what is wrong is why it could not be opened beside
	}
	return made, second
}

// Redacted is the address of a database as it may be shown: without its password.
func Redacted(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return "(not shown: not an address)"
	}
	return u.Redacted()
}
