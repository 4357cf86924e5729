package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Erased is the erasure of whoever had that key, or ErrNotFound.
func (b *Bot) Erased(ctx context.Context, kind, value string) (Erasure, error) {
	return b.Store.ErasedBy(ctx, KeyHash(b.Secret, kind, value))
}

// ErasedError says that facts are of somebody who was erased and whom nobody has here since: a list or another system knows them
// from before. PersonFacts.Again says that they came back.
type ErasedError struct {
	Key PersonKey
	At  time.Time // when they were erased
}

func (e *ErasedError) Error() string {
	what := map[string]string{ByEmail: "e-mail address", ByPhone: "phone"}[e.Key.Kind]
	return fmt.Sprintf("whoever had this %s was erased on %s", what, e.At.UTC().Format(time.DateOnly))
}

// unburied are the hashes of keys that nobody has, none of which is of somebody who was erased; else it is an *ErasedError.
func (b *Bot) unburied(ctx context.Context, keys []PersonKey) (hashes []string, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	for _, k := range keys {
		hashes = append(hashes, KeyHash(b.Secret, k.Kind, k.Value))
	}
	e, err := b.Store.ErasedBy(ctx, hashes...)
	switch {
	case errors.Is(err, ErrNotFound):
		return hashes, nil
	case err != nil:
		return nil, err
	}
	i := max(0, slices.IndexFunc(hashes, func(h string) bool { return slices.Contains(e.Hashes, h) }))
	return nil, &ErasedError{keys[i], e.At}
}

// RetryErasure tries again what an erasure could not reach, and says how many parts.
func (b *Bot) RetryErasure(ctx context.Context, e Erasure) (n int, err error) {
	for i, p := range e.Parts {
		if p.State == PartDone || len(p.Target) == 0 {
			continue
		}
		p.State, p.At = PartWaiting, b.now()
		if err := b.Store.SavePart(ctx, e.ID, p); err != nil {
			return n, err
		}
		e.Parts[i] = p
		j := e.job(p, p.At)
		j.ID += "-" + random(4)
		if err := b.Enqueue(ctx, j); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// EraseAgain erases whoever has a tombstone in the vault that this database does not know: it was restored from a backup. It
// also keeps the tombstones in the vault that other nodes made. It says how many were erased again.
func (b *Bot) EraseAgain(ctx context.Context) (n int, err error) {
	if b.Vault == nil {
		return 0, nil
	}
	kept, err := b.Vault.Tombstones()
	if err != nil {
		return 0, fmt.Errorf("read who was erased: %w", err)
	}
	known, err := b.Store.Erasures(ctx, MaxErasures)
	if err != nil {
		return 0, err
	}
	lost := slices.DeleteFunc(slices.Clone(kept), func(t Tombstone) bool {
		return slices.ContainsFunc(known, func(e Erasure) bool { return e.ID == t.ID })
	})
	for _, e := range known {
		if len(e.Hashes) == 0 || slices.ContainsFunc(kept, func(t Tombstone) bool { return t.ID == e.ID }) {
			continue
		}
		if err := b.Vault.KeepTombstone(e.Tombstone); err != nil {
			return 0, err
		}
	}
	for _, t := range lost {
		more, err := b.bury(ctx, t)
		if n += more; err != nil {
			return n, err
		}
	}
	return n, nil
}

// errFound ends a search.
var errFound = errors.New("found")

// bury erases whoever the tombstone is of, and stores it, so that nobody looks again.
func (b *Bot) bury(ctx context.Context, t Tombstone) (n int, err error) {
	for {
		found := ""
		err := b.Store.Known(ctx, func(kind, value string) error {
			if slices.Contains(t.Hashes, KeyHash(b.Secret, kind, value)) {
				found = value
				return errFound
			}
			return nil
		})
		if err != nil && !errors.Is(err, errFound) {
			return n, err
		}
		if found == "" {
			break
		}
		s, err := b.Store.Subject(ctx, found)
		if err != nil || s.Empty() {
			return n, err
		}
		if _, err := b.Erase(ctx, s, HouseKeeping); err != nil {
			return n, err
		}
		n++
	}
	return n, b.Store.Bury(ctx, t)
}
