package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"usher/bot"
)

// Bounds of the writer.
const (
	maxWaiting = 1024 // callers beyond it wait to be let in
	maxGroup   = 256  // committed together: longer would keep the first of them waiting
)

// writer is the one connection that writes. What waits while it commits is committed together next: one fsync for all
// of them, which is what a turn costs most. One which fails does not fail the others.
type writer struct {
	db       *sql.DB
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	wary     bool // a request of the last group failed
	waiting  chan *request
	stopping chan struct{}
	closing  sync.Once
	finished sync.WaitGroup
}

// request is one caller's steps.
type request struct {
	steps []step
	state atomic.Int32
	done  chan error
}

// States of a request: a caller may leave while it waits, not once it is being written.
const (
	waits int32 = iota
	written
	left
)

// errClosed is bot.ErrBusy: the program is stopping, another will take the message.
var errClosed = fmt.Errorf("%w: the store is closed", bot.ErrBusy)

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &writer{
		db: db, conn: conn, prepared: map[string]*sql.Stmt{},
		waiting: make(chan *request, maxWaiting), stopping: make(chan struct{}),
	}, nil
}

func (w *writer) start() error {
	if err := w.exec(fmt.Sprintf("pragma busy_timeout = %d", askAgain.Milliseconds())); err != nil {
		return err
	}
	w.finished.Go(w.run)
	return nil
}

// write has the steps committed and says how that went. Once they are being written the caller waits for the end, so
// that it always knows whether they were.
func (w *writer) write(ctx context.Context, steps []step) error {
	r := &request{steps: steps, done: make(chan error, 1)}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stopping:
		return errClosed
	default:
	}
	select {
	case w.waiting <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stopping:
		return errClosed
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		if r.state.CompareAndSwap(waits, left) {
			return ctx.Err()
		}
		return <-r.done
	}
}

func (w *writer) run() {
	for {
		select {
		case r := <-w.waiting:
			w.commit(w.gather(r))
		case <-w.stopping:
			w.refuse()
			return
		}
	}
}

// gather takes what waits, without those who left.
func (w *writer) gather(first *request) []*request {
	var group []*request
	for r := first; ; {
		if r.state.CompareAndSwap(waits, written) {
			group = append(group, r)
		}
		if len(group) == maxGroup {
			return group
		}
		select {
		case r = <-w.waiting:
		default:
			return group
		}
	}
}

// refuse answers those who came while the writer stopped.
func (w *writer) refuse() {
	for {
		select {
		case r := <-w.waiting:
			r.done <- errClosed
		default:
			return
		}
	}
}

// commit writes a group in one transaction and answers everybody in it.
func (w *writer) commit(group []*request) {
	if len(group) == 0 {
		return
	}
	results, err := w.transact(group)
	for i, r := range group {
		if err != nil {
			r.done <- liteError(err)
			continue
		}
		if results[i] == nil {
			r.after()
		}
		r.done <- results[i]
	}
}

// after tells the steps that they are committed.
func (r *request) after() {
	for _, s := range r.steps {
		if s.after != nil {
			s.after()
		}
	}
}

// transact gives each request's own error, or the error that nothing of the group was committed for. Savepoints cost a
// fifth of a turn: a group is written without them, and when a request in it fails written again with them, and so is
// the next, for what fails often comes in a rush.
func (w *writer) transact(group []*request) ([]error, error) {
	slices.SortStableFunc(group, repeatableFirst)
	if !w.wary {
		results, failed, err := w.together(group)
		if !failed || err != nil {
			return results, err
		}
	}
	return w.separately(group)
}

// repeatableFirst puts those last who are handed rows, for they are not to be handed them a second time. Nobody in a
// group waits for another in it, so any order will do.
func repeatableFirst(a, b *request) int {
	switch {
	case a.repeatable() == b.repeatable():
		return 0
	case a.repeatable():
		return -1
	}
	return 1
}

func (r *request) repeatable() bool {
	return !slices.ContainsFunc(r.steps, func(s step) bool { return s.each != nil })
}

