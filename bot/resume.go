package bot

import (
	"context"
	"errors"
	"fmt"

	"usher/bot/dialogue"
)

// LetterPage is the page that a visitor who comes by a letter's link is on.
const LetterPage = "/letter"

// Return gives the conversation that a letter leads back to, at its open question, to whoever has the letter's link: in the
// browser that had it before, or in another, which gets a token of its own. Where it ended in nurture or on the waiting list, the
// question is asked again that led there. It is for the caller to know that the link is ours. One that is erased is ErrNotFound.
func (b *Bot) Return(ctx context.Context, a Arrival, conversation string) (Arrived, error) {
	c, err := b.load(ctx, conversation, "")
	if err != nil {
		return Arrived{}, err
	}
	h, err := b.houseOf(ctx, c)
	if err != nil {
		return Arrived{}, err
	}
	v, token, err := b.known(ctx, a, c.Visitor)
	if err != nil {
		return Arrived{}, err
	}
	back := dialogue.Returned{Page: LetterPage, Title: a.Visit.Title}
	if a.Visit.GPC || c.State.Visit.GPC {
		back = dialogue.Returned{}
	}
	if back.Page != "" {
		v.Data = v.Data.see(back.Page, v.SeenAt, b.now())
	}
	v.SeenAt = b.now()
	if err := b.Store.SaveVisitor(ctx, v); err != nil {
		return Arrived{}, fmt.Errorf("save visitor: %w", err)
	}
	if c, err = b.takeWith(ctx, c, back, &v); err != nil {
		return Arrived{}, fmt.Errorf("conversation %s: %w", c.ID, err)
	}
	b.outbound(ctx, c, back.Page)
	return Arrived{Token: token, Visitor: v, Conversation: c, Flow: h.Workspace.Flow(c.State.Flow)}, nil
}

// known is the visitor of a conversation with a token: the arrival's own where it is theirs, or a further one.
func (b *Bot) known(ctx context.Context, a Arrival, visitor string) (Visitor, string, error) {
	if a.Token != "" {
		v, err := b.Who(ctx, a.Token, a.Site)
		if err == nil && v.ID == visitor {
			return v, a.Token, nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Visitor{}, "", err
		}
	}
	token := random(tokenBytes)
	if err := b.Store.AddToken(ctx, visitor, hash(token, a.Site), b.now()); err != nil {
		return Visitor{}, "", err
	}
	v, err := b.Who(ctx, token, a.Site)
	return v, token, err
}

// outbound keeps with the person that they came this time because we wrote first. Where it cannot be kept the visitor does not
// wait for it.
func (b *Bot) outbound(ctx context.Context, c Conversation, page string) {
	p, err := b.Store.PersonOf(ctx, c.ID)
	if errors.Is(err, ErrNotFound) {
		return
	}
	if err == nil {
		_, _, err = b.SavePerson(ctx, PersonFacts{
			ID: p.ID, By: "letter", Source: Source{Page: page, Channel: c.State.Channel, Outbound: true, At: b.now()},
		})
	}
	if err != nil {
		b.log().Warn("that a visitor came by a letter is not kept", "conversation", c.ID, "err", err)
	}
}
