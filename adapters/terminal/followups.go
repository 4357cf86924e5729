package terminal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"usher/bot"
	"usher/flows"
)

// FollowupsCommand shows who gets which letters, or the letters themselves.
type FollowupsCommand struct {
	HouseQuery
	Workspace string `type:"path" env:"USHER_WORKSPACE" placeholder:"DIR" help:"Folder with followups.yaml; without it what is published, or else the built-in example."`
	Preview   string `placeholder:"SEQUENCE" help:"Print the letters of a sequence instead, as somebody gets them of whom nothing is known."`
	Language  string `placeholder:"TAG" help:"The language of the letters with --preview. Default: the flows' first."`
	Limit     int    `default:"1000" placeholder:"N" help:"The most that are shown, the newest first."`
}

// Help teaches.
func (FollowupsCommand) Help() string {
	return `Shows who is in which sequence of followups.yaml, when the next letter goes, and why a sequence stopped: answer, booking,
unsubscribe, bounce, won, lost, disqualified, condition (its if: does not hold), gone (it is not in the workspace any more),
late (its letter could not go for two months), erased. Without a mail server letters wait, which is shown when one is due.
Somebody who answered just now is shown as stopped at once. A letter that a server refused is not among those sent, and
of a sequence that goes on it is told why.

  usher followups
  usher followups --json | jq 'select(.state == "running")'
  usher followups --preview after-nurture --workspace acme --language hi`
}

// Run shows them.
func (c *FollowupsCommand) Run(ctx context.Context, w *World) error {
	if c.Preview != "" {
		return c.preview(w)
	}
	if c.Limit < 1 {
		return misuse("--limit %d shows nothing", c.Limit)
	}
	return c.open(ctx, w, func(b *bot.Bot) error {
		if err := c.use(ctx, w, b); err != nil {
			return err
		}
		f := &bot.FollowUps{Bot: b, Key: b.Secret}
		all, err := f.List(ctx, c.Limit)
		if err != nil {
			return err
		}
		if c.JSON {
			return followupLines(w, all)
		}
		return followupTable(w, all)
	})
}

// use makes the workspace that a server would serve the bot's.
func (c *FollowupsCommand) use(ctx context.Context, w *World, b *bot.Bot) error {
	if c.Workspace == "" {
		if err := b.Resume(ctx); !errors.Is(err, bot.ErrNotFound) {
			return err
		}
	}
	ws, err := w.load(c.Workspace)
	if err != nil {
		return err
	}
	return b.Use(ctx, ws)
}

// followupLine is an enrolment as --json prints it.
type followupLine struct {
	Sequence     string    `json:"sequence"`
	Email        string    `json:"email"`
	Name         string    `json:"name,omitempty"`
	Conversation string    `json:"conversation"`
	State        string    `json:"state"` // running, done or stopped
	Because      string    `json:"because,omitempty"`
	Began        time.Time `json:"began"`
	Sent         int       `json:"sent"`
	Letters      int       `json:"letters"`
	Last         time.Time `json:"last,omitzero"`
	Next         time.Time `json:"next,omitzero"`
}

func followupLines(w *World, all []bot.FollowUp) error {
	out := jsonLines(w.Stdout)
	for _, f := range all {
		line := followupLine{
			f.Sequence, f.Address, f.Name, f.Conversation, f.State, f.Because, f.BeganAt, f.Sent, f.Of, f.LastAt, f.NextAt,
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

func followupTable(w *World, all []bot.FollowUp) error {
	if len(all) == 0 {
		p := printer{out: w.Stderr}
		p.printf("Nobody is in a sequence.\n")
		return p.err
	}
	t := tabwriter.NewWriter(w.Stdout, 0, 0, 2, ' ', 0)
	p := printer{out: t}
	p.printf("SEQUENCE\tWHO\tSENT\tNEXT\tSTATE\n")
	for _, f := range all {
		next := "–"
		if !f.NextAt.IsZero() {
			next = f.NextAt.UTC().Format("2006-01-02 15:04 UTC")
		}
		sent := fmt.Sprint(f.Sent)
		if f.Of > 0 { // the workspace has the sequence still
			sent += fmt.Sprintf(" of %d", f.Of)
		}
		p.printf("%s\t%s\t%s\t%s\t%s\n", f.Sequence, cmp.Or(f.Address, f.Conversation), sent, next, strings.TrimSuffix(f.State+": "+f.Because, ": "))
	}
	return errors.Join(p.err, t.Flush())
}

// preview prints the letters of a sequence.
func (c *FollowupsCommand) preview(w *World) error {
	ws, err := w.load(c.Workspace)
	if err != nil {
		return err
	}
	q := ws.Followups.Sequence(c.Preview)
	if q == nil {
		p := printer{out: w.Stderr}
		p.printf("usher: there is no sequence %s in followups.yaml\n", c.Preview)
		return errors.Join(p.err, ErrNo)
	}
	var after time.Duration
	p := printer{out: w.Stdout}
	for i, letter := range q.Letters {
		after += letter.After
		subject, text, err := bot.WriteLetter(letter, cmp.Or(c.Language, letter.Say.Languages()[0]), &flows.Scope{Now: w.Now(), Roster: ws.Roster})
		if err != nil {
			return err
		}
		if c.JSON {
			line, err := json.Marshal(previewLine{q.ID, i + 1, after.String(), subject, text})
			if err != nil {
				return err
			}
			p.printf("%s\n", line)
			continue
		}
		p.printf("%s\n%s\n\n%s\n\n", heading(i+1, after), subject, text)
	}
	return p.err
}

// previewLine is a letter as --json prints it.
type previewLine struct {
	Sequence string `json:"sequence"`
	Letter   int    `json:"letter"`
	After    string `json:"after"` // since the sequence began
	Subject  string `json:"subject"`
	Text     string `json:"text"`
}

func heading(n int, after time.Duration) string {
	const day = 24 * time.Hour
	when := "at once"
	switch {
	case after >= day:
		when = fmt.Sprintf("day %g", float64(after)/float64(day))
	case after > 0:
		when = "after " + after.String()
	}
	return fmt.Sprintf("— letter %d, %s —", n, when)
}
