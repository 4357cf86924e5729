package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"usher/bot/slots"
)

// SetAway announces that a rep takes no leads and meetings from now until then, in place of what was announced before.
func (b *Bot) SetAway(ctx context.Context, rep string, until time.Time) error {
	now := b.now()
	switch {
	case b.rep(rep) == nil:
		return fmt.Errorf("away %q: %w", rep, ErrNoRep)
	case !until.After(now):
		return errors.New("away: that time is over")
	}
	return b.Store.SaveAway(ctx, rep, []slots.Interval{{Start: now, End: until}})
}

// Back takes back what SetAway announced.
func (b *Bot) Back(ctx context.Context, rep string) error {
	if b.rep(rep) == nil {
		return fmt.Errorf("back %q: %w", rep, ErrNoRep)
	}
	return b.Store.SaveAway(ctx, rep, nil)
}

// AwayUntil is when a rep who is away now is back; zero when the rep is here. Days away in team.yaml do not count.
func (b *Bot) AwayUntil(ctx context.Context, rep string) (time.Time, error) {
	now := b.now()
	a, err := b.Store.Agenda(ctx, AgendaQuery{Reps: []string{rep}, From: now, To: now.Add(time.Microsecond), Now: now})
	if err != nil {
		return time.Time{}, fmt.Errorf("away %q: %w", rep, err)
	}
	var until time.Time
	for _, span := range a.Away[rep] {
		if !span.Start.After(now) && span.End.After(now) && span.End.After(until) {
			until = span.End
		}
	}
	return until, nil
}
