package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"
)

// ChangedConsent is the kind of a Change that takes a consent back, or gives it; From and To are given, withdrawn.
const ChangedConsent = "consent"

// ErrNoConsent says that there is no consent of that name to take back.
var ErrNoConsent = errors.New("no such consent was given")

// Withdraw takes a consent of a person back: it is kept beside the one that was given, with the same wording, and the field
// says no from now on. Taking it back again changes nothing.
func (b *Bot) Withdraw(ctx context.Context, person, field, by string) (Consent, error) {
	for range MaxTakes {
		p, err := b.Store.Person(ctx, person)
		if err != nil {
			return Consent{}, fmt.Errorf("withdraw a consent: %w", err)
		}
		c, last := p.Consent(field)
		if last == nil {
			return Consent{}, fmt.Errorf("withdraw %s: %w", field, ErrNoConsent)
		}
		if !c.Given {
			return c, nil
		}
		if c, err = b.withdraw(ctx, p, c, by); !errors.Is(err, ErrStale) {
			return c, err
		}
	}
	return Consent{}, ErrBusy
}

// Consent is the last word of the person on a field; the second is nil where there was none.
func (p Person) Consent(field string) (c Consent, last *Consent) {
	for i := range p.Consents {
		if p.Consents[i].Field == field && (last == nil || !p.Consents[i].At.Before(last.At)) {
			last = &p.Consents[i]
		}
	}
	if last == nil {
		return Consent{}, nil
	}
	return *last, last
}

func (b *Bot) withdraw(ctx context.Context, p Person, c Consent, by string) (Consent, error) {
	now := b.now()
	c.Given, c.At, c.Conversation = false, now, ""
	p.Consents = append(p.Consents[:len(p.Consents):len(p.Consents)], c)
	fields := maps.Clone(p.Fields)
	learnt := maps.Clone(p.Learnt)
	if v, ok := fields[c.Field]; ok {
		v.Yes = false
		fields[c.Field] = v
		if learnt == nil {
			learnt = map[string]time.Time{}
		}
		learnt[c.Field] = now // what was said before does not come back
	}
	p.Fields, p.Learnt, p.UpdatedAt = fields, learnt, now
	change := Change{Person: p.ID, Kind: ChangedConsent, From: c.Field + " given", To: c.Field + " withdrawn", By: by, At: now}
	if err := b.Store.CommitPerson(ctx, PersonTurn{Person: p, Changes: []Change{change}}); err != nil {
		return c, fmt.Errorf("withdraw %s: %w", c.Field, err)
	}
	return c, nil
}
