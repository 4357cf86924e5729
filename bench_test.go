package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"usher/adapters/web"
	"usher/bot"
	"usher/flows"
	"usher/store"
)

// loadFor is how long each of the two is loaded; they take turns so that a busy moment of the machine hits both.
const (
	loadFor    = 3 * time.Second
	loadRounds = 3
)

// BenchmarkSocketTurn loads the running program over real sockets, beside a floor program that takes a frame, stores it
// in an SQLite file with commits grouped as ours are, and answers: what no chat on this database can beat.
func BenchmarkSocketTurn(b *testing.B) {
	for _, visitors := range []int{1, 64} {
		b.Run(fmt.Sprintf("visitors=%d", visitors), func(b *testing.B) {
			n := startNode(b, "sqlite:"+filepath.Join(b.TempDir(), "usher.db"), "--log-level", "error")
			bare := newFloor(b)
			var ours, theirs, alone, floor []float64
			for range loadRounds {
				f, err := web.Load(b.Context(), "http://"+n.address, web.LoadOptions{Visitors: visitors, For: loadFor})
				if err != nil || f.Errors > 0 {
					b.Fatal(err, f.Causes)
				}
				ours, alone = append(ours, f.PerSecond), append(alone, f.P50)
				perSecond, p50 := bare.load(b, visitors)
				theirs, floor = append(theirs, perSecond), append(floor, p50)
			}
			b.ReportMetric(median(ours), "turns/s")
			b.ReportMetric(median(alone), "p50-ms")
			b.ReportMetric(median(theirs), "floor-turns/s")
			b.ReportMetric(median(ours)/median(theirs), "turns/floor")
			b.ReportMetric(median(alone)/median(floor), "p50/floor")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkPlainTurn is one answer read, scored, stored and replied to, over and over in one conversation, beside the
// same floor: a turn without arrivals, routing and bookings.
func BenchmarkPlainTurn(b *testing.B) {
	for _, visitors := range []int{1, 64} {
		b.Run(fmt.Sprintf("visitors=%d", visitors), func(b *testing.B) {
			address, bare := serveInside(b), newFloor(b)
			var ours, alone, theirs, floor []float64
			for range loadRounds {
				perSecond, p50 := chatter(b, address, visitors)
				ours, alone = append(ours, perSecond), append(alone, p50)
				perSecond, p50 = bare.load(b, visitors)
				theirs, floor = append(theirs, perSecond), append(floor, p50)
			}
			b.ReportMetric(median(ours), "turns/s")
			b.ReportMetric(median(alone), "p50-ms")
			b.ReportMetric(median(theirs), "floor-turns/s")
			b.ReportMetric(median(ours)/median(theirs), "turns/floor")
			b.ReportMetric(median(alone)/median(floor), "p50/floor")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// serveInside serves the example from this process, without the budgets that keep one visitor from talking like a
// thousand.
func serveInside(b *testing.B) (address string) {
	b.Helper()
	memory, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "usher.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	host := &bot.Bot{Store: memory, Log: quiet}
	w, problems := flows.Load(flows.Example())
	if w == nil {
		b.Fatal(problems)
	}
	if err := host.Use(b.Context(), w); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { host.Run(ctx) })
	channel := &web.Server{Host: host, Log: quiet, Limits: web.Limits{VisitorRate: 1e6, VisitorBurst: 1e6}}
	server := httptest.NewServer(channel.Handler())
	b.Cleanup(func() {
		if err := channel.Shutdown(context.Background()); err != nil {
			b.Error(err)
		}
		server.Close()
		cancel()
		running.Wait()
		if err := memory.Close(); err != nil {
			b.Error(err)
		}
	})
	return strings.TrimPrefix(server.URL, "http://")
}

// chatter lets visitors answer a question and start over, and waits for the bot's word each time. Nobody talks longer
// than a long visitor would; then somebody new comes.
func chatter(b *testing.B, address string, visitors int) (perSecond, p50 float64) {
	b.Helper()
	const longest = 200
	var mu sync.Mutex
	var waits []float64
	began := time.Now()
	each(visitors, func(int) {
		var mine []float64
		for time.Since(began) < loadFor {
			v := visitor{flow: "book-a-demo"}
			if err := v.connect(address); err != nil {
				b.Error(err)
				return
			}
			for turn := 0; turn < longest && time.Since(began) < loadFor; turn++ {
				sent := time.Now()
				id := fmt.Sprint(turn)
				err := v.send(id, "text", []string{"demo", "start over"}[turn%2])
				if err == nil {
					err = v.acknowledged(id)
				}
				if err == nil {
					_, err = v.until(func(f frame) bool { return f.From == "bot" && f.Ask != nil })
				}
				if err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(sent).Seconds()*1000)
			}
			v.close()
		}
		mu.Lock()
		defer mu.Unlock()
		waits = append(waits, mine...)
	})
	return float64(len(waits)) / time.Since(began).Seconds(), median(waits)
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// floor is the floor program.
type floor struct {
	url   string
	turns chan floorTurn
}

type floorTurn struct {
	text []byte
	done chan error
}

func newFloor(b *testing.B) *floor {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate")
	if err == nil {
		db.SetMaxOpenConns(1)
		_, err = db.Exec("create table message (n integer primary key, body text)")
	}
	if err != nil {
		b.Fatal(err)
	}
	f := &floor{turns: make(chan floorTurn, 1024)}
	ctx, cancel := context.WithCancel(context.Background())
	var writer sync.WaitGroup
	writer.Go(func() { f.write(ctx, db) })
	server := httptest.NewServer(http.HandlerFunc(f.serve))
	f.url = "ws" + strings.TrimPrefix(server.URL, "http")
	b.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		cancel()
		writer.Wait()
		db.Close()
	})
	return f
}

// write commits together what waits.
func (f *floor) write(ctx context.Context, db *sql.DB) {
	for {
		var batch []floorTurn
		select {
		case <-ctx.Done():
			return
		case t := <-f.turns:
			batch = append(batch, t)
		}
		for len(f.turns) > 0 {
			batch = append(batch, <-f.turns)
		}
		tx, err := db.Begin()
		for _, t := range batch {
			if err == nil {
				_, err = tx.Exec("insert into message (body) values ($1)", string(t.text))
			}
		}
		if err == nil {
			err = tx.Commit()
		}
		for _, t := range batch {
			t.done <- err
		}
	}
}

func (f *floor) serve(w http.ResponseWriter, r *http.Request) {
	var up websocket.Upgrader
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	done := make(chan error, 1)
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return
		}
		f.turns <- floorTurn{text, done}
		if <-done != nil || conn.WriteMessage(websocket.TextMessage, text) != nil {
			return
		}
	}
}

// load lets visitors say one thing after the other and wait for the answer; it gives turns a second and the middle wait
// in milliseconds.
func (f *floor) load(b *testing.B, visitors int) (perSecond, p50 float64) {
	b.Helper()
	frame, err := json.Marshal(map[string]string{"type": "say", "id": "8d0f4bd1-7a5e-4f0c-9a39-6f0f5a3c9d10", "text": "about 250"})
	if err != nil {
		b.Fatal(err)
	}
	var mu sync.Mutex
	var waits []float64
	began := time.Now()
	each(visitors, func(int) {
		conn, _, err := websocket.DefaultDialer.Dial(f.url, nil)
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		var mine []float64
		for time.Since(began) < loadFor {
			sent := time.Now()
			if err := conn.WriteMessage(websocket.TextMessage, frame); err != nil {
				b.Error(err)
				return
			}
			if _, _, err := conn.ReadMessage(); err != nil {
				b.Error(err)
				return
			}
			mine = append(mine, time.Since(sent).Seconds()*1000)
		}
		mu.Lock()
		defer mu.Unlock()
		waits = append(waits, mine...)
	})
	return float64(len(waits)) / time.Since(began).Seconds(), median(waits)
}
