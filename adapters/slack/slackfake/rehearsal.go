package slackfake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"usher/flows"
)

// Rehearsal is a Slack workspace with a team's reps in it and its page served beside a server, so that a handoff can
// be tried without a Slack account.
type Rehearsal struct {
	*Fake
	Address string // of the page

	server *http.Server
	served chan struct{}
}

// Rehearse starts a rehearsal with its page on an address of the loopback. What is said is kept in the file, unless
// file is "".
func Rehearse(r *flows.Roster, listen, file string, log *slog.Logger) (*Rehearsal, error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("the page of the Slack rehearsal: %w", err)
	}
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("the page of the Slack rehearsal has no sign-in: %s is not an address of this machine alone, like 127.0.0.1:8081", listen), l.Close())
	}
	f := New(Options{Socket: true, Log: log})
	for _, who := range f.Cast(r) {
		log.Info("not in the Slack rehearsal: no slack: id in team.yaml", "who", who)
	}
	if file != "" {
		if err := f.Keep(file); err != nil {
			f.Close()
			return nil, errors.Join(err, l.Close())
		}
	}
	s := &Rehearsal{Fake: f, Address: "http://" + l.Addr().String(), served: make(chan struct{})}
	s.server = &http.Server{Handler: f.Page(), ReadHeaderTimeout: 10 * time.Second}
	go s.serve(l)
	return s, nil
}

func (s *Rehearsal) serve(l net.Listener) {
	defer close(s.served)
	if err := s.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		s.options.Log.Error("the page of the Slack rehearsal ended", "error", err)
	}
}

// Close ends the page and the workspace; where there is none there is nothing to do.
func (s *Rehearsal) Close() {
	if s == nil {
		return
	}
	s.end() // the live pages go first
	patience, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.server.Shutdown(patience) != nil {
		s.server.Close() // who holds on is cut off
	}
	<-s.served
	s.Fake.Close()
}

// Beside gives the address next to a server's for the page: the following port of the loopback, or any free one when
// that is taken or the server's is not known yet.
func Beside(listen string) string {
	const free = "127.0.0.1:0"
	_, port, err := net.SplitHostPort(listen)
	n, wrong := strconv.Atoi(port)
	if err != nil || wrong != nil || n == 0 || n == 65535 {
		return free
	}
	address := "127.0.0.1:" + strconv.Itoa(n+1)
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) || err == nil && l.Close() != nil {
		return free
	}
	return address
}
