package terminal

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"usher/bot"
)

// EraseCommand removes a person everywhere.
type EraseCommand struct {
	Who    string        `arg:"" optional:"" help:"An e-mail address, a phone number like +4930…, or the id of a person, conversation, visitor or meeting."`
	Yes    bool          `help:"Do not ask."`
	DryRun bool          `help:"Say what would be erased, and where; erase nothing."`
	Silent bool          `help:"Tell neither the person nor the rep that a meeting ahead does not take place."`
	Wait   time.Duration `default:"20s" help:"How long to wait for what a server has to do: letters first, then other places."`
	Status bool          `help:"List the erasures, and what each has not reached."`
	Retry  bool          `help:"Try again what erasures could not reach."`
	HouseQuery
}

// Help teaches.
func (EraseCommand) Help() string {
	return `Removes one human being from every table, from the jobs, and from the bytes of an SQLite file; then from Slack (cards, threads, direct
messages), from the reps' calendars and from the CRM, which a running server does and tries again until it is done. A meeting ahead
is cancelled first: the person and the rep are told, unless --silent.

A job that a node is at work on just then may write to Slack, a calendar or the CRM after that: what it brings is found and removed once
its time is over, within two minutes, also where the node dies over it: the part "under way".

What stays: a tombstone (hashes of what they were known by, when, by whom), so that neither a backup nor a late job brings them back;
lines of ledgers and counts without whom they were about; and a list of what no program can reach, such as letters that were delivered.
Whoever talks with the bot again is somebody new; a table or another system has to say that they came back (usher import --again).

  usher erase mira@acme.example --dry-run
  usher erase mira@acme.example --yes
  usher erase --status
  usher erase --retry`
}

// erasureLine is an erasure, or the plan of one, as --json prints it.
type erasureLine struct {
	Type   string         `json:"type"` // plan or erasure
	ID     string         `json:"id,omitempty"`
	At     *time.Time     `json:"at,omitempty"`
	Who    string         `json:"who,omitempty"`
	Rows   int            `json:"rows"`
	Tables map[string]int `json:"tables,omitempty"`
}

// erasedPartLine is something elsewhere.
type erasedPartLine struct {
	Type    string `json:"type"` // part
	Erasure string `json:"erasure,omitempty"`
	Place   string `json:"place"`
	State   string `json:"state"`
	Said    string `json:"said"`
}

// Run erases, or tells.
func (c *EraseCommand) Run(ctx context.Context, w *World) error {
	switch {
	case c.Who == "" && !c.Status && !c.Retry:
		return misuse("say whom: an e-mail address, a phone number or an id; or --status")
	case c.Who != "" && (c.Status || c.Retry):
		return misuse("--status and --retry are about all erasures; leave %s out", c.Who)
	}
	return c.open(ctx, w, func(b *bot.Bot) error {
		b.Now = w.Now
		switch {
		case c.Retry:
			return c.retry(ctx, w, b)
		case c.Status:
			return c.status(ctx, w, b)
		}
		return c.erase(ctx, w, b)
	})
}

func (c *EraseCommand) erase(ctx context.Context, w *World, b *bot.Bot) error {
	subject, err := b.Subject(ctx, c.Who)
	if errors.Is(err, bot.ErrNotFound) {
		return c.before(ctx, w, b)
	}
	if err != nil {
		return err
	}
	if c.DryRun || !c.Yes {
		plan, err := b.Plan(ctx, subject)
		if err != nil {
			return err
		}
		if err := c.tell(w, "plan", plan); err != nil || c.DryRun {
			return err
		}
		if err := c.ask(w); err != nil {
			return err
		}
	}
	if !c.Silent {
		if err := c.callOff(ctx, w, b, subject); err != nil {
			return err
		}
	}
	if err := c.settle(ctx, b, subject); err != nil {
		return err
	}
	done, err := b.Erase(ctx, subject, w.who())
	if err != nil {
		return err
	}
	if err := b.KeepAuditHead(ctx); err != nil {
		return err
	}
	return c.tell(w, "erasure", c.follow(ctx, b, done))
}

// before tells of somebody who was erased already, which is what was asked for.
func (c *EraseCommand) before(ctx context.Context, w *World, b *bot.Bot) error {
	e, err := erasedAs(ctx, b, c.Who)
	if errors.Is(err, bot.ErrNotFound) {
		return w.nobody(ctx, b, c.Who)
	}
	if err != nil {
		return err
	}
	return c.tell(w, "erasure", e)
}

// ask has the person at the terminal say yes.
func (c *EraseCommand) ask(w *World) error {
	if !isTerminal(w.Stdin) {
		return misuse("nothing was erased: say --yes, for this cannot be undone")
	}
	p := printer{out: w.Stderr}
	p.printf("This cannot be undone. Erase? Type yes: ")
	said, err := bufio.NewReader(w.Stdin).ReadString('\n')
	if err != nil || strings.TrimSpace(said) != "yes" {
		p.printf("Nothing was erased.\n")
		return ErrNo
	}
	return p.err
}

// look is how often it is seen how far a server is.
const look = 200 * time.Millisecond

