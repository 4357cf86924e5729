package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// sweep removes what came of jobs that ran while somebody was erased. It runs once their leases are over, so that none of them
// can bring more; what they made others begin is under way then, and swept in its turn.
func (b *Bot) sweep(ctx context.Context, erasure string, p ErasurePart) error {
	var s Subject
	if err := json.Unmarshal(p.Target, &s); err != nil {
		return &RetryError{Never: true, Err: fmt.Errorf("read what is to be swept: %w", err)}
	}
	was, err := b.Store.Erasure(ctx, erasure)
	if err != nil {
		return err
	}
	what := AuditErase
	if len(was.Hashes) == 0 { // their time was over
		what = AuditKept
	}
	last := 0
	for _, p := range was.Parts {
		last = max(last, p.N)
	}
	_, err = b.settled(ctx, s, func(e *Erasure) error {
		if e.Rows == 0 {
			return nil
		}
		e.Tombstone, e.Hashes = was.Tombstone, nil
		e.Parts = slices.DeleteFunc(e.Parts, func(p ErasurePart) bool { return p.Place == PlaceBackup })
		e.number(b.now(), last)
		return b.Store.Erase(ctx, e, AuditLine{
			At: b.now(), Who: HouseKeeping, What: what, Whom: s.Main(), Detail: map[string]string{"erasure": erasure, "rows": strconv.Itoa(e.Rows)},
		})
	})
	return err
}
