package bot

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"usher/flows"
)

// Webhook is an address of another system that is told what happens.
type Webhook struct {
	ID        string
	URL       string
	Secrets   []string // whsec_…: what messages are signed with, one or two while they are exchanged; the store keeps them encrypted
	Events    []string // HookStage, lead.* …; none = all
	By        string   // who made it: "api NAME", or the file it stands in
	CreatedAt time.Time
	Disabled  string // why it is sent nothing any more; "" = it is sent to
}

// Webhooks keeps the webhooks that were made by hand; those of the workspace stand in hooks.yaml.
type Webhooks interface {
	// SaveWebhook inserts or replaces by ID; one that was disabled is sent to again.
	SaveWebhook(ctx context.Context, w Webhook) error
	// Webhooks lists them, the oldest first.
	Webhooks(ctx context.Context) ([]Webhook, error)
	// DeleteWebhook forgets one, or says ErrNotFound. What waits for it is not sent.
	DeleteWebhook(ctx context.Context, id string) error
}

// ErrWebhook says that a webhook cannot be used as it is; the error says what to write instead.
var ErrWebhook = errors.New("webhook")

// Bounds of a webhook's secret in bytes, by the Standard Webhooks specification, and of what one has.
const (
	leastSecret  = 24
	mostSecret   = 64
	MaxSecrets   = 2
	SecretPrefix = "whsec_"
	maxHookURL   = 2000
)

// NewWebhook gives a webhook an id and, where it has none, a secret of its own.
func NewWebhook(w Webhook) Webhook {
	w.ID = "we_" + random(idBytes)
	if len(w.Secrets) == 0 {
		w.Secrets = []string{NewSecret()}
	}
	return w
}

// NewSecret draws a secret to sign with.
func NewSecret() string {
	key := make([]byte, 32)
	rand.Read(key)
	return SecretPrefix + base64.StdEncoding.EncodeToString(key)
}

// Check says what of the webhook cannot be: ErrWebhook.
func (w Webhook) Check() error {
	if err := checkHookURL(w.URL); err != nil {
		return err
	}
	if n := len(w.Secrets); n == 0 || n > MaxSecrets {
		return fmt.Errorf("%w: it has %d secrets; one signs, and a second one while they are exchanged", ErrWebhook, n)
	}
	for _, s := range w.Secrets {
		if _, err := SecretKey(s); err != nil {
			return err
		}
	}
	for _, e := range w.Events {
		if !flows.KnownHookEvents(e) {
			return fmt.Errorf("%w: there is no event %q; there are %s, and groups such as lead.*", ErrWebhook, e, strings.Join(flows.HookEvents, ", "))
		}
	}
	return nil
}

func checkHookURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return fmt.Errorf("%w: its address is none; write https://…", ErrWebhook)
	case len(text) > maxHookURL:
		return fmt.Errorf("%w: its address has %d characters, %d are the most", ErrWebhook, len(text), maxHookURL)
	case u.User != nil:
		return fmt.Errorf("%w: its address holds a password; messages are signed, and need none", ErrWebhook)
	case u.Scheme == "https" || u.Scheme == "http" && slices.Contains([]string{"127.0.0.1", "localhost", "::1"}, u.Hostname()):
		return nil
	}
	return fmt.Errorf("%w: its address has to begin with https://", ErrWebhook)
}

// SecretKey is the key that a secret holds: ErrWebhook where it is none.
func SecretKey(secret string) ([]byte, error) {
	rest, ok := strings.CutPrefix(secret, SecretPrefix)
	key, err := base64.StdEncoding.DecodeString(rest)
	if !ok || err != nil || len(key) < leastSecret || len(key) > mostSecret {
		return nil, fmt.Errorf("%w: a secret is %s and %d to %d bytes in base64", ErrWebhook, SecretPrefix, leastSecret, mostSecret)
	}
	return key, nil
}

// Wants says whether the webhook is told of an event.
func (w Webhook) Wants(event string) bool {
	return len(w.Events) == 0 || slices.ContainsFunc(w.Events, func(pattern string) bool { return flows.HookEventIs(pattern, event) })
}
