package store

import (
	"context"
	"sync"
)

// engine is what differs between the databases.
type engine interface {
	// write runs the steps in one transaction: all of them or none. A step's guard that touched no row ends it with the
	// guard. What cannot be written now is bot.ErrBusy.
	write(ctx context.Context, steps []step) error
	// read runs the steps, which change nothing, in one round trip.
	read(ctx context.Context, steps []step) error
	// listen tells the hub what other nodes commit until ctx ends.
	listen(ctx context.Context) error
	// signal tells other nodes that a conversation was committed; it does not wait.
	signal(conversation string)
	close() error
}

// step is one statement of a transaction.
type step struct {
	sql  statement
	args []any
	// guard, if set, is the error when the statement touches no row; the statement then ends with "returning … as n".
	guard error
	n     *int64                  // where the guarded statement's n goes, or nil
	each  func(row scanner) error // called for every row, or nil
}

// scanner is a row to be read.
type scanner interface{ Scan(into ...any) error }

// statement is one text for both databases, or a text for each where they differ; "" = not needed there.
type statement struct{ lite, postgres string }

func both(sql string) statement { return statement{lite: sql, postgres: sql} }

// guarded is a statement that must touch a row. In SQLite the program sees that it touched none; in PostgreSQL, where
// the whole turn is on its way before the first answer comes, the server itself ends the transaction then, and its log
// says why.
func guarded(why, sql string) statement {
	return statement{lite: sql, postgres: "with w as (" + sql + ") select max(n)::bigint, case when count(*) = 0 then refuse('" + why + "') end from w"}
}

// texts remembers statements whose text depends on how many values they take.
type texts struct{ made sync.Map }

func (t *texts) of(n int, make func(n int) string) statement {
	if s, ok := t.made.Load(n); ok {
		return s.(statement)
	}
	s := both(make(n))
	t.made.Store(n, s)
	return s
}
