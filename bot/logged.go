package bot

import (
	"context"
	"encoding/json"
	"log/slog"
)

// Logged are carriers that tell the operator's log what happened and to whom, until reps are told elsewhere. What anybody
// wrote is not told.
func Logged(log *slog.Logger, kinds ...string) map[string]Carrier {
	carriers := map[string]Carrier{}
	for _, kind := range kinds {
		carriers[kind] = func(_ context.Context, j Job) error {
			var e Event
			if err := json.Unmarshal(j.Payload, &e); err != nil {
				return &RetryError{Never: true, Err: err}
			}
			log.Info("event", "job", j.ID, "kind", j.Kind, "event", e.Event, "conversation", e.Conversation, "rep", e.Rep, "team", e.Team)
			return nil
		}
	}
	return carriers
}
