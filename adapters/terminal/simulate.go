package terminal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"usher/bot/rehearse"
	"usher/flows"
)

// SimulateCommand lets a month of visitors come.
type SimulateCommand struct {
	Dir      string   `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	Visitors int      `default:"1000" placeholder:"N" help:"How many come in the month (${default})."`
	Seed     uint64   `default:"1" placeholder:"S" help:"Which month it is: the same seed brings the same visitors (${default})."`
	From     string   `placeholder:"DATE" help:"The first day of the month; today by default."`
	Flow     string   `placeholder:"ID" help:"The flow that everybody gets; by default the one of the page /."`
	WhatIf   []string `name:"what-if" sep:"none" placeholder:"CHANGE" help:"Run the same visitors once more with a change: rep:ID=off, weight:ID=3. May be repeated."`
	Learn    bool     `help:"Learn from the stored conversations of a year when visitors come, what they answer and how many leave."`
	Database string   `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"With --learn: sqlite:FILE or postgres://…; by default what serve uses."`
	JSON     bool     `name:"json" xor:"format" help:"One figure a line, as JSON."`
	CSV      bool     `name:"csv" xor:"format" help:"One table: run, type, name, figure, value."`
}

// Help teaches.
func (SimulateCommand) Help() string {
	return `Visitors talk to the flow, on the same engine as real ones, and book the reps' free times: their hours, calendars, limits,
holidays and routes are the real ones; of calendars the workspace's files are read, and one on a server counts as free.
Nothing is sent and nothing is stored. You see which grades and ends come out,
where visitors leave, how the meetings lie over reps and days, how long a visitor waits for one, how many leads find no
time, and how far the leads of a team are from their fair shares.

What visitors answer is what the flow's "mix" says, or what was learned, or else every answer as often as the others.
Of a hundred, 5 fall silent at each question unless the mix or what was learned says otherwise. They come mostly from
nine to five, Monday to Thursday, on the clock of the workspace. An answer takes them 15 seconds; of the times shown
and none of them they take each as often. A rep who is at work and free joins a chat after 30 seconds. A lead that has to
wait for a rep goes on without one: nobody is given to it later, as somebody would be in truth.

  usher simulate acme --visitors 2000
  usher simulate acme --visitors 2000 --what-if rep:asha=off --what-if weight:ben=3
  usher simulate acme --learn --json | jq 'select(.type == "rep")'`
}

// simulated is one run as it is shown.
type simulated struct {
	Run string // as_is, what_if
	*rehearse.Outcome
}

// Run lets them come, once, or once more with the changes.
func (c *SimulateCommand) Run(ctx context.Context, w *World) error {
	changes, err := c.changes()
	if err != nil {
		return err
	}
	if c.Visitors < 1 || c.Visitors > rehearse.MaxVisitors {
		return misuse("--visitors %d: %v", c.Visitors, rehearse.ErrNoVisitors)
	}
	ws, err := w.rehearsable(c.Dir)
	if err != nil {
		return err
	}
	s, err := c.simulation(ctx, w, ws)
	if err != nil {
		return err
	}
	runs, err := c.runs(ctx, w, s, changes)
	if err != nil {
		return err
	}
	c.warn(w, ws, runs)
	switch {
	case c.JSON:
		return c.printJSON(w, s, runs)
	case c.CSV:
		return c.printCSV(w, s, runs)
	}
	return c.print(w, s, runs)
}

func (c *SimulateCommand) changes() (changes []rehearse.Change, err error) {
	for _, text := range c.WhatIf {
		change, err := rehearse.ParseChange(text)
		if err != nil {
			return nil, misuse("--what-if %v", err)
		}
		changes = append(changes, change)
	}
	return changes, nil
}

func (c *SimulateCommand) simulation(ctx context.Context, w *World, ws *flows.Workspace) (*rehearse.Simulation, error) {
	s := &rehearse.Simulation{Workspace: ws, Flow: c.Flow, Visitors: c.Visitors, Seed: c.Seed, From: w.Now(), Busy: w.busy(ws)}
	if c.Flow != "" && ws.Flow(c.Flow) == nil {
		return nil, misuse("--flow %s: there is no such flow; there are %s", c.Flow, strings.Join(flowIDs(ws), ", "))
	}
	if c.From != "" {
		from, err := instant("from", c.From, zoneOf(ws))
		if err != nil {
			return nil, err
		}
		s.From = from
	}
	if !c.Learn {
		return s, nil
	}
	var err error
	s.Crowd, err = c.learn(ctx, w, ws)
	return s, err
}

func flowIDs(ws *flows.Workspace) (ids []string) {
	for _, f := range ws.Flows {
		ids = append(ids, f.ID)
	}
	return ids
}

func zoneOf(ws *flows.Workspace) *time.Location {
	if ws.Roster == nil || ws.Roster.Location == nil {
		return time.UTC
	}
	return ws.Roster.Location
}

// runs are the month as it is, and with the changes where there are any.
func (c *SimulateCommand) runs(ctx context.Context, w *World, s *rehearse.Simulation, changes []rehearse.Change) (runs []simulated, err error) {
	other, err := rehearse.WhatIf(s.Workspace, changes)
	if err != nil {
		return nil, misuse("--what-if %v", err)
	}
	all := []*rehearse.Simulation{s}
	if len(changes) > 0 {
		changed := *s
		changed.Workspace = other
		all = append(all, &changed)
	}
	tell, finish := progress(w, 1000*len(all))
	for i, one := range all {
		one.Progress = func(done int) { tell(1000*i + done) }
		outcome, err := one.Run(ctx)
		if err != nil {
			return nil, errors.Join(err, finish())
		}
		runs = append(runs, simulated{[]string{"as_is", "what_if"}[i], outcome})
	}
	return runs, finish()
}

// progress shows a bar while a person waits, and nothing in a pipe.
func progress(w *World, all int) (tell func(done int), finish func() error) {
	if !isTerminal(w.Stderr) {
		return func(int) {}, func() error { return nil }
	}
	bar := progressbar.NewOptions(all, progressbar.OptionSetWriter(w.Stderr), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(false), progressbar.OptionThrottle(100*time.Millisecond))
	return func(done int) { _ = bar.Set(done) }, bar.Finish // a bar that cannot be drawn stops nothing
}

// warn says on stderr what makes the figures less than they seem.
func (c *SimulateCommand) warn(w *World, ws *flows.Workspace, runs []simulated) {
	p := printer{out: w.Stderr}
	for _, f := range ws.Flows {
		if c.Learn || f.Mix == nil || c.Flow != "" && f.ID != c.Flow {
			continue
		}
		for _, m := range f.Mix.Fields {
			if sum := m.Sum(); sum < 99.5 || sum > 100.5 {
				p.printf("usher: %s: the shares of %s add up to %g: each counts as its part of that\n", m.Place, m.Field, sum)
			}
		}
	}
	unread := runs[0].Unread
	for _, rep := range ws.Roster.Reps {
		if err := unread[rep.ID]; err != nil {
			p.printf("usher: nothing of %s is offered, as the calendar cannot be read: %v\n", rep.ID, err)
		}
	}
}

// title says what was run.
func (c *SimulateCommand) title(s *rehearse.Simulation, o *rehearse.Outcome) string {
	from := s.From.In(zoneOf(s.Workspace))
	to := from.AddDate(0, 1, -1)
	var of []string
	for _, f := range o.Flows {
		of = append(of, f.Name)
	}
	title := fmt.Sprintf("%d visitors of %s, %s to %s, seed %d", c.Visitors, strings.Join(of, ", "), from.Format("2 January"), to.Format("2 January 2006"), c.Seed)
	if c.Learn {
		title += ", as learned"
	}
	return title
}

// union is what stands in one of the lists, in their order, each once.
func union[T comparable](lists ...[]T) (all []T) {
	seen := map[T]bool{}
	for _, list := range lists {
		for _, name := range list {
			if !seen[name] {
				seen[name] = true
				all = append(all, name)
			}
		}
	}
	return all
}
