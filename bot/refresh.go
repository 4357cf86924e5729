package bot

import (
	"context"
	"sync"
	"time"
)

// Bounds of reading a calendar while a visitor waits.
const (
	refreshWait  = 2 * time.Second
	refreshAgain = time.Minute // after one that failed: the next visitors do not wait for it too
)

// refreshes remembers whose calendar could not be read just now.
type refreshes struct {
	mu     sync.Mutex
	failed map[string]time.Time // when
	read   map[string]time.Time // when what is known of it was read
}

// learn takes when calendars were read: one that was read in the background since it failed is worth asking at once.
func (r *refreshes) learn(read map[string]time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for rep, at := range read {
		if !at.After(r.read[rep]) {
			continue
		}
		if r.read == nil {
			r.read = map[string]time.Time{}
		}
		r.read[rep] = at
		delete(r.failed, rep)
	}
}

// refresh reads the rep's calendar now and says whether it could be, within refreshWait.
func (b *Bot) refresh(ctx context.Context, rep string) bool {
	if b.Refresh == nil || !b.refreshes.due(rep, b.now()) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, refreshWait)
	defer cancel()
	err := b.Refresh(ctx, rep)
	b.refreshes.note(rep, b.now(), err)
	if err != nil {
		b.log().Warn("a calendar is too old and cannot be read now", "rep", rep, "err", err)
	}
	return err == nil
}

func (r *refreshes) due(rep string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	failed, ok := r.failed[rep]
	return !ok || now.Sub(failed) >= refreshAgain
}

func (r *refreshes) note(rep string, now time.Time, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		delete(r.failed, rep)
		return
	}
	if r.failed == nil {
		r.failed = map[string]time.Time{}
	}
	r.failed[rep] = now
}
