// Package store owns the memory of the house: conversations, meetings, leads, jobs and calendars, in an SQLite file or
// in PostgreSQL. Both behave the same, because one text of SQL serves both and one suite, package storetest, runs on
// both. No double booking, no lost message and no message taken twice rest on constraints in the database, never on a
// lock in the program.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"usher/bot"
)

var _ bot.Store = (*DB)(nil)

// DB is an open store; it is safe for any number of callers at once.
type DB struct {
	engine engine
	hub    *hub
	recent *recent // of an SQLite server; nil where others write too
	closed sync.Once
}

// Options are what a store may be told. The zero value is right for a server.
type Options struct {
	// Beside opens an SQLite file that a server may have open, for a command that looks something up. It neither takes
	// the lock that keeps a second server away nor migrates.
	Beside bool
	Log    *slog.Logger // nil = slog.Default()
}

// patience bounds every wait for a database that does not answer; a visitor waits no longer.
const patience = 10 * time.Second

// Open opens sqlite:FILE, a bare file path, or postgres://…, makes what is missing and brings the schema up to date.
// The error is bot.ErrNewer when a newer program wrote the schema, bot.ErrBusy when the database cannot be reached.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	d := &DB{hub: &hub{}}
	var err error
	scheme, rest, found := strings.Cut(url, ":")
	switch {
	case url == "":
		err = errors.New("no database is named")
	case scheme == "postgres" || scheme == "postgresql":
		d.engine, err = openPostgres(ctx, url, d.hub, o)
	case scheme == "sqlite" && found:
		d.engine, err = openSQLite(ctx, rest, o)
	case strings.Contains(url, "://"):
		err = fmt.Errorf("%s is not a database this program knows; take sqlite:FILE or postgres://…", scheme)
	default:
		d.engine, err = openSQLite(ctx, url, o)
	}
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if _, alone := d.engine.(*lite); alone && !o.Beside {
		d.recent = &recent{}
	}
	return d, nil
}

// Close waits for what is being written and closes the database.
// Closing it again does nothing.
func (d *DB) Close() (err error) {
	d.closed.Do(func() { err = d.engine.close() })
	return err
}

// Ready says whether the store can be read and written now: it writes one row.
func (d *DB) Ready(ctx context.Context) error {
	const pulse = `
		insert into pulse (id, at) values (1, $1)
		on conflict (id) do update set at = excluded.at`
	if err := d.engine.write(ctx, []step{{sql: both(pulse), args: []any{time.Now().UnixMicro()}}}); err != nil {
		return fmt.Errorf("write the pulse: %w", err)
	}
	return nil
}
