package calendar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/jwt"

	"usher/adapters/guard"
	"usher/bot"
	"usher/flows"
)

// What is asked for: the calendars' events to read and write, and the list of calendars. Of Microsoft the app's own
// rights are those that were granted to it (.default).
var (
	googleScopes    = []string{"https://www.googleapis.com/auth/calendar.events", "https://www.googleapis.com/auth/calendar.calendarlist.readonly"}
	microsoftScopes = []string{"offline_access", "https://graph.microsoft.com/Calendars.ReadWrite"}
)

// session gives access tokens and keeps the one that works in memory; several may ask at once.
type session struct {
	fetch func(ctx context.Context) (*oauth2.Token, error)
	mu    sync.Mutex
	token *oauth2.Token
	byRep bool // the token is of the rep's own consent
}

// access gives a token that has not run out, and whether it is of the rep's own consent.
func (s *session) access(ctx context.Context) (string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.token.Valid() {
		token, err := s.fetch(ctx)
		if err != nil {
			return "", false, err
		}
		s.token = token
	}
	return s.token.AccessToken, s.byRep, nil
}

// refused forgets a token that the server would not take, unless another came meanwhile.
func (s *session) refused(access string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token != nil && s.token.AccessToken == access {
		s.token = nil
	}
}

// signIn is how the rep's calendar at a provider is entered: by the rep's own consent where there is one, else by what
// the operator set.
func (a *Cloud) signIn(rep *flows.Rep, c flows.Calendar) *session {
	s := &session{}
	s.fetch = func(ctx context.Context) (*oauth2.Token, error) {
		token, err := a.byConsent(ctx, rep.ID, providerOf(c))
		s.byRep = err == nil
		if errors.Is(err, bot.ErrNotFound) {
			token, err = a.byOperator(ctx, rep, c)
		}
		return token, err
	}
	return s
}

// byConsent trades the refresh token for an access token, and keeps the new refresh token that Microsoft gives each
// time: bot.ErrNotFound when the rep has not connected.
func (a *Cloud) byConsent(ctx context.Context, rep, provider string) (*oauth2.Token, error) {
	refresh, err := a.kept(ctx, rep, provider)
	if err != nil {
		return nil, err
	}
	v, config, err := a.consent(provider)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAuth, err)
	}
	token, err := config.TokenSource(a.oauth(ctx), &oauth2.Token{RefreshToken: refresh}).Token()
	if err != nil {
		// Another node may have renewed the consent, or the rep connected again, while this one asked.
		if now, e := a.kept(ctx, rep, provider); e == nil && now != refresh {
			refresh = now
			token, err = config.TokenSource(a.oauth(ctx), &oauth2.Token{RefreshToken: now}).Token()
		}
	}
	if err != nil {
		return nil, a.refusal(err, provider, rep)
	}
	if token.RefreshToken != "" && token.RefreshToken != refresh {
		if err := a.keep(ctx, v, rep, provider, token.RefreshToken); err != nil {
			return nil, err
		}
	}
	return token, nil
}

// byOperator signs in with the service account or as the app.
func (a *Cloud) byOperator(ctx context.Context, rep *flows.Rep, c flows.Calendar) (*oauth2.Token, error) {
	var source oauth2.TokenSource
	s, provider := a.Settings, providerOf(c)
	switch {
	case provider == Google && s.GoogleKey != "":
		key, err := s.serviceAccount()
		if err != nil {
			return nil, fmt.Errorf("%w: USHER_GOOGLE_KEY: %w", ErrAuth, err)
		}
		config := jwt.Config{
			Email: key.Email, PrivateKey: []byte(key.Key), PrivateKeyID: key.KeyID, Subject: signsIn(rep, c),
			Scopes: googleScopes, TokenURL: s.GoogleTokenURL,
		}
		source = config.TokenSource(a.oauth(ctx))
	case provider == Microsoft && s.MicrosoftClient != "" && s.MicrosoftTenant != "":
		config := clientcredentials.Config{
			ClientID: s.MicrosoftClient, ClientSecret: s.MicrosoftSecret, TokenURL: s.microsoftEndpoint().TokenURL,
			Scopes: []string{"https://graph.microsoft.com/.default"}, AuthStyle: oauth2.AuthStyleInParams,
		}
		source = config.TokenSource(a.oauth(ctx))
	default:
		if _, _, err := a.consent(provider); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSource, err)
		}
		return nil, fmt.Errorf("%w: the calendar is not connected; usher calendar connect %s prints the link for it", ErrAuth, rep.ID)
	}
	token, err := source.Token()
	if err != nil {
		return nil, a.refusal(err, provider, "")
	}
	return token, nil
}

func (a *Cloud) config(provider string) *oauth2.Config {
	s := a.Settings
	if provider == Microsoft {
		return &oauth2.Config{ClientID: s.MicrosoftClient, ClientSecret: s.MicrosoftSecret, Endpoint: s.microsoftEndpoint(), RedirectURL: a.Redirect, Scopes: microsoftScopes}
	}
	endpoint := oauth2.Endpoint{AuthURL: s.GoogleAuthURL, TokenURL: s.GoogleTokenURL, AuthStyle: oauth2.AuthStyleInParams}
	return &oauth2.Config{ClientID: s.GoogleClient, ClientSecret: s.GoogleSecret, Endpoint: endpoint, RedirectURL: a.Redirect, Scopes: googleScopes}
}

func (s Settings) microsoftEndpoint() oauth2.Endpoint {
	tenant := s.MicrosoftTenant
	if tenant == "" {
		tenant = "organizations"
	}
	base := strings.TrimSuffix(s.MicrosoftLoginURL, "/") + "/" + tenant + "/oauth2/v2.0/"
	return oauth2.Endpoint{AuthURL: base + "authorize", TokenURL: base + "token", AuthStyle: oauth2.AuthStyleInParams}
}

// refusal says in plain words what a token endpoint's answer means (RFC 6749 5.2). rep is "" where the operator's own
// key was refused. A server that is down or busy is no refusal.
func (a *Cloud) refusal(err error, provider, rep string) error {
	var r *oauth2.RetrieveError
	if !errors.As(err, &r) || r.Response == nil {
		return guard.Unnamed(err)
	}
	if code := r.Response.StatusCode; code == http.StatusTooManyRequests || code >= 500 {
		return &bot.RetryError{After: askAgain(r.Response.Header, a.now()), Err: fmt.Errorf("%s's sign-in answers %d", brand(provider), code)}
	}
	code := errorCode(r)
	switch {
	case rep != "" && (code == "invalid_grant" || code == "interaction_required"):
		return fmt.Errorf("%w: the consent was withdrawn or has run out; usher calendar connect %s prints the link to connect again", ErrAuth, rep)
	case code == "invalid_client":
		return fmt.Errorf("%w: %s does not take the client's id and secret: a secret may have run out", ErrAuth, brand(provider))
	case provider == Google && code == "unauthorized_client":
		return fmt.Errorf("%w: the service account may not act for the rep; in Google's admin console, under domain-wide delegation, allow its client id %s", ErrAuth, strings.Join(googleScopes, " and "))
	case provider == Google && code == "invalid_grant":
		return fmt.Errorf("%w: Google knows no such user, or the service account's key is not valid any more, or this machine's clock is wrong", ErrAuth)
	}
	return fmt.Errorf("%w: %s answers %s (%d)", ErrAuth, brand(provider), code, r.Response.StatusCode)
}

func brand(provider string) string {
	if provider == Microsoft {
		return "Microsoft"
	}
	return "Google"
}
