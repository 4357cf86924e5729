package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Times of Socket Mode.
const (
	silence     = 20 * time.Second // nothing heard for so long, not even an answer to a ping: the socket is half open
	pings       = 3                // of our own in that time; Slack pings too
	dialWait    = 10 * time.Second
	writeWait   = 5 * time.Second
	retireAfter = 30 * time.Second // a socket that was told to go is heard this long beside its successor
	firstPause  = 500 * time.Millisecond
	longPause   = 30 * time.Second
	settledTime = time.Minute // a connection that held so long was a good one
)

// atOnce bounds the events of one socket that are being stored: storing takes as long as the database does, and Slack
// waits three seconds.
const atOnce = 256

// RunSocket takes events over Socket Mode until ctx ends, and returns when everything it began is finished. When Slack
// announces that a socket will end, the next one is opened before the old one is let go: an event that comes on either
// is stored.
func (a *App) RunSocket(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for failed := 0; ctx.Err() == nil; {
		s, err := a.dial(ctx)
		if err != nil {
			failed++
			a.unconnected(ctx, err, failed)
			pause(ctx, backOff(failed))
			continue
		}
		opened := time.Now()
		all.Go(func() { s.run(ctx) })
		select {
		case <-s.ready:
			failed = 0
			a.state.alarms.clear(socketMode)
		case <-s.leaving:
		}
		select {
		case <-s.leaving: // told to go, or gone
		case <-ctx.Done():
			return
		}
		if time.Since(opened) < settledTime && !s.told() {
			failed++
			pause(ctx, backOff(failed))
		}
	}
}

// unconnected says so: at once when trying again is of no use, else when it lasts.
func (a *App) unconnected(ctx context.Context, err error, failed int) {
	if ctx.Err() != nil {
		return
	}
	if said(err, tokenFaults) || failed >= 3 {
		a.state.alarms.raise(a.log(), socketMode, reason(err), a.now())
		return
	}
	a.log().Warn("slack: no socket; trying again", "attempts", failed, "err", err)
}

// backOff doubles from firstPause to longPause, with jitter so that nodes do not come back together.
func backOff(failed int) time.Duration {
	d := min(firstPause<<min(failed-1, 10), longPause)
	return d/2 + rand.N(d/2)
}

func (a *App) quiet() time.Duration {
	if a.silence > 0 {
		return a.silence
	}
	return silence
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// socket is one connection of Socket Mode.
type socket struct {
	app     *App
	conn    *websocket.Conn
	ready   chan struct{} // closed when Slack has said hello
	leaving chan struct{} // closed when a successor is needed
	once    sync.Once

	mu      sync.Mutex // of writing, and of warned
	warned  bool
	greeted bool
}

func (a *App) dial(ctx context.Context) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	_, address, err := a.api().StartSocketModeContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for a socket: %w", err)
	}
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, fmt.Errorf("open the socket: %w", err)
	}
	conn.SetReadLimit(maxBody)
	return &socket{app: a, conn: conn, ready: make(chan struct{}), leaving: make(chan struct{})}, nil
}

// frame is what comes over the socket.
type frame struct {
	Type    string          `json:"type"`
	ID      string          `json:"envelope_id"`
	Reason  string          `json:"reason"`
	Payload json.RawMessage `json:"payload"`
}

// run reads until the socket ends; what was read by then is stored and acknowledged first.
func (s *socket) run(ctx context.Context) {
	var parts sync.WaitGroup
	ended := make(chan struct{})
	parts.Go(func() { s.beat(ctx, ended) })
	places := make(chan struct{}, atOnce)
	err := s.read(func(f frame) {
		places <- struct{}{}
		parts.Go(func() {
			s.take(context.WithoutCancel(ctx), f)
			<-places
		})
	})
	s.leave()
	close(ended)
	parts.Wait()
	s.conn.Close()
	if ctx.Err() == nil && !s.told() {
		s.app.log().Warn("slack: the socket ended", "err", err)
	}
}

// read hands on what comes until the socket ends. Any sign of life moves the deadline.
func (s *socket) read(take func(frame)) error {
	alive := func() { s.conn.SetReadDeadline(time.Now().Add(s.app.quiet())) } // the library's own, it gives no error
	s.conn.SetPongHandler(func(string) error { alive(); return nil })
	s.conn.SetPingHandler(func(data string) error {
		alive()
		err := s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	for alive(); ; alive() {
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			return err
		}
		var f frame
		if err := json.Unmarshal(data, &f); err != nil {
			s.app.log().Warn("slack: a frame is no JSON", "err", err)
			continue
		}
		switch f.Type {
		case "hello":
			s.hello()
		case "disconnect":
			s.warn(f.Reason)
		default:
			take(f)
		}
	}
}

func (s *socket) hello() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.greeted {
		s.greeted = true
		close(s.ready)
	}
}

// warn takes that the socket will end: a successor is opened, and this one is heard until Slack closes it.
func (s *socket) warn(reason string) {
	s.mu.Lock()
	s.warned = true
	s.mu.Unlock()
	if reason == "link_disabled" {
		s.app.state.alarms.raise(s.app.log(), socketMode, "Socket Mode is switched off in the app's settings", s.app.now())
	}
	s.app.log().Info("slack: the socket will end, another is opened", "reason", reason)
	s.leave()
}

func (s *socket) told() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.warned
}

func (s *socket) leave() { s.once.Do(func() { close(s.leaving) }) }

// beat pings while the socket lives, ends it when the program stops, and lets a retired one go after a while.
func (s *socket) beat(ctx context.Context, ended chan struct{}) {
	tick := time.NewTicker(s.app.quiet() / pings)
	defer tick.Stop()
	leaving, retired := s.leaving, (<-chan time.Time)(nil)
	for {
		select {
		case <-ended:
			return
		case <-ctx.Done():
			s.close()
			return
		case <-retired:
			s.close()
			return
		case <-leaving:
			leaving, retired = nil, time.After(retireAfter)
		case <-tick.C:
			if err := s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)); err != nil {
				s.conn.Close() // the reader sees it
				return
			}
		}
	}
}

// close says goodbye; the reader ends when Slack answers, or soon.
func (s *socket) close() {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if err := s.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(writeWait)); err != nil {
		s.conn.Close()
		return
	}
	time.AfterFunc(time.Second, func() { s.conn.Close() })
}

// take stores what came and acknowledges it, in this order; what could not be stored is not acknowledged, and Slack
// sends it again.
func (s *socket) take(ctx context.Context, f frame) {
	read := map[string]func([]byte) (Event, error){
		"events_api": s.app.readEvent, "interactive": s.app.readInteractive, "slash_commands": s.app.readCommandJSON,
	}[f.Type]
	if f.ID == "" || read == nil {
		return
	}
	err := s.app.store(ctx, f.Payload, read)
	if err != nil && !errors.Is(err, errForeign) && !errors.Is(err, errShape) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn.SetWriteDeadline(time.Now().Add(writeWait)) // the library's own, it gives no error
	if err := s.conn.WriteJSON(map[string]string{"envelope_id": f.ID}); err != nil {
		s.app.log().Warn("slack: not acknowledged; it comes again", "err", err)
	}
}
