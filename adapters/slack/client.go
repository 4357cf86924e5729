package slack

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/time/rate"

	"usher/bot"
)

// callWait is how long one call of Slack's may take: beyond it the answer counts as lost.
const callWait = 10 * time.Second

// state is what the app keeps while it runs.
type state struct {
	client   *slack.Client
	self     atomic.Pointer[self]
	alarms   alarms
	profiles profiles

	mu    sync.Mutex
	paces map[string]*rate.Limiter
}

// self is who the token says we are.
type self struct{ team, user, app, url string }

// api is the client, made at the first use.
func (a *App) api() *slack.Client {
	a.once.Do(func() {
		options := []slack.Option{slack.OptionHTTPClient(a.http()), slack.OptionAppLevelToken(a.AppToken)}
		if a.APIURL != "" {
			options = append(options, slack.OptionAPIURL(strings.TrimSuffix(a.APIURL, "/")+"/"))
		}
		a.state.client = slack.New(a.Token, options...)
	})
	return a.state.client
}

func (a *App) http() *http.Client {
	if a.HTTP != nil {
		return a.HTTP
	}
	return &http.Client{Timeout: callWait}
}

// identify asks Slack once whose token this is.
func (a *App) identify(ctx context.Context) error {
	if a.state.self.Load() != nil {
		return nil
	}
	r, err := a.api().AuthTestContext(ctx)
	if said(err, tokenFaults) {
		a.state.alarms.raise(a.log(), wholeApp, reason(err), a.now())
	}
	if err != nil {
		return fmt.Errorf("ask whose token it is: %w", err) // what came in waits for a better token
	}
	a.state.alarms.clear(wholeApp)
	if a.TeamID != "" && a.TeamID != r.TeamID {
		a.state.alarms.raise(a.log(), wholeApp, "the token is of team "+r.TeamID+", not of "+a.TeamID, a.now())
	}
	a.state.self.Store(&self{team: r.TeamID, user: r.UserID, app: a.ownApp(ctx, r.BotID), url: r.URL})
	return nil
}

// ownApp is the id of the app that the token's bot belongs to. Without an answer the signing secret and the app token
// still say whose events they are.
func (a *App) ownApp(ctx context.Context, bot string) string {
	if a.AppID != "" || bot == "" {
		return a.AppID
	}
	b, err := a.api().GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: bot})
	if err != nil {
		a.log().Warn("slack: the app's own id is not known", "err", err)
		return ""
	}
	return b.AppID
}

// app is whose events are taken; "" while it is not known.
func (a *App) app() string {
	if a.AppID != "" {
		return a.AppID
	}
	if s := a.state.self.Load(); s != nil {
		return s.app
	}
	return ""
}

// team is whose events are taken; "" while it is not known.
func (a *App) team() string {
	if a.TeamID != "" {
		return a.TeamID
	}
	if s := a.state.self.Load(); s != nil {
		return s.team
	}
	return ""
}

// botUser is the app's own user; "" while it is not known.
func (a *App) botUser() string {
	if s := a.state.self.Load(); s != nil {
		return s.user
	}
	return ""
}

// Slack takes about one message a second in a channel; maxPaces bounds how many channels are remembered.
const (
	perSecond = 1
	burst     = 2 // an answer and the question it answers
	maxPaces  = 4096
)

// pace waits until the channel may get its next message.
func (a *App) pace(ctx context.Context, channel string) error {
	a.state.mu.Lock()
	if a.state.paces == nil || len(a.state.paces) >= maxPaces {
		a.state.paces = map[string]*rate.Limiter{}
	}
	l := a.state.paces[channel]
	if l == nil {
		l = rate.NewLimiter(perSecond, burst)
		a.state.paces[channel] = l
	}
	a.state.mu.Unlock()
	if err := l.Wait(ctx); err != nil {
		return &bot.RetryError{After: time.Second, Err: fmt.Errorf("wait for a place in %s: %w", channel, err)}
	}
	return nil
}
