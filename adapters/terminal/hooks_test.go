package terminal_test

import (
	"context"
	"strings"
	"testing/fstest"
	"time"

	"usher/adapters/hooks"
	"usher/adapters/terminal"
	"usher/bot"
	"usher/flows"
)

// hooksOf is what tells other systems, on a real database. sqlite:told.db has webhooks that were made over the API, of which one
// was removed, and what became of messages to them.
type hooksOf struct {
	*hooks.Hooks
	house *bot.Bot
}

func openHooks(ctx context.Context, at terminal.HooksPlace) (terminal.Hooks, error) {
	b, err := openHouse(ctx, at.House)
	if err != nil {
		return nil, err
	}
	b.Now = func() time.Time { return now }
	w, _ := flows.Load(fstest.MapFS{}) // of hooks.yaml tell other tests
	h, err := hooks.Settings{}.Open(hooks.Beside{Bot: b, Served: w}, b.Store, hooks.Keys{Signing: b.Secret})
	if err != nil {
		return nil, err
	}
	h.Now = b.Now
	if strings.HasSuffix(at.Database, "told.db") {
		err = tell(ctx, h, b.Store)
	}
	return hooksOf{h, b}, err
}

// tell makes webhooks, and deliveries to them, where there are none yet.
func tell(ctx context.Context, h *hooks.Hooks, kept bot.Store) error {
	if all, err := kept.Webhooks(ctx); err != nil || len(all) > 0 {
		return err
	}
	for _, id := range []string{"wa_crm", "wa_lake"} {
		w := bot.NewWebhook(bot.Webhook{URL: "https://" + id[3:] + ".example/in", Events: []string{"lead.*"}, By: "api warehouse", CreatedAt: now})
		w.ID = id
		if err := (hooks.Book{Hooks: h}).SaveWebhook(ctx, w); err != nil {
			return err
		}
	}
	for _, d := range []bot.Delivery{
		{ID: "d1", Webhook: "wa_crm", State: bot.DeliverySent, Attempts: 1},
		{ID: "d2", Webhook: "wa_lake", State: bot.DeliveryQueued, Attempts: 1, Error: "the receiver answers 503"},
		{ID: "d3", Webhook: "wa_old", State: bot.DeliveryDead, Error: "the webhook is not there any more"},
	} {
		d.Message, d.Event, d.Body, d.CreatedAt, d.TriedAt = "m-"+d.ID, bot.HookLead, []byte("{}"), now.Add(-time.Hour), now.Add(-time.Hour)
		if err := kept.SaveDeliveries(ctx, []bot.Delivery{d}); err != nil {
			return err
		}
		if err := kept.Delivered(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

func (h hooksOf) Statuses(ctx context.Context) (out []terminal.HookStatus, err error) {
	all, err := h.Hooks.Statuses(ctx)
	for _, s := range all {
		out = append(out, terminal.HookStatus(s))
	}
	return out, err
}

func (h hooksOf) Replay(ctx context.Context, a terminal.HookReplay) (int, error) {
	return h.Hooks.Replay(ctx, hooks.Again(a))
}

func (h hooksOf) Close() error { return h.house.Store.Close() }

func pingHook(ctx context.Context, url, secret string) (terminal.HookPing, error) {
	p, err := hooks.Settings{}.Try(ctx, url, secret)
	p.Took = 3 * time.Millisecond
	return terminal.HookPing(p), err
}
