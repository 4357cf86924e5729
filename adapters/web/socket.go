package web

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Subprotocol is the version of the wire.
const Subprotocol = "usher.v1"

// socket is one connected visitor. An idle one costs one goroutine, which reads; what is to be written is read from
// the transcript by whoever was woken, one at a time, so no queue can grow.
type socket struct {
	guest
	conn    *websocket.Conn
	refused int         // frames in a row
	heard   time.Time   // when the wait for the peer was last put off
	slow    *time.Timer // shows that the bot is typing; nil before the first message
	closing atomic.Bool // we have sent a close

	writing  sync.Mutex // what follows, and all writes but control frames
	position int64      // seq of the last message sent
	seen     uint64     // the news that the last reading of the transcript covered
	said     string     // id of the message being taken; "" once it was sent back

	news    atomic.Uint64
	gate    sync.Mutex // what follows
	waiting bool       // a woken goroutine is on its way to the transcript
	turning bool       // the reader is in a turn, and looks at the transcript itself when it is through
	gone    bool
	ping    *time.Timer
}

var upgrader = websocket.Upgrader{
	// Frames are small and rare: a small buffer to read, and a buffer to write only while one writes.
	ReadBufferSize:  512,
	WriteBufferSize: 4096,
	WriteBufferPool: &sync.Pool{},
	Subprotocols:    []string{Subprotocol},
	CheckOrigin:     func(*http.Request) bool { return true }, // checked before, for all of /v1
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// chat opens the socket. The handler returns at once, so that nothing of the request is kept while the visitor idles.
func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		s.refuse(w, faultUpgrade, "")
		return
	}
	if offered := websocket.Subprotocols(r); len(offered) > 0 && !slices.Contains(offered, Subprotocol) {
		s.refuse(w, faultProtocol, "")
		return
	}
	from := s.address(r)
	if bad := s.enter(from); bad != nil {
		s.refuse(w, bad, "")
		return
	}
	conn, err := upgrader.Upgrade(corker{w}, r, nil)
	if err != nil {
		s.leave(from) // the upgrader has answered
		return
	}
	so := &socket{guest: guest{server: s, from: from, site: site(r), private: gpc(r)}, conn: conn}
	go so.greet()
}

// greet takes the hello. What that needed of the stack goes with its goroutine: the next one only listens.
func (so *socket) greet() {
	so.server.add(so)
	so.conn.SetPingHandler(so.pinged)
	so.conn.SetPongHandler(so.ponged)
	if !so.hello() {
		so.end(nil)
		return
	}
	stop := so.server.Host.Watch(so.conversation, so.wake)
	if !so.begin() {
		so.end(stop)
		return
	}
	go so.listen(stop)
}

// listen takes frames until the connection is over.
func (so *socket) listen(stop func()) {
	for so.next() {
	}
	so.end(stop)
}

// hello reads the first frame and answers it.
func (so *socket) hello() (ok bool) {
	defer so.rescue(&ok)
	so.await(so.server.Limits.HelloWait)
	f, bad, err := so.read()
	var late net.Error
	switch {
	case err != nil && errors.As(err, &late) && late.Timeout():
		return so.refuse(so.expired(faultSilent), "")
	case err != nil:
		return false
	case bad == faultType || bad == faultFrame || bad == nil && f.Type != typeHello:
		return so.refuse(faultOrder, f.ID)
	case bad != nil:
		return so.refuse(bad, f.ID)
	}
	w, bad := so.server.arrive(so.server.turns.from(time.Now()), &so.guest, f)
	if bad != nil {
		return so.refuse(bad.closing(), "")
	}
	so.position = w.After
	var b bytes.Buffer
	if err := encode(&b, w); err != nil {
		return so.refuse(so.server.faultOf(err, "welcome", so.conversation), "")
	}
	return so.write(b.Bytes()) == nil
}

// begin sends what the transcript has so far and starts the keepalive.
func (so *socket) begin() (ok bool) {
	defer so.rescue(&ok)
	so.gate.Lock()
	so.ping = time.AfterFunc(so.jitter(), so.beat)
	so.gate.Unlock()
	now := time.Now()
	so.listening(now)
	so.news.Add(1) // all that was said before
	bad := so.tellNews(now)
	return bad == nil || so.refuse(bad, "")
}

// next takes one frame; it says whether the socket goes on.
func (so *socket) next() (ok bool) {
	defer so.rescue(&ok)
	f, bad, err := so.read()
	if err != nil {
		if so.server.stopping() {
			so.close(faultStopping)
		}
		return false
	}
	now := time.Now()
	so.listening(now)
	if !so.server.rates.sends(so.visitor, so.from, now) {
		if so.refused++; so.refused >= MaxRefusals {
			return so.refuse(faultFlood, f.ID)
		}
		return so.refuse(faultRate, f.ID)
	}
	so.refused = 0
	if bad == nil {
		bad = so.take(f, now)
	}
	return bad == nil || so.refuse(bad, f.ID)
}

// take carries the frame to the house; a message said is sent back with its id, which is the acknowledgement.
func (so *socket) take(f frame, now time.Time) *fault {
	if f.Conversation != "" && f.Conversation != so.conversation {
		return faultNotFound
	}
	ctx := so.server.turns.from(now)
	if f.Type != typeSay {
		return so.guest.take(ctx, f)
	}
	so.turn(f.ID)
	defer so.turned()
	if bad := so.guest.take(ctx, f); bad != nil {
		return bad
	}
	return so.acknowledge(ctx)
}

// read gives one frame. The error says that the connection is over.
func (so *socket) read() (frame, *fault, error) {
	kind, r, err := so.conn.NextReader()
	if err != nil {
		var broken *websocket.CloseError
		if !errors.As(err, &broken) {
			so.closing.Store(!isTimeout(err)) // the library has said what broke the protocol
		}
		return frame{}, nil, err
	}
	if kind != websocket.TextMessage {
		return frame{}, faultBinary, nil
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if _, err := b.ReadFrom(io.LimitReader(r, MaxFrame+1)); err != nil {
		return frame{}, nil, err
	}
	if b.Len() > MaxFrame {
		return frame{}, faultLarge, nil
	}
	f, bad := parse(b.Bytes())
	return f, bad, nil
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

func (s *Server) add(so *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets[so] = struct{}{}
}

func (s *Server) remove(so *socket) {
	s.mu.Lock()
	delete(s.sockets, so)
	s.mu.Unlock()
	s.leave(so.from)
}
