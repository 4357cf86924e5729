package terminal

import (
	"context"
	"errors"
	"strings"

	"usher/flows"
)

// Finding is one thing that was tried at a rep's calendar, as `calendar doctor --json` prints it.
type Finding struct {
	Rep    string `json:"rep"`
	Source string `json:"source"` // which of the rep's calendars, without anything secret
	Check  string `json:"check"`  // find, read, age, create, expand, change, delete, invites
	OK     bool   `json:"ok"`
	Said   string `json:"said"`         // what was found, in plain words
	Do     string `json:"do,omitempty"` // what to do about it
}

// CalendarDoctor tries reps' calendars.
type CalendarDoctor struct {
	Rep       string `arg:"" optional:"" help:"The rep whose calendars are tried; without one, everybody's."`
	Workspace string `type:"path" env:"USHER_WORKSPACE" placeholder:"DIR" help:"Folder with team.yaml; the built-in example without one."`
	Database  string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"Where connected accounts are kept: sqlite:FILE or postgres://…; by default what serve uses."`
	JSON      bool   `name:"json" help:"One finding a line, as JSON."`
}

// Help teaches.
func (CalendarDoctor) Help() string {
	return `Tries each calendar that team.yaml names, as the server does: find it, read it, and where meetings are written to it,
create, change and delete an event that nobody is invited to. Says in plain words what to mend; the exit code is 1 while
there is something.

  usher calendar doctor
  usher calendar doctor asha --workspace acme
  usher calendar doctor --json | jq -c 'select(.ok | not)'`
}

// Run tries them, rep by rep.
func (c *CalendarDoctor) Run(ctx context.Context, w *World) error {
	ws, err := w.load(c.Workspace)
	if err != nil {
		return err
	}
	reps, err := patients(ws.Roster, c.Rep)
	if err != nil {
		return err
	}
	p, mend := printer{out: w.Stdout}, 0
	for _, rep := range reps {
		findings, err := w.Doctor(ctx, ws, rep, c.Database)
		if err != nil {
			return err
		}
		for _, f := range findings {
			if !f.OK {
				mend++
			}
		}
		p.err = errors.Join(p.err, c.print(w, rep, findings))
	}
	if mend == 0 || p.err != nil {
		return p.err
	}
	return ErrNo
}

// patients are the rep asked for, or all.
func patients(r *flows.Roster, id string) ([]*flows.Rep, error) {
	if id == "" {
		return r.Reps, nil
	}
	if rep := r.Rep(id); rep != nil {
		return []*flows.Rep{rep}, nil
	}
	return nil, misuse("there is no rep %q; there are: %s", id, strings.Join(repIDs(r), ", "))
}

func repIDs(r *flows.Roster) (ids []string) {
	for _, rep := range r.Reps {
		ids = append(ids, rep.ID)
	}
	return ids
}

func (c *CalendarDoctor) print(w *World, rep *flows.Rep, findings []Finding) error {
	out, p, s := jsonLines(w.Stdout), printer{out: w.Stdout}, styleOf(w.Stdout)
	if !c.JSON {
		p.printf("%s  %s\n", s.bold(rep.ID), s.faint(rep.Name))
	}
	source := ""
	for _, f := range findings {
		f.Rep = rep.ID
		if c.JSON {
			p.err = errors.Join(p.err, out.Encode(f))
			continue
		}
		if f.Source != source {
			source = f.Source
			p.printf("  %s\n", source)
		}
		mark := s.green("ok  ")
		if !f.OK {
			mark = s.red("mend")
		}
		p.printf("    %s  %-7s  %s\n", mark, f.Check, f.Said)
		if f.Do != "" {
			p.printf("                   → %s\n", f.Do)
		}
	}
	return p.err
}
