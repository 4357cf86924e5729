package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"usher/bot"
)

//go:embed migrations
var migrationFiles embed.FS

// migrations are one database's: numbered and named, one transaction each.
type migrations struct {
	folder  string
	dialect goose.Dialect
	lock    goose.ProviderOption // nil when the database has one writer anyway
}

var (
	liteMigrations     = migrations{folder: "migrations/sqlite", dialect: goose.DialectSQLite3}
	postgresMigrations = migrations{folder: "migrations/postgres", dialect: goose.DialectPostgres, lock: goose.WithSessionLocker(advisory{})}
)

// migrate brings the schema up to date, or only looks at it. A schema newer than the program is refused with
// bot.ErrNewer and left alone; an older one that may not be touched is refused too.
func migrate(ctx context.Context, db *sql.DB, m migrations, up bool) error {
	folder, err := fs.Sub(migrationFiles, m.folder)
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if m.lock != nil {
		options = append(options, m.lock)
	}
	p, err := goose.NewProvider(m.dialect, db, folder, options...)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if up {
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if have > want {
		return fmt.Errorf("%w: its schema is version %d, this program knows %d; start the newer program", bot.ErrNewer, have, want)
	}
	if have < want {
		return fmt.Errorf("the schema is version %d, this program wants %d; start the server once", have, want)
	}
	return nil
}

// advisory lets one node at a time migrate; the others wait on the database and then find nothing to do.
type advisory struct{}

// migrationLock is any number nobody else locks: "usher" in ASCII.
const migrationLock = 0x7573686572

func (advisory) SessionLock(ctx context.Context, c *sql.Conn) error {
	_, err := c.ExecContext(ctx, "select pg_advisory_lock($1)", migrationLock)
	return err
}

func (advisory) SessionUnlock(ctx context.Context, c *sql.Conn) error {
	_, err := c.ExecContext(ctx, "select pg_advisory_unlock($1)", migrationLock)
	return err
}
