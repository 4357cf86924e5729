package slack

import (
	"context"

	"usher/bot"
)

func (a *App) deliver(ctx context.Context, j bot.Job) error { return nil }
