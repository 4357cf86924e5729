package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
)

// scrubber is an engine that keeps its files itself.
type scrubber interface {
	scrub(ctx context.Context) error
}

// Scrub overwrites what removed rows left in the files of the database. said is what of it is somebody else's to do.
func (d *DB) Scrub(ctx context.Context) (said string, err error) {
	files, ours := d.engine.(scrubber)
	if !ours {
		return "PostgreSQL overwrites removed rows when it vacuums, which it does by itself within the day (now: vacuum); its write-ahead log goes on as it is set up", nil
	}
	if err := files.scrub(ctx); err != nil {
		return "", fmt.Errorf("overwrite what was removed: %w", err)
	}
	return "", nil
}

// scrub writes the file anew without what was removed, and empties the log beside it.
func (l *lite) scrub(ctx context.Context) error {
	u := url.URL{Scheme: "file", Path: l.file.path, RawQuery: "_pragma=busy_timeout(15000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=secure_delete(1)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, "vacuum")
	if err == nil {
		err = emptied(ctx, db)
	}
	return liteError(errors.Join(err, db.Close()))
}

// emptied writes the log back into the file and cuts it off. Who reads just then is waited for.
func emptied(ctx context.Context, db *sql.DB) error {
	var busy, log, done int
	if err := db.QueryRowContext(ctx, "pragma wal_checkpoint(truncate)").Scan(&busy, &log, &done); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("the write-ahead log is being read")
	}
	return nil
}
