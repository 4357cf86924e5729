package terminal

import (
	"context"
	"time"

	"usher/bot"
)

// writes counts, within one call, what is written of a person.
type writes struct{}

// importStore is the store of an import: it says what was written, and in a dry run writes nothing.
type importStore struct {
	bot.Store
	gate *gate
	dry  bool
}

// CommitPerson writes one change.
func (s importStore) CommitPerson(ctx context.Context, t bot.PersonTurn) error {
	if n, ok := ctx.Value(writes{}).(*int); ok {
		*n++
	}
	if s.dry {
		return nil
	}
	s.gate.pass()
	return s.Store.CommitPerson(ctx, t)
}

// Enqueue stores jobs.
func (s importStore) Enqueue(ctx context.Context, jobs ...bot.Job) error {
	if s.dry {
		return nil
	}
	return s.Store.Enqueue(ctx, jobs...)
}

// SaveRevision stores the sources of a workspace, so that who has a lead can be looked up.
func (s importStore) SaveRevision(ctx context.Context, revision string, sources map[string]string, at time.Time) error {
	if s.dry {
		return nil
	}
	return s.Store.SaveRevision(ctx, revision, sources, at)
}
