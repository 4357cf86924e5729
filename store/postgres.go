package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jackc/puddle/v2"

	"usher/bot"
)

// postgres is a PostgreSQL server. A turn is one batch: all its statements are on their way before the first answer
// comes, and the server takes them as one transaction.
type postgres struct {
	pool  *pgxpool.Pool
	hub   *hub
	voice *voice
	log   *slog.Logger
}

// connsPerCore sizes the pool: a larger one only makes the server's processes wait for each other (measured: 64 on two
// cores have seven times the p99.9).
const connsPerCore = 6

func openPostgres(ctx context.Context, url string, h *hub, o Options) (*postgres, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.ConnConfig.ConnectTimeout = patience
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = int32(connsPerCore * runtime.NumCPU())
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := migratePostgres(ctx, pool); err != nil {
		pool.Close()
		return nil, postgresError(ctx, err)
	}
	return &postgres{pool: pool, hub: h, voice: newVoice(pool, o.Log), log: o.Log}, nil
}

func migratePostgres(ctx context.Context, pool *pgxpool.Pool) error {
	if err := pool.Ping(ctx); err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	return errors.Join(migrate(ctx, db, postgresMigrations, true), db.Close())
}

// maxTries bounds how often a transaction is run again that the server ended for the sake of another.
const maxTries = 4

// write sends the steps as one batch. A caller who leaves does not stop what is on its way, so that it always knows
// whether it was committed.
func (p *postgres) write(ctx context.Context, steps []step) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := p.send(ctx, steps)
	for try := 1; try < maxTries && again(err); try++ {
		err = p.send(ctx, steps)
	}
	return postgresError(ctx, err)
}

func (p *postgres) read(ctx context.Context, steps []step) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := p.send(limited, steps)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return postgresError(limited, err)
}

// send makes one round trip, and one more for each statement that is new to the connection. Only when closing the
// results gives no error is the batch committed. The statements are prepared here because pgx forgets those it prepared
// itself whenever a batch fails, and a turn that is refused fails.
func (p *postgres) send(ctx context.Context, steps []step) error {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	batch := &pgx.Batch{}
	for _, s := range steps {
		text := s.sql.postgres
		if text == "" {
			continue
		}
		if _, err := conn.Conn().Prepare(ctx, text, text); err != nil {
			return err
		}
		queue(batch, s)
	}
	return conn.SendBatch(ctx, batch).Close()
}

// queue adds a step. Its callback only reads: the server has decided on its own.
func queue(batch *pgx.Batch, s step) {
	q := batch.Queue(s.sql.postgres, cleaned(s.args)...)
	switch {
	case s.guard != nil && s.sql.unique == "":
		q.QueryRow(func(row pgx.Row) error {
			var n, never *int64
			if err := row.Scan(&n, &never); err != nil {
				return guardOf(s, err)
			}
			if s.n != nil {
				*s.n = *n
			}
			return nil
		})
	case s.guard != nil:
		q.Fn = func(results pgx.BatchResults) error {
			_, err := results.Exec()
			return guardOf(s, err)
		}
	case s.each != nil:
		q.Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := s.each(rows); err != nil {
					return err
				}
			}
			return rows.Err()
		})
	}
}

// guardOf is the step's guard if the error is the refusal that it stands for.
func guardOf(s step, err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) && s.guard != nil && (e.Code == refusal || e.Code == notUnique && e.ConstraintName == s.sql.unique) {
		return s.guard
	}
	return err
}

// Codes of errors that mean something here (PostgreSQL's appendix A).
const (
	notUnique     = "23505"
	refusal       = "USHER" // ours: a guarded statement touched no row
	serialization = "40001"
	deadlock      = "40P01"
	readOnly      = "25006" // a standby
)

// code is the server's code of an error, or "".
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func again(err error) bool {
	c := code(err)
	return c == serialization || c == deadlock
}

// busyClasses are classes of codes that may be over later: connection, resources (a full disk), the server's operator,
// the server's system, another transaction.
var busyClasses = []string{"08", "53", "57", "58", "40", "55"}

// postgresError gives bot.ErrBusy to what may be over later, a lost server above all.
func postgresError(ctx context.Context, err error) error {
	if err == nil || !unreachable(ctx, err) {
		return err
	}
	return fmt.Errorf("%w: %w", bot.ErrBusy, err)
}

func unreachable(ctx context.Context, err error) bool {
	if c := code(err); c != "" {
		for _, class := range busyClasses {
			if strings.HasPrefix(c, class) {
				return true
			}
		}
		return c == readOnly
	}
	return ctx.Err() != nil || lost(err)
}

// lost says that the connection failed, and not what was asked over it.
func lost(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, puddle.ErrClosedPool)
}

// close lets the last signals out and waits for what is being written.
func (p *postgres) close() error {
	p.voice.close()
	p.pool.Close()
	return nil
}
