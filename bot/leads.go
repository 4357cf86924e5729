package bot

import (
	"context"
	"fmt"
	"strings"
)

// LeadsOf lists a rep's leads, the one that changed last first.
func (b *Bot) LeadsOf(ctx context.Context, rep string, limit int) ([]Lead, error) {
	leads, err := b.Store.LeadsOf(ctx, rep, limit)
	if err != nil {
		return nil, fmt.Errorf("leads of %q: %w", rep, err)
	}
	return leads, nil
}

// FindLead is the conversation of the lead that the words mean: its id, an e-mail address, or how a name begins.
// ErrNotFound where there is none.
func (b *Bot) FindLead(ctx context.Context, text string) (conversation string, err error) {
	if text = strings.TrimSpace(text); text == "" {
		return "", fmt.Errorf("find lead: %w", ErrNotFound)
	}
	l, err := b.Store.FindLead(ctx, text)
	if err != nil {
		return "", fmt.Errorf("find lead: %w", err)
	}
	return l.Conversation, nil
}
