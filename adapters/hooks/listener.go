package hooks

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"usher/bot"
)

// listenEvery is how soon a webhook is told that another node, or a workspace, has added.
const listenEvery = time.Second

// listeners are the webhooks as they were looked up last. Before the first look everything may be wanted.
type listeners struct{ last atomic.Pointer[[]bot.Webhook] }

// Hears says whether some other system is told of an event, without asking anybody: where none is, turns make no jobs.
func (h *Hooks) Hears(event string) bool {
	all := h.listeners.last.Load()
	return h.crm != nil || all == nil || slices.ContainsFunc(*all, func(w bot.Webhook) bool { return listens(w, event) })
}

// listen looks up who listens, and forgets how receivers were that nobody wants any more. When the store is away the last
// look stands.
func (h *Hooks) listen(ctx context.Context) {
	if all, err := h.endpoints(ctx); err == nil {
		h.listeners.last.Store(&all)
		h.calm.keep(all)
	}
}

// Run looks up who listens, and follows what is changed in the CRM, until ctx ends.
func (h *Hooks) Run(ctx context.Context) {
	if h.crm != nil {
		var polling sync.WaitGroup
		polling.Go(func() { h.crm.poll(ctx) })
		defer polling.Wait()
	}
	t := time.NewTicker(listenEvery)
	defer t.Stop()
	for {
		h.listen(ctx)
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
