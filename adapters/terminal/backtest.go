package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/rehearse"
	"usher/flows"
)

// BacktestCommand runs stored conversations through another version of the workspace.
type BacktestCommand struct {
	Dir      string `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	Database string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
	From     string `placeholder:"TIME" help:"The first day or time at which conversations began; 30 days ago by default."`
	To       string `placeholder:"TIME" help:"Up to here; now by default."`
	Timezone string `placeholder:"ZONE" help:"Of the days; the team's own by default."`
	JSON     bool   `name:"json" help:"One conversation that changes a line, as JSON."`
}

// Help teaches.
func (BacktestCommand) Help() string {
	return `Runs the stored conversations that began in a time through the version of the workspace in the folder, and says which change score,
grade, end, route or rep, by which rule, condition or route, and which would stop at a question that was never asked, so
that there is no answer to it. Nothing is sent, written or booked. Visitors give the answers they gave, wherever the
question comes now; a time or a rep that is asked for as it was then is the one of then.

What cannot be known is marked with ?: the rep whom a team chooses anew, for the shares of then are gone, and free times
that nobody looked for then. What a visitor would have said to other words is not known at all.

  usher backtest acme
  usher backtest acme --database postgres://usher@db/usher --from 2026-11-01 --to 2026-12-01
  usher backtest acme --json | jq -c 'select(.type=="change" and .was.grade=="hot")'`
}

// backtestPage is how many conversations are read at once: enough to be fast, little enough for any memory.
const backtestPage = 200

// maxVersions is how many older versions of the workspace are kept loaded.
const maxVersions = 8

// backtest is one run.
type backtest struct {
	*BacktestCommand
	world    *World
	memory   Memory
	test     *rehearse.Backtest
	from, to time.Time
	versions map[string]*flows.Workspace
	sum      backtestSum
	print    printer
	bar      *progressbar.ProgressBar // nil in a pipe
}

// Run runs them all.
func (c *BacktestCommand) Run(ctx context.Context, w *World) (err error) {
	ws, err := w.load(c.Dir)
	if err != nil {
		return err
	}
	b := &backtest{BacktestCommand: c, world: w, print: printer{out: w.Stdout}, sum: newBacktestSum()}
	if err := b.period(ws); err != nil {
		return err
	}
	if b.memory, err = w.OpenMemory(ctx, c.Database); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.memory.Close()) }()
	b.test = &rehearse.Backtest{Workspace: ws, Agenda: func(q desk.Query, then time.Time, conversation string) (desk.Agenda, error) {
		return b.memory.Agenda(ctx, bot.AgendaQuery{Reps: q.Reps, From: q.From, To: q.To, Now: then, Except: conversation, Kind: q.Kind, Instead: q.Instead})
	}}
	if isTerminal(w.Stderr) {
		b.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(w.Stderr), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
		defer func() { err = errors.Join(err, b.bar.Finish()) }()
	}
	if err := b.pages(ctx); err != nil {
		return err
	}
	return b.finish()
}

// period reads the flags' times.
func (b *backtest) period(ws *flows.Workspace) error {
	zone, err := place(b.Timezone)
	if err != nil {
		return err
	}
	if b.Timezone == "" && ws.Roster.Location != nil {
		zone = ws.Roster.Location
	}
	b.to = b.world.Now()
	if b.To != "" {
		if b.to, err = instant("to", b.To, zone); err != nil {
			return err
		}
	}
	b.from = b.to.AddDate(0, 0, -30)
	if b.From != "" {
		if b.from, err = instant("from", b.From, zone); err != nil {
			return err
		}
	}
	if !b.to.After(b.from) {
		return misuse("--to must be later than --from")
	}
	return nil
}

// pages reads page after page, so that memory stays the same however many there are.
func (b *backtest) pages(ctx context.Context) error {
	p := bot.Period{From: b.from, To: b.to, Limit: backtestPage}
	for {
		page, err := b.memory.Began(ctx, p)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, c := range page {
			if err := b.one(ctx, c); err != nil {
				return err
			}
		}
		p.After = page[len(page)-1]
	}
}

// one runs one conversation.
func (b *backtest) one(ctx context.Context, c bot.Past) error {
	if b.bar != nil {
		if err := b.bar.Add(1); err != nil {
			return err
		}
	}
	journal, err := b.memory.Journal(ctx, c.ID)
	if err != nil {
		return err
	}
	old, err := b.version(ctx, c.State.Revision)
	if err == nil {
		var d rehearse.Difference
		if d, err = b.test.Run(rehearse.Told{ID: c.ID, Flow: c.State.Flow, Workspace: old, Journal: journal}); err == nil {
			b.sum.add(d)
			return b.show(d)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b.sum.All++
	b.sum.Failed++
	p := printer{out: b.world.Stderr}
	p.printf("usher: %v\n", err)
	return p.err
}

// version is a stored revision, loaded.
func (b *backtest) version(ctx context.Context, revision string) (*flows.Workspace, error) {
	if ws := b.versions[revision]; ws != nil {
		return ws, nil
	}
	sources, err := b.memory.Revision(ctx, revision)
	if err != nil {
		return nil, fmt.Errorf("revision %s: %w", revision, err)
	}
	ws, problems := flows.Load(flows.SourceFS(sources))
	if ws == nil {
		return nil, fmt.Errorf("revision %s does not load any more: %w", revision, problems)
	}
	if b.versions == nil || len(b.versions) >= maxVersions {
		b.versions = map[string]*flows.Workspace{}
	}
	b.versions[revision] = ws
	return ws, nil
}

// show prints a conversation that changes.
func (b *backtest) show(d rehearse.Difference) error {
	if len(d.What) == 0 && d.Stops == "" {
		return nil
	}
	if b.JSON {
		return jsonLines(b.world.Stdout).Encode(struct {
			Type string `json:"type"`
			rehearse.Difference
		}{"change", d})
	}
	b.print.printf("%s  %s\n", d.Conversation, strings.Join(changed(d), ", "))
	for _, why := range d.Why {
		b.print.printf("    %s\n", styleOf(b.world.Stdout).faint(why))
	}
	return b.print.err
}

// changed is what is otherwise, from what to what.
func changed(d rehearse.Difference) (out []string) {
	for _, what := range d.What {
		was, is := d.Was, d.Is
		of := map[string][2]string{
			"score": {number(was.Score), number(is.Score)}, "grade": {was.Grade, is.Grade}, "end": {was.End, is.End},
			"route": {was.Route, is.Route}, "rep": {was.Rep, is.Rep},
		}[what]
		mark := ""
		if slices.Contains(d.Guessed, what) {
			mark = "?"
		}
		if d.Stops != "" && is.End == "" && (what == "end" || is.Rep == "" && what != "score" && what != "grade") {
			continue // it does not get there
		}
		out = append(out, fmt.Sprintf("%s %s → %s%s", what, cmp.Or(of[0], "none"), cmp.Or(of[1], "none"), mark))
	}
	if d.Stops != "" {
		out = append(out, "stops at "+d.Stops+", which was never asked")
	}
	return out
}

// backtestSum is what all of them come to.
type backtestSum struct {
	Type    string         `json:"type"` // backtest
	All     int            `json:"conversations"`
	Changed int            `json:"changed"`
	Failed  int            `json:"failed"`
	What    map[string]int `json:"what"`  // score, grade, end, route, rep
	Moves   map[string]int `json:"moves"` // grade hot → warm
	Stops   map[string]int `json:"stops"` // by question
	Why     map[string]int `json:"why"`
}

func newBacktestSum() backtestSum {
	return backtestSum{Type: "backtest", What: map[string]int{}, Moves: map[string]int{}, Stops: map[string]int{}, Why: map[string]int{}}
}

// maxReasons is how many different reasons are counted; beyond it only those known already.
const maxReasons = 1000

func (s *backtestSum) add(d rehearse.Difference) {
	s.All++
	if len(d.What) == 0 && d.Stops == "" {
		return
	}
	s.Changed++
	for _, what := range d.What {
		s.What[what]++
	}
	for _, move := range changed(rehearse.Difference{What: d.What, Was: d.Was, Is: d.Is}) {
		if !strings.HasPrefix(move, "score") {
			tally(s.Moves, move)
		}
	}
	if d.Stops != "" {
		tally(s.Stops, d.Stops)
	}
	for _, why := range d.Why {
		tally(s.Why, why)
	}
}

func tally(in map[string]int, key string) {
	if _, known := in[key]; known || len(in) < maxReasons {
		in[key]++
	}
}

// finish prints the sum.
func (b *backtest) finish() error {
	if b.JSON {
		return jsonLines(b.world.Stdout).Encode(b.sum)
	}
	s, p := b.sum, &b.print
	if s.Changed > 0 {
		p.printf("\n")
	}
	p.printf("%d conversations, %d change", s.All, s.Changed)
	if s.Failed > 0 {
		p.printf(", %d could not be run", s.Failed)
	}
	p.printf("\n")
	for _, what := range []string{"score", "grade", "end", "route", "rep"} {
		if s.What[what] == 0 {
			continue
		}
		p.printf("  %-6s %d", what, s.What[what])
		for _, m := range most(s.Moves) {
			if strings.HasPrefix(m, what+" ") {
				p.printf("   %s %d", strings.TrimPrefix(m, what+" "), s.Moves[m])
			}
		}
		p.printf("\n")
	}
	for _, q := range most(s.Stops) {
		p.printf("  stop at the question %s, which was never asked: %d\n", q, s.Stops[q])
	}
	for _, why := range most(s.Why) {
		p.printf("  %d × %s\n", s.Why[why], why)
	}
	if s.Changed > 0 {
		p.printf("Not known: what stood in calendars and the shares of a team then (?), and what visitors would have said to other words.\n")
	}
	return p.err
}

// most are the keys by falling count.
func most(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
}
