package terminal

import (
	"context"

	"usher/bot"
	"usher/flows"
)

// PublishCommand makes a workspace the one that all nodes serve.
type PublishCommand struct {
	Dir  string `arg:"" optional:"" type:"path" env:"USHER_WORKSPACE" default:"." help:"The workspace folder (${default})."`
	Note string `help:"What the change is for, as usher revisions shows it." placeholder:"TEXT"`
	PublisherQuery
}

// Help teaches.
func (PublishCommand) Help() string {
	return `The workspace is checked first: an error stops it and nothing changes, warnings do not. Then it is stored, and every node on
the database serves it to new conversations within a second or two; those in progress stay on the revision they began with. A
node that follows a folder goes on doing so: its next change there is published over this one.

Reps' calendars that are files are no part of it: each node reads them in its own --workspace folder.

  usher publish acme --note "size is asked only for a demo"
  usher publish acme --database postgres://…
  usher rollback                                       and back`
}

// Run publishes.
func (c *PublishCommand) Run(ctx context.Context, w *World) error {
	if err := isFolder(c.Dir); err != nil {
		return err
	}
	ws, _, problems := w.Prove(c.Dir)
	p := printer{out: w.Stderr}
	if ws == nil {
		if err := printProblems(w.Stderr, problems, styleOf(w.Stderr)); err != nil {
			return err
		}
		p.printf("usher: nothing was published\n")
		return ErrNo
	}
	c.warn(&p, ws, problems)
	return c.open(ctx, w, true, func(db Publisher) error {
		by := w.by(bot.ByCommand, c.Note)
		by.Revision = ws.Revision
		done, err := bot.Publish(ctx, db, by, ws.Sources)
		return c.tell(ctx, w, db, done, err)
	})
}

// warn says what does not stop a publish.
func (c *PublishCommand) warn(p *printer, ws *flows.Workspace, problems flows.Problems) {
	n := 0
	for _, problem := range problems {
		if problem.Severity == flows.Warning {
			n++
		}
	}
	if n > 0 {
		p.printf("usher: %s, which usher check %s tells\n", count(n, "warning", "warnings"), c.Dir)
	}
	files := 0
	for _, rep := range ws.Roster.Reps {
		for _, calendar := range rep.Calendars {
			if calendar.File != "" {
				files++
			}
		}
	}
	if files > 0 {
		p.printf("usher: %s in its own --workspace folder, and offers no times of a rep whose calendar it cannot read\n",
			count(files, "calendar is a file: a node reads it", "calendars are files: a node reads them"))
	}
}
