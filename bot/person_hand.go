package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"usher/bot/dialogue"
	"usher/flows"
)

// Errors of what is done to a person by hand.
var (
	ErrNoStage  = errors.New("there is no such stage")
	ErrNoReason = errors.New("a reason is needed, of at most 500 bytes") // MaxFact
)

// SetStage moves a person to any stage, and says who did so and why. It may be called again. ErrNotFound, ErrNoStage,
// ErrNoReason.
func (b *Bot) SetStage(ctx context.Context, person, stage, because, by string) error {
	because = strings.TrimSpace(because)
	switch {
	case ranked(stage) < 0:
		return fmt.Errorf("stage %q: %w: the stages are %s", stage, ErrNoStage, strings.Join(Stages, ", "))
	case because == "" || len(because) > MaxFact:
		return fmt.Errorf("stage %s: %w", stage, ErrNoReason)
	}
	err := b.alter(ctx, person, func(ch *personChange) {
		if ch.p.Stage != stage {
			ch.stage(stage, Change{By: by, Because: because, At: b.now()})
		}
	})
	if err != nil {
		return fmt.Errorf("stage of person %s: %w", person, err)
	}
	return b.showCard(ctx, person)
}

// alter changes a person as they are when nobody else changes them.
func (b *Bot) alter(ctx context.Context, person string, change func(ch *personChange)) error {
	return b.again(func() error {
		p, err := b.Store.Person(ctx, person)
		if err != nil {
			return err
		}
		ch := b.changing([]Person{p}, Person{}, b.now())
		change(ch)
		return ch.commit(ctx, b.now())
	})
}

// showCard lets the card of the person's lead follow.
func (b *Bot) showCard(ctx context.Context, person string) error {
	c, err := b.leadOf(ctx, person)
	if err != nil || c.ID == "" {
		return err
	}
	p, err := b.Store.Person(ctx, person)
	if err != nil {
		return err
	}
	ch := b.changing([]Person{p}, Person{}, b.now())
	e := Event{Conversation: c.ID, Seq: c.Seq, Event: "changed", Rep: owner(c.State)}
	ch.job(fmt.Sprintf("card-%s-%d", p.ID, p.Version), JobCard, orderOf(JobCard, e), e, b.now())
	if len(ch.turn.Jobs) == 0 {
		return nil
	}
	return b.Enqueue(ctx, ch.turn.Jobs...)
}

// leadOf is the person's newest conversation that a rep has or is to have, or none.
func (b *Bot) leadOf(ctx context.Context, person string) (Conversation, error) {
	of, err := b.Store.ConversationsOf(ctx, person)
	if err != nil {
		return Conversation{}, err
	}
	for _, c := range slices.Backward(of) {
		if c.State.Assigned != nil || c.State.Waiting != nil {
			return c.Conversation, nil
		}
	}
	return Conversation{}, nil
}

// SetOwner gives a person to a rep, and says who did so and why: the lead of their newest conversation goes to the rep
// with its meeting, and then the person does. It may be called again. ErrNotFound, ErrNoRep, ErrNoReason, and ErrNotFree
// where the rep is not free at the meeting's time: then nothing changes. Beside a server, it does so as soon as it can.
func (b *Bot) SetOwner(ctx context.Context, person, rep, because, by string) error {
	because = strings.TrimSpace(because)
	switch {
	case b.rep(rep) == nil:
		return fmt.Errorf("give person %s to %q: %w", person, rep, ErrNoRep)
	case because == "" || len(because) > MaxFact:
		return fmt.Errorf("give person %s to %s: %w", person, rep, ErrNoReason)
	}
	if err := b.handOver(ctx, person, Handing{Rep: rep, By: by, Because: because}); err != nil {
		return fmt.Errorf("give person %s to %s: %w", person, rep, err)
	}
	return nil
}

func (b *Bot) handOver(ctx context.Context, person string, h Handing) error {
	c, err := b.leadOf(ctx, person)
	if err != nil {
		return err
	}
	if c.ID != "" && owner(c.State) != h.Rep {
		err := b.alter(ctx, person, func(ch *personChange) {
			if ch.p.Handing = h; b.beside() {
				ch.turn.Jobs = append(ch.turn.Jobs, errand{Hand: ch.p.ID}.as(fmt.Sprintf("hand-%s-%d", ch.p.ID, ch.p.Version)))
			}
		})
		if err != nil || b.beside() {
			return err
		}
		if _, err := b.change(ctx, c.ID, dialogue.Claimed{Rep: h.Rep, Over: true, By: h.By}); err != nil {
			return errors.Join(err, b.alter(ctx, person, func(ch *personChange) { ch.p.Handing = Handing{} }))
		}
	}
	team := b.teamOf(h.Rep)
	return b.alter(ctx, person, func(ch *personChange) {
		if ch.p.Owner != h.Rep {
			ch.own(h.Rep, team, Change{By: h.By, Because: h.Because, At: b.now()})
		}
		ch.p.Handing = Handing{}
	})
}

// teamOf is the first team that the rep is in, or "".
func (b *Bot) teamOf(rep string) string {
	for _, t := range b.Workspace().Roster.Teams {
		if slices.ContainsFunc(t.Reps, func(r *flows.Rep) bool { return r.ID == rep }) {
			return t.ID
		}
	}
	return ""
}
