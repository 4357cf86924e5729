package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"usher/bot"
)

// ExportCommand gives everything that is known of a person.
type ExportCommand struct {
	Who string `arg:"" help:"An e-mail address, a phone number like +4930…, or the id of a person, conversation, visitor or meeting."`
	Out string `placeholder:"FOLDER" help:"Write person.md and person.jsonl there, for the person to have."`
	HouseQuery
}

// Help teaches.
func (ExportCommand) Help() string {
	return `Everything that is known of one human being: the record, its trail, all conversations with what was said, answers, pages, consents with
their wording, meetings, what lies in Slack and calendars, what other systems were sent, and each row of every table that is theirs.
It is readable as it is (Markdown), and with --json one object a line for programs. The export is written to the audit log.

What another person has for their own is left out, also where both used one browser.

  usher export mira@acme.example --out mira
  usher export +49301234567 --json | jq -c 'select(.type=="message")'`
}

// Run exports.
func (c *ExportCommand) Run(ctx context.Context, w *World) error {
	return c.open(ctx, w, func(b *bot.Bot) error {
		b.Now = w.Now
		subject, err := b.Subject(ctx, c.Who)
		if errors.Is(err, bot.ErrNotFound) {
			return w.nobody(ctx, b, c.Who)
		}
		if err != nil {
			return err
		}
		dossier, err := b.Export(ctx, subject, w.who())
		if err != nil {
			return err
		}
		if c.Out != "" {
			return c.write(w, dossier)
		}
		if c.JSON {
			out := jsonLines(w.Stdout)
			for _, l := range dossier.Lines() {
				err = errors.Join(err, out.Encode(l))
			}
			return err
		}
		p := printer{out: w.Stdout}
		p.printf("%s", dossier.Markdown())
		return p.err
	})
}

// write makes the folder with both files, for nobody but the owner.
func (c *ExportCommand) write(w *World, d bot.Dossier) error {
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	var lines bytes.Buffer
	out := jsonLines(&lines)
	for _, l := range d.Lines() {
		if err := out.Encode(l); err != nil {
			return err
		}
	}
	for name, text := range map[string][]byte{"person.md": []byte(d.Markdown()), "person.jsonl": lines.Bytes()} {
		if err := os.WriteFile(filepath.Join(c.Out, name), text, 0o600); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	p := printer{out: w.Stdout}
	p.printf("Wrote %s and %s: %s, %s, %s.\n", filepath.Join(c.Out, "person.md"), filepath.Join(c.Out, "person.jsonl"),
		count(len(d.Conversations), "conversation", "conversations"), count(len(d.Meetings), "meeting", "meetings"), count(len(d.Records), "row", "rows"))
	return p.err
}

// nobody says that nobody is known by the word, or that they were erased.
func (w *World) nobody(ctx context.Context, b *bot.Bot, who string) error {
	p := printer{out: w.Stderr}
	if e, err := erasedAs(ctx, b, who); err == nil {
		p.printf("usher: they were erased on %s by %s (erasure %s); nothing is known of them any more\n", stamp(e.At), e.Who, brief(e.ID))
	} else {
		p.printf("usher: nobody is known by that e-mail address, phone number or id\n")
	}
	return errors.Join(p.err, ErrNo)
}

// erasedAs is the erasure of whoever was known by the word.
func erasedAs(ctx context.Context, b *bot.Bot, who string) (e bot.Erasure, err error) {
	for _, kind := range []string{bot.ByEmail, bot.ByPhone, bot.ByPerson, bot.ByConversation, bot.ByVisitor, bot.ByMeeting} {
		if e, err = b.Erased(ctx, kind, who); err == nil || !errors.Is(err, bot.ErrNotFound) {
			return e, err
		}
	}
	return e, err
}
