package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// serve gives a running server with its house; it is stopped, and must stop, when the test is over.
func serve(t testing.TB, with func(*Server)) (*Server, *house, *httptest.Server) {
	t.Helper()
	h := newHouse()
	s := &Server{Host: h, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Key: []byte("key")}
	if with != nil {
		with(s)
	}
	ts := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("the server does not stop: %v", err)
		}
		ts.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return s, h, ts
}

// answer is any frame a server sends.
type answer struct {
	Type         string
	Token        string
	Conversation string
	After        int64
	Seq          int64
	ID           string
	From         string
	Name         string
	Text         string
	Code         string
	Theme        map[string]string
	Ask          map[string]any
	At           time.Time
}

// client is one tab of a browser.
type client struct {
	t    testing.TB
	conn *websocket.Conn
}

func dial(t testing.TB, ts *httptest.Server) *client {
	t.Helper()
	d := websocket.Dialer{Subprotocols: []string{Subprotocol}}
	conn, resp, err := d.Dial("ws"+strings.TrimPrefix(ts.URL, "http")+"/v1/chat", nil)
	if err != nil {
		t.Fatalf("dial: %v (%v)", err, resp)
	}
	t.Cleanup(func() { conn.Close() })
	if got := conn.Subprotocol(); got != Subprotocol {
		t.Fatalf("subprotocol %q", got)
	}
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	return &client{t, conn}
}

// arrive connects, says hello and gives the welcome.
func arrive(t testing.TB, ts *httptest.Server, hello string) (*client, answer) {
	t.Helper()
	c := dial(t, ts)
	c.send(hello)
	return c, c.expect("welcome")
}

func (c *client) send(frame string) {
	c.t.Helper()
	if err := c.conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		c.t.Fatalf("send: %v", err)
	}
}

func (c *client) next() answer {
	c.t.Helper()
	var a answer
	if err := c.conn.ReadJSON(&a); err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return a
}

func (c *client) expect(kind string) answer {
	c.t.Helper()
	a := c.next()
	if a.Type != kind {
		c.t.Fatalf("got %+v, want a frame %q", a, kind)
	}
	return a
}

func (c *client) expectError(code string) answer {
	c.t.Helper()
	a := c.expect("error")
	if a.Code != code || a.Text == "" {
		c.t.Fatalf("got %+v, want the error %q", a, code)
	}
	return a
}

func (c *client) expectClose(code int) {
	c.t.Helper()
	_, data, err := c.conn.ReadMessage()
	var closed *websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != code {
		c.t.Fatalf("got %q, %v, want a close with %d", data, err, code)
	}
}

// messages reads n message frames.
func (c *client) messages(n int) []answer {
	c.t.Helper()
	all := make([]answer, n)
	for i := range all {
		all[i] = c.expect("message")
	}
	return all
}

// request sends a request and gives the answer and its frame, if it is one.
func request(t testing.TB, method, url, body string, header ...string) (*http.Response, answer) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if len(header) > 1 && header[0] == "Host" {
		r.Host = header[1]
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body = io.NopCloser(strings.NewReader(string(data)))
	var a answer
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(data, &a); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
	}
	return resp, a
}
