package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"usher/bot"
)

// stream is one visitor who reads by server-sent events (HTML Living Standard 9.2).
type stream struct {
	guest
	w        http.ResponseWriter
	control  *http.ResponseController
	position int64
	woken    chan struct{}
}

// events sends what the conversation's transcript has after a seq, and everything that comes.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	after, bad := startOf(r)
	if bad != nil {
		s.refuse(w, bad, "")
		return
	}
	g, c, bad := s.guestOf(r, frame{})
	if bad == nil {
		bad = s.enter(g.from)
	}
	if bad != nil {
		s.refuse(w, bad, "")
		return
	}
	defer s.leave(g.from)
	if after > c.Last {
		after = 0
	}
	st := &stream{guest: *g, w: w, control: http.NewResponseController(w), position: after, woken: make(chan struct{}, 1)}
	stop := s.Host.Watch(g.conversation, st.wake)
	defer stop()
	st.serve(r.Context())
}

// startOf is the seq after which the client reads on: the last event its browser saw, or what it asks for.
func startOf(r *http.Request) (int64, *fault) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	if text == "" {
		return 0, nil
	}
	after, err := strconv.ParseInt(text, 10, 64)
	if err != nil || after < 0 {
		return 0, faultRequest
	}
	return after, nil
}

func (st *stream) wake() {
	select {
	case st.woken <- struct{}{}:
	default:
	}
}

// serve sends until the client goes, does not read, or the server stops: then the client is told when to come back.
func (st *stream) serve(ctx context.Context) {
	h := st.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx holds streams back otherwise
	beat := time.NewTicker(st.server.Limits.PingEvery / 3)
	defer beat.Stop()
	if !st.send([]byte("retry: 2000\n\n")) {
		return
	}
	for st.catchUp(ctx) {
		select {
		case <-st.woken:
		case <-beat.C:
			if !st.send([]byte(": still here\n\n")) {
				return
			}
		case <-ctx.Done():
			return
		case <-st.server.draining:
			st.send([]byte("retry: 500\n\n"))
			return
		}
	}
}

// catchUp sends what the transcript has after the position; it says whether the stream goes on.
func (st *stream) catchUp(ctx context.Context) bool {
	for {
		page, err := st.server.Host.Transcript(ctx, st.conversation, st.position, pageSize)
		if err != nil {
			if ctx.Err() == nil {
				st.server.faultOf(err, "read transcript", st.conversation)
			}
			return false
		}
		for i := range page {
			if !st.event(ctx, &page[i]) {
				return false
			}
		}
		if len(page) < pageSize {
			return true
		}
	}
}

func (st *stream) event(ctx context.Context, m *bot.Message) bool {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %d\ndata: ", m.Seq)
	if err := st.server.appendMessage(ctx, &b, m); err != nil {
		return st.server.faultOf(err, "write event", st.conversation) == nil
	}
	b.WriteString("\n\n")
	st.position = m.Seq
	return st.send(b.Bytes())
}

// send writes and flushes; a client that does not read in time is let go and reads on later.
func (st *stream) send(b []byte) bool {
	if err := st.control.SetWriteDeadline(time.Now().Add(st.server.Limits.WriteWait)); err != nil {
		st.server.log().Debug("a stream has no write deadline", "err", err)
	}
	if _, err := st.w.Write(b); err != nil {
		return false
	}
	return st.control.Flush() == nil
}
