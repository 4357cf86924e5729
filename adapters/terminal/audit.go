package terminal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot"
)

// AuditCommand shows and proves the audit log.
type AuditCommand struct {
	Since    string `placeholder:"DATE" help:"Only what was done since then, like 2026-11-01."`
	Whom     string `placeholder:"ID" help:"Only what was done to that person, revision or key."`
	Verify   bool   `help:"Prove the whole chain; the exit code is 1 where it does not hold."`
	Head     bool   `help:"Print the end of the chain, N:HASH, to be kept elsewhere."`
	Against  string `placeholder:"N:HASH" help:"With --verify: an end that was kept elsewhere."`
	Restored bool   `help:"Say that a backup was put in place of the database: lines that are lost since are asked for no more."`
	HouseQuery
}

// Help teaches.
func (AuditCommand) Help() string {
	return `Who published, exported, erased, changed a stage or an owner by hand, made a key or imported: the oldest first. Persons are named by
ids alone, so that the log stays as it is when somebody is erased.

Each line has a hash over itself and the line before. --verify names the first line that was changed, taken out of the middle, or
cut off the end: the ends that the chain had before are kept, signed, in the data folder. Whoever can write there too is found out
by an end that was kept elsewhere: print it with --head, and give it to --against.

After a backup was restored the ends that were kept since are of lines which are lost, and --verify says so. Say --restored then, in
each data folder that there is: a line of the log tells it, and who said it, and from there on the log is proven again. Where the log
does not hold in itself no backup explains that, and nothing is taken.

  usher audit --since 2026-11-01
  usher audit --verify
  usher audit --head >> /mnt/other/heads
  usher audit --verify --against "$(tail -1 /mnt/other/heads)"
  usher audit --restored`
}

// auditLine is a line as --json prints it.
type auditLine struct {
	N      int64             `json:"n"`
	At     time.Time         `json:"at"`
	Who    string            `json:"who"`
	What   string            `json:"what"`
	Whom   string            `json:"whom"`
	Detail map[string]string `json:"detail"`
	Hash   string            `json:"hash"`
}

// verdictLine is what --verify --json prints.
type verdictLine struct {
	OK    bool   `json:"ok"`
	Lines int    `json:"lines"`
	Head  string `json:"head,omitempty"`
	Line  int64  `json:"line,omitempty"` // the first that is wrong
	Error string `json:"error,omitempty"`
}

// Run shows, proves or prints the end.
func (c *AuditCommand) Run(ctx context.Context, w *World) error {
	since, against, err := c.flags()
	if err != nil {
		return err
	}
	return c.open(ctx, w, func(b *bot.Bot) error {
		switch {
		case c.Verify:
			return c.verify(ctx, w, b, against)
		case c.Head:
			return c.head(ctx, w, b)
		case c.Restored:
			return c.restored(ctx, w, b)
		}
		return c.list(ctx, w, b, since)
	})
}

