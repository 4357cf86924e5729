package slack

import (
	"context"

	"usher/bot"
)

func (a *App) carrySend(ctx context.Context, j bot.Job) error { return nil }

type state struct{}
