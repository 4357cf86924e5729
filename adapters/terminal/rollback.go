package terminal

import (
	"context"
	"errors"
	"fmt"

	"usher/bot"
	"usher/flows"
)

// RollbackCommand makes an earlier revision current again.
type RollbackCommand struct {
	Revision string `arg:"" optional:"" help:"Its first letters, or the number of its publication; without it, the one before the current one."`
	Note     string `help:"Why, as usher revisions shows it." placeholder:"TEXT"`
	PublisherQuery
}

// Help teaches.
func (RollbackCommand) Help() string {
	return `The earlier revision becomes the current one by a publication of its own: nothing is lost, and what was current can be gone back to in
the same way. Going back twice goes back two steps. Every node serves it within a second or two; conversations in progress stay
on the revision they began with. Followed folders stay as they are: bring them to the same state before you edit them again.

  usher rollback --note "nobody answers the new question"
  usher rollback 3f2a9c1b77de
  usher rollback 4`
}

// Run goes back.
func (c *RollbackCommand) Run(ctx context.Context, w *World) error {
	return c.open(ctx, w, true, func(db Publisher) error {
		good := func(revision string) error { return servable(ctx, db, revision) }
		done, err := bot.Rollback(ctx, db, c.Revision, w.by(bot.ByRollback, c.Note), good)
		switch {
		case errors.Is(err, bot.ErrNoEarlier):
			return fmt.Errorf("%w; usher revisions lists what was", bot.ErrNoEarlier)
		case errors.Is(err, bot.ErrNotFound), errors.Is(err, bot.ErrAmbiguous):
			return fmt.Errorf("%w; usher revisions lists what was published", err)
		}
		return c.tell(ctx, w, db, done, err)
	})
}

// servable says whether this program can serve a stored revision.
func servable(ctx context.Context, db Publisher, revision string) error {
	sources, err := db.Revision(ctx, revision)
	if err != nil {
		return err
	}
	if ws, problems := flows.Load(flows.SourceFS(sources)); ws == nil {
		return fmt.Errorf("revision %s does not load any more; nothing was changed\n%w", brief(revision), problems)
	}
	return nil
}
