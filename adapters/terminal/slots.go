package terminal

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	free "usher/bot/slots"
	"usher/flows"
)

// SlotsCommand shows when a team can be met.
type SlotsCommand struct {
	Dir      string `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	Team     string `placeholder:"TEAM" help:"A team, or one rep; with --why everybody where none is named."`
	From     string `placeholder:"TIME" help:"First instant: RFC 3339, or a date."`
	To       string `placeholder:"TIME" help:"Instant after the last start."`
	Why      string `placeholder:"TIME" help:"In place of a list: why each rep is, or is not, offered at this time."`
	Step     string `placeholder:"FLOW/STEP" help:"With --why: the step that books, with its length, rules, guests and seats."`
	Database string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"With --why: what was read of calendars, and meetings and holds, are those of sqlite:FILE or postgres://…; without one the calendars are read now."`
	Minutes  *int   `help:"Length of the meeting: 30, or the step's."`
	Timezone string `placeholder:"ZONE" help:"Zone of what is printed; the workspace's by default."`
	Now      string `placeholder:"TIME" help:"When it is: notice and horizon count from here. By default now, or the first instant when nothing between the two could be offered now."`
	JSON     bool   `name:"json" help:"One start a line, as JSON."`
}

// Help teaches.
func (SlotsCommand) Help() string {
	return `Hours, holidays, absence, calendars, buffers, notice and horizon, all at once: the times that a visitor could be offered,
each with the reps who are free then. Calendars on servers are read as the server reads them, but for those that reps
connected. Meetings in the database are not looked at. With --why it says of one time what keeps each rep from being
offered, as the server sees it when a database is named.

  usher slots acme --team enterprise --from 2026-11-23 --to 2026-11-28
  usher slots --team asha --from 2026-11-23 --to 2026-11-24 --minutes 45 --json
  usher slots acme --team enterprise --why 2026-11-24T10:00 --database sqlite:data/usher.db --step book-a-demo/meet`
}

// start is one line of the answer.
type start struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Reps  []string  `json:"reps"`
}

// Run lists the starts, or says why of one.
func (c *SlotsCommand) Run(ctx context.Context, w *World) error {
	if err := c.sensible(); err != nil {
		return err
	}
	ws, err := w.load(c.Dir)
	if err != nil {
		return err
	}
	reps := members(ws.Roster, c.Team)
	if c.Team == "" {
		reps = ws.Roster.Reps
	} else if len(reps) == 0 {
		return misuse("there is no team or rep %q; there are: %s", c.Team, strings.Join(names(ws.Roster), ", "))
	}
	if c.Why != "" {
		return c.why(ctx, w, ws, reps)
	}
	r, zone, err := c.request(w, ws)
	if err != nil {
		return err
	}
	starts, err := w.starts(ws, reps, r)
	if err != nil {
		return err
	}
	return c.print(w, starts, zone)
}

// sensible says what of the flags does not go together.
func (c *SlotsCommand) sensible() error {
	switch {
	case c.Minutes != nil && (*c.Minutes < 1 || *c.Minutes > 24*60):
		return misuse("--minutes %d is no length of a meeting", *c.Minutes)
	case c.Why != "" && (c.From != "" || c.To != ""):
		return misuse("--why asks about one time, --from and --to about all between them")
	case c.Why == "" && (c.From == "" || c.To == ""):
		return misuse("--from and --to are missing, or --why")
	case c.Why == "" && c.Team == "":
		return misuse("--team is missing: whose times are listed")
	case c.Why == "" && c.Step != "":
		return misuse("--step goes with --why")
	}
	return nil
}

// request is the question for one rep, without the rep.
func (c *SlotsCommand) request(w *World, ws *flows.Workspace) (r free.Request, zone *time.Location, err error) {
	if zone, err = place(first(c.Timezone, ws.Roster.Timezone)); err != nil {
		return r, nil, err
	}
	r = free.Request{Roster: ws.Roster, Rules: ws.Roster.Meeting}
	if c.Minutes != nil {
		r.Minutes = *c.Minutes
	}
	if r.From, err = instant("from", c.From, zone); err != nil {
		return r, nil, err
	}
	if r.To, err = instant("to", c.To, zone); err != nil {
		return r, nil, err
	}
	if !r.From.Before(r.To) {
		return r, nil, misuse("--to must be later than --from")
	}
	r.Now = w.Now()
	switch {
	case c.Now != "":
		r.Now, err = instant("now", c.Now, zone)
	case !r.To.After(r.Now.Add(r.Rules.Notice)) || r.From.After(r.Now.Add(r.Rules.Horizon)):
		r.Now = r.From.Add(-r.Rules.Notice)
		p := printer{out: w.Stderr}
		p.printf("usher: none of these times can be offered now; shown as seen on %s\n", r.Now.In(zone).Format(time.RFC3339))
	}
	return r, zone, err
}

// starts asks for every rep and puts those together who are free at one time.
func (w *World) starts(ws *flows.Workspace, reps []*flows.Rep, r free.Request) ([]start, error) {
	byTime := map[int64]start{}
	for _, rep := range reps {
		busy, err := w.RepBusy(ws, rep, r.From.Add(-24*time.Hour), r.To.Add(24*time.Hour))
		if err != nil {
			p := printer{out: w.Stderr}
			p.printf("usher: %s is left out: %v\n", rep.ID, err)
			continue
		}
		r.Rep, r.Busy = rep, busy
		for _, s := range free.Free(r, 0) {
			at := byTime[s.Start.Unix()]
			byTime[s.Start.Unix()] = start{s.Start, s.End, append(at.Reps, rep.ID)}
		}
	}
	return slices.SortedFunc(maps.Values(byTime), func(a, b start) int { return a.Start.Compare(b.Start) }), nil
}

func (c *SlotsCommand) print(w *World, starts []start, zone *time.Location) error {
	out, p, day := jsonLines(w.Stdout), printer{out: w.Stdout}, ""
	s := styleOf(w.Stdout)
	for _, x := range starts {
		x.Start, x.End = x.Start.In(zone), x.End.In(zone)
		if c.JSON {
			p.err = errors.Join(p.err, out.Encode(x))
			continue
		}
		if d := x.Start.Format("Monday 2 January 2006"); d != day {
			day = d
			p.printf("%s\n", s.bold(d))
		}
		p.printf("  %s–%s  %s\n", x.Start.Format("15:04"), x.End.Format("15:04"), s.faint(strings.Join(x.Reps, ", ")))
	}
	if len(starts) == 0 && !c.JSON {
		p.printf("No free time.\n")
	}
	return p.err
}

// members are the reps of a team, or the one rep of that id.
func members(r *flows.Roster, id string) []*flows.Rep {
	if team := r.Team(id); team != nil {
		return team.Reps
	}
	if rep := r.Rep(id); rep != nil {
		return []*flows.Rep{rep}
	}
	return nil
}

func names(r *flows.Roster) []string {
	var out []string
	for _, t := range r.Teams {
		out = append(out, t.ID)
	}
	for _, rep := range r.Reps {
		out = append(out, rep.ID)
	}
	return out
}
