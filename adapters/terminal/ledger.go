package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
)

// LedgerCommand shows how leads were shared out.
type LedgerCommand struct {
	Team     string `placeholder:"ID" help:"Only this team."`
	Queue    string `placeholder:"NAME" help:"Only this queue: the condition of a route, of a team whose shares are fair route by route."`
	Rep      string `placeholder:"ID" help:"Only this rep."`
	Since    string `placeholder:"DATE" help:"Only what happened since then, like 2026-11-01."`
	Lines    bool   `help:"The lines themselves, the oldest first."`
	Database string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
	JSON     bool   `name:"json" help:"One object a line, as JSON."`
	ServedPlace
}

// Help teaches.
func (LedgerCommand) Help() string {
	return `Each lead of a team is due to those who could have had it, in parts by weight; their sum is the target. What a rep was passed over
for while away, at a limit or without a free time is missed, and not due. counted is which leads count, as the team says (counts, credit).

  usher ledger --team enterprise
  usher ledger --rep asha --since 2026-11-01
  usher ledger --json | jq 'select(.difference < -1 or .difference > 1)'
  usher ledger --lines --rep ben`
}

// shareLine is where a rep stands in a queue.
type shareLine struct {
	Type       string  `json:"type"`
	Team       string  `json:"team"`
	Queue      string  `json:"queue"`
	Rep        string  `json:"rep"`
	Weight     int     `json:"weight"`
	Got        int64   `json:"got"`
	Gave       int64   `json:"gave"`
	Missed     float64 `json:"missed"`
	Counted    int64   `json:"counted"`
	Target     float64 `json:"target"`
	Difference float64 `json:"difference"` // counted less target
}

// entryLine is a line of the ledger.
type entryLine struct {
	Type         string    `json:"type"`
	ID           int64     `json:"id"`
	At           time.Time `json:"at"`
	Conversation string    `json:"conversation"`
	Route        int       `json:"route"` // from 1; 0 = none
	desk.Entry
}

// Run shows.
func (c *LedgerCommand) Run(ctx context.Context, w *World) (err error) {
	var since time.Time
	if c.Since != "" {
		if since, err = instant("since", c.Since, time.UTC); err != nil {
			return err
		}
	}
	memory, err := w.OpenMemory(ctx, c.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	if err := c.meant(ctx, w, memory); err != nil {
		return err
	}
	if c.Lines {
		return c.list(ctx, w, memory, since)
	}
	shares, err := c.shares(ctx, memory, since)
	if err != nil {
		return err
	}
	return c.table(w, shares)
}

// ledgerPage is how many lines are read at once.
const ledgerPage = 1000

// each hands out the lines that are asked for.
func (c *LedgerCommand) each(ctx context.Context, memory Memory, since time.Time, do func(bot.LedgerLine) error) error {
	for after := int64(0); ; {
		page, err := memory.Ledger(ctx, bot.LedgerQuery{Since: since, After: after, Limit: ledgerPage})
		if err != nil {
			return err
		}
		for _, l := range page {
			after = l.ID
			if err := do(l); err != nil {
				return err
			}
		}
		if len(page) < ledgerPage {
			return nil
		}
	}
}

func (c *LedgerCommand) list(ctx context.Context, w *World, memory Memory, since time.Time) error {
	p, out := printer{out: w.Stdout}, jsonLines(w.Stdout)
	return c.each(ctx, memory, since, func(l bot.LedgerLine) error {
		switch {
		case !c.wanted(l.In(), l.Rep):
		case c.JSON:
			return out.Encode(entryLine{"line", l.ID, l.At, l.Conversation, l.Route + 1, l.Entry})
		default:
			p.printf("%6d  %s  %-12s  %-9s %+d  %s: %s\n", l.ID, stamp(l.At), cmp.Or(l.Rep, "nobody"), l.Kind, l.Leads, l.Conversation, l.Because)
		}
		return p.err
	})
}

func (c *LedgerCommand) wanted(q routing.Queue, rep string) bool {
	return (c.Team == "" || q.Team == c.Team) && (c.Queue == "" || q.Name == c.Queue) && (c.Rep == "" || rep == c.Rep)
}

// shares are all, or what lines since then come to.
func (c *LedgerCommand) shares(ctx context.Context, memory Memory, since time.Time) (desk.Shares, error) {
	if since.IsZero() {
		return memory.Shares(ctx)
	}
	var shares desk.Shares
	err := c.each(ctx, memory, since, func(l bot.LedgerLine) error {
		shares = desk.Enter(shares, l.Entry)
		return nil
	})
	return shares, err
}

func (c *LedgerCommand) table(w *World, shares desk.Shares) error {
	p, out := printer{out: w.Stdout}, jsonLines(w.Stdout)
	queues := slices.SortedFunc(maps.Keys(shares), func(a, b routing.Queue) int {
		return cmp.Or(cmp.Compare(a.Team, b.Team), cmp.Compare(a.Name, b.Name))
	})
	shown := false
	for _, q := range queues {
		lines := c.lines(q, shares[q])
		if len(lines) > 0 && !c.JSON {
			if shown {
				p.printf("\n")
			}
			p.printf("%s\n  %-20s %6s %6s %6s %8s %8s %8s %6s\n", titleOf(q), "", "weight", "got", "gave", "missed", "counted", "target", "off")
		}
		for _, l := range lines {
			if shown = true; c.JSON {
				p.err = errors.Join(p.err, out.Encode(l))
				continue
			}
			p.printf("  %-20s %6d %6d %6d %8.1f %8d %8.1f %+6.1f\n", l.Rep, l.Weight, l.Got, l.Gave, l.Missed, l.Counted, l.Target, l.Difference)
		}
	}
	if !shown && !c.JSON {
		p.printf("No lead was shared out%s.\n", map[bool]string{true: " since then"}[c.Since != ""])
	}
	return p.err
}

func (c *LedgerCommand) lines(q routing.Queue, reps map[string]routing.Share) (lines []shareLine) {
	for _, rep := range slices.Sorted(maps.Keys(reps)) {
		if s := reps[rep]; c.wanted(q, rep) {
			lines = append(lines, shareLine{
				Type: "share", Team: q.Team, Queue: q.Name, Rep: rep, Weight: max(1, s.Weight), Got: s.Got, Gave: s.Gave,
				Missed: leads(s.Missed), Counted: s.Count, Target: leads(s.Due), Difference: leads(s.Count*routing.Lead - s.Due),
			})
		}
	}
	return lines
}

// leads are parts of leads as a figure.
func leads(parts int64) float64 {
	return math.Round(float64(parts)/routing.Lead*10_000)/10_000 + 0 // no figure is -0
}

func titleOf(q routing.Queue) string {
	switch {
	case q.Team == "":
		return "given to a rep directly"
	case q.Name == "":
		return q.Team
	}
	return fmt.Sprintf("%s, %s", q.Team, strings.TrimSpace(q.Name))
}
