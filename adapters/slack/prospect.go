package slack

import "context"

func (a *App) prospect(ctx context.Context, e Event) error { return nil }
