package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	// guard, if set, is the error when the statement touches fewer rows than it must; it then ends with "returning … as n".
	guard error
	n     *int64                  // where the greatest n of a guarded statement goes, or nil
	each  func(row scanner) error // called for every row of another statement, or nil
	// after, if set, is called after the commit and before the caller hears of it, in SQLite in the order of the commits.
	// PostgreSQL does not call it.
	after func()
}

// scanner is a row to be read.
type scanner interface{ Scan(into ...any) error }

// statement is one text for both databases, or a text for each where they differ; "" = not needed there.
type statement struct {
	lite, postgres string
	rows           int    // that a guarded statement must touch
	unique         string // the index whose violation in PostgreSQL is the guard's, instead of too few rows; or ""
}

// both is one text. A limit is cast: SQLite prepares a statement anew whenever its bare limit is bound.
func both(sql string) statement { return statement{lite: sql, postgres: sql} }

// guarded is a statement that must touch so many rows. In SQLite the program counts them; in PostgreSQL, where the whole
// turn is on its way before the first answer comes, the server itself ends the transaction when there are fewer, and
// its log says why.
func guarded(why string, rows int, sql string) statement {
	return statement{
		lite:     sql,
		postgres: fmt.Sprintf("with w as (%s) select max(n)::bigint, case when count(*) < %d then refuse('%s') end from w", sql, rows, why),
		rows:     rows,
	}
}

// texts remembers statements whose text depends on how many values they take. The zero value remembers nothing yet.
type texts struct{ made sync.Map }

func (t *texts) of(n int, make func(n int) statement) statement {
	if s, ok := t.made.Load(n); ok {
		return s.(statement)
	}
	s := make(n)
	t.made.Store(n, s)
	return s
}

// maxRows is how many rows one insert takes: a turn seldom has more, and each number of rows is a text of its own that
// the database keeps prepared.
const maxRows = 16

// inserts makes one insert of up to maxRows rows after the other. The text's $1 is the first value of all rows; the
// others follow row by row.
func inserts(first any, rows [][]any, add func(n int, args []any)) {
	for chunk := range slices.Chunk(rows, maxRows) {
		args := []any{first}
		for _, row := range chunk {
			args = append(args, row...)
		}
		add(len(chunk), args)
	}
}

// places is "$first, …" for n values.
func places(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	return b.String()
}

// repeated is a row of values for each of n rows.
func repeated(n int, row func(i int) string) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = row(i)
	}
	return strings.Join(rows, ",\n\t  ")
}
