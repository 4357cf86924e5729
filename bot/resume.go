package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"

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
	b.came(ctx, c, "letter", Source{Page: page, Channel: c.State.Channel, Outbound: true, At: b.now()})
}

// inbound keeps with the person where they came from this time, when they go on with a conversation and came from somewhere:
// a campaign, or another site. Who comes by themselves, or from page to page, came from where they did before.
func (b *Bot) inbound(ctx context.Context, c Conversation, a Arrival) {
	if c.State.Visit.GPC || len(a.Visit.UTM) == 0 && (a.Visit.Referrer == "" || hostOf(a.Visit.Referrer) == hostOf(a.Site)) {
		return
	}
	b.came(ctx, c, "visit", Source{
		UTM: a.Visit.UTM, Referrer: a.Visit.Referrer, Page: a.Visit.Page, Channel: cmp.Or(a.Visit.Channel, c.State.Channel), At: b.now(),
	})
}

// came keeps the last source of the conversation's person, where it is another one.
func (b *Bot) came(ctx context.Context, c Conversation, by string, s Source) {
	p, err := b.Store.PersonOf(ctx, c.ID)
	if errors.Is(err, ErrNotFound) || err == nil && p.Last.like(s) {
		return
	}
	if err == nil {
		_, _, err = b.SavePerson(ctx, PersonFacts{ID: p.ID, By: by, Source: s})
	}
	if err != nil {
		b.log().Warn("where a visitor came from this time is not kept", "conversation", c.ID, "by", by, "err", err)
	}
}

// like says whether somebody came by the same way.
func (s Source) like(o Source) bool {
	return maps.Equal(s.UTM, o.UTM) && s.Referrer == o.Referrer && s.Channel == o.Channel && s.Outbound == o.Outbound
}
