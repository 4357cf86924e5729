package hooks

import (
	"context"
	"fmt"

	"usher/adapters/guard"
	"usher/bot"
)

// Book keeps the webhooks that were made by hand, with their secrets locked.
type Book struct{ *Hooks }

var _ bot.Webhooks = Book{}

// SaveWebhook inserts or replaces by ID: bot.ErrWebhook where it cannot be as it is. One that was disabled is sent to again.
func (b Book) SaveWebhook(ctx context.Context, w bot.Webhook) error {
	if err := w.Check(); err != nil {
		return err
	}
	if err := guard.Named(w.URL, b.allow); err != nil {
		return fmt.Errorf("%w: %w; where that is meant, the operator names the network in USHER_HOOKS_ALLOW", bot.ErrWebhook, err)
	}
	if err := b.Memory.SaveWebhook(ctx, b.locked(w)); err != nil {
		return err
	}
	defer b.listen(ctx)
	return b.on(ctx, w.ID)
}

// Webhooks lists them, the oldest first. One whose secrets cannot be read any more has none, and says why it is disabled.
func (b Book) Webhooks(ctx context.Context) ([]bot.Webhook, error) {
	all, err := b.Memory.Webhooks(ctx)
	for i := 0; i < len(all) && err == nil; i++ {
		id := all[i].ID
		why, fault := b.off(ctx, id)
		err = fault
		opened, wrong := b.opened(all[i])
		if wrong != nil {
			opened.Secrets = nil
			why = wrong.Error()
		}
		all[i], all[i].Disabled = opened, why
	}
	return all, err
}

// DeleteWebhook forgets one, or says bot.ErrNotFound. What waits for it is not sent.
func (b Book) DeleteWebhook(ctx context.Context, id string) error {
	if err := b.Memory.DeleteWebhook(ctx, id); err != nil {
		return err
	}
	return b.on(ctx, id)
}

// Enable has a webhook sent to again that was disabled: bot.ErrNotFound where there is none.
func (h *Hooks) Enable(ctx context.Context, id string) error {
	if _, err := h.endpoint(ctx, id); err != nil {
		return err
	}
	defer h.listen(ctx)
	return h.on(ctx, id)
}

func (h *Hooks) on(ctx context.Context, id string) error {
	why, err := h.off(ctx, id)
	if err != nil || why == "" {
		return err
	}
	return h.Memory.SaveLink(ctx, linkOff, id, "")
}

// disable has nothing sent to a webhook any more.
func (h *Hooks) disable(ctx context.Context, id, why string) error {
	h.Log.Warn("a webhook is sent nothing any more; usher hooks enable sends to it again", "webhook", id, "because", why)
	return h.Memory.SaveLink(ctx, linkOff, id, why)
}
