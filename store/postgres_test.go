package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"usher/bot"
	"usher/store"
	"usher/store/pgtest"
	"usher/store/storetest"
)

// connect opens a connection that goes round the store.
func connect(t *testing.T, url string) func(text string) error {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return func(text string) error { _, err := conn.Exec(context.Background(), text); return err }
}

func TestWhoGoesRoundTheStoreCannotBookTwiceInPostgreSQL(t *testing.T) {
	url := pgtest.URL(t)
	open(t, url)
	goRound(t, connect(t, url))
}

func TestANewerPostgreSQLSchemaIsRefusedAndLeftAlone(t *testing.T) {
	url := pgtest.URL(t)
	open(t, url)
	newer(t, connect(t, url), url)
}

func TestNodesThatStartAtOnceMigrateOnce(t *testing.T) {
	url := pgtest.URL(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s, err := store.Open(context.Background(), url, store.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	all.Wait()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var most int
	if err := conn.QueryRow(context.Background(), "select max(n) from (select count(*) as n from goose_db_version group by version_id) v").Scan(&most); err != nil || most != 1 {
		t.Errorf("a migration was written down %d times, %v", most, err)
	}
}

func TestANodeHearsWhatAnotherCommits(t *testing.T) {
	url := pgtest.URL(t)
	a, b := open(t, url), open(t, url)
	ears := []*storetest.Ear{storetest.Listen(t, a), storetest.Listen(t, b)}
	for _, e := range ears {
		e.Hears(t, "", 1) // the connection is made: from here on everything is heard
	}
	ctx := context.Background()
	for i := range 500 {
		if err := a.Commit(ctx, &bot.Turn{Conversation: bot.Conversation{ID: fmt.Sprint("c", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range ears {
		for i := range 500 {
			e.Hears(t, fmt.Sprint("c", i), 1)
		}
	}
	if n := ears[0].Count("c499"); n != 1 {
		t.Errorf("the committing node heard of it %d times", n)
	}
	c, err := b.Load(ctx, "c499")
	if err != nil || c.Seq != 1 {
		t.Errorf("the other node sees %+v, %v", c, err)
	}
}

func TestClientsOfTwoNodesRaceForOneSlotAndOneWinsEachRound(t *testing.T) {
	url := pgtest.URL(t)
	nodes := []*store.DB{open(t, url), open(t, url)}
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for round := range 5 {
		won := make(chan int, 64)
		var all sync.WaitGroup
		for i := range cap(won) {
			all.Go(func() {
				id := fmt.Sprintf("%d-%d", round, i)
				start := at.Add(time.Duration(round) * time.Hour)
				err := nodes[i%2].Commit(context.Background(), &bot.Turn{
					Conversation: bot.Conversation{ID: id, Visitor: id}, Now: at,
					Meetings: []bot.Meeting{{UID: id, Conversation: id, Visitor: id, Rep: "asha", Start: start, End: start.Add(time.Hour), Status: bot.Confirmed}},
				})
				var taken *bot.TakenError
				if err == nil {
					won <- i
				} else if !errors.As(err, &taken) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if len(won) != 1 {
			t.Errorf("round %d has %d winners", round, len(won))
		}
	}
}

func TestALostServerIsBusyUntilItIsBackAndNothingIsLost(t *testing.T) {
	server, err := pgtest.Start(pgtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Remove()
	s, err := store.Open(context.Background(), server.URL("postgres"), store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ear := storetest.Listen(t, s)
	ear.Hears(t, "", 1)
	ctx := context.Background()
	commit := func(id string) error { return s.Commit(ctx, &bot.Turn{Conversation: bot.Conversation{ID: id}}) }
	if err := commit("before"); err != nil {
		t.Fatal(err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, load := s.Load(ctx, "before")
		for what, err := range map[string]error{"commit": commit("meanwhile"), "load": load, "ready": s.Ready(ctx)} {
			if !errors.Is(err, bot.ErrBusy) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	if err := server.Resume(); err != nil {
		t.Fatal(err)
	}
	ear.Hears(t, "", 2)
	if _, err := s.Load(ctx, "before"); err != nil {
		t.Error(err)
	}
	if err := commit("after"); err != nil {
		t.Error(err)
	}
}

func TestADatabaseThatCanOnlyBeReadIsNotReady(t *testing.T) {
	url := pgtest.URL(t)
	open(t, url).Close()
	exec := connect(t, url)
	if err := exec("do $$ begin execute 'alter database ' || current_database() || ' set default_transaction_read_only = on'; end $$"); err != nil {
		t.Fatal(err)
	}
	defer exec("set default_transaction_read_only = off; do $$ begin execute 'alter database ' || current_database() || ' reset default_transaction_read_only'; end $$")
	s, err := store.Open(context.Background(), url, store.Options{})
	if err != nil {
		if !errors.Is(err, bot.ErrBusy) {
			t.Error(err)
		}
		return
	}
	defer s.Close()
	if err := s.Ready(context.Background()); !errors.Is(err, bot.ErrBusy) {
		t.Error(err)
	}
}

func TestAClosedStoreLeavesNoGoroutine(t *testing.T) {
	for _, url := range []string{pgtest.URL(t), t.TempDir() + "/usher.db"} {
		before := goleak.IgnoreCurrent()
		s, err := store.Open(context.Background(), url, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- s.Listen(ctx, func(string) {}) }()
		if err := s.Commit(ctx, &bot.Turn{Conversation: bot.Conversation{ID: "c1"}}); err != nil {
			t.Fatal(err)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		goleak.VerifyNone(t, before)
	}
}
