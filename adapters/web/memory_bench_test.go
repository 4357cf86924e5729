package web

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// BenchmarkIdleVisitor measures what one connected, silent visitor costs the server, all state counted, beside the
// shape of gorilla's chat example: two goroutines and a queue each.
func BenchmarkIdleVisitor(b *testing.B) {
	n := idleVisitors(b)
	var ours, peer float64
	for range b.N {
		chat := newChatShape()
		peer = idleCost(b, chat, n)
		close(chat.hub)
		h := newHouse()
		s := &Server{Host: h, Log: slog.New(slog.DiscardHandler)}
		ours = idleCost(b, s.Handler(), n)
		if err := s.Shutdown(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n), "visitors")
	b.ReportMetric(ours, "B/visitor")
	b.ReportMetric(peer, "B/gorilla-chat")
	b.ReportMetric(ours/peer, "ratio")
	b.ReportMetric(0, "ns/op")
}

// idleVisitors is how many are connected when memory is measured: 10,000, or as many as there may be open files for,
// since both ends are in this process.
func idleVisitors(b *testing.B) int {
	b.Helper()
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		b.Fatal(err)
	}
	l.Cur = l.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		b.Fatal(err)
	}
	return min(10_000, int(l.Cur-100)/2)
}

// idleCost connects n visitors to the handler and gives the bytes of heap and stacks that each adds. The clients are
// bare file descriptors, which cost this process nothing.
func idleCost(b *testing.B, handler http.Handler, n int) float64 {
	b.Helper()
	ts := httptest.NewServer(handler)
	defer ts.Close()
	before := inUse()
	clients := make([]int, n)
	for i := range clients {
		clients[i] = connect(b, ts.Listener.Addr().(*net.TCPAddr).Port)
	}
	after := inUse()
	for _, fd := range clients {
		syscall.Close(fd)
	}
	return float64(after-before) / float64(n)
}

func inUse() uint64 {
	var m runtime.MemStats
	for range 6 { // stacks shrink by half at each collection
		runtime.GC()
	}
	time.Sleep(10 * time.Millisecond)
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// connect opens a socket, says hello and reads the answer.
func connect(b *testing.B, port int) int {
	b.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		b.Fatal(err)
	}
	if err := syscall.Connect(fd, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		b.Fatal(err)
	}
	request := fmt.Sprintf("GET /v1/chat HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: usher.v1\r\n"+
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"+
		"Origin: http://127.0.0.1:%d\r\nAccept-Language: en-GB,en;q=0.9\r\nCache-Control: no-cache\r\nPragma: no-cache\r\n\r\n", port, port)
	writeAll(b, fd, []byte(request))
	buf := make([]byte, 4096)
	readUntil(b, fd, buf, "\r\n\r\n")
	frame := masked([]byte(hello))
	writeAll(b, fd, frame)
	readUntil(b, fd, buf, "What brings you here")
	return fd
}

func writeAll(b *testing.B, fd int, p []byte) {
	b.Helper()
	if n, err := syscall.Write(fd, p); err != nil || n != len(p) {
		b.Fatalf("wrote %d: %v", n, err)
	}
}

func readUntil(b *testing.B, fd int, buf []byte, want string) {
	b.Helper()
	for got := ""; !strings.Contains(got, want); {
		n, err := syscall.Read(fd, buf)
		if err != nil || n == 0 {
			b.Fatalf("read %q: %v", got, err)
		}
		got += string(buf[:n])
	}
}

// masked is a text frame of a client with a mask of zeros (RFC 6455 5.2).
func masked(p []byte) []byte {
	head := []byte{0x81, 0x80 | byte(len(p)), 0, 0, 0, 0}
	if len(p) > 125 {
		head = []byte{0x81, 0x80 | 126, byte(len(p) >> 8), byte(len(p)), 0, 0, 0, 0}
	}
	return append(head, p...)
}

// chatShape is a server in the shape of gorilla's chat example: a reading and a writing goroutine a connection, a queue
// between, a hub that knows them.
type chatShape struct {
	upgrader websocket.Upgrader
	hub      chan *chatClient
}

type chatClient struct {
	conn  *websocket.Conn
	queue chan []byte
}

func newChatShape() *chatShape {
	c := &chatShape{upgrader: websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024, Subprotocols: []string{Subprotocol}}, hub: make(chan *chatClient)}
	go func() {
		clients := map[*chatClient]bool{}
		for client := range c.hub {
			clients[client] = true
		}
	}()
	return c
}

func (c *chatShape) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := c.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	client := &chatClient{conn, make(chan []byte, 256)}
	c.hub <- client
	go client.write()
	go client.read()
}

func (c *chatClient) read() {
	defer close(c.queue)
	defer c.conn.Close()
	c.conn.SetReadLimit(MaxFrame)
	c.conn.SetReadDeadline(time.Now().Add(time.Minute))
	c.conn.SetPongHandler(func(string) error { return c.conn.SetReadDeadline(time.Now().Add(time.Minute)) })
	for {
		_, message, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		if strings.Contains(string(message), `"hello"`) {
			message = []byte("What brings you here?")
		}
		c.queue <- message
	}
}

func (c *chatClient) write() {
	ticker := time.NewTicker(50 * time.Second)
	defer ticker.Stop()
	defer c.conn.Close()
	for {
		select {
		case message, ok := <-c.queue:
			c.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if !ok {
				return
			}
			w, err := c.conn.NextWriter(websocket.TextMessage)
			if err != nil {
				return
			}
			if _, err := w.Write(message); err != nil {
				return
			}
			if err := w.Close(); err != nil {
				return
			}
		case <-ticker.C:
			c.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if err := c.conn.WriteMessage(websocket.PingMessage, nil); err != nil {
				return
			}
		}
	}
}
