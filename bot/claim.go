package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// Claim lets a rep take a lead; the first wins, and holder is who has it. A lead that another rep was to have goes to
// the one who claims it, with the visitor's times: ErrNotFree where the rep is not free then.
func (b *Bot) Claim(ctx context.Context, conversation, rep string) (holder string, err error) {
	if b.rep(rep) == nil {
		return "", fmt.Errorf("claim by %q: %w", rep, ErrNoRep)
	}
	c, err := b.change(ctx, conversation, dialogue.Claimed{Rep: rep})
	return c.State.Claimed, err
}

// Pass gives a lead to the next rep by the routing among those who did not have their turn, with a held time or a
// meeting. It may be called again. Where ErrNobody else can have the lead, or it is not the rep's to give (ErrNotYours),
// nothing changes. next is who has it now.
func (b *Bot) Pass(ctx context.Context, conversation, rep, because string) (next string, err error) {
	c, err := b.change(ctx, conversation, dialogue.Passed{Rep: rep, Because: because})
	if err == nil && !slices.Contains(c.State.Passed, rep) {
		err = fmt.Errorf("pass by %q: %w", rep, ErrNotYours)
	}
	return owner(c.State), err
}

// Snooze lets the rep who has the lead be reminded of it later; until then it goes to nobody else.
func (b *Bot) Snooze(ctx context.Context, conversation, rep string, until time.Time) error {
	if !until.After(b.now()) {
		return errors.New("snooze: that time is over")
	}
	c, err := b.change(ctx, conversation, dialogue.Snoozed{Rep: rep, Until: until.UTC().Truncate(time.Microsecond)})
	if err == nil && owner(c.State) != rep {
		err = fmt.Errorf("snooze by %q: %w", rep, ErrNotYours)
	}
	return err
}

// change takes an input of a rep and gives the conversation as it is after it, also when the input changed nothing.
func (b *Bot) change(ctx context.Context, conversation string, in dialogue.Input) (Conversation, error) {
	c, _, err := b.does(ctx, conversation, in)
	return c, err
}

// does is change, and says whether the input changed anything: of several nodes that take it at once one did it.
func (b *Bot) does(ctx context.Context, conversation string, in dialogue.Input) (Conversation, bool, error) {
	c, err := b.load(ctx, conversation, "")
	if err != nil {
		return Conversation{}, false, err
	}
	a := attempt{input: in}
	after, err := b.land(ctx, c, &a)
	if err != nil {
		return c, false, fmt.Errorf("conversation %s: %w", conversation, err)
	}
	return after, a.done, nil
}

// stays is why a lead or a meeting cannot go to another rep, or nil where the lead was nobody's.
func (d *decision) stays(c dialogue.Conversation, e dialogue.Effect) error {
	a, ok := e.(dialogue.Assign)
	switch {
	case d.moves:
		return ErrNotFree
	case ok && a.Only:
		return ErrNobody
	case ok && a.Rep == "" && c.Assigned == nil:
		return nil
	case ok && a.Rep == "":
		return ErrNobody
	}
	return ErrNotFree
}

func owner(s dialogue.Conversation) string {
	if s.Assigned == nil {
		return ""
	}
	return s.Assigned.Rep
}

// rep is one of the running roster, or nil.
func (b *Bot) rep(id string) *flows.Rep {
	if w := b.Workspace(); w != nil && w.Roster != nil {
		return w.Roster.Rep(id)
	}
	return nil
}
