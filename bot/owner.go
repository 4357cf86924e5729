package bot

import (
	"context"
	"time"

	"usher/bot/desk"
	"usher/flows"
)

// Owners finds whose a person's lead is.
type Owners interface {
	// Owner is the rep of the lead that changed last, of those of the person, or else of those of the company; "" where
	// nobody has one.
	Owner(ctx context.Context, q OwnerQuery) (Owned, error)
}

// OwnerQuery says whose lead is meant: what the visitor or somebody with that address said in other conversations, or
// somebody else of that company.
type OwnerQuery struct {
	Visitor string
	Email   string // "" = not known; capitals do not matter
	Domain  string // of the company; "" = not known
	Except  string // conversation
}

// Owned is a rep's lead.
type Owned struct {
	Rep     string
	At      time.Time // when it changed last
	Company bool      // it is of somebody else of the company
}

// ownerOf is who has the lead of a conversation's person: as the person's record says, or else by what was said in other
// conversations. Who is not in the roster is told once: the next route serves.
func (b *Bot) ownerOf(ctx context.Context, c Conversation, email string) (desk.Owner, error) {
	owned, err := b.Store.Owner(ctx, OwnerQuery{Visitor: c.Visitor, Email: email, Domain: flows.CompanyDomain(email), Except: c.ID})
	if err != nil {
		return desk.Owner{}, err
	}
	owner, err := b.recorded(ctx, c, email)
	switch {
	case err != nil:
		return desk.Owner{}, err
	case owner.Rep == "" && owned.Company:
		owner = desk.Owner{Rep: owned.Rep, At: owned.At, By: flows.OwnedByDomain}
	case owner.Rep == "" || owner.Rep == owned.Rep && !owned.Company:
		owner = desk.Owner{Rep: owned.Rep, At: later(owned.At, owner.At)}
	}
	if owner.Rep != "" && b.rep(owner.Rep) == nil {
		b.log().Warn("the owner of a lead is not in the roster; the next route serves", "conversation", c.ID, "owner", owner.Rep)
	}
	return owner, nil
}

// recorded is the owner that the person's record names; another system or a colleague may have set it.
func (b *Bot) recorded(ctx context.Context, c Conversation, email string) (owner desk.Owner, err error) {
	people, err := b.Store.PeopleBy(ctx, knownBy(c.Visitor, email, "")...)
	for _, p := range people {
		if p.Owner != "" && (owner.Rep == "" || p.OwnedAt.After(owner.At)) {
			owner = desk.Owner{Rep: p.Owner, At: p.OwnedAt, By: flows.OwnedByCRM}
		}
	}
	return owner, err
}
