package terminal

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"usher/adapters/terminal/sheet"
	"usher/bot"
	"usher/flows"
)

// ImportCommand brings leads in from a table.
type ImportCommand struct {
	File        string   `arg:"" help:"The table, saved as CSV."`
	Map         []string `sep:"none" placeholder:"TARGET=COLUMN,…" help:"Which column is what; without it, what the headings seem to say is shown."`
	DryRun      bool     `help:"Write nothing, and say what would be done."`
	Source      string   `placeholder:"TEXT" help:"Where the leads came from, where no column says so: reports count by it."`
	Stage       string   `placeholder:"STAGE" help:"The stage of leads whose line says none; by default visitor."`
	OwnerColumn string   `placeholder:"COLUMN" help:"The column that names the rep: the same as --map owner=COLUMN."`
	Country     string   `placeholder:"CC" help:"Where phones without a country code are, where no column says so (IN)."`
	Route       bool     `help:"Leads whom nobody has go to a rep by the routes, in the order of the table; without it they wait at the place import."`
	Again       bool     `help:"Also bring in whoever was erased: those in the table came back. Without it their lines are refused."`
	Encoding    string   `placeholder:"NAME" help:"UTF-8, UTF-16LE, UTF-16BE or Windows-1252, where it is told wrong."`
	Workspace   string   `placeholder:"DIR" env:"USHER_WORKSPACE" help:"Whose reps and fields count; by default what was published, or the built-in example."`
	HouseQuery
}

// Help teaches.
func (ImportCommand) Help() string {
	return `Each line of the table becomes a lead, or adds to the one that is known by its address. What a lead told, the rep it has and a later
stage stay; only gaps are filled. So a table can be brought in again: what is known already changes nothing, and an import that was
stopped goes on where it was.

The first line names the columns. A target is email, phone, name, company, country, language, timezone, stage, owner, source, consent,
or a field of the flows; a name in two columns is name=First+Last. Encoding and separator are found out and told. A line that cannot be
read (a quote that is not closed, too few cells), whose address is none, whose stage is not known or that comes a second time is
refused, and costs no other line. So is that of somebody who was erased, for a table may be older than that: where those in it came
back, say --again. Where the named rep is not known, the lead keeps its rep, or waits at the place import; with --route it goes to a rep
by the routes of team.yaml and counts in the ledger, as a visitor's would, but does not wait: where a route's reps cannot take it, the
next route serves. A stage that closes a lead (nurture, lost …) keeps it from being routed.

The report has a line for each line, and the exit code is 1 where one was refused. Other systems hear of new leads as they would of a
visitor's.

  usher import leads.csv                                       what the headings seem to say
  usher import leads.csv --map email=E-mail,name="Full name",company=Firma --dry-run
  usher import leads.csv --map email=E-mail --owner-column Rep --source "trade fair" --json > report.jsonl`
}

// Run imports.
func (c *ImportCommand) Run(ctx context.Context, w *World) error {
	if err := c.check(); err != nil {
		return err
	}
	in, err := os.Open(c.File)
	if err != nil {
		return misuse("%v", err)
	}
	defer in.Close() // it was only read
	form, err := sheet.Look(in, c.Encoding)
	if err != nil {
		return misuse("%s: %v", c.File, err)
	}
	return c.open(ctx, w, func(b *bot.Bot) error {
		im, err := c.prepare(ctx, w, b)
		if err != nil {
			return err
		}
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			return err
		}
		rows, err := sheet.NewReader(in, form)
		if err != nil {
			return err
		}
		header, err := rows.Next()
		if err != nil {
			return misuse("%s: the line with the columns' names cannot be read: %v", c.File, err)
		}
		if err := c.locate(w, im, header.Cells); err != nil {
			return err
		}
		rows.Alone = im.addressed
		out := &importReport{json: c.JSON, out: printer{out: w.Stdout}, lines: jsonLines(w.Stdout), dry: c.DryRun}
		out.begin(im, form)
		if err := im.all(ctx, rows, out); err != nil {
			return errors.Join(err, out.stopped())
		}
		return c.finish(ctx, w, b, out)
	})
}

