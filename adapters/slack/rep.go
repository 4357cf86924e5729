package slack

import (
	"context"

	"usher/bot"
)

// Desk is what reps need of the house; *bot.Bot is one.
type Desk interface{}

// repCarriers are the hands that serve reps, by kind of job.
func (a *App) repCarriers() map[string]bot.Carrier { return nil }

// repAction takes a rep's click or form and says whether it was one.
func (a *App) repAction(ctx context.Context, e Event) (handled bool, err error) { return false, nil }

// repMessage takes what was written in a lead's thread and says whether it was.
func (a *App) repMessage(ctx context.Context, e Event) (handled bool, err error) { return false, nil }

// command takes /usher.
func (a *App) command(ctx context.Context, e Event) error { return nil }
