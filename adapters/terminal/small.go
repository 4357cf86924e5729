package terminal

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
)

// VersionCommand shows which usher this is.
type VersionCommand struct{}

// Run shows it.
func (VersionCommand) Run(w *World) error {
	p := printer{out: w.Stdout}
	p.printf("usher %s\n", first(w.Version, "(not a release)"))
	return p.err
}

// HealthCommand asks a running server whether it is ready.
type HealthCommand struct {
	URL string `arg:"" optional:"" name:"url" default:"http://127.0.0.1:8080" help:"The server's address (${default})."`
}

// Help teaches.
func (HealthCommand) Help() string {
	return `Asks /readyz: can the server read and write its database, and is its workspace good? The exit code is 1 when not,
so that a container or a load balancer can ask in this way.

  usher health
  usher health https://chat.example.org`
}

// healthTimeout is longer than a busy server needs and shorter than a container waits.
const healthTimeout = 5 * time.Second

// Run asks.
func (c *HealthCommand) Run(ctx context.Context, w *World) (err error) {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.URL, "/")+"/readyz", nil)
	if err != nil || request.URL.Host == "" {
		return misuse("%s is not an address; write it like http://127.0.0.1:8080", c.URL)
	}
	p := printer{out: w.Stdout}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.printf("not ready: %v\n", err)
		return errors.Join(p.err, ErrNo)
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		p.printf("not ready: %s %s\n", response.Status, strings.TrimSpace(string(body)))
		return errors.Join(p.err, ErrNo)
	}
	p.printf("ready\n")
	return p.err
}

// LoadCommand sends a running server a load of visitors.
type LoadCommand struct {
	URL      string        `arg:"" name:"url" help:"The server's address: http://127.0.0.1:8080"`
	Visitors int           `default:"100" help:"Visitors who type at the same time."`
	For      time.Duration `default:"30s" help:"How long."`
}

// Help teaches.
func (LoadCommand) Help() string {
	return `Visitors connect as browsers do, answer what they are asked, and time every answer. Use a server of your own: they book
real meetings in its database.

  usher load http://127.0.0.1:8080 --visitors 500 --for 30s`
}

// Run loads the server and prints the figures.
func (c *LoadCommand) Run(ctx context.Context, w *World) error {
	if c.Visitors < 1 || c.For < time.Second {
		return misuse("--visitors must be at least 1 and --for at least 1s")
	}
	stop := c.progress(ctx, w)
	figures, err := w.LoadTest(ctx, c.URL, c.Visitors, c.For)
	stop()
	if err != nil {
		return err
	}
	p := printer{out: w.Stdout}
	p.printf("%s\n", strings.TrimRight(figures.String(), "\n"))
	return p.err
}

// progress shows a bar while a person waits.
func (c *LoadCommand) progress(ctx context.Context, w *World) (stop func()) {
	if !isTerminal(w.Stderr) {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		bar := progressbar.NewOptions(int(c.For/time.Second), progressbar.OptionSetWriter(w.Stderr), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetDescription("visitors typing"), progressbar.OptionSetPredictTime(false))
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				_ = bar.Clear() // what is drawn on a terminal that went away is nobody's concern
				return
			case <-tick.C:
				_ = bar.Add(1) // as above
			}
		}
	}()
	return func() { cancel(); <-done }
}
