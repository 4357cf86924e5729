package terminal

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
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
	return `Asks /readyz: can the server read and write its database? The exit code is 1 when not, so that a container or a
load balancer can ask in this way. A broken edit of the workspace is no reason: the last good one serves, and /readyz
and the log say what is wrong.

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
