package calendar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"usher/adapters/secret"
	"usher/bot"
	"usher/flows"
)

// Kinds of links: what is remembered beside the roster.
const (
	linkToken = "calendar.token" // rep/provider → the encrypted consent
	linkState = "calendar.state" // a state that was used
)

// Links is where consents are kept, encrypted; bot.Store is one.
type Links interface {
	Link(ctx context.Context, kind, key string) (string, error)
	SaveLink(ctx context.Context, kind, key, value string) error
	ClaimLink(ctx context.Context, kind, key, value string) (stands string, ours bool, err error)
}

// Cloud is the reps' calendars at Google and Microsoft: it opens them and lets reps connect them. A rep has one account
// at each provider. It may be used by several at once.
type Cloud struct {
	Settings Settings
	Links    Links
	Rep      func(id string) *flows.Rep // of the roster in force; nil = nobody
	Redirect string                     // where the providers lead back to: the public address and /calendar/callback
	Now      func() time.Time
	Client   *http.Client // nil = one that follows no redirect and waits at most callLasts

	// Wait replaces waiting between tries of a call, in tests.
	Wait func(ctx context.Context, d time.Duration) error

	mu       sync.Mutex
	sessions map[string]*session
}

var _ Links = bot.Links(nil)

var _ Opener = (&Cloud{}).Open

// Open gives a rep's calendar at Google or Microsoft, which is a Book. Nothing is asked yet.
func (a *Cloud) Open(rep *flows.Rep, c flows.Calendar) (Source, error) {
	if providerOf(c) == "" {
		return nil, fmt.Errorf("%w: this calendar of %s is at neither Google nor Microsoft", ErrSource, rep.ID)
	}
	return a.open(rep, c, a.session(rep, c)), nil
}

func (a *Cloud) open(rep *flows.Rep, c flows.Calendar, s *session) *cloudBook {
	r := &rest{provider: providerOf(c), client: a.client(), session: s, wait: a.Wait, now: a.now}
	if r.wait == nil {
		r.wait = pause
	}
	b := &cloudBook{names: c.Names, name: SourceName(c), clock: a.now}
	if r.provider == Google {
		r.base = strings.TrimSuffix(a.Settings.GoogleURL, "/")
		b.remote = &google{rest: r, calendar: c.Google, zone: rep.Location}
		return b
	}
	r.base = strings.TrimSuffix(a.Settings.MicrosoftURL, "/")
	b.remote = &graph{rest: r, user: c.Microsoft, zone: rep.Location}
	return b
}

// session is shared by all who open the same account, so that a token is asked for once.
func (a *Cloud) session(rep *flows.Rep, c flows.Calendar) *session {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := rep.ID + " " + providerOf(c) + " " + signsIn(rep, c)
	if a.sessions == nil {
		a.sessions = map[string]*session{}
	}
	if a.sessions[key] == nil {
		a.sessions[key] = a.signIn(rep, c)
	}
	return a.sessions[key]
}

// providerOf is where the calendar is; "" = at neither.
func providerOf(c flows.Calendar) string {
	switch {
	case c.Google != "":
		return Google
	case c.Microsoft != "":
		return Microsoft
	}
	return ""
}

// named is the calendar as the roster names it.
func named(c flows.Calendar) string { return c.Google + c.Microsoft }

// signsIn is the address that signs in. A calendar of Google may have an id of its own instead: then it is the rep's.
func signsIn(rep *flows.Rep, c flows.Calendar) string {
	if name := named(c); strings.Contains(name, "@") && !strings.HasSuffix(name, ".calendar.google.com") {
		return name
	}
	return rep.Email
}

func tokenKey(rep, provider string) string { return rep + "/" + provider }

// boundTo is the words that tie a consent to its rep and provider.
func boundTo(rep, provider string) string { return rep + "\x00" + provider }

// kept is the refresh token of a rep's consent: bot.ErrNotFound where there is none.
func (a *Cloud) kept(ctx context.Context, rep, provider string) (string, error) {
	if a.Links == nil {
		return "", bot.ErrNotFound
	}
	record, err := a.Links.Link(ctx, linkToken, tokenKey(rep, provider))
	if err != nil {
		return "", err
	}
	v, err := a.vault()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrAuth, err)
	}
	refresh, err := v.Open(record, boundTo(rep, provider))
	if err != nil {
		return "", fmt.Errorf("%w: the consent that is kept: %w; set that key again, or connect the calendar again (usher calendar connect %s)", ErrAuth, err, rep)
	}
	return refresh, nil
}

// vault is where consents are locked.
func (a *Cloud) vault() (*secret.Vault, error) {
	v, err := secret.NewVault("calendar", a.Settings.SecretKey)
	if errors.Is(err, secret.ErrNoKey) {
		err = fmt.Errorf("%w, so that no consent can be kept", err)
	}
	return v, err
}

func (a *Cloud) keep(ctx context.Context, v *secret.Vault, rep, provider, refresh string) error {
	if err := a.Links.SaveLink(ctx, linkToken, tokenKey(rep, provider), v.Lock(refresh, boundTo(rep, provider))); err != nil {
		return fmt.Errorf("keep the consent of %s: %w", rep, err)
	}
	return nil
}

// Consented says whether the rep connected a calendar at the provider: an error when that consent cannot be read.
func (a *Cloud) Consented(ctx context.Context, rep, provider string) (bool, error) {
	_, err := a.kept(ctx, rep, provider)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (a *Cloud) rep(id string) *flows.Rep {
	if a.Rep == nil {
		return nil
	}
	return a.Rep(id)
}

func (a *Cloud) now() time.Time {
	if a.Now == nil {
		return time.Now()
	}
	return a.Now()
}

var cloudClient = &http.Client{
	Timeout:       callLasts,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (a *Cloud) client() *http.Client {
	if a.Client != nil {
		return a.Client
	}
	return cloudClient
}

// oauth has the library use our client.
func (a *Cloud) oauth(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, a.client())
}
