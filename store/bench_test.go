package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/store/pgtest"
)

// Every benchmark runs its peer first and reports the ratio to it as "x".

// durable starts a PostgreSQL that writes to the disk as in production.
func durable(b *testing.B) *pgtest.Server {
	b.Helper()
	server, err := pgtest.Start(pgtest.Options{Durable: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { server.Remove() })
	return server
}

func opened(b *testing.B, url string) *DB {
	b.Helper()
	d, err := Open(context.Background(), url, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	return d
}

// rate runs work by so many callers at once and gives the rate a second.
func rate(b *testing.B, callers int, work func(caller int) error) float64 {
	b.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for caller := range callers {
		all.Go(func() {
			for next.Add(1) <= int64(b.N) {
				if err := work(caller); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	r := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(r, "turns/s")
	return r
}

// against benchmarks the peer, then ours, which reports how many times the peer's rate it has.
func against(b *testing.B, peer, ours func(b *testing.B) float64) {
	var base float64
	b.Run("peer", func(b *testing.B) { base = peer(b) })
	b.Run("ours", func(b *testing.B) {
		r := ours(b)
		if base > 0 {
			b.ReportMetric(r/base, "x")
		}
	})
}

// typical is what a visitor's answer makes: their words, two of the bot's, three inputs, the lead and a job.
func typical(c bot.Conversation, now time.Time) *bot.Turn {
	c.State.State = "size"
	c.State.Reason = strings.Repeat("a state of two kilobytes ", 80)
	id := fmt.Sprint(c.ID, "-", c.Seq)
	return &bot.Turn{
		Conversation: c, Now: now,
		Messages: []bot.Message{{ID: id, From: "visitor", Text: "about 250", At: now}, {From: "bot", Text: "Thank you!", At: now}, {From: "bot", Text: "Which work e-mail should the invitation go to?", At: now}},
		Journal:  []dialogue.Entry{{Input: dialogue.Said{ID: id, Text: "about 250"}, At: now}, {Input: dialogue.Visited{Page: "/"}, At: now}, {Input: dialogue.Visited{Page: "/pricing"}, At: now}},
		Ledger:   []desk.Entry{{Team: "sales", Rep: "asha", Kind: "passed", At: now}},
		Lead:     &bot.Lead{ID: c.ID, Conversation: c.ID, Name: "Ada", Score: 40, UpdatedAt: now},
		Jobs:     []bot.Job{{ID: id, Kind: "notify", Payload: []byte(`{"event":"qualified"}`), RunAt: now}},
	}
}

// turns gives each caller a conversation and runs load and commit on it.
func turns(b *testing.B, d *DB, callers int) func(caller int) error {
	b.Helper()
	run := fmt.Sprintf("%s-%d-%d", b.Name(), b.N, time.Now().UnixNano())
	id := func(caller int) string { return fmt.Sprint(run, "-", caller) }
	now := time.Now()
	for caller := range callers {
		if err := d.Commit(context.Background(), typical(bot.Conversation{ID: id(caller)}, now)); err != nil {
			b.Fatal(err)
		}
	}
	return func(caller int) error {
		c, err := d.Load(context.Background(), id(caller))
		if err != nil {
			return err
		}
		return d.Commit(context.Background(), typical(c, now))
	}
}

func BenchmarkTurnCommittedPostgreSQL(b *testing.B) {
	url := durable(b).URL("postgres")
	ours := opened(b, url)
	peer := &DB{engine: oneByOne{ours.engine.(*postgres)}, hub: &hub{}}
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(callers, "-at-once"), func(b *testing.B) {
			against(b,
				func(b *testing.B) float64 {
					return aRowAtATime(func() float64 { return rate(b, callers, turns(b, peer, callers)) })
				},
				func(b *testing.B) float64 { return rate(b, callers, turns(b, ours, callers)) })
		})
	}
}

// aRowAtATime lets a peer insert each row by a statement of its own.
func aRowAtATime(run func() float64) float64 {
	rowsAtOnce = 1
	defer func() { rowsAtOnce = maxRows }()
	return run()
}

// oneByOne is the peer: the same statements in a transaction, each waiting for the answer to the last.
type oneByOne struct{ *postgres }

func (p oneByOne) write(ctx context.Context, steps []step) error {
	return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		for _, s := range steps {
			if s.sql.postgres == "" {
				continue
			}
			batch := &pgx.Batch{}
			queue(batch, s)
			if err := tx.SendBatch(ctx, batch).Close(); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkTurnCommittedSQLite(b *testing.B) {
	const callers = 64
	ours := opened(b, filepath.Join(b.TempDir(), "ours.db"))
	alone := opened(b, filepath.Join(b.TempDir(), "alone.db"))
	peer := &DB{engine: &oneAtATime{lite: alone.engine.(*lite)}, hub: &hub{}}
	against(b,
		func(b *testing.B) float64 { return rate(b, callers, turns(b, peer, callers)) },
		func(b *testing.B) float64 { return rate(b, callers, turns(b, ours, callers)) })
}

// oneAtATime is the peer: a transaction and its fsync for every turn.
type oneAtATime struct {
	*lite
	mu sync.Mutex
}

func (l *oneAtATime) write(ctx context.Context, steps []step) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lite.write(ctx, steps)
}

func BenchmarkRaceForOneSlot(b *testing.B) {
	url := durable(b).URL("postgres")
	ours := opened(b, url)
	pool := ours.engine.(*postgres).pool
	if _, err := pool.Exec(context.Background(), "create table rep (id text primary key); insert into rep values ('asha')"); err != nil {
		b.Fatal(err)
	}
	peer := &DB{engine: forUpdate{ours.engine.(*postgres)}, hub: &hub{}}
	against(b,
		func(b *testing.B) float64 { return slots64(b, peer) },
		func(b *testing.B) float64 { return slots64(b, ours) })
}

// forUpdate is the peer: lock the rep, look, then write.
type forUpdate struct{ *postgres }

func (p forUpdate) write(ctx context.Context, steps []step) error {
	const free = `
		select count(*)
		from meeting
		where rep = 'asha' and status in ('held', 'confirmed') and block_start < $2 and block_end > $1`
	return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select id from rep where id = 'asha' for update"); err != nil {
			return err
		}
		for _, s := range steps {
			if s.sql == insertMeeting {
				var n int
				if err := tx.QueryRow(ctx, free, s.args[7], s.args[8]).Scan(&n); err != nil {
					return err
				}
				if n > 0 {
					return s.guard
				}
			}
			batch := &pgx.Batch{}
			queue(batch, s)
			if err := tx.SendBatch(ctx, batch).Close(); err != nil {
				return err
			}
		}
		return nil
	})
}

// hours are taken: every run has slots of its own.
var hours atomic.Int64

// slots64 lets 64 clients want the same slot, then the next: every decision counts, one of each round wins.
func slots64(b *testing.B, d *DB) float64 {
	const clients = 64
	rounds := int64((b.N + clients - 1) / clients)
	first := hours.Add(rounds) - rounds
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	var n, won atomic.Int64
	r := rate(b, clients, func(int) error {
		i := n.Add(1) - 1
		start := now.Add(time.Duration(first+i/clients) * time.Hour)
		id := fmt.Sprint(first, "-", i)
		err := d.Commit(context.Background(), &bot.Turn{
			Conversation: bot.Conversation{ID: id, Visitor: id}, Now: now,
			Meetings: []bot.Meeting{{UID: id, Conversation: id, Visitor: id, Rep: "asha", Start: start, End: start.Add(time.Hour), Status: bot.Confirmed}},
		})
		var taken *bot.TakenError
		if errors.As(err, &taken) {
			return nil
		}
		won.Add(1)
		return err
	})
	if won.Load() != rounds {
		b.Errorf("%d winners in %d rounds", won.Load(), rounds)
	}
	return r
}

func BenchmarkAgenda(b *testing.B) {
	for name, url := range map[string]string{"sqlite": filepath.Join(b.TempDir(), "usher.db"), "postgres": durable(b).URL("postgres")} {
		b.Run(name, func(b *testing.B) {
			d := opened(b, url)
			q := agendaOf(b, d)
			for b.Loop() {
				if _, err := d.Agenda(context.Background(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// agendaOf fills 50 calendars of 30 days with 20 busy times a day and asks for all of them.
func agendaOf(b *testing.B, d *DB) bot.AgendaQuery {
	b.Helper()
	from := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	q := bot.AgendaQuery{From: from, To: from.AddDate(0, 0, 30), Now: from}
	for r := range 50 {
		busy := bot.Busy{Rep: fmt.Sprint("rep", r), ReadAt: from, Until: q.To}
		for i := range 600 {
			start := from.Add(time.Duration(i) * 72 * time.Minute)
			busy.Spans = append(busy.Spans, bot.Span{Start: start, End: start.Add(30 * time.Minute)})
		}
		if err := d.SaveBusy(context.Background(), busy); err != nil {
			b.Fatal(err)
		}
		q.Reps = append(q.Reps, busy.Rep)
	}
	return q
}
