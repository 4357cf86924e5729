package bot

import "context"

// Reread has the tests ask for a calendar as a desk does.
func (b *Bot) Reread(ctx context.Context, rep string) bool { return b.refresh(ctx, rep) }
