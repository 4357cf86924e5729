package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Retentions finds what has been kept long enough.
type Retentions interface {
	// Outlived lists at most limit persons, conversations or visitors, the oldest first, that nothing happened to since the
	// times: each as a word that Subject understands. A person goes by their stage; a conversation that is over where no record of
	// a person keeps it; a visitor who has no conversation in which they said something.
	Outlived(ctx context.Context, o Outlived) ([]string, error)
	// Drop removes at most limit rows that tell of nobody but by hashes and ids: letters sent, jobs given up, lines of the audit
	// log (then the new first line is vouched for by one that says so).
	Drop(ctx context.Context, o Outlived) (letters, jobs, audit int, err error)
}

// Outlived says since when nothing may have happened; a zero time means that nothing goes.
type Outlived struct {
	Conversations time.Time
	Visitors      time.Time
	Leads         map[string]time.Time // by stage
	Letters       time.Time
	Jobs          time.Time
	Audit         time.Time
	Limit         int
}

// Bounds of one hour's tidying: a visitor waits for none of it.
const (
	retireBatch  = 50
	retireRounds = 20
	scrubPause   = 24 * time.Hour // at least between two rewritings of the file: turns wait for one
)

// retired is what retention removed and has not overwritten yet; only the hourly care touches it.
type retired struct {
	left     bool
	scrubbed time.Time
}

// retire erases who and what has been kept as long as privacy.yaml says, in small batches. It gives counts by class.
func (b *Bot) retire(ctx context.Context) (counts map[string]int, err error) {
	counts = map[string]int{}
	o, any := b.outlived()
	if !any {
		return counts, nil
	}
	for range retireRounds {
		who, err := b.Store.Outlived(ctx, o)
		if err != nil {
			return counts, err
		}
		n := 0
		for _, id := range who {
			erased, err := b.retireOne(ctx, id)
			if err != nil {
				return counts, err
			}
			n += erased
		}
		counts["persons"] += n
		if n == 0 || len(who) < o.Limit {
			break
		}
	}
	letters, jobs, audit, err := b.Store.Drop(ctx, o)
	counts["letters"], counts["jobs"], counts["audit"] = letters, jobs, audit
	maps.DeleteFunc(counts, func(_ string, n int) bool { return n == 0 })
	return counts, errors.Join(err, b.overwrite(ctx, counts["persons"] > 0))
}

// overwrite has the bytes of what was removed overwritten, once a day.
func (b *Bot) overwrite(ctx context.Context, removed bool) error {
	r := &b.retired
	r.left = r.left || removed
	if !r.left || b.now().Sub(r.scrubbed) < scrubPause {
		return nil
	}
	if _, err := b.Store.Scrub(ctx); err != nil {
		return err
	}
	r.left, r.scrubbed = false, b.now()
	return nil
}

// retireOne erases one without a tombstone of their address: somebody whose time is over may come again.
func (b *Bot) retireOne(ctx context.Context, id string) (int, error) {
	s, err := b.Store.Subject(ctx, id)
	if err != nil || s.Empty() {
		return 0, err
	}
	_, err = b.settled(ctx, s, func(e *Erasure) error {
		e.Parts = slices.DeleteFunc(e.Parts, func(p ErasurePart) bool { return p.State == PartLeft || p.Place == PlaceFile })
		e.Tombstone = Tombstone{ID: random(idBytes), At: b.now(), Who: HouseKeeping}
		e.number(e.At, 0)
		return b.Store.Erase(ctx, e, AuditLine{At: e.At, Who: HouseKeeping, What: AuditKept, Whom: s.Main(), Detail: map[string]string{"rows": strconv.Itoa(e.Rows)}})
	})
	if err != nil {
		return 0, fmt.Errorf("retire %s: %w", s.Main(), err)
	}
	return 1, nil
}

// outlived is what privacy.yaml comes to now.
func (b *Bot) outlived() (o Outlived, any bool) {
	keep, now := b.Workspace().Keep(), b.now()
	since := func(d time.Duration) time.Time {
		if d <= 0 {
			return time.Time{}
		}
		any = true
		return now.Add(-d)
	}
	o = Outlived{
		Conversations: since(keep.Conversations), Visitors: since(keep.Visitors), Letters: since(keep.Letters), Jobs: since(keep.Jobs), Audit: since(keep.Audit),
		Leads: map[string]time.Time{}, Limit: retireBatch,
	}
	for stage, d := range keep.Leads {
		o.Leads[stage] = since(d)
	}
	return o, any
}

// tidyPersons is one hour's care for personal data: retention, backups that were restored, and what is kept beside the
// database.
func (b *Bot) tidyPersons(ctx context.Context) error {
	n, again := b.EraseAgain(ctx)
	if n > 0 {
		b.log().Warn("the database was restored from a backup: who had been erased was erased again", "persons", n)
	}
	counts, err := b.retire(ctx)
	if len(counts) > 0 {
		b.log().Info("removed what was kept long enough", "persons", counts["persons"], "letters", counts["letters"], "jobs", counts["jobs"], "audit", counts["audit"])
	}
	return errors.Join(again, err, b.KeepAuditHead(ctx))
}
