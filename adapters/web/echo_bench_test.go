package web

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"usher/bot"
	"usher/bot/dialogue"
)

// echoVisitors talk at once when the cost of a message is measured.
const echoVisitors = 32

// BenchmarkEcho measures what a message costs the server, in processor time, and how long the slowest in a hundred
// take, beside gorilla that only sends back what it reads. Each server is a process of its own, so that what the
// clients cost is not counted.
func BenchmarkEcho(b *testing.B) {
	cpu, p99 := map[string]float64{}, map[string]float64{}
	for _, name := range []string{"gorilla", "usher"} {
		b.Run(name, func(b *testing.B) {
			cpu[name], p99[name] = echoCost(b, name)
			b.ReportMetric(cpu[name], "cpu-µs/msg")
			b.ReportMetric(p99[name], "p99-µs")
			if name == "usher" {
				b.ReportMetric(cpu[name]/cpu["gorilla"], "cpu-ratio")
				b.ReportMetric(p99[name]/p99["gorilla"], "p99-ratio")
			}
		})
	}
}

// echoCost starts the named server and sends it b.N messages; it gives microseconds.
func echoCost(b *testing.B, name string) (cpu, p99 float64) {
	b.Helper()
	server := exec.Command(os.Args[0], "-test.run=^TestEchoServer$")
	server.Env = append(os.Environ(), "USHER_ECHO="+name)
	stdin, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	out := bufio.NewReader(stdout)
	address := strings.TrimSpace(lineOf(b, out))
	b.ResetTimer()
	took := talk(b, address, b.N)
	b.StopTimer()
	fmt.Fprintln(stdin, "cpu")
	var used int64
	if _, err := fmt.Sscan(lineOf(b, out), &used); err != nil {
		b.Fatal(err)
	}
	stdin.Close()
	if err := server.Wait(); err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	return float64(used) / float64(b.N), float64(took[len(took)*99/100].Nanoseconds()) / 1000
}

func lineOf(b *testing.B, r *bufio.Reader) string {
	b.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return line
}

// talk sends n messages over the visitors' sockets, each after the answer to the one before.
func talk(b *testing.B, address string, n int) []time.Duration {
	b.Helper()
	var all sync.WaitGroup
	took := make([][]time.Duration, echoVisitors)
	for v := range echoVisitors {
		share := n / echoVisitors
		if v < n%echoVisitors {
			share++
		}
		all.Go(func() {
			d := websocket.Dialer{Subprotocols: []string{Subprotocol}}
			conn, _, err := d.Dial("ws://"+address+"/v1/chat", nil)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			if err := conn.WriteMessage(websocket.TextMessage, []byte(hello)); err != nil {
				b.Error(err)
				return
			}
			if err := readPast(conn, `"welcome"`); err != nil {
				b.Error(err)
				return
			}
			for i := range share {
				id := fmt.Sprintf(`"id":"%08d-%04d"`, i, v)
				began := time.Now()
				if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"say",`+id+`,"text":"about 250, I should think"}`)); err != nil {
					b.Error(err)
					return
				}
				if err := readPast(conn, id); err != nil {
					b.Error(err)
					return
				}
				took[v] = append(took[v], time.Since(began))
			}
		})
	}
	all.Wait()
	return slices.Concat(took...)
}

func readPast(conn *websocket.Conn, want string) error {
	for {
		_, p, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		if strings.Contains(string(p), want) {
			return nil
		}
	}
}

// silent is a Host that says nothing itself and remembers one message a conversation: a turn is one message back, and
// what the house costs stays out of the measurement.
type silent struct {
	*house
	mu   sync.Mutex
	last map[string]bot.Message
}

func (s *silent) Say(_ context.Context, id, _ string, said dialogue.Said) error {
	s.mu.Lock()
	s.last[id] = bot.Message{Seq: s.last[id].Seq + 1, ID: said.ID, From: bot.FromVisitor, Text: said.Text}
	s.mu.Unlock()
	s.heard(id)
	return nil
}

func (s *silent) Transcript(_ context.Context, id string, after int64, _ int) ([]bot.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.last[id]; m.Seq > after {
		return []bot.Message{m}, nil
	}
	return nil, nil
}

// TestEchoServer is the server of BenchmarkEcho: it serves until its standard input ends, and tells what it used.
func TestEchoServer(t *testing.T) {
	name := os.Getenv("USHER_ECHO")
	if name == "" {
		name = "usher" // as a test: it starts and stops
	}
	h := newHouse()
	s := &Server{Host: &silent{house: h, last: map[string]bot.Message{}}, Log: slog.New(slog.DiscardHandler), Limits: Limits{VisitorRate: 1e9, VisitorBurst: 1e9}}
	var handler http.Handler = s.Handler()
	if name == "gorilla" {
		handler = http.HandlerFunc(plainEcho)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Serve(l) // ends with Close
	}()
	if os.Getenv("USHER_ECHO") != "" {
		fmt.Println(l.Addr())
		in := bufio.NewScanner(os.Stdin)
		before := processor(t)
		for in.Scan() {
			fmt.Println(processor(t) - before)
		}
	}
	server.Close()
	<-done
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// processor is the microseconds of processor time this process has used.
func processor(t *testing.T) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return (u.Utime.Nano() + u.Stime.Nano()) / 1000
}

// plainEcho is gorilla's echo example.
func plainEcho(w http.ResponseWriter, r *http.Request) {
	u := websocket.Upgrader{Subprotocols: []string{Subprotocol}}
	conn, err := u.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	for {
		kind, p, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if strings.Contains(string(p), `"hello"`) {
			p = []byte(`{"type":"welcome"}`)
		}
		if err := conn.WriteMessage(kind, p); err != nil {
			return
		}
	}
}
