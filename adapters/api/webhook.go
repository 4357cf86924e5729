package api

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"usher/bot"
)

// Webhooks are the webhooks that were made by hand.
type Webhooks interface {
	bot.Webhooks
	// Ping sends a signed message that only tries whether the webhook works: the status of the answer, 0 for none, and why it
	// was not taken, "" where it was. The error is a bot.ErrWebhook.
	Ping(ctx context.Context, w bot.Webhook) (status int, said string, took time.Duration, err error)
}

// Webhook is an address that is told what happens.
type Webhook struct {
	ID       string    `json:"id"`
	URL      string    `json:"url"`
	Events   []string  `json:"events" nullable:"false" doc:"What it is told of; none = everything."`
	By       string    `json:"by,omitempty" doc:"Who made it."`
	Created  time.Time `json:"created"`
	Disabled string    `json:"disabled,omitempty" doc:"Why nothing is sent to it any more."`
	Secret   string    `json:"secret,omitempty" doc:"What messages are signed with (Standard Webhooks). It is told once, when the webhook is made."`
}

type webhooksOut struct {
	Body struct {
		Data []Webhook `json:"data" nullable:"false"`
	}
}

func (s *Server) listWebhooks(ctx context.Context, _ *struct{}) (*webhooksOut, error) {
	all, err := s.Webhooks.Webhooks(ctx)
	if err != nil {
		return nil, err
	}
	out := &webhooksOut{}
	out.Body.Data = []Webhook{}
	for _, w := range all {
		out.Body.Data = append(out.Body.Data, webhookOf(w))
	}
	return out, nil
}

type newWebhookIn struct {
	Body struct {
		URL    string   `json:"url" maxLength:"2000" doc:"https://…"`
		Events []string `json:"events,omitempty" maxItems:"50" doc:"lead.stage_changed, meeting.* …; without any, everything."`
		Secret string   `json:"secret,omitempty" maxLength:"200" doc:"whsec_… of your own; without it one is made."`
	}
}

type webhookOut struct {
	Location string `header:"Location"`
	Body     Webhook
}

func (o *webhookOut) whom() string { return o.Body.ID }

func (s *Server) createWebhook(ctx context.Context, in *newWebhookIn) (*webhookOut, error) {
	w := bot.Webhook{URL: strings.TrimSpace(in.Body.URL), Events: in.Body.Events, By: by(ctx), CreatedAt: s.now().UTC().Truncate(time.Microsecond)}
	if in.Body.Secret != "" {
		w.Secrets = []string{in.Body.Secret}
	}
	w = bot.NewWebhook(w)
	if err := s.Webhooks.SaveWebhook(ctx, w); errors.Is(err, bot.ErrWebhook) {
		return nil, wrong("body", err.Error(), nil)
	} else if err != nil {
		return nil, err
	}
	out := &webhookOut{Location: "/v1/webhooks/" + w.ID, Body: webhookOf(w)}
	out.Body.Secret = w.Secrets[0]
	return out, nil
}

type gone struct{ id string }

func (g *gone) whom() string { return g.id }

func (s *Server) deleteWebhook(ctx context.Context, in *OfID) (*gone, error) {
	return &gone{in.ID}, s.Webhooks.DeleteWebhook(ctx, in.ID)
}

type pingOut struct {
	Body struct {
		Taken  bool   `json:"taken" doc:"The receiver answered with a status of 200 to 299."`
		Status int    `json:"status,omitempty" doc:"Of the answer."`
		Said   string `json:"said,omitempty" doc:"Why it was not taken."`
		Took   int64  `json:"took_ms"`
	}
	id string
}

func (o *pingOut) whom() string { return o.id }

func (s *Server) tryWebhook(ctx context.Context, in *OfID) (*pingOut, error) {
	all, err := s.Webhooks.Webhooks(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(w bot.Webhook) bool { return w.ID == in.ID })
	if i < 0 || len(all[i].Secrets) == 0 {
		return nil, bot.ErrNotFound
	}
	status, said, took, err := s.Webhooks.Ping(ctx, all[i])
	if errors.Is(err, bot.ErrWebhook) {
		return nil, wrong("path.id", err.Error(), nil)
	}
	out := &pingOut{id: in.ID}
	out.Body.Taken, out.Body.Status, out.Body.Said, out.Body.Took = said == "", status, said, took.Milliseconds()
	return out, err
}

// webhookOf is a webhook as other systems see it, without its secret.
func webhookOf(w bot.Webhook) Webhook {
	return Webhook{ID: w.ID, URL: w.URL, Events: append([]string{}, w.Events...), By: w.By, Created: w.CreatedAt.UTC(), Disabled: w.Disabled}
}
