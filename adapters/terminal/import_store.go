package terminal

import (
	"context"
	"errors"
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

// How long an import waits for a database that somebody else keeps busy, and how often it asks: nobody waits for the import.
const (
	busyFor   = 5 * time.Minute
	busyPause = 250 * time.Millisecond
)

// CommitPerson writes one change, together with those of the batch's other lines.
func (s importStore) CommitPerson(ctx context.Context, t bot.PersonTurn) error {
	if n, ok := ctx.Value(writes{}).(*int); ok {
		*n++
	}
	if s.dry {
		return nil
	}
	s.gate.pass()
	for began := time.Now(); ; {
		err := s.Store.CommitPerson(ctx, t)
		if !errors.Is(err, bot.ErrBusy) || time.Since(began) > busyFor {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(busyPause):
		}
	}
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
