package terminal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"usher/bot"
)

// ConsentCommand shows what a person agreed to, and takes it back.
type ConsentCommand struct {
	List     ConsentListCommand     `cmd:"" help:"List what a person agreed to, as it was shown to them."`
	Withdraw ConsentWithdrawCommand `cmd:"" help:"Take a consent back."`
}

// ConsentListCommand lists consents.
type ConsentListCommand struct {
	Who string `arg:"" help:"An e-mail address, a phone number like +4930…, or the id of a person or conversation."`
	HouseQuery
}

// ConsentWithdrawCommand takes a consent back.
type ConsentWithdrawCommand struct {
	Who   string `arg:"" help:"An e-mail address, a phone number like +4930…, or the id of a person or conversation."`
	Field string `arg:"" help:"The field of type consent, as the flow names it."`
	HouseQuery
}

// Help teaches.
func (ConsentListCommand) Help() string {
	return `Each consent with its wording as it was shown, in which language, when, and whether it was given, refused or taken back.

  usher consent list mira@acme.example`
}

// Help teaches.
func (ConsentWithdrawCommand) Help() string {
	return `What was agreed to stays on record with its wording; beside it stands from now on that it was taken back, when and by whom, in the
person's trail and in the audit log. The field says no from then on.

  usher consent withdraw mira@acme.example newsletter`
}

// consentLine is a consent as --json prints it.
type consentLine struct {
	Field        string    `json:"field"`
	Given        bool      `json:"given"`
	Wording      string    `json:"wording"`
	Language     string    `json:"language"`
	At           time.Time `json:"at"`
	Conversation string    `json:"conversation"`
}

// Run lists.
func (c *ConsentListCommand) Run(ctx context.Context, w *World) error {
	return c.open(ctx, w, func(b *bot.Bot) error {
		p, err := w.personNamed(ctx, b, c.Who)
		if err != nil {
			return err
		}
		for _, consent := range p.Consents {
			err = errors.Join(err, c.consent(w, consent))
		}
		if len(p.Consents) == 0 && !c.JSON {
			out := printer{out: w.Stdout}
			out.printf("Nothing was agreed to.\n")
			err = out.err
		}
		return err
	})
}

// Run takes it back.
func (c *ConsentWithdrawCommand) Run(ctx context.Context, w *World) error {
	return c.open(ctx, w, func(b *bot.Bot) error {
		b.Now = w.Now
		p, err := w.personNamed(ctx, b, c.Who)
		if err != nil {
			return err
		}
		consent, err := b.Withdraw(ctx, p.ID, c.Field, w.who())
		if errors.Is(err, bot.ErrNoConsent) {
			out := printer{out: w.Stderr}
			out.printf("usher: they never agreed to %q; usher consent list tells what they did\n", c.Field)
			return errors.Join(out.err, ErrNo)
		}
		if err != nil {
			return err
		}
		return c.consent(w, consent)
	})
}

// consent prints one.
func (q *HouseQuery) consent(w *World, c bot.Consent) error {
	if q.JSON {
		return jsonLines(w.Stdout).Encode(consentLine{c.Field, c.Given, c.Wording, c.Language, c.At, c.Conversation})
	}
	state := "not given, or taken back"
	if c.Given {
		state = "given"
	}
	p := printer{out: w.Stdout}
	p.printf("%s  %-14s %s (%s): %s\n", stamp(c.At), c.Field, state, c.Language, c.Wording)
	return p.err
}

// personNamed is the record of whom the word means, or ErrNo with the reason said.
func (w *World) personNamed(ctx context.Context, b *bot.Bot, who string) (bot.Person, error) {
	s, err := b.Subject(ctx, who)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Person{}, w.nobody(ctx, b, who)
	}
	if err != nil {
		return bot.Person{}, err
	}
	if len(s.Persons) == 0 {
		return bot.Person{}, fmt.Errorf("no record is kept of them yet: a running server makes it of their conversations")
	}
	return b.Store.Person(ctx, s.Persons[0])
}
