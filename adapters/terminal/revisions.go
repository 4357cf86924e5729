package terminal

import (
	"context"

	"usher/bot"
)

// RevisionsCommand lists what was published.
type RevisionsCommand struct {
	Limit int `default:"20" help:"How many, the newest first (${default})."`
	PublisherQuery
}

// Help teaches.
func (RevisionsCommand) Help() string {
	return `The newest first: when, by whom (a person, or the folder of a node that saw it change), how many conversations are still open on
the revision, and the note. The current one has a star.

  usher revisions
  usher revisions --json | jq -r 'select(.current) | .revision'`
}

// Run lists.
func (c *RevisionsCommand) Run(ctx context.Context, w *World) error {
	if c.Limit < 1 {
		return misuse("--limit %d is not a number of publications", c.Limit)
	}
	return c.open(ctx, w, false, func(db Publisher) error {
		all, err := db.Publications(ctx, c.Limit)
		if err != nil {
			return err
		}
		open, err := db.OpenConversations(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return c.lines(w, all, open)
		}
		return c.table(w, all, open)
	})
}

func (c *RevisionsCommand) lines(w *World, all []bot.Publication, open map[string]int) error {
	out := jsonLines(w.Stdout)
	for _, p := range all {
		if err := out.Encode(lineOf(p, all[0].N, open)); err != nil {
			return err
		}
	}
	return nil
}

func (c *RevisionsCommand) table(w *World, all []bot.Publication, open map[string]int) error {
	out := printer{out: w.Stdout}
	if len(all) == 0 {
		out.printf("Nothing was published yet.\n")
		return out.err
	}
	wide := 0
	for _, p := range all {
		wide = max(wide, len(p.Who))
	}
	out.printf("  %4s  %-12s  %-20s  %-8s  %-*s  %5s  %s\n", "n", "revision", "published", "by", wide, "", "open", "note")
	for i, p := range all {
		mark := " "
		if i == 0 {
			mark = "*"
		}
		out.printf("%s %4d  %-12s  %-20s  %-8s  %-*s  %5d  %s\n", mark, p.N, brief(p.Revision), stamp(p.At), p.Kind, wide, p.Who, open[p.Revision], p.Note)
	}
	return out.err
}
