package calendar

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"usher/adapters/secret"
	"usher/flows"
)

// Errors of connecting a calendar. Their words are for the rep's page.
var (
	ErrConnect  = errors.New("the calendar cannot be connected")
	ErrState    = errors.New("this way to the calendar has run out or was used already: begin again with the link you were sent")
	ErrConsent  = errors.New("the consent was not given")
	ErrStranger = errors.New("this is another account than the rep's calendar")
)

// Providers at which reps can connect a calendar.
const (
	Google    = "google"
	Microsoft = "microsoft"
)

// stateLasts is how long a rep may take at the provider's pages.
const stateLasts = 15 * time.Minute

// Connected is a calendar that a rep connected.
type Connected struct {
	Rep      string
	Provider string
	Account  string // the calendar, as the provider names it
}

// Connectable are the providers at which the rep can connect a calendar, in the order of the roster.
func Connectable(rep *flows.Rep) []string {
	var all []string
	for _, c := range rep.Calendars {
		if p := providerOf(c); p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// ConnectURL is where the rep gives the consent: the provider's page, which leads back to Redirect with a code and the
// state. A provider of "" is the first of the rep's calendars. The state is signed, ends after a quarter of an hour and
// works once.
func (a *Cloud) ConnectURL(rep, provider string) (string, error) {
	r := a.rep(rep)
	if r == nil {
		return "", fmt.Errorf("%w: nobody in the team is called %q", ErrConnect, rep)
	}
	can := Connectable(r)
	if provider == "" && len(can) > 0 {
		provider = can[0]
	}
	if !slices.Contains(can, provider) {
		return "", fmt.Errorf("%w: %s has no calendar at Google or Microsoft in team.yaml; write calendar: { google: %s }", ErrConnect, rep, r.Email)
	}
	v, config, err := a.consent(provider)
	if err != nil {
		return "", err
	}
	state := a.state(v, rep, provider)
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier(v, state)), oauth2.SetAuthURLParam("login_hint", signsIn(r, firstAt(r, provider)))}
	if provider == Google {
		// Only a consent that is asked for anew gives a refresh token.
		options = append(options, oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent"))
	}
	return config.AuthCodeURL(state, options...), nil
}

// Complete takes what the provider's page gave: the code is exchanged, it is made sure that the account is the rep's
// calendar, and the consent is kept. It works once for a state: ErrState. Refused is the provider's error parameter.
func (a *Cloud) Complete(ctx context.Context, state, code, refused string) (Connected, error) {
	v, err := a.vault()
	if err != nil {
		return Connected{}, fmt.Errorf("%w: %w", ErrConnect, err)
	}
	s, err := a.opened(v, state)
	if err != nil {
		return Connected{}, err
	}
	done := Connected{Rep: s.Rep, Provider: s.Provider}
	r := a.rep(s.Rep)
	if r == nil || !slices.Contains(Connectable(r), s.Provider) {
		return done, fmt.Errorf("%w: %s has no such calendar in the team any more", ErrConnect, s.Rep)
	}
	if refused != "" || code == "" {
		return done, fmt.Errorf("%w (%s)", ErrConsent, spoken(refused))
	}
	if _, ours, err := a.Links.ClaimLink(ctx, linkState, s.Nonce, "used"); err != nil {
		return done, fmt.Errorf("connect the calendar of %s: %w", s.Rep, err)
	} else if !ours {
		return done, ErrState
	}
	_, config, err := a.consent(s.Provider)
	if err != nil {
		return done, err
	}
	token, err := config.Exchange(a.oauth(ctx), code, oauth2.VerifierOption(verifier(v, state)))
	if err != nil {
		return done, fmt.Errorf("connect the calendar of %s: %w", s.Rep, a.refusal(err, s.Provider, s.Rep))
	}
	if token.RefreshToken == "" {
		return done, fmt.Errorf("%w: %s gave no lasting consent; remove usher from the account's connected apps and connect again", ErrConnect, brand(s.Provider))
	}
	if right := denied(config.Scopes, token); right != "" {
		return done, fmt.Errorf("%w for %s; connect again and leave every box ticked", ErrConsent, right)
	}
	done.Account, err = a.belongs(ctx, r, s.Provider, token)
	if err != nil {
		return done, err
	}
	return done, a.keep(ctx, v, s.Rep, s.Provider, token.RefreshToken)
}

// consent is how reps sign in at the provider.
func (a *Cloud) consent(provider string) (*secret.Vault, *oauth2.Config, error) {
	v, err := a.vault()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrConnect, err)
	}
	config := a.config(provider)
	if config.ClientID == "" {
		name := strings.ToUpper(provider)
		return nil, nil, fmt.Errorf("%w: USHER_%s_CLIENT and USHER_%s_SECRET are not set", ErrConnect, name, name)
	}
	return v, config, nil
}

// denied is a right that was asked for and not given: at Google each has a box of its own. Microsoft names rights
// without their address too, and never offline_access.
func denied(asked []string, token *oauth2.Token) string {
	said, _ := token.Extra("scope").(string)
	if said == "" {
		return "" // the same as was asked for (RFC 6749 5.1)
	}
	given := strings.Fields(said)
	for _, right := range asked {
		name := right[strings.LastIndexByte(right, '/')+1:]
		if name != "offline_access" && !slices.Contains(given, right) && !slices.Contains(given, name) {
			return name
		}
	}
	return ""
}

// firstAt is the rep's first calendar at the provider.
func firstAt(rep *flows.Rep, provider string) flows.Calendar {
	for _, c := range rep.Calendars {
		if providerOf(c) == provider {
			return c
		}
	}
	return flows.Calendar{}
}

// belongs makes sure that whoever gave the consent has the calendar of the roster.
func (a *Cloud) belongs(ctx context.Context, rep *flows.Rep, provider string, token *oauth2.Token) (string, error) {
	once := func(context.Context) (*oauth2.Token, error) { return nil, ErrAuth }
	who, err := a.open(rep, firstAt(rep, provider), &session{token: token, byRep: true, fetch: once}).who(ctx)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrConnect, err)
	}
	return who, nil
}

// pass is what a state says.
type pass struct {
	Rep      string `json:"r"`
	Provider string `json:"p"`
	Until    int64  `json:"t"`
	Nonce    string `json:"n"`
}

func (a *Cloud) state(v *secret.Vault, rep, provider string) string {
	words, _ := json.Marshal(pass{rep, provider, a.now().Add(stateLasts).Unix(), rand.Text()}) // strings and a number
	text := base64.RawURLEncoding.EncodeToString(words)
	return text + "." + base64.RawURLEncoding.EncodeToString(v.MAC("state", text))
}

func (a *Cloud) opened(v *secret.Vault, state string) (pass, error) {
	text, signature, _ := strings.Cut(state, ".")
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, v.MAC("state", text)) {
		return pass{}, ErrState
	}
	var p pass
	words, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(words, &p) != nil || a.now().Unix() > p.Until {
		return pass{}, ErrState
	}
	return p, nil
}

// verifier is the secret of PKCE (RFC 7636) that belongs to a state: any node can tell it, and nobody without the key.
func verifier(v *secret.Vault, state string) string {
	return base64.RawURLEncoding.EncodeToString(v.MAC("pkce", state))
}

// spoken lets the provider's word for a refusal through when it is one (RFC 6749 4.1.2.1), and nothing that anybody may
// have written into the address.
func spoken(refused string) string {
	words := []string{"access_denied", "consent_required", "invalid_scope", "server_error", "temporarily_unavailable", "unauthorized_client"}
	if slices.Contains(words, refused) {
		return refused
	}
	return "no reason given"
}
