package hooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"usher/adapters/secret"
	"usher/bot"
	"usher/flows"
)

// linkOff is the kind of link that says why a webhook is sent nothing any more, by its id.
const linkOff = "hook.off"

// FromFile is who made the webhooks of the workspace.
const FromFile = "hooks.yaml"

// endpoints are all webhooks: the workspace's with their secrets by name, and those made by hand with theirs locked.
func (h *Hooks) endpoints(ctx context.Context) ([]bot.Webhook, error) {
	var all []bot.Webhook
	if w := h.House.Workspace(); w != nil && w.Hooks != nil {
		for _, hook := range w.Hooks.Endpoints {
			all = append(all, ofFile(hook))
		}
	}
	made, err := h.Memory.Webhooks(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, made...)
	for i := range all {
		if all[i].Disabled, err = h.off(ctx, all[i].ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// ofFile is a webhook of the workspace, with its secrets by name.
func ofFile(hook *flows.Hook) bot.Webhook {
	return bot.Webhook{ID: fileID(hook.URL), URL: hook.URL, Secrets: hook.Secrets, Events: hook.Events, By: FromFile}
}

// fileID is what a webhook of the workspace is known by: its address as it is written.
func fileID(url string) string {
	sum := sha256.Sum256([]byte(url))
	return "wf_" + hex.EncodeToString(sum[:6])
}

func (h *Hooks) off(ctx context.Context, id string) (string, error) {
	why, err := h.Memory.Link(ctx, linkOff, id)
	if errors.Is(err, bot.ErrNotFound) {
		return "", nil
	}
	return why, err
}

// wanted are the webhooks that are told of an event.
func (h *Hooks) wanted(ctx context.Context, event string) ([]bot.Webhook, error) {
	all, err := h.endpoints(ctx)
	return slices.DeleteFunc(all, func(w bot.Webhook) bool { return !listens(w, event) }), err
}

// listens says whether a webhook is told of an event.
func listens(w bot.Webhook, event string) bool { return w.Disabled == "" && w.Wants(event) }

// endpoint is one of them, or bot.ErrNotFound.
func (h *Hooks) endpoint(ctx context.Context, id string) (bot.Webhook, error) {
	all, err := h.endpoints(ctx)
	if err != nil {
		return bot.Webhook{}, err
	}
	for _, w := range all {
		if w.ID == id {
			return w, nil
		}
	}
	return bot.Webhook{}, fmt.Errorf("webhook %s: %w", id, bot.ErrNotFound)
}

// opened is the webhook with its address and secrets as they are sent. The error says what is to be set.
func (h *Hooks) opened(w bot.Webhook) (bot.Webhook, error) {
	secrets := slices.Clone(w.Secrets)
	var err error
	if w.By == FromFile {
		if w.URL, err = secret.Named(w.URL); err != nil {
			return w, err
		}
	}
	for i, s := range secrets {
		if w.By == FromFile {
			secrets[i], err = secret.Named(s)
		} else {
			secrets[i], err = h.Vault.Open(s, boundTo(w.ID))
		}
		if err != nil {
			return w, fmt.Errorf("the secret of the webhook: %w", err)
		}
	}
	w.Secrets = secrets
	return w, w.Check()
}

// boundTo ties a secret to its webhook.
func boundTo(id string) string { return "webhook\x00" + id }
