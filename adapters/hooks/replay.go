package hooks

import (
	"context"
	"fmt"
	"slices"
	"time"

	"usher/bot"
)

// Again is which deliveries are sent once more: one by its id or that of its message, or those made since a time.
type Again struct {
	ID      string
	Webhook string // "" = of all
	Since   time.Time
	All     bool // also those that were taken
}

// page is how many deliveries are read at a time.
const page = 200

// Replay has deliveries sent once more, each for another day, and says how many: bot.ErrNotFound where there is none with
// that id. What was made for a webhook that was removed stays as it is, unless it is named. A receiver knows them by their
// webhook-id, which is the same.
func (h *Hooks) Replay(ctx context.Context, a Again) (n int, err error) {
	if a.ID != "" {
		d, err := h.Memory.Delivery(ctx, a.ID)
		if err != nil {
			return 0, fmt.Errorf("replay: %w", err)
		}
		return 1, h.resend(ctx, []bot.Delivery{d})
	}
	q := bot.DeliveryQuery{Webhook: a.Webhook, Since: a.Since, State: bot.DeliveryDead, Limit: page}
	if a.All {
		q.State = ""
	}
	there, err := h.endpoints(ctx)
	if err != nil {
		return 0, fmt.Errorf("replay: %w", err)
	}
	for {
		ds, err := h.Memory.ListDeliveries(ctx, q)
		if err != nil || len(ds) == 0 {
			return n, err
		}
		q.After = ds[len(ds)-1]
		var again []bot.Delivery
		for _, d := range ds {
			wanted := slices.ContainsFunc(there, func(w bot.Webhook) bool { return w.ID == d.Webhook })
			if wanted && d.State != bot.DeliveryQueued { // those are sent anyway
				again = append(again, d)
			}
		}
		if err := h.resend(ctx, again); err != nil {
			return n, err
		}
		n += len(again)
	}
}

func (h *Hooks) resend(ctx context.Context, ds []bot.Delivery) error {
	now := h.Now()
	var jobs []bot.Job
	for _, d := range ds {
		d.State, d.Attempts, d.Status, d.Error = bot.DeliveryQueued, 0, 0, ""
		if err := h.Memory.Delivered(ctx, d); err != nil {
			return err
		}
		j := sending(d, fmt.Sprintf("%s-%d", d.ID, now.UnixMicro()), now)
		j.RunAt, j.State = now, bot.JobReady
		jobs = append(jobs, j)
	}
	return h.Memory.Enqueue(ctx, jobs...)
}