// together commits all requests, those alone in savepoints who are handed rows. When another fails, nothing was written
// and nobody was handed anything; if it was the only one, that is its result.
func (w *writer) together(group []*request) (results []error, failed bool, lost error) {
	if err := w.begin(); err != nil {
		return nil, false, err
	}
	results = make([]error, len(group))
	for i, r := range group {
		if !r.repeatable() {
			if results[i], lost = w.savepoint(r); lost != nil {
				w.abandon()
				return nil, false, lost
			}
			continue
		}
		if err := w.steps(r.steps); err != nil {
			w.abandon()
			results[0] = liteError(err)
			return results, len(group) > 1, nil
		}
	}
	return results, false, w.end()
}

// separately writes each request in a savepoint, so that one which fails does not fail the others.
func (w *writer) separately(group []*request) ([]error, error) {
	if err := w.begin(); err != nil {
		return nil, err
	}
	results := make([]error, len(group))
	w.wary = false
	for i, r := range group {
		var err error
		if results[i], err = w.savepoint(r); err != nil {
			w.abandon()
			return nil, err
		}
		w.wary = w.wary || results[i] != nil
	}
	return results, w.end()
}

// How long the writer waits for another process that writes, and how long SQLite does so for it at a time: left alone it asks
// ever more seldom, in the end ten times a second, and beside somebody who writes without a pause it seldom asks at the right
// moment.
const (
	lockWait = 5 * time.Second
	askAgain = 50 * time.Millisecond
)

// begin takes the file's lock.
func (w *writer) begin() error {
	for end := time.Now().Add(lockWait); ; {
		err := w.exec("begin immediate")
		var e *sqlite.Error
		if !errors.As(err, &e) || e.Code()&0xff != lib.SQLITE_BUSY || time.Now().After(end) {
			return err
		}
	}
}

// end commits.
func (w *writer) end() error {
	err := w.exec("commit")
	if err != nil {
		w.abandon()
	}
	return err
}

// savepoint runs one request. The second error means that the whole transaction is lost: on a full disk SQLite may end
// it on its own, and then the savepoint is gone.
func (w *writer) savepoint(r *request) (failed, lost error) {
	if err := w.exec("savepoint turn"); err != nil {
		return nil, err
	}
	if failed = liteError(w.steps(r.steps)); failed == nil {
		return nil, w.exec("release turn")
	}
	if err := w.exec("rollback to turn"); err != nil {
		return nil, errors.Join(failed, err)
	}
	return failed, w.exec("release turn")
}

// abandon ends a transaction. That SQLite has ended it already is the only error of a rollback, and what is wanted.
func (w *writer) abandon() { _ = w.exec("rollback") }

func (w *writer) steps(steps []step) error {
	for _, s := range steps {
		if s.sql.lite == "" {
			continue
		}
		if err := w.step(s); err != nil {
			return err
		}
	}
	return nil
}

// step runs one statement. A guarded one that touches too few rows, or that a trigger refuses, ends with its guard.
func (w *writer) step(s step) error {
	stmt, err := w.prepare(s.sql.lite)
	if err != nil {
		return err
	}
	if s.guard == nil && s.each == nil {
		_, err := stmt.ExecContext(context.Background(), cleaned(s.args)...)
		return err
	}
	if s.guard == nil {
		return query(context.Background(), stmt, s)
	}
	touched := 0
	s.each = func(row scanner) error {
		touched++
		if s.n == nil {
			return nil
		}
		return row.Scan(s.n)
	}
	err = query(context.Background(), stmt, s)
	if refused(err) || err == nil && touched < s.sql.rows {
		return s.guard
	}
	return err
}

func (w *writer) prepare(text string) (*sql.Stmt, error) {
	if s := w.prepared[text]; s != nil {
		return s, nil
	}
	s, err := w.conn.PrepareContext(context.Background(), text)
	if err == nil {
		w.prepared[text] = s
	}
	return s, err
}

func (w *writer) exec(text string) error {
	stmt, err := w.prepare(text)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(context.Background())
	return err
}

// close lets the group that is being written finish.
func (w *writer) close() error {
	w.closing.Do(func() { close(w.stopping) })
	w.finished.Wait()
	for _, s := range w.prepared {
		s.Close() // the connection goes next
	}
	return errors.Join(w.conn.Close(), w.db.Close())
}