func (c *AuditCommand) flags() (since time.Time, against []bot.AuditHead, err error) {
	if c.Since != "" {
		if since, err = instant("since", c.Since, time.UTC); err != nil {
			return since, nil, err
		}
	}
	if c.Against == "" {
		return since, nil, nil
	}
	number, hash, _ := strings.Cut(strings.TrimSpace(c.Against), ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || len(hash) != 64 {
		return since, nil, misuse("--against %s is not an end of the log; usher audit --head prints one", c.Against)
	}
	return since, []bot.AuditHead{{N: n, Hash: hash}}, nil
}

// auditPage is how many lines are read at once.
const auditPage = 500

func (c *AuditCommand) list(ctx context.Context, w *World, b *bot.Bot, since time.Time) error {
	p, out := printer{out: w.Stdout}, jsonLines(w.Stdout)
	for after := int64(0); ; {
		page, err := b.Store.AuditLines(ctx, bot.AuditQuery{After: after, Since: since, Whom: c.Whom, Limit: auditPage})
		if err != nil {
			return err
		}
		for _, l := range page {
			after = l.N
			if c.JSON {
				p.err = errors.Join(p.err, out.Encode(auditLine{l.N, l.At, l.Who, l.What, l.Whom, l.Detail, l.Hash}))
				continue
			}
			p.printf("%5d  %s  %-20s  %-15s  %s%s\n", l.N, stamp(l.At), l.Who, l.What, l.Whom, details(l.Detail))
		}
		if len(page) < auditPage || p.err != nil {
			if after == 0 && !c.JSON {
				p.printf("Nothing was written down%s.\n", map[bool]string{true: " since then"}[!since.IsZero()])
			}
			return p.err
		}
	}
}

// details are a line's details for people, in order.
func details(of map[string]string) string {
	var out strings.Builder
	for _, k := range slices.Sorted(maps.Keys(of)) {
		if of[k] != "" {
			fmt.Fprintf(&out, "  %s: %s", k, of[k])
		}
	}
	return out.String()
}

func (c *AuditCommand) head(ctx context.Context, w *World, b *bot.Bot) error {
	l, err := b.Store.AuditHead(ctx)
	if errors.Is(err, bot.ErrNotFound) {
		p := printer{out: w.Stderr}
		p.printf("usher: nothing was written down yet\n")
		return ErrNo
	}
	if err != nil {
		return err
	}
	head := bot.AuditHead{N: l.N, Hash: l.Hash}
	if c.JSON {
		return jsonLines(w.Stdout).Encode(map[string]any{"n": head.N, "hash": head.Hash})
	}
	p := printer{out: w.Stdout}
	p.printf("%s\n", head)
	return p.err
}

func (c *AuditCommand) verify(ctx context.Context, w *World, b *bot.Bot, against []bot.AuditHead) error {
	lines, err := b.VerifyAudit(ctx, against...)
	var fault *bot.AuditFault
	if err != nil && !errors.As(err, &fault) {
		return err
	}
	verdict := verdictLine{OK: fault == nil, Lines: lines}
	if fault != nil {
		verdict.Line, verdict.Error = fault.N, fault.Said
	} else if l, err := b.Store.AuditHead(ctx); err == nil {
		verdict.Head = bot.AuditHead{N: l.N, Hash: l.Hash}.String()
	}
	p := printer{out: w.Stdout}
	switch {
	case c.JSON:
		p.err = jsonLines(w.Stdout).Encode(verdict)
	case fault != nil:
		p.printf("The audit log does not hold. Line %d: %s.\n", fault.N, fault.Said)
		if fault.Kept {
			p.printf("Where a backup was put in place of the database since, say so: usher audit --restored\n")
		}
	case lines == 0:
		p.printf("Nothing was written down yet.\n")
	default:
		p.printf("%s, and nothing was changed, taken out or cut off. It ends with %s\n", count(lines, "line", "lines"), verdict.Head)
	}
	if fault != nil {
		return errors.Join(p.err, ErrNo)
	}
	return p.err
}

// restored takes that a backup was restored.
func (c *AuditCommand) restored(ctx context.Context, w *World, b *bot.Bot) error {
	lost, err := b.Restored(ctx, w.who())
	var fault *bot.AuditFault
	if errors.As(err, &fault) {
		p := printer{out: w.Stderr}
		p.printf("usher: nothing is taken, for no backup explains this: line %d: %s\n", fault.N, fault.Said)
		return errors.Join(p.err, ErrNo)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		ends := []string{}
		for _, h := range lost {
			ends = append(ends, h.String())
		}
		return jsonLines(w.Stdout).Encode(map[string]any{"type": "restored", "lost": ends})
	}
	p := printer{out: w.Stdout}
	if len(lost) == 0 {
		p.printf("Nothing is lost: every end that was kept is one of this log. Nothing is written down.\n")
		return p.err
	}
	p.printf("Written down. Lost are the lines up to these ends, which were kept:\n")
	for _, h := range lost {
		p.printf("  %s\n", h)
	}
	return p.err
}
