package web

import (
	"io"
	"runtime/debug"
	"time"

	"github.com/gorilla/websocket"
)

// refuse sends the error frame, and the close where the protocol is broken; it says whether the socket goes on.
func (so *socket) refuse(f *fault, id string) bool {
	so.server.metrics.refused.WithLabelValues(f.Code).Inc()
	if f != faultStopping {
		if err := so.write(f.frame(cut(id, MaxID))); err != nil {
			return false
		}
	}
	if f.Close == 0 {
		return true
	}
	so.close(f)
	return false
}

// close says goodbye; end does the rest.
func (so *socket) close(f *fault) {
	so.closing.Store(true)
	goodbye := websocket.FormatCloseMessage(f.Close, f.Code)
	if err := so.conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(so.server.Limits.WriteWait)); err != nil {
		so.server.log().Debug("the close frame was not sent", "conversation", so.conversation, "err", err)
	}
}

// end gives back all that the socket holds.
func (so *socket) end(stop func()) {
	if stop != nil {
		stop()
	}
	so.gate.Lock()
	so.gone = true
	if so.ping != nil {
		so.ping.Stop()
	}
	so.gate.Unlock()
	if so.slow != nil {
		so.slow.Stop()
	}
	if so.closing.Load() {
		so.linger()
	}
	so.conn.Close() // an error here is the peer gone before us
	so.server.remove(so)
}

// linger reads on after a close of ours: a connection closed with bytes unread is reset, and the reset may overtake
// the close frame.
func (so *socket) linger() {
	c := so.conn.NetConn()
	if half, ok := c.(*corked); ok {
		half.CloseWrite() // an error here is the peer gone
	}
	c.SetReadDeadline(time.Now().Add(lingerWait))
	io.CopyN(io.Discard, c, lingerBytes) // ends with the peer's close, the deadline, or too much
}

// rescue turns a panic into a fault of this one socket.
func (so *socket) rescue(ok *bool) {
	if v := recover(); v != nil {
		so.server.log().Error("panic in a socket", "conversation", so.conversation, "panic", v, "stack", string(debug.Stack()))
		*ok = so.refuse(faultInternal, "")
	}
}
