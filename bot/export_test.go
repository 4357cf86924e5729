package bot

import "context"

// Reread has the tests ask for a calendar as a desk does.
func (b *Bot) Reread(ctx context.Context, rep string) bool { return b.refresh(ctx, rep) }

// Drain has the tests look at those who wait.
func (b *Bot) Drain(ctx context.Context) {
	if _, err := b.drain(ctx); err != nil {
		panic(err)
	}
}

// Rehome has the tests look for leads of reps who left.
func (b *Bot) Rehome(ctx context.Context) { b.rehome(ctx, home{}) }

// Wake has the tests wake whoever fell silent, once.
func (b *Bot) Wake(ctx context.Context) int { return b.wakeDue(ctx) }

// CarryErase has the tests carry out a JobErase.
func (b *Bot) CarryErase(ctx context.Context, j Job) error { return b.carryErase(ctx, j) }

// Retire has the tests remove what was kept long enough, once.
func (b *Bot) Retire(ctx context.Context) (map[string]int, error) { return b.retire(ctx) }
