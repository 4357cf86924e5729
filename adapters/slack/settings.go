package slack

import (
	"context"
	"net/http"

	"usher/bot"
)

// Settings are what an operator says about Slack; the tags are flags and variables of the server. Without a token
// nothing of Slack runs.
type Settings struct {
	Token         string `help:"Token of the Slack app's bot; without it nothing of Slack runs." name:"slack-token" env:"USHER_SLACK_TOKEN" placeholder:"xoxb-…"`
	AppToken      string `help:"App token for Slack's Socket Mode, which needs no public address." name:"slack-app-token" env:"USHER_SLACK_APP_TOKEN" placeholder:"xapp-…"`
	SigningSecret string `help:"Slack's signing secret, for events over HTTP at /slack/events, /slack/interactive and /slack/commands." name:"slack-signing-secret" env:"USHER_SLACK_SIGNING_SECRET" placeholder:"SECRET"`
	Team          string `help:"Slack team whose events are taken; without it the token's own." name:"slack-team" env:"USHER_SLACK_TEAM" placeholder:"T…"`
	App           string `help:"Slack app whose events are taken; without it the token's own." name:"slack-app" env:"USHER_SLACK_APP" placeholder:"A…"`
	URL           string `help:"Base of Slack's Web API, for rehearsals." name:"slack-url" env:"USHER_SLACK_URL" placeholder:"URL"`
}

// Join makes the app and gives the bot its hands; nil when there is no token.
func (s Settings) Join(b *bot.Bot) *App {
	if s.Token == "" {
		return nil
	}
	a := &App{
		Host: b, Desk: b, Jobs: b, Links: b.Store, Log: b.Log, Now: b.Now,
		Token: s.Token, AppToken: s.AppToken, SigningSecret: s.SigningSecret, TeamID: s.Team, AppID: s.App, APIURL: s.URL,
	}
	if s.AppToken == "" && s.SigningSecret == "" {
		a.log().Warn("slack: nothing can come in; set --slack-app-token for Socket Mode, or --slack-signing-secret for HTTP")
	}
	if b.Carriers == nil {
		b.Carriers = map[string]bot.Carrier{}
	}
	for kind, carry := range a.Carriers() {
		b.Carriers[kind] = carry
	}
	if b.Erasers == nil {
		b.Erasers = map[string]bot.Eraser{}
	}
	b.Erasers[Place] = Eraser{a}
	return a
}

// Run does what the app does on its own, until ctx ends: it learns who it is, and reads Socket Mode. Without an app there
// is nothing to do.
func (a *App) Run(ctx context.Context) {
	if a == nil {
		return
	}
	for failed := 1; a.identify(ctx) != nil && ctx.Err() == nil; failed++ {
		pause(ctx, backOff(failed))
	}
	if a.AppToken != "" {
		a.RunSocket(ctx)
	}
}

// Beside serves the app's paths and lets the rest through; without an app all.
func (a *App) Beside(rest http.Handler) http.Handler {
	if a == nil || a.SigningSecret == "" {
		return rest
	}
	mux := http.NewServeMux()
	mux.Handle("/slack/", a.Handler())
	mux.Handle("/", rest)
	return mux
}

// Shown is the settings as they may be printed: secrets say only that they are set.
func (s Settings) Shown() string {
	switch {
	case s.Token == "":
		return "off"
	case s.AppToken != "":
		return "on, Socket Mode"
	case s.SigningSecret != "":
		return "on, HTTP"
	}
	return "on, sends only"
}
