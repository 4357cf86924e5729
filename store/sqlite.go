package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"sync"

	"modernc.org/sqlite" // registers the driver "sqlite"
	lib "modernc.org/sqlite/lib"

	"usher/bot"
)

// lite is an SQLite file: many readers and one writer.
type lite struct {
	file    *file
	readers *sql.DB
	writer  *writer

	mu       sync.Mutex
	prepared map[string]*sql.Stmt // of the readers; their number is bounded by the texts of this package
}

// openSQLite opens the file, makes it when it is missing, and migrates it.
func openSQLite(ctx context.Context, path string, o Options) (*lite, error) {
	if err := registering(); err != nil {
		return nil, err
	}
	f, err := openFile(path, o.Beside)
	if err != nil {
		return nil, err
	}
	l := &lite{file: f, prepared: map[string]*sql.Stmt{}}
	if err := l.start(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", f.path, liteError(err)), l.close())
	}
	return l, nil
}

func (l *lite) start(ctx context.Context, o Options) error {
	writing, err := sql.Open("sqlite", dsn(l.file.path, "_txlock=immediate"))
	if err != nil {
		return err
	}
	if l.writer, err = newWriter(ctx, writing); err != nil {
		return err
	}
	if err := migrate(ctx, writing, liteMigrations, !o.Beside); err != nil {
		return err
	}
	if err := l.writer.start(); err != nil {
		return err
	}
	if l.readers, err = sql.Open("sqlite", dsn(l.file.path, "_pragma=query_only(1)")); err != nil {
		return err
	}
	l.readers.SetMaxOpenConns(maxReaders())
	l.readers.SetMaxIdleConns(maxReaders())
	return nil
}

// maxReaders is how many read at once: SQLite works on a processor, so few more than there are.
func maxReaders() int { return max(4, runtime.NumCPU()) }

// pragmas of every connection. synchronous=FULL: what was acknowledged survives a loss of power. busy_timeout bounds
// the wait, in milliseconds, for a command of another process that writes. temp_store keeps savepoints' undo pages in
// memory instead of in a file each. The write-ahead log is copied back every 4,000 pages (16 MB), not every 1,000,
// because the writer waits for it.
var pragmas = []string{
	"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)", "temp_store(memory)", "wal_autocheckpoint(4000)",
}

// dsn says how a connection is made.
func dsn(path, more string) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: more + "&_pragma=" + strings.Join(pragmas, "&_pragma=")}
	return u.String()
}

func (l *lite) write(ctx context.Context, steps []step) error {
	return l.writer.write(ctx, steps)
}

// read runs the steps on one connection, several of them in one transaction so that they see one state. All are
// prepared before: a transaction that waited for a second connection, to prepare on, could wait for ever.
func (l *lite) read(ctx context.Context, steps []step) error {
	stmts := make([]*sql.Stmt, len(steps))
	for i, s := range steps {
		stmt, err := l.prepare(ctx, s.sql.lite)
		if err != nil {
			return liteError(err)
		}
		stmts[i] = stmt
	}
	if len(steps) == 1 {
		return liteError(query(ctx, stmts[0], steps[0]))
	}
	tx, err := l.readers.BeginTx(ctx, nil)
	if err != nil {
		return liteError(err)
	}
	defer tx.Rollback() // it changed nothing
	for i, s := range steps {
		if err := query(ctx, tx.StmtContext(ctx, stmts[i]), s); err != nil {
			return liteError(err)
		}
	}
	return nil
}

func (l *lite) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.prepared[text]; s != nil {
		return s, nil
	}
	s, err := l.readers.PrepareContext(ctx, text)
	if err == nil {
		l.prepared[text] = s
	}
	return s, err
}

// query runs one step and hands out its rows.
func query(ctx context.Context, stmt *sql.Stmt, s step) error {
	rows, err := stmt.QueryContext(ctx, cleaned(s.args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if s.each == nil {
			continue
		}
		if err := s.each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// listen only waits: one process has the file, and what it commits its own hub knows.
func (l *lite) listen(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func (l *lite) signal(string) {}

func (l *lite) close() error {
	var errs []error
	if l.readers != nil {
		errs = append(errs, l.readers.Close())
	}
	if l.writer != nil {
		errs = append(errs, l.writer.close())
	}
	return errors.Join(append(errs, l.file.close())...)
}

// liteError gives bot.ErrBusy to what may be over later: a full disk, a broken one, a lock that lasts.
func liteError(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_READONLY, lib.SQLITE_IOERR, lib.SQLITE_FULL, lib.SQLITE_CANTOPEN:
		return fmt.Errorf("%w: %w", bot.ErrBusy, err)
	}
	return err
}

// refused says that a trigger refused the row.
func refused(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == lib.SQLITE_CONSTRAINT_TRIGGER
}
