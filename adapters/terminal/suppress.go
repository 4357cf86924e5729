package terminal

import (
	"context"
	"errors"
	"net/mail"
	"time"

	"usher/bot"
)

// SuppressCommand keeps letters away from an address.
type SuppressCommand struct {
	Address string `arg:"" help:"The e-mail address that is to get no letters of sequences any more."`
	Remove  bool   `help:"Let letters go there again."`
	HouseQuery
}

// Help teaches.
func (SuppressCommand) Help() string {
	return `Puts an address on the list of those who get no letters of sequences, and stops what runs: for somebody who asked by phone, say.
Only a keyed hash of it is stored: nobody can read from the list whose it is. Who unsubscribes, and whose address bounces, is on it
without this command. Letters about a booked meeting still go there.

  usher suppress ada@bigco.example
  usher suppress --remove ada@bigco.example`
}

// Run puts it there, or takes it off.
func (c *SuppressCommand) Run(ctx context.Context, w *World) error {
	if a, err := mail.ParseAddress(c.Address); err != nil || a.Address != c.Address {
		return misuse("%q is not an e-mail address; write it like ada@bigco.example", c.Address)
	}
	return c.open(ctx, w, func(b *bot.Bot) error {
		hash, did, line := bot.RecipientOf(b.Secret, c.Address), "suppressed", bot.AuditSuppress
		p := printer{out: w.Stdout}
		if c.Remove {
			did, line = "removed", bot.AuditUnsuppress
			switch err := b.Store.Unsuppress(ctx, hash); {
			case errors.Is(err, bot.ErrNotFound):
				p = printer{out: w.Stderr}
				p.printf("usher: this address is not on the list\n")
				return errors.Join(p.err, ErrNo)
			case err != nil:
				return err
			}
		} else if err := b.Store.Suppress(ctx, bot.Recipient{Hash: hash, Suppressed: w.Now().UTC().Truncate(time.Microsecond), Because: "by " + w.who()}); err != nil {
			return err
		}
		if err := b.Audit(ctx, bot.AuditLine{At: w.Now(), Who: w.who(), What: line, Whom: hash}); err != nil {
			return err
		}
		if c.JSON {
			return jsonLines(w.Stdout).Encode(struct {
				State string `json:"state"` // suppressed or removed
				Hash  string `json:"hash"`
			}{did, hash})
		}
		if c.Remove {
			p.printf("Letters go there again.\n")
		} else {
			p.printf("No more letters go there.\n")
		}
		return p.err
	})
}
