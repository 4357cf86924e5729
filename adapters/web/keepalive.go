package web

import (
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"
)

// interrupt ends the wait for the next frame; a turn that runs goes on first.
func (so *socket) interrupt() { so.conn.SetReadDeadline(time.Unix(1, 0)) }

// await waits at most so long for the next frame.
func (so *socket) await(d time.Duration) {
	so.conn.SetReadDeadline(time.Now().Add(d)) // an error here shows in the read
	if so.server.stopping() {
		so.interrupt()
	}
}

// listening puts off the wait for the peer; not for every frame, for that would cost more than the frame.
func (so *socket) listening(now time.Time) {
	if now.Sub(so.heard) > so.server.Limits.PingEvery/4 {
		so.heard = now
		so.await(so.patience())
	}
}

func (so *socket) expired(otherwise *fault) *fault {
	if so.server.stopping() {
		return faultStopping
	}
	return otherwise
}

// patience is how long a peer may be silent: two pings and the way there and back.
func (so *socket) patience() time.Duration {
	return 2*so.server.Limits.PingEvery + so.server.Limits.WriteWait
}

// jitter spreads the pings of sockets that came at once, after a restart say.
func (so *socket) jitter() time.Duration {
	every := so.server.Limits.PingEvery
	return every - every/10 + rand.N(every/5)
}

func (so *socket) beat() {
	so.gate.Lock()
	defer so.gate.Unlock()
	if !so.gone {
		so.ping.Reset(so.jitter())
		go so.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(so.server.Limits.WriteWait)) // an error shows in the read
	}
}

func (so *socket) ponged(string) error {
	so.listening(time.Now())
	return nil
}

// pinged answers a ping, but not a flood of them.
func (so *socket) pinged(data string) error {
	so.listening(time.Now())
	if so.visitor == "" || !so.server.rates.sends(so.visitor, so.from, so.server.now()) {
		return nil
	}
	so.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(so.server.Limits.WriteWait)) // an error shows in the read
	return nil
}
