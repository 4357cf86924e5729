package hooks

import (
	"context"
	"time"

	"usher/bot"
)

// Status is how it stands with one webhook.
type Status struct {
	ID          string
	URL         string // as written: ${NAME} where the address is a secret
	Events      []string
	By          string
	State       string // on, off, failing, or removed
	Because     string // why it is off, what failed last, or what becomes of what waits for one that was removed
	Queued      int
	Failed      int // given up
	Sent        int // of the last days
	LastSuccess time.Time
	LastFailure time.Time
}

// States of a webhook.
const (
	StateOn      = "on"
	StateOff     = "off"
	StateFailing = "failing"
	StateRemoved = "removed" // nothing is sent there, and nobody wants it
)

// Statuses tells how it stands with all webhooks, and with those that are gone and have something left.
func (h *Hooks) Statuses(ctx context.Context) ([]Status, error) {
	all, err := h.endpoints(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := h.Memory.DeliveryCounts(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string]bot.DeliveryCount{}
	for _, c := range counts {
		by[c.Webhook] = c
	}
	var out []Status
	for _, w := range all {
		out = append(out, h.status(w, by[w.ID]))
		delete(by, w.ID)
	}
	for _, c := range counts {
		if left, gone := by[c.Webhook]; gone && left.Queued+left.Dead > 0 {
			s := h.status(bot.Webhook{ID: c.Webhook}, left)
			s.State, s.Because = StateRemoved, removedSaid
			out = append(out, s)
		}
	}
	return out, nil
}

const removedSaid = "it was removed; what is left of it is not sent"

func (h *Hooks) status(w bot.Webhook, c bot.DeliveryCount) Status {
	s := Status{
		ID: w.ID, URL: w.URL, Events: w.Events, By: w.By, State: StateOn,
		Queued: c.Queued, Failed: c.Dead, Sent: c.Sent, LastSuccess: c.LastSent, LastFailure: c.LastFailed,
	}
	switch {
	case w.Disabled != "":
		s.State, s.Because = StateOff, w.Disabled
	case c.LastFailed.After(c.LastSent):
		s.State, s.Because = StateFailing, c.Error
	}
	return s
}

// Ping is the event of a message that only tries whether a webhook works.
const Ping = "ping"

// Pinged is how a trial came out.
type Pinged struct {
	Status int    // of the answer; 0 = none
	Said   string // why it was not taken; "" = it was
	Took   time.Duration
	Secret string // what it was signed with
}

// Try sends a signed ping to an address, and says how the receiver took it. "" as a secret draws one. The error is a
// bot.ErrWebhook.
func (h *Hooks) Try(ctx context.Context, url, signedWith string) (Pinged, error) {
	w := bot.NewWebhook(bot.Webhook{URL: url})
	if signedWith != "" {
		w.Secrets[0] = signedWith
	}
	status, said, took, err := Book{h}.Ping(ctx, w)
	return Pinged{Status: status, Said: said, Took: took, Secret: w.Secrets[0]}, err
}

// Ping sends a signed message that only tries whether the webhook works: the status of the answer, 0 for none, and why it was
// not taken, "" where it was. The error is a bot.ErrWebhook.
func (b Book) Ping(ctx context.Context, w bot.Webhook) (status int, said string, took time.Duration, err error) {
	if err := w.Check(); err != nil {
		return 0, "", 0, err
	}
	h := b.Hooks
	now := h.Now()
	body, err := Message{Type: Ping, Timestamp: now.UTC()}.text()
	if err != nil {
		return 0, "", 0, err
	}
	a := h.post(ctx, bot.Delivery{Message: messageID(w.ID + now.String()), Body: body}, h.locked(w))
	if a.err != nil {
		said = a.err.Error()
	}
	return a.status, said, h.Now().Sub(now), nil
}

// locked is the webhook as it is kept.
func (h *Hooks) locked(w bot.Webhook) bot.Webhook {
	secrets := make([]string, len(w.Secrets))
	for i, s := range w.Secrets {
		secrets[i] = h.Vault.Lock(s, boundTo(w.ID))
	}
	w.Secrets = secrets
	return w
}
