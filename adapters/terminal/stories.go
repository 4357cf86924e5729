package terminal

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"usher/bot/rehearse"
	"usher/bot/slots"
	"usher/flows"
)

// StoriesCommand runs the stories of a workspace.
type StoriesCommand struct {
	Dir     string `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	Verbose bool   `short:"v" help:"Show every conversation as it went."`
}

// Help teaches.
func (StoriesCommand) Help() string {
	return `A story is a conversation that must come out as written. Each runs on a clock of its own with the calendars frozen, so it
comes out the same every day. A story that differs is shown with the line, and the exit code is 1. At the end: which
steps, ways between them and score rules no story has been through.

  usher stories acme`
}

// Run tells every story, as many at once as there are processors.
func (c *StoriesCommand) Run(ctx context.Context, w *World) error {
	ws, err := w.load(c.Dir)
	if err != nil {
		return err
	}
	if len(ws.Stories) == 0 {
		p := printer{out: w.Stdout}
		p.printf("There are no stories: write one in stories/NAME.yaml.\n")
		return p.err
	}
	results, err := tell(ctx, w, ws)
	if err != nil {
		return err
	}
	return c.print(w, ws, results)
}

func tell(ctx context.Context, w *World, ws *flows.Workspace) ([]rehearse.Result, error) {
	results := make([]rehearse.Result, len(ws.Stories))
	busy := w.frozen(ws)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, story := range ws.Stories {
		group.Go(func() error {
			if ctx.Err() == nil {
				results[i] = rehearse.Tell(ws, busy, story)
			}
			return ctx.Err()
		})
	}
	return results, group.Wait()
}

func (c *StoriesCommand) print(w *World, ws *flows.Workspace, results []rehearse.Result) error {
	p, s, failed := printer{out: w.Stdout}, styleOf(w.Stdout), 0
	for _, r := range results {
		mark := s.green("ok  ")
		if r.Failed != "" {
			mark = s.red("FAIL")
			failed++
		}
		p.printf("%s  %s\n", mark, r.Story.Name)
		if r.Failed != "" {
			p.printf("      %s\n", r.Failed)
		}
		if c.Verbose || r.Failed != "" {
			for _, l := range r.Lines {
				p.printf("      %s\n", s.faint(l))
			}
		}
	}
	p.printf("\n%d stories, %d failed\n", len(results), failed)
	for _, l := range coverage(ws, results) {
		p.printf("%s\n", l)
	}
	if failed > 0 && p.err == nil {
		return ErrNo
	}
	return p.err
}

// frozen reads each rep's calendar once for each stretch of time, for stories that run at once.
func (w *World) frozen(ws *flows.Workspace) func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
	var mu sync.Mutex
	read := map[string]func() ([]slots.Interval, error){}
	return func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
		key := fmt.Sprint(rep.ID, from.Unix(), to.Unix())
		mu.Lock()
		once := read[key]
		if once == nil {
			once = sync.OnceValues(func() ([]slots.Interval, error) { return w.RepBusy(ws, rep, from, to) })
			read[key] = once
		}
		mu.Unlock()
		return once()
	}
}

// coverage says per flow how much the stories used, and what they did not.
func coverage(ws *flows.Workspace, results []rehearse.Result) (out []string) {
	for _, c := range rehearse.Covered(ws, results) {
		out = append(out, fmt.Sprintf("%s: %d of %d steps, %d of %d edges, %d of %d score rules", c.Flow,
			c.Steps.Used, c.Steps.All, c.Edges.Used, c.Edges.All, c.Rules.Used, c.Rules.All))
		for _, s := range []struct {
			name  string
			share rehearse.Share
		}{{"steps", c.Steps}, {"edges", c.Edges}, {"rules", c.Rules}} {
			if len(s.share.Unused) > 0 {
				out = append(out, fmt.Sprintf("  %s never used: %s", s.name, strings.Join(s.share.Unused, ", ")))
			}
		}
	}
	return out
}
