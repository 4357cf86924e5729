package hooks

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"usher/adapters/guard"
	"usher/adapters/secret"
	"usher/bot"
	"usher/flows"
)

// Settings are what an operator says about other systems; the tags are flags and variables of the server.
type Settings struct {
	Allow        []string `help:"Private addresses at which webhooks may be sent messages, such as 10.1.0.0/16 or 127.0.0.1; without it public ones alone." name:"hooks-allow" env:"USHER_HOOKS_ALLOW" placeholder:"NET,…"`
	HubSpotToken string   `help:"Token of a private app of HubSpot, with the rights to read and write contacts, companies and their properties, and to read owners. Without it nothing is sent there." name:"hubspot-token" env:"USHER_HUBSPOT_TOKEN" placeholder:"SECRET"`
	HubSpotURL   string   `help:"Base of HubSpot's API, for rehearsals." name:"hubspot-url" env:"USHER_HUBSPOT_URL" hidden:"" default:"https://api.hubapi.com"`
}

// Validate says what cannot work.
func (s Settings) Validate() error {
	_, err := guard.Ranges("USHER_HOOKS_ALLOW", s.Allow)
	return err
}

// Keys is what secrets are locked with: the operator's, or, where none is set, one derived from the key that the server
// signs its links with.
type Keys struct {
	Secret  string
	Signing []byte
}

func (k Keys) vault() (*secret.Vault, error) {
	if k.Secret == "" {
		k.Secret = hex.EncodeToString(k.Signing)
	}
	return secret.NewVault("webhook", k.Secret)
}

// Open makes what sends messages, for the server and for commands beside it.
func (s Settings) Open(house House, memory Memory, keys Keys) (*Hooks, error) {
	allow, err := guard.Ranges("USHER_HOOKS_ALLOW", s.Allow)
	if err != nil {
		return nil, err
	}
	vault, err := keys.vault()
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	return &Hooks{House: house, Memory: memory, Vault: vault, Client: client(guard.Client(allow)), Log: slog.Default(), Now: time.Now, allow: allow}, nil
}

// Join makes what tells other systems, and gives the bot its carriers.
func (s Settings) Join(b *bot.Bot, keys Keys) (*Hooks, error) {
	h, err := s.Open(b, memory{b.Store, b}, keys)
	if err != nil {
		return nil, err
	}
	if b.Log != nil {
		h.Log = b.Log
	}
	if b.Now != nil {
		h.Now = b.Now
	}
	if b.Carriers == nil {
		b.Carriers = map[string]bot.Carrier{}
	}
	b.Carriers[bot.JobHook], b.Carriers[bot.JobHookSend], b.Hears = h.Carry, h.Send, h.Hears
	if s.HubSpotToken != "" {
		h.crm = s.hubspot(h, b)
		b.Carriers[bot.JobCRM] = h.crm.Carry
	}
	if b.Erasers == nil {
		b.Erasers = map[string]bot.Eraser{}
	}
	b.Erasers[Place] = Eraser{h, h.Vault}
	return h, nil
}

// hubspot is the account that the token is of.
func (s Settings) hubspot(h *Hooks, b *bot.Bot) *hubspot {
	r := &hubspotREST{
		base: strings.TrimSuffix(s.HubSpotURL, "/"), token: s.HubSpotToken, now: h.Now, limit: rate.NewLimiter(hubspotRate, hubspotRate),
		client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, // the token goes nowhere else
	}
	return &hubspot{Hooks: h, house: b, rest: r, alerts: func() bool { return b.Carriers[bot.JobAlert] != nil }}
}

// Look follows once what was changed in the CRM since the last look.
func (h *Hooks) Look(ctx context.Context) error {
	if h.crm == nil {
		return nil
	}
	return h.crm.look(ctx)
}

// Shown is the settings as they may be printed: secrets say only that they are set.
func (s Settings) Shown() string {
	if s.HubSpotToken == "" {
		return "webhooks"
	}
	return "webhooks, HubSpot"
}

// Try sends a signed ping to an address that a person typed, with the server's settings, and says how it was taken: the
// machine that the address names by its number is meant. "" as a secret draws one. The error is a bot.ErrWebhook.
func (s Settings) Try(ctx context.Context, url, signedWith string) (Pinged, error) {
	allow, err := guard.Ranges("USHER_HOOKS_ALLOW", s.Allow)
	if err != nil {
		return Pinged{}, err
	}
	vault, err := Keys{Secret: bot.NewSecret()}.vault() // it outlives no more than this
	if err != nil {
		return Pinged{}, err
	}
	h := &Hooks{Vault: vault, Client: client(guard.Client(append(allow, guard.Meant(url)...))), Log: slog.Default(), Now: time.Now}
	return h.Try(ctx, url, signedWith)
}

// Beside is a house without a running workspace, for commands beside a server.
type Beside struct {
	*bot.Bot
	Served *flows.Workspace
}

// Workspace is what a server serves.
func (b Beside) Workspace() *flows.Workspace { return b.Served }

// memory is the bot's, whose jobs are begun at once.
type memory struct {
	bot.Store
	bot *bot.Bot
}

// Enqueue stores jobs and has those that are due carried out at once.
func (m memory) Enqueue(ctx context.Context, jobs ...bot.Job) error {
	return m.bot.Enqueue(ctx, jobs...)
}
