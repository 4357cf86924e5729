package bot

import (
	"context"
	"sync"
	"time"
)

// hub wakes whoever watches a conversation on this node.
type hub struct {
	mu       sync.Mutex
	watchers map[string]map[*watcher]struct{}
}

type watcher struct{ wake func() }

// Watch calls wake whenever the conversation has news, of this node or of others, until stop is called. wake must not
// block and may be called when nothing is new.
func (b *Bot) Watch(conversation string, wake func()) (stop func()) {
	w := &watcher{wake: wake}
	b.hub.mu.Lock()
	defer b.hub.mu.Unlock()
	if b.hub.watchers == nil {
		b.hub.watchers = map[string]map[*watcher]struct{}{}
	}
	if b.hub.watchers[conversation] == nil {
		b.hub.watchers[conversation] = map[*watcher]struct{}{}
	}
	b.hub.watchers[conversation][w] = struct{}{}
	return func() { b.hub.drop(conversation, w) }
}

func (h *hub) drop(conversation string, w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers[conversation], w)
	if len(h.watchers[conversation]) == 0 {
		delete(h.watchers, conversation)
	}
}

// heard wakes the watchers of one conversation, or all of them for "".
func (h *hub) heard(conversation string) {
	for _, w := range h.of(conversation) {
		w.wake()
	}
}

func (h *hub) of(conversation string) []*watcher {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*watcher
	add := func(set map[*watcher]struct{}) {
		for w := range set {
			out = append(out, w)
		}
	}
	if conversation != "" {
		add(h.watchers[conversation])
		return out
	}
	for _, set := range h.watchers {
		add(set)
	}
	return out
}

// listenAgain is the pause before listening again after the store gave up.
const listenAgain = time.Second

// listen passes the store's signals to the hub until ctx ends. What was missed while not listening is caught up by
// waking everybody.
func (b *Bot) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := b.Store.Listen(ctx, b.heard); err != nil && ctx.Err() == nil {
			b.log().Error("listening to the store ended", "err", err)
			pause(ctx, listenAgain)
			b.hub.heard("")
		}
	}
}

// heard passes one signal on: to whoever watches the conversation, and that something was published.
func (b *Bot) heard(conversation string) {
	if conversation == SignalPublished || conversation == "" {
		b.published.now()
	}
	if conversation != SignalPublished {
		b.hub.heard(conversation)
	}
}

// pause waits, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
