package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"
)

// LoadCommand sends a running server a load of visitors.
type LoadCommand struct {
	URL      string        `arg:"" name:"url" help:"The server's address: http://127.0.0.1:8080"`
	Visitors int           `default:"50" help:"Visitors who talk at the same time."`
	For      time.Duration `default:"30s" help:"How long."`
	Pause    time.Duration `default:"0s" help:"How long a visitor thinks before an answer, in the mean."`
	Flow     string        `placeholder:"ID" help:"The flow; by default the one the server picks."`
	Anywhere bool          `help:"Load a server on another machine; it must be yours."`
	JSON     bool          `name:"json" help:"The figures as one JSON object."`
}

// Help teaches.
func (LoadCommand) Help() string {
	return `Visitors connect as browsers do, answer what they are asked, and time every answer. They book real meetings in the
server's database, so use one of your own.

  usher load http://127.0.0.1:8080 --visitors 500 --for 30s
  usher load http://127.0.0.1:8080 --visitors 500 --pause 3s --json | jq .p99_ms`
}

// Run loads the server and prints the figures.
func (c *LoadCommand) Run(ctx context.Context, w *World) error {
	if c.Visitors < 1 || c.For < time.Second || c.Pause < 0 {
		return misuse("--visitors must be at least 1, --for at least 1s, and --pause not less than nothing")
	}
	progress, finish := c.progress(w)
	figures, err := w.LoadTest(ctx, c.URL, Load{c.Visitors, c.For, c.Pause, c.Flow, c.Anywhere, progress})
	if err := errors.Join(err, finish()); err != nil {
		return err
	}
	if c.JSON {
		return jsonLines(w.Stdout).Encode(figures)
	}
	return c.print(w, figures)
}

// progress shows a bar while a person waits, and nothing in a pipe.
func (c *LoadCommand) progress(w *World) (tell func(time.Duration, int), finish func() error) {
	if !isTerminal(w.Stderr) {
		return nil, func() error { return nil }
	}
	bar := progressbar.NewOptions(int(c.For/time.Millisecond), progressbar.OptionSetWriter(w.Stderr),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false))
	tell = func(done time.Duration, turns int) {
		bar.Describe(fmt.Sprintf("%d turns", turns))
		_ = bar.Set(int(done / time.Millisecond)) // a bar that cannot be drawn does not stop the load
	}
	return tell, bar.Finish
}

// print writes the figures one a line, in their order.
func (c *LoadCommand) print(w *World, figures any) error {
	data, err := json.Marshal(figures)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	p := printer{out: w.Stdout}
	for d.More() {
		var value json.RawMessage
		key, err := d.Token()
		if err := errors.Join(err, d.Decode(&value)); err != nil {
			return err
		}
		p.printf("%-18v %s\n", key, value)
	}
	return p.err
}