func (c *ImportCommand) check() error {
	if err := knownStage("--stage", c.Stage); err != nil {
		return err
	}
	known := c.Encoding == ""
	for _, e := range sheet.Encodings {
		if strings.EqualFold(e, c.Encoding) {
			c.Encoding, known = e, true
		}
	}
	if !known {
		return misuse("--encoding %s is not known; there are %s", c.Encoding, strings.Join(sheet.Encodings, ", "))
	}
	if c.Country != "" && country(c.Country) == "" {
		return misuse("--country %s is no country; write it like IN", c.Country)
	}
	return nil
}

// prepare puts the house to work on the import.
func (c *ImportCommand) prepare(ctx context.Context, w *World, b *bot.Bot) (*importing, error) {
	g := &gate{}
	b.Now, b.Store = w.Now, importStore{b.Store, g, c.DryRun}
	ws, err := c.workspace(ctx, w, b)
	if err != nil {
		return nil, err
	}
	now := w.Now().UTC().Truncate(time.Microsecond)
	return &importing{
		Bot: b, ws: ws, file: filepath.Base(c.File), source: c.Source, stage: c.Stage, country: country(c.Country), now: now, seen: map[string]int{}, gate: g, dry: c.DryRun, again: c.Again, route: c.Route,
	}, nil
}

// workspace is the one whose reps and fields count: it is made the house's, for who has a lead must be one of its reps.
func (c *ImportCommand) workspace(ctx context.Context, w *World, b *bot.Bot) (*flows.Workspace, error) {
	if c.Workspace == "" {
		err := b.Resume(ctx)
		if err == nil {
			return b.Workspace(), nil
		}
		if !errors.Is(err, bot.ErrNotFound) {
			return nil, err
		}
	}
	ws, err := w.load(c.Workspace)
	if err != nil {
		return nil, err
	}
	return ws, b.Use(ctx, ws)
}

// locate finds the columns. Without a map it shows what the headings seem to say, which is enough for a dry run.
func (c *ImportCommand) locate(w *World, im *importing, header []string) error {
	im.header = header
	fields := bot.FieldNames(im.ws)
	var pairs [][2]string
	for _, text := range c.Map {
		more, err := parseMap(text)
		if err != nil {
			return err
		}
		pairs = append(pairs, more...)
	}
	if len(c.Map) == 0 {
		pairs = guessed(header, fields)
		p := printer{out: w.Stderr}
		if len(pairs) == 0 {
			return misuse("no heading says what its column is; say it with --map email=COLUMN; the columns are %s", strings.Join(header, ", "))
		}
		p.printf("usher: the headings seem to say --map %s\n", quoted(printMap(pairs)))
		if !c.DryRun {
			return misuse("nothing was imported; give the --map that is meant, and try it with --dry-run first")
		}
	}
	if c.OwnerColumn != "" {
		pairs = append(pairs, [2]string{"owner", c.OwnerColumn})
	}
	var err error
	im.columns, err = located(pairs, header, fields)
	return err
}

// quoted is a word as a shell takes it.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// addressed says whether cells look like a row of their own.
func (im *importing) addressed(cells []string) bool {
	at := im.columns["email"]
	return len(at) == 1 && strings.Contains(cells[at[0]], "@")
}

// finish says what came of it all, and writes down who did it.
func (c *ImportCommand) finish(ctx context.Context, w *World, b *bot.Bot, out *importReport) error {
	if !c.DryRun {
		detail := map[string]string{"source": c.Source}
		for _, result := range importResults {
			detail[result] = strconv.Itoa(out.counts[result])
		}
		if err := b.Audit(ctx, bot.AuditLine{Who: w.who(), What: bot.AuditImport, Detail: detail}); err != nil {
			return err
		}
	}
	if err := out.end(); err != nil {
		return err
	}
	if out.counts[lineRefused] > 0 {
		return ErrNo
	}
	return nil
}
