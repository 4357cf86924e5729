// Package web owns the website channel: the socket a visitor talks over, the same frames over plain HTTP where sockets
// are blocked, the files of the widget, the page of a meeting, and what an operator asks of the server. A socket reads
// the transcript: it has a position and sends what comes after it, so a reload, a second tab and a second node are one
// path.
package web

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"usher/bot"
	"usher/flows"
)

// Server serves the website channel. Its exported fields are set before Handler is called and not changed after; all
// but Host may be left alone.
type Server struct {
	Host           Host
	Log            *slog.Logger     // nil = slog.Default
	Now            func() time.Time // nil = time.Now
	Origins        []string         // https://acme.example, matched exactly; empty = the host that serves the request
	TrustedProxies []netip.Prefix   // whose X-Forwarded-For is believed
	Key            []byte           // signs links to meetings; empty = there are no such pages
	URL            string           // where visitors reach this server, without a slash at the end; begins the links it makes
	Demo           bool             // serve the example company's pages at /
	Limits         Limits

	Launcher   []byte                            // the script of /widget.js; nil = the widget's own
	Files      fs.FS                             // the files of /widget/; nil = the widget's own
	Invitation func(bot.Meeting) ([]byte, error) // a meeting as iCalendar; nil = no file to save
	// Feed is a rep's meetings as iCalendar, the same bytes for the same meetings; nil = there are no feeds.
	Feed          func(rep string, meetings []bot.Meeting) ([]byte, error)
	Subscriptions Subscriptions         // where letters are ended; nil = nowhere
	Connector     Connector             // connects reps' calendars; nil = there is nothing to connect
	Problems      func() flows.Problems // what is wrong in the workspace as it stands in its folder
	Alarms        func() []string       // what somebody has to mend elsewhere
	Registry      *prometheus.Registry  // nil = one of its own
	Counts        func() bot.Counts     // what the bot has done, for the metrics; nil = not shown
	// Jobs counts the jobs by state, for the metrics; nil = not shown.
	Jobs func(context.Context) (map[string]int, error)
	// Waiting counts the leads that nobody can take now by the place they wait in, for the metrics; nil = not shown.
	Waiting func(context.Context) (map[string]int, error)
	// CalendarAges is how long ago the calendars of each rep were read, negative where they never were; nil = not shown.
	CalendarAges func() map[string]time.Duration

	once     sync.Once
	ctx      context.Context // ends when Shutdown could wait no longer
	cancel   context.CancelFunc
	turns    *deadlines
	draining chan struct{} // closed when Shutdown begins
	metrics  *metrics
	rates    *rates
	assets   *assets
	launcher atomic.Pointer[launcher]

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup // goroutines of sockets and streams
	sockets map[*socket]struct{}
	guests  map[netip.Addr]int // open sockets and streams by household
	count   int
}

// Handler is the HTTP side of the server. It may be called more than once.
func (s *Server) Handler() http.Handler {
	s.setup()
	return s.guard(s.routes())
}

// Shutdown lets running turns finish and deliver, closes sockets with 1001 and ends event streams, so that visitors
// come back elsewhere; new ones get 503. When ctx ends first, what is left is cut. It may be called more than once, and
// belongs before http.Server.Shutdown.
func (s *Server) Shutdown(ctx context.Context) error {
	s.setup()
	for _, so := range s.drain() {
		so.interrupt()
	}
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		s.cancel()
		return nil
	case <-ctx.Done():
	}
	s.cancel()
	for _, so := range s.open() {
		so.conn.Close()
	}
	<-done
	return ctx.Err()
}

func (s *Server) setup() {
	s.once.Do(func() {
		s.ctx, s.cancel = context.WithCancel(context.Background())
		s.turns = &deadlines{parent: s.ctx, wait: turnWait}
		s.draining = make(chan struct{})
		s.Limits = s.Limits.withDefaults()
		s.rates = newRates(s.Limits)
		s.sockets = map[*socket]struct{}{}
		s.guests = map[netip.Addr]int{}
		s.metrics = newMetrics(s)
		s.assets = newAssets(s.Files)
	})
}

// drain refuses newcomers from now on and gives the sockets there are.
func (s *Server) drain() []*socket {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.draining)
	}
	s.mu.Unlock()
	return s.open()
}

func (s *Server) open() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*socket, 0, len(s.sockets))
	for so := range s.sockets {
		all = append(all, so)
	}
	return all
}

// enter takes a place for a connection that stays open; the fault says why there is none.
func (s *Server) enter(from netip.Addr) *fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return faultStopping
	case s.count >= s.Limits.Connections:
		return faultFull
	case !from.IsLoopback() && s.guests[household(from)] >= s.Limits.PerAddress:
		return faultRate
	}
	s.count++
	s.guests[household(from)]++
	s.running.Add(1)
	return nil
}

func (s *Server) leave(from netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count--
	if from = household(from); s.guests[from] == 1 {
		delete(s.guests, from)
	} else {
		s.guests[from]--
	}
	s.running.Done()
}

func (s *Server) stopping() bool {
	select {
	case <-s.draining:
		return true
	default:
		return false
	}
}

func (s *Server) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

func (s *Server) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

func (s *Server) log() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}
