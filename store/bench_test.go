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
	"usher/bot/slots"
	"usher/store/pgtest"
)

// Every benchmark takes turns with its peer, a slice of work each, so that what else the machine does weighs on both,
// and reports how many times the peer's rate it has as "x".

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

// slice is how many turns one side runs before the other.
const slice = 512

// against runs b.N turns of each side by so many callers at once.
func against(b *testing.B, callers int, peer, ours func(caller int) error) {
	b.Helper()
	var peers, own time.Duration
	b.ResetTimer()
	for left := b.N; left > 0; left -= slice {
		n := min(left, slice)
		peers += timed(b, n, callers, peer)
		own += timed(b, n, callers, ours)
	}
	b.ReportMetric(float64(b.N)/peers.Seconds(), "peer/s")
	b.ReportMetric(float64(b.N)/own.Seconds(), "ours/s")
	b.ReportMetric(peers.Seconds()/own.Seconds(), "x")
	b.ReportMetric(0, "ns/op") // of both sides together: says nothing
}

// timed runs n turns.
func timed(b *testing.B, n, callers int, work func(caller int) error) time.Duration {
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for caller := range callers {
		all.Go(func() {
			for next.Add(1) <= int64(n) {
				if err := work(caller); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(began)
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
		Journey:  walked8(c.Seq),
		Jobs:     []bot.Job{{ID: id, Kind: "notify", Payload: []byte(`{"event":"qualified"}`), RunAt: now}},
	}
}

// walked8 is what reports count of a turn: a conversation of eight answers, however long the benchmark talks.
func walked8(seq int64) *bot.Journey {
	if seq >= 8 {
		return &bot.Journey{Rep: "asha", Team: "sales"}
	}
	return &bot.Journey{Path: " !2sgw size@2sgw", Rep: "asha", Team: "sales"}
}

// BenchmarkTurnCounted is what it costs a turn that reports count it: ours does, its peer does not.
func BenchmarkTurnCounted(b *testing.B) {
	const callers = 8
	for name, url := range map[string]string{"sqlite": filepath.Join(b.TempDir(), "usher.db"), "postgres": durable(b).URL("postgres")} {
		b.Run(name, func(b *testing.B) {
			d := opened(b, url)
			uncounted := func(ctx context.Context, t *bot.Turn) error {
				t.Journey = nil
				return d.Commit(ctx, t)
			}
			against(b, callers, turns(b, d, callers, uncounted), turns(b, d, callers, d.Commit))
		})
	}
}

// turns gives each caller a conversation and runs load and commit on it.
func turns(b *testing.B, d *DB, callers int, commit func(context.Context, *bot.Turn) error) func(caller int) error {
	b.Helper()
	run := fmt.Sprint(b.Name(), "-", time.Now().UnixNano())
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
		return commit(context.Background(), typical(c, now))
	}
}

func BenchmarkTurnCommittedPostgreSQL(b *testing.B) {
	d := opened(b, durable(b).URL("postgres"))
	peer := oneByOne{d.engine.(*postgres)}
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(callers, "-at-once"), func(b *testing.B) {
			against(b, callers, turns(b, d, callers, peer.commit), turns(b, d, callers, d.Commit))
		})
	}
}

// oneByOne is the peer: a transaction in which a statement for every row waits for the answer to the last.
type oneByOne struct{ *postgres }

func (p oneByOne) commit(ctx context.Context, t *bot.Turn) error {
	var last int64
	lock, err := conversationStep(t, &last)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, lock.sql.lite, lock.args...).Scan(&last); err != nil {
			return err
		}
		if err := p.lines(ctx, tx, t); err != nil {
			return err
		}
		for _, more := range []func(*bot.Turn) ([]step, error){ledgerSteps, leadSteps, journeySteps, jobSteps} {
			steps, err := more(t)
			if err != nil {
				return err
			}
			for _, s := range steps {
				if _, err := tx.Exec(ctx, s.sql.postgres, s.args...); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// lines inserts the transcript and the journal, a line at a time.
func (oneByOne) lines(ctx context.Context, tx pgx.Tx, t *bot.Turn) error {
	var lines []step
	for i := range t.Messages {
		steps, err := messageSteps(&bot.Turn{Conversation: t.Conversation, Messages: t.Messages[i : i+1]})
		if err != nil {
			return err
		}
		steps[0].args[1] = int64(len(t.Messages) - 1 - i)
		lines = append(lines, steps...)
	}
	for i := range t.Journal {
		steps, err := journalSteps(&bot.Turn{Conversation: t.Conversation, Journal: t.Journal[i : i+1]})
		if err != nil {
			return err
		}
		steps[0].args[2] = int64(i)
		lines = append(lines, steps...)
	}
	for _, s := range lines {
		if _, err := tx.Exec(ctx, s.sql.lite, s.args...); err != nil {
			return err
		}
	}
	return nil
}

func BenchmarkTurnCommittedSQLite(b *testing.B) {
	const callers = 64
	ours := opened(b, filepath.Join(b.TempDir(), "ours.db"))
	alone := opened(b, filepath.Join(b.TempDir(), "alone.db"))
	peer := &DB{engine: &oneAtATime{lite: alone.engine.(*lite)}, hub: &hub{}, recent: &recent{}}
	against(b, callers, turns(b, peer, callers, peer.Commit), turns(b, ours, callers, ours.Commit))
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
	lose, win := contest(b, peer), contest(b, ours)
	against(b, contestants, lose.want, win.want)
	lose.oneWinner()
	win.oneWinner()
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

// contestants want the same slot, then the next: every decision counts, one of each round wins.
const contestants = 64

// aContest is one side's race.
type aContest struct {
	b      *testing.B
	d      *DB
	first  time.Time
	n, won atomic.Int64
}

// years makes every contest have slots of its own.
var years int

func contest(b *testing.B, d *DB) *aContest {
	years++
	return &aContest{b: b, d: d, first: time.Date(2026+20*years, 1, 1, 0, 0, 0, 0, time.UTC)}
}

func (c *aContest) want(int) error {
	i := c.n.Add(1) - 1
	start := c.first.Add(time.Duration(i/contestants) * time.Hour)
	id := fmt.Sprint(c.first.Year(), "-", i)
	err := c.d.Commit(context.Background(), &bot.Turn{
		Conversation: bot.Conversation{ID: id, Visitor: id}, Now: c.first,
		Meetings: []bot.Meeting{{UID: id, Conversation: id, Visitor: id, Rep: "asha", Start: start, End: start.Add(time.Hour), Status: bot.Confirmed}},
	})
	var taken *bot.TakenError
	if errors.As(err, &taken) {
		return nil
	}
	c.won.Add(1)
	return err
}

func (c *aContest) oneWinner() {
	if rounds := (c.n.Load() + contestants - 1) / contestants; c.won.Load() != rounds {
		c.b.Errorf("%d winners in %d rounds", c.won.Load(), rounds)
	}
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
			busy.Spans = append(busy.Spans, slots.Interval{Start: start, End: start.Add(30 * time.Minute)})
		}
		if err := d.SaveBusy(context.Background(), busy); err != nil {
			b.Fatal(err)
		}
		q.Reps = append(q.Reps, busy.Rep)
	}
	return q
}