// callOff cancels the meetings ahead and waits until whoever is to be told was told.
func (c *EraseCommand) callOff(ctx context.Context, w *World, b *bot.Bot, s bot.Subject) error {
	b.Carriers = bot.Deferred(bot.JobMail, bot.JobCalendar, bot.JobAlert, bot.JobCard)
	uids, err := b.CallOff(ctx, s)
	if err != nil || len(uids) == 0 {
		return err
	}
	p := printer{out: w.Stderr}
	p.printf("Cancelled %s; telling those who were to meet.\n", count(len(uids), "meeting ahead", "meetings ahead"))
	for waited := time.Duration(0); ; waited += look {
		n, err := b.Untold(ctx, s)
		if err != nil || n == 0 {
			return errors.Join(err, p.err)
		}
		if waited >= c.Wait {
			p.printf("usher: %s not gone out: is a server running? Nothing was erased; start one and erase again, or erase with --silent\n", count(n, "letter or message has", "letters or messages have"))
			return ErrNo
		}
		if err := rest(ctx, look); err != nil {
			return err
		}
	}
}

// settle waits for jobs at work, so that all can be reached at once. It is no matter where one takes longer: what it brings is removed
// later.
func (c *EraseCommand) settle(ctx context.Context, b *bot.Bot, s bot.Subject) error {
	for waited := time.Duration(0); waited < c.Wait; waited += look {
		busy, err := b.Busy(ctx, s)
		if err != nil || !busy {
			return err
		}
		if err := rest(ctx, look); err != nil {
			return err
		}
	}
	return nil
}

// rest waits.
func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// follow waits for a server to reach the other places, and gives the erasure as it is then.
func (c *EraseCommand) follow(ctx context.Context, b *bot.Bot, e bot.Erasure) bot.Erasure {
	for waited := time.Duration(0); waited < c.Wait && slices.ContainsFunc(e.Parts, waits); waited += look {
		if rest(ctx, look) != nil {
			break
		}
		now, err := b.Store.ErasedBy(ctx, e.Hashes...)
		if err != nil {
			break
		}
		e.Parts = now.Parts
	}
	return e
}

func waits(p bot.ErasurePart) bool { return p.State == bot.PartWaiting }

func (c *EraseCommand) status(ctx context.Context, w *World, b *bot.Bot) error {
	all, err := b.Store.Erasures(ctx, bot.MaxErasures)
	if err != nil {
		return err
	}
	if len(all) == 0 && !c.JSON {
		p := printer{out: w.Stdout}
		p.printf("Nobody was erased yet.\n")
		return p.err
	}
	for _, e := range all {
		err = errors.Join(err, c.tell(w, "erasure", e))
	}
	return err
}

func (c *EraseCommand) retry(ctx context.Context, w *World, b *bot.Bot) error {
	all, err := b.Store.Erasures(ctx, bot.MaxErasures)
	n := 0
	for i := 0; i < len(all) && err == nil; i++ {
		var more int
		more, err = b.RetryErasure(ctx, all[i])
		n += more
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return jsonLines(w.Stdout).Encode(map[string]any{"type": "retry", "parts": n})
	}
	p := printer{out: w.Stdout}
	p.printf("%s tried again by a running server; usher erase --status tells how far it is.\n", count(n, "part is", "parts are"))
	return p.err
}

// tell prints an erasure or a plan, and what lies elsewhere.
func (c *EraseCommand) tell(w *World, kind string, e bot.Erasure) error {
	if c.JSON {
		return c.lines(w, kind, e)
	}
	p := printer{out: w.Stdout}
	if kind == "plan" {
		p.printf("Would erase %s%s.\n", count(e.Rows, "row", "rows"), tables(e.Tables))
	} else {
		p.printf("Erased on %s by %s: %s%s (erasure %s).\n", stamp(e.At), e.Who, count(e.Rows, "row", "rows"), tables(e.Tables), brief(e.ID))
	}
	for _, part := range e.Parts {
		p.printf("  %-14s %s\n", part.Place, partWords(kind, part))
	}
	return p.err
}

// partWords is a part in plain words.
func partWords(kind string, p bot.ErasurePart) string {
	switch {
	case p.State == bot.PartDone:
		return "done"
	case p.State == bot.PartLeft:
		return "NOT REACHED: " + p.Said
	case kind == "plan":
		return "would be erased"
	case p.Said != "":
		return "waiting: " + p.Said
	}
	return "waiting for a running server"
}

// tables are the counts by table in words.
func tables(counts map[string]int) string {
	if len(counts) == 0 {
		return ""
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], strings.Compare(a, b)) })
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, counts[name])
	}
	return " (" + strings.Join(names, ", ") + ")"
}

func (c *EraseCommand) lines(w *World, kind string, e bot.Erasure) error {
	out := jsonLines(w.Stdout)
	l := erasureLine{Type: kind, ID: e.ID, Who: e.Who, Rows: e.Rows, Tables: e.Tables}
	if !e.At.IsZero() {
		l.At = &e.At
	}
	err := out.Encode(l)
	for _, p := range e.Parts {
		err = errors.Join(err, out.Encode(erasedPartLine{"part", e.ID, p.Place, p.State, p.Said}))
	}
	return err
}
