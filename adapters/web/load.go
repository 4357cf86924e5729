package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// LoadOptions say how many visitors come, and for how long.
type LoadOptions struct {
	Visitors int           // at once; default 50. One who is through with a conversation is followed by another
	For      time.Duration // default 30 s
	Pause    time.Duration // between a question and the visitor's answer, in the mean; 0 = at once
	Flow     string        // asked for by the page; "" = the server picks
	Anywhere bool          // allow a server on another machine: it must be yours
	Progress func(done time.Duration, turns int)
}

// LoadFigures is what a load came to. Times are from a message being sent to the bot's first word in return.
type LoadFigures struct {
	Visitors      int            `json:"visitors"`
	Conversations int            `json:"conversations"` // gone through to the end
	Turns         int            `json:"turns"`
	Seconds       float64        `json:"seconds"`
	PerSecond     float64        `json:"turns_per_second"`
	P50           float64        `json:"p50_ms"`
	P90           float64        `json:"p90_ms"`
	P99           float64        `json:"p99_ms"`
	Max           float64        `json:"max_ms"`
	Errors        int            `json:"errors"`
	Causes        map[string]int `json:"causes,omitempty"` // of the errors, by code
}

// ErrElsewhere says that the server to be loaded is not on this machine.
var ErrElsewhere = errors.New("is not on this machine")

// dialsAtOnce bounds how many visitors knock at the same moment: the listen queue of a server is short.
const dialsAtOnce = 64

// Load sends visitors to a running server over real sockets: each follows the open questions and gives the first option
// or a valid answer. The error is wrong use, or a server that nobody reached; what goes wrong on the way is counted.
func Load(ctx context.Context, server string, o LoadOptions) (LoadFigures, error) {
	o.Visitors, o.For = cmp.Or(o.Visitors, 50), cmp.Or(o.For, 30*time.Second)
	address, err := loadAddress(server, o.Anywhere)
	if err != nil {
		return LoadFigures{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.For)
	defer cancel()
	began := time.Now()
	l := &load{LoadOptions: o, address: address, began: began, dials: make(chan struct{}, dialsAtOnce), causes: map[string]int{}}
	var all sync.WaitGroup
	for n := range o.Visitors {
		all.Go(func() { l.visitors(ctx, n) })
	}
	if o.Progress != nil {
		all.Go(func() { l.report(ctx) })
	}
	all.Wait()
	f := l.figures(time.Since(began))
	if l.reached == 0 && l.last != nil {
		return f, fmt.Errorf("no visitor reached %s: %w", server, l.last)
	}
	return f, nil
}

// loadAddress is the address of the socket.
func loadAddress(server string, anywhere bool) (string, error) {
	if !strings.Contains(server, "://") {
		server = "http://" + server
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("address of the server: %w", err)
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = "ws"
	case "https", "wss":
		u.Scheme = "wss"
	default:
		return "", fmt.Errorf("address of the server: %q is neither http nor https", server)
	}
	if u.Host == "" {
		return "", fmt.Errorf("address of the server: %q names no host", server)
	}
	if !anywhere && !isLoopback(u.Hostname()) {
		return "", fmt.Errorf("%s %w; load only what is yours", u.Hostname(), ErrElsewhere)
	}
	u.Path, u.RawQuery, u.Fragment = "/v1/chat", "", ""
	return u.String(), nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// load is one load on its way.
type load struct {
	LoadOptions
	address string
	began   time.Time
	dials   chan struct{}

	mu            sync.Mutex
	took          []time.Duration
	conversations int
	reached       int
	causes        map[string]int
	last          error
}

// visitors sends one visitor after the other until the time is over.
func (l *load) visitors(ctx context.Context, n int) {
	for i := 0; ctx.Err() == nil; i++ {
		v := &loadVisitor{load: l, name: fmt.Sprintf("%d.%d", n, i)}
		err := v.talk(ctx)
		if over, ok := ctx.Deadline(); err != nil && ctx.Err() == nil && !(ok && time.Now().After(over)) {
			l.failed(err)
			rest(ctx, 100*time.Millisecond) // a server in trouble is not hammered
		}
	}
}

func (l *load) replied(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, took)
}

func (l *load) failed(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = err
	cause := "connection"
	var refused *refusal
	if errors.As(err, &refused) {
		cause = refused.Code
	}
	l.causes[cause]++
}

// report tells the progress four times a second.
func (l *load) report(ctx context.Context) {
	for rest(ctx, 250*time.Millisecond); ctx.Err() == nil; rest(ctx, 250*time.Millisecond) {
		l.mu.Lock()
		turns := len(l.took)
		l.mu.Unlock()
		l.Progress(time.Since(l.began), turns)
	}
}

func (l *load) figures(took time.Duration) LoadFigures {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.took)
	f := LoadFigures{
		Visitors: l.Visitors, Conversations: l.conversations, Turns: len(l.took), Seconds: took.Seconds(),
		PerSecond: float64(len(l.took)) / took.Seconds(), Causes: l.causes,
		P50: quantile(l.took, .5), P90: quantile(l.took, .9), P99: quantile(l.took, .99), Max: quantile(l.took, 1),
	}
	for _, n := range l.causes {
		f.Errors += n
	}
	return f
}

// quantile is the time, in milliseconds, that the fraction q of the sorted times does not exceed.
func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := min(int(q*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[i]) / float64(time.Millisecond)
}

// rest waits, or less when ctx ends.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
