package slack

import (
	"context"
	"encoding/json"
	"fmt"

	"usher/bot"
)

// carryEvent works on a stored event.
func (a *App) carryEvent(ctx context.Context, j bot.Job) error {
	var e Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read event: %w", err)}
	}
	return a.handle(ctx, e)
}
