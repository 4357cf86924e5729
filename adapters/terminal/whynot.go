package terminal

import (
	"context"
	"errors"
	"strings"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/dialogue"
	free "usher/bot/slots"
	"usher/flows"
)

// verdict is why one rep is, or is not, offered at a time.
type verdict struct {
	Rep   string    `json:"rep"`
	Start time.Time `json:"start"`
	Code  string    `json:"code"` // ok, or of a Reason of package slots
	Say   string    `json:"say"`
}

// offered is the code of a time that a visitor may be shown.
const offered = "ok"

// why tells each rep's verdict on the time, by what a visitor would be offered.
func (c *SlotsCommand) why(ctx context.Context, w *World, ws *flows.Workspace, reps []*flows.Rep) (err error) {
	zone, err := place(first(c.Timezone, ws.Roster.Timezone))
	if err != nil {
		return err
	}
	start, err := instant("why", c.Why, zone)
	if err != nil {
		return err
	}
	m, err := c.meeting(ws)
	if err != nil {
		return err
	}
	d := &desk.Desk{Workspace: ws, Now: w.Now()}
	if c.Now != "" {
		if d.Now, err = instant("now", c.Now, zone); err != nil {
			return err
		}
	}
	d.Agenda = w.filed(ws, d.Now)
	if c.Database != "" {
		memory, err := w.OpenMemory(ctx, c.Database)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, memory.Close()) }()
		d.Agenda = stored(ctx, memory, d.Now)
	}
	verdicts, err := m.verdicts(d, reps, start)
	if err != nil {
		return err
	}
	return c.printWhy(w, verdicts, start.In(zone))
}

// meeting is what is to be booked.
type meeting struct {
	length time.Duration
	rules  flows.MeetingRules
	terms  dialogue.Terms
}

// meeting is the step's, or the workspace's usual one.
func (c *SlotsCommand) meeting(ws *flows.Workspace) (m meeting, err error) {
	minutes := flows.DefaultMinutes
	m.rules = ws.Roster.Meeting
	if c.Step != "" {
		book := bookStep(ws, c.Step)
		if book == nil {
			return m, misuse("--step %s is not a step that books; write it as flow/step, one of: %s", c.Step, strings.Join(bookSteps(ws), ", "))
		}
		minutes, m.rules = book.Minutes, book.Rules
		m.terms = dialogue.Terms{With: book.With, Kind: c.Step, Seats: book.Seats}
	}
	if c.Minutes != nil {
		minutes = *c.Minutes
	}
	m.length = time.Duration(minutes) * time.Minute
	return m, nil
}

func bookStep(ws *flows.Workspace, path string) *flows.Book {
	flow, step, _ := strings.Cut(path, "/")
	f := ws.Flow(flow)
	if f == nil || f.Step(step) == nil {
		return nil
	}
	return f.Step(step).Book
}

func bookSteps(ws *flows.Workspace) (paths []string) {
	for _, f := range ws.Flows {
		for _, s := range f.Steps {
			if s.Book != nil {
				paths = append(paths, f.ID+"/"+s.ID)
			}
		}
	}
	return paths
}

func (m meeting) verdicts(d *desk.Desk, reps []*flows.Rep, start time.Time) (all []verdict, err error) {
	for _, rep := range reps {
		reason, err := d.Why(dialogue.Slot{Rep: rep.ID, Start: start, End: start.Add(m.length)}, m.rules, m.terms)
		if err != nil {
			return nil, err
		}
		v := verdict{Rep: rep.ID, Code: reason.Code, Say: reason.Say}
		if v.Code == "" {
			v.Code, v.Say = offered, rep.Name+" has time: it can be offered."
		}
		all = append(all, v)
	}
	return all, nil
}

// stored is what the database knows: the busy index, meetings and holds.
func stored(ctx context.Context, memory Memory, now time.Time) func(desk.Query) (desk.Agenda, error) {
	return func(q desk.Query) (desk.Agenda, error) {
		return memory.Agenda(ctx, bot.AgendaQuery{Reps: q.Reps, From: q.From, To: q.To, Now: now, Kind: q.Kind, Instead: q.Instead})
	}
}

// filed is what the workspace's calendars say, read now. One that cannot be read is said, and its rep is not known.
func (w *World) filed(ws *flows.Workspace, now time.Time) func(desk.Query) (desk.Agenda, error) {
	return func(q desk.Query) (desk.Agenda, error) {
		a := desk.Agenda{Busy: map[string][]free.Interval{}, Read: map[string]time.Time{}}
		for _, id := range q.Reps {
			spans, err := w.RepBusy(ws, ws.Roster.Rep(id), q.From, q.To)
			if err != nil {
				p := printer{out: w.Stderr}
				p.printf("usher: %v\n", err)
				continue
			}
			a.Busy[id], a.Read[id] = spans, now
		}
		return a, nil
	}
}

func (c *SlotsCommand) printWhy(w *World, verdicts []verdict, start time.Time) error {
	out, p, s := jsonLines(w.Stdout), printer{out: w.Stdout}, styleOf(w.Stdout)
	if !c.JSON {
		p.printf("%s\n", s.bold(start.Format("Monday 2 January 2006 15:04 -07:00")))
	}
	for _, v := range verdicts {
		v.Start = start
		if c.JSON {
			p.err = errors.Join(p.err, out.Encode(v))
			continue
		}
		if v.Code == offered {
			p.printf("  %s  %s  %s\n", s.green("yes"), v.Rep, v.Say)
			continue
		}
		p.printf("  %s  %s  %s %s\n", s.red("no "), v.Rep, v.Say, s.faint("("+v.Code+")"))
	}
	return p.err
}
