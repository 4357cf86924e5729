package hooks_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

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

func TestAReceiverThatNobodyWantsIsNoProblemAnyMore(t *testing.T) {
	r := newReceiver(t)
	r.becomes(refuses(http.StatusInternalServerError))
	h := newHouse(t, "", loopback)
	book := hooks.Book{Hooks: h.hooks}
	w := bot.NewWebhook(bot.Webhook{URL: r.URL, By: "api crm", CreatedAt: h.clock.now()})
	must(t, book.SaveWebhook(t.Context(), w))
	h.run()
	for i := range 5 {
		h.books(fmt.Sprintf("priya@bigco%d.example", i))
	}
	eventually(t, "it is told", func() bool { return len(h.hooks.Problems()) == 1 })
	must(t, h.Store.DeleteWebhook(t.Context(), w.ID))
	ctx, stop := context.WithCancel(t.Context())
	var looking sync.WaitGroup
	looking.Go(func() { h.hooks.Run(ctx) })
	eventually(t, "it is told no more", func() bool { return len(h.hooks.Problems()) == 0 })
	h.clock.pass(time.Hour) // what waits is given up
	eventually(t, "it is given up", func() bool { return len(h.list(bot.DeliveryDead)) > 0 && len(h.list(bot.DeliveryQueued)) == 0 })
	if n, err := h.hooks.Replay(t.Context(), hooks.Again{}); n != 0 || err != nil {
		t.Errorf("%d are to be sent to nobody: %v", n, err)
	}
	stop()
	looking.Wait()
}
