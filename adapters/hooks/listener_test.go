package hooks_test

import (
	"context"
	"sync"
	"testing"

	"usher/adapters/hooks"
	"usher/bot"
)

func TestTurnsMakeNoJobsWhereNobodyListens(t *testing.T) {
	h := newHouse(t, "", loopback)
	if !h.Hears(bot.HookStage) {
		t.Error("before anybody looked who listens, nothing is kept back")
	}
	ctx, stop := context.WithCancel(t.Context())
	var looking sync.WaitGroup
	looking.Go(func() { h.hooks.Run(ctx) })
	eventually(t, "nobody listens", func() bool { return !h.Hears(bot.HookStage) })
	stop()
	looking.Wait()
	book := hooks.Book{Hooks: h.hooks}
	w := bot.NewWebhook(bot.Webhook{URL: "https://crm.example", Events: []string{"meeting.*"}, By: "api crm", CreatedAt: h.clock.now()})
	must(t, book.SaveWebhook(t.Context(), w))
	if !h.Hears(bot.HookMeetingBooked) || h.Hears(bot.HookStage) {
		t.Error("it is told of meetings from now on, and of nothing else")
	}
	h.run()
	h.books("priya@bigco.example")
	h.quiet(t)
	all, err := h.Store.ListDeliveries(t.Context(), bot.DeliveryQuery{Limit: 9})
	must(t, err)
	if len(all) != 1 || all[0].Event != bot.HookMeetingBooked {
		t.Errorf("%+v", all)
	}
}
