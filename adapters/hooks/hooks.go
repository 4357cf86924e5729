// Package hooks owns what other systems are told of leads: signed messages to webhooks by the Standard Webhooks
// specification, and the CRM. What is told is made once, kept, and sent until it is taken or a day has passed; the
// messages of one lead reach a webhook in the order in which things happened.
package hooks

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"usher/adapters/secret"
	"usher/bot"
	"usher/flows"
)

// Hooks carries what other systems are told. Its exported fields are set before the first use and not changed after.
type Hooks struct {
	House  House
	Memory Memory
	Vault  *secret.Vault
	Client *http.Client // guarded; redirects are decided on here
	Log    *slog.Logger
	Now    func() time.Time

	allow     []netip.Prefix // networks beside the public ones
	calm      calm
	listeners listeners
	crm       *hubspot // nil = there is none
}

// House is what messages need of the house; *bot.Bot is one.
type House interface {
	// Workspace is the running one.
	Workspace() *flows.Workspace
	// Card reads what is known of a conversation.
	Card(ctx context.Context, conversation string) (bot.Card, error)
}

// Memory is what is read and kept; a bot.Store is one.
type Memory interface {
	bot.Webhooks
	bot.Deliveries
	People
	Meeting(ctx context.Context, uid string) (bot.Meeting, error)
	Link(ctx context.Context, kind, key string) (string, error)
	SaveLink(ctx context.Context, kind, key, value string) error
	Enqueue(ctx context.Context, jobs ...bot.Job) error
}

// People finds whom something is about; a bot.Store is one.
type People interface {
	// Person reads by id, also by that of somebody merged since, or bot.ErrNotFound.
	Person(ctx context.Context, id string) (bot.Person, error)
	// PersonOf is the person of a conversation, or bot.ErrNotFound.
	PersonOf(ctx context.Context, conversation string) (bot.Person, error)
	// Trail reads the person's changes.
	Trail(ctx context.Context, person string) ([]bot.Change, error)
}

var (
	_ House  = (*bot.Bot)(nil)
	_ Memory = bot.Store(nil)
)
