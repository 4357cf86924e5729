package slackfake

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// envelope is one message of Socket Mode to the app.
type envelope struct {
	Type    string          `json:"type"` // events_api, interactive, slash_commands
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload"`
	Accepts bool            `json:"accepts_response_payload"`
	Retry   int             `json:"retry_attempt"`
	Because string          `json:"retry_reason"`
}

// link is one connection of the app.
type link struct {
	socket *websocket.Conn
	write  sync.Mutex
	gone   chan struct{}

	mu     sync.Mutex
	frozen bool // half open: nothing gets through either way, and nobody is told
	acks   map[string]chan json.RawMessage
}

// connectionsOpen gives the address of a socket, good for one connection and half a minute.
func (f *Fake) connectionsOpen(*call) reply {
	ticket := rand.Text()
	f.tickets[ticket] = time.Now().Add(ticketLife)
	return reply{"ok": true, "url": strings.Replace(f.base, "http", "ws", 1) + "/link?ticket=" + ticket + "&app_id=" + f.options.AppID}
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // a server-side app sends what Origin it likes

// dial takes a connection of the app.
func (f *Fake) dial(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	f.mu.Lock()
	ends, ok := f.tickets[ticket]
	delete(f.tickets, ticket)
	f.mu.Unlock()
	if !ok || time.Now().After(ends) {
		http.Error(w, "link expired", http.StatusForbidden)
		return
	}
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	l := &link{socket: socket, gone: make(chan struct{}), acks: map[string]chan json.RawMessage{}}
	if !f.admit(l) {
		l.disconnect("too_many_websockets")
		socket.Close()
		return
	}
	f.work.Go(func() { f.beat(l) })
	f.work.Go(func() { f.hear(l) })
}

// admit greets a connection and lets it have its share of the events.
func (f *Fake) admit(l *link) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.links) >= mostConnections || f.done.Err() != nil {
		return false
	}
	hello := map[string]any{
		"type": "hello", "num_connections": len(f.links) + 1, "connection_info": map[string]any{"app_id": f.options.AppID},
		"debug_info": map[string]any{"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060},
	}
	if l.send(hello) != nil {
		return false
	}
	f.links = append(f.links, l)
	f.changed()
	return true
}

func (l *link) send(v any) error {
	l.mu.Lock()
	frozen := l.frozen
	l.mu.Unlock()
	if frozen {
		return nil
	}
	l.write.Lock()
	defer l.write.Unlock()
	l.socket.SetWriteDeadline(time.Now().Add(5 * time.Second)) // an error shows in the write itself
	return l.socket.WriteJSON(v)
}

// hear reads a connection's acknowledgements until it ends.
func (f *Fake) hear(l *link) {
	defer f.leave(l)
	l.socket.SetPingHandler(func(data string) error {
		l.mu.Lock()
		frozen := l.frozen
		l.mu.Unlock()
		if frozen {
			return nil
		}
		return l.socket.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	for {
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		_, data, err := l.socket.ReadMessage()
		if err != nil {
			return
		}
		if json.Unmarshal(data, &ack) != nil {
			f.options.Log.Warn("an acknowledgement that is no JSON", "data", string(data))
			continue
		}
		l.mu.Lock()
		if waiting := l.acks[ack.ID]; waiting != nil && !l.frozen {
			delete(l.acks, ack.ID)
			waiting <- ack.Payload // buffered
		}
		l.mu.Unlock()
	}
}

// beat pings a connection, and warns it when it is to be refreshed.
func (f *Fake) beat(l *link) {
	ticker := time.NewTicker(max(f.scaled(pingEvery), 20*time.Millisecond))
	defer ticker.Stop()
	var refresh <-chan time.Time
	if f.options.Refresh > 0 {
		refresh = time.After(f.options.Refresh)
	}
	for {
		select {
		case <-l.gone:
			return
		case <-refresh:
			f.warn(l, "warning")
		case <-ticker.C:
			l.mu.Lock()
			frozen := l.frozen
			l.mu.Unlock()
			if !frozen {
				l.socket.WriteControl(websocket.PingMessage, []byte("Ping from applink-fake"), time.Now().Add(time.Second)) // an error ends the reader
			}
		}
	}
}

// leave forgets a connection.
func (f *Fake) leave(l *link) {
	l.socket.Close()
	close(l.gone)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.links = slices.DeleteFunc(f.links, func(other *link) bool { return other == l })
	f.changed()
}

func (l *link) disconnect(reason string) {
	l.send(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-fake"}}) // who does not hear it sees the end
}

// warn tells a connection that it ends, and ends it: ten seconds after a warning, at once for other reasons.
func (f *Fake) warn(l *link, reason string) {
	l.disconnect(reason)
	f.work.Go(func() {
		wait := f.scaled(warningTime)
		if reason != "warning" {
			wait = f.scaled(time.Second)
		}
		select {
		case <-l.gone:
		case <-f.done.Done():
		case <-time.After(wait):
		}
		l.socket.Close()
	})
}

// push sends an envelope over one of the connections, in turn, and waits for the acknowledgement. The reason is ""
// when it came.
func (f *Fake) push(e envelope) (payload json.RawMessage, reason string) {
	l := f.choose(e.Retry > 0)
	if l == nil {
		return nil, "no_connection"
	}
	f.mu.Lock()
	e.ID = f.id("env-")
	f.mu.Unlock()
	ack := make(chan json.RawMessage, 1)
	l.mu.Lock()
	l.acks[e.ID] = ack
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.acks, e.ID)
		l.mu.Unlock()
	}()
	if l.send(e) != nil {
		return nil, "connection_failed"
	}
	timer := time.NewTimer(f.options.Within)
	defer timer.Stop()
	select {
	case payload = <-ack:
		return payload, ""
	case <-l.gone:
		select {
		case payload = <-ack: // it came, and then the connection ended
			return payload, ""
		default:
			return nil, "connection_failed"
		}
	case <-timer.C:
		return nil, "timeout"
	case <-f.done.Done():
		return nil, "timeout"
	}
}

// choose takes a connection: each in turn, for a retry the newest. While there is none it waits for one, as long as an
// acknowledgement may take.
func (f *Fake) choose(newest bool) *link {
	ctx, cancel := context.WithTimeout(f.done, f.options.Within)
	defer cancel()
	if f.until(ctx, func() bool { return len(f.links) > 0 }) != nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.links)
	switch {
	case n == 0:
		return nil // it was there a moment ago
	case newest:
		return f.links[n-1]
	}
	f.turn++
	return f.links[f.turn%n]
}

// Connections says how many sockets of the app are open.
func (f *Fake) Connections() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.links)
}

// Connected waits until so many sockets of the app are open.
func (f *Fake) Connected(ctx context.Context, n int) error {
	return f.until(ctx, func() bool { return len(f.links) == n })
}

// Disconnect tells every connection that it ends and why: warning, refresh_requested, link_disabled.
func (f *Fake) Disconnect(reason string) {
	for _, l := range f.all() {
		f.warn(l, reason)
	}
}

// Cut ends every connection without a word.
func (f *Fake) Cut() {
	for _, l := range f.all() {
		l.socket.UnderlyingConn().Close() // an error means it is cut already
	}
}

// Freeze makes every connection half open: it stays, and nothing gets through.
func (f *Fake) Freeze() {
	for _, l := range f.all() {
		l.mu.Lock()
		l.frozen = true
		l.mu.Unlock()
	}
}

func (f *Fake) all() []*link {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.links)
}
