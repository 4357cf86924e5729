package terminal

import (
	"context"
	"fmt"
	"runtime"
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
	Update  bool   `help:"Write into the story files what really happened."`
	Cover   int    `placeholder:"N" help:"Fail when the stories of a flow use less than N per cent of it."`
	JUnit   string `name:"junit" placeholder:"FILE" help:"Write the results as JUnit XML, for CI."`
	JSON    bool   `name:"json" help:"One object a line, as JSON."`
}

// Help teaches.
func (StoriesCommand) Help() string {
	return `A story is a conversation that must come out as written. Each runs on a clock of its own with the calendars frozen, so it
comes out the same every day, and all run at once. Calendars are the files of the workspace; one on a server is not asked
and counts as free. A story that differs is shown with the transcript, in which the line that differs is marked, and the exit code is 1. At the end: which steps, ways between them, score rules and routes no
story has been through; with --cover the exit code is 1 when a flow is below the bar.

--update changes the bot's lines and the expected values that differ to what really happened. Nothing else in the files
changes; read the difference before you keep it.

  usher stories acme
  usher stories acme --update && git diff acme/stories
  usher stories acme --cover 90 --junit stories.xml
  usher stories acme --json | jq -c 'select(.passed==false)'`
}

// Run tells every story, as many at once as there are processors.
func (c *StoriesCommand) Run(ctx context.Context, w *World) error {
	if c.Cover < 0 || c.Cover > 100 {
		return misuse("--cover takes a number from 0 to 100")
	}
	ws, err := w.rehearsable(c.Dir)
	if err != nil {
		return err
	}
	if c.Update {
		if ws, err = c.update(ctx, w, ws); err != nil {
			return err
		}
	}
	if len(ws.Stories) == 0 && !c.JSON && c.JUnit == "" && c.Cover == 0 {
		p := printer{out: w.Stdout}
		p.printf("There are no stories: write one in stories/NAME.yaml.\n")
		return p.err
	}
	began := w.Now()
	results, err := tell(ctx, w, ws)
	if err != nil {
		return err
	}
	if c.JUnit != "" {
		if err := writeJUnit(c.JUnit, results, w.Now().Sub(began)); err != nil {
			return err
		}
	}
	r := reportOf(ws, results, c.Cover)
	if c.JSON {
		err = r.json(w.Stdout)
	} else {
		err = r.print(w.Stdout, c.Verbose)
	}
	if err == nil && r.bad() {
		return ErrNo
	}
	return err
}

func tell(ctx context.Context, w *World, ws *flows.Workspace) ([]rehearse.Result, error) {
	busy := w.frozen(ws)
	return each(ctx, ws.Stories, func(s *flows.Story) rehearse.Result { return rehearse.Tell(ws, busy, s) })
}

// each runs all stories, as many at once as there are processors, and gives what came of them in their order.
func each[T any](ctx context.Context, stories []*flows.Story, run func(*flows.Story) T) ([]T, error) {
	out := make([]T, len(stories))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, story := range stories {
		group.Go(func() error {
			if ctx.Err() == nil {
				out[i] = run(story)
			}
			return ctx.Err()
		})
	}
	return out, group.Wait()
}

// frozen reads each rep's calendar once for each stretch of time, for stories that run at once.
func (w *World) frozen(ws *flows.Workspace) func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
	busy := w.busy(ws)
	var mu sync.Mutex
	read := map[string]func() ([]slots.Interval, error){}
	return func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
		key := fmt.Sprint(rep.ID, from.Unix(), to.Unix())
		mu.Lock()
		once := read[key]
		if once == nil {
			once = sync.OnceValues(func() ([]slots.Interval, error) { return busy(rep, from, to) })
			read[key] = once
		}
		mu.Unlock()
		return once()
	}
}
