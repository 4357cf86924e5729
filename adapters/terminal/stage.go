package terminal

import (
	"cmp"
	"context"
	"errors"

	"usher/bot"
)

// StageCommand moves a lead.
type StageCommand struct {
	Who     string `arg:"" help:"An e-mail address, a phone, how the name begins, or the id of the lead or a conversation."`
	Stage   string `arg:"" help:"visitor, nurture, waitlist, mql, disqualified, sal, sql, lost or won."`
	Because string `required:"" help:"Why; it stands in the lead's trail." placeholder:"TEXT"`
	By      string `help:"Who says so; by default you." placeholder:"NAME"`
	HouseQuery
}

// Help teaches.
func (StageCommand) Help() string {
	help := `Stages move by themselves as conversations, reps and meetings go:

`
	for _, r := range bot.StageRules {
		help += "  " + label(cmp.Or(r.To, "(before)"), 12) + "  " + r.Doc + "\n"
	}
	return help + `
Won and lost are said by hand, by the API or by a CRM alone, and left so alone. By hand a lead moves to any stage, with a reason that
stands in its trail. Other systems and the lead's card hear of it.

  usher stage priya@bigco.example won --because "signed on Friday"
  usher stage omar@smallco.example disqualified --because "a competitor" --by asha`
}

// stageLine is what --json prints.
type stageLine struct {
	ID      string `json:"id"`
	From    string `json:"from"`
	To      string `json:"to"`
	By      string `json:"by"`
	Because string `json:"because"`
}

// Run moves.
func (c *StageCommand) Run(ctx context.Context, w *World) error {
	if err := knownStage("STAGE", c.Stage); err != nil {
		return err
	}
	return c.open(ctx, w, func(b *bot.Bot) error {
		p, err := b.FindPerson(ctx, c.Who)
		if errors.Is(err, bot.ErrNotFound) {
			return noLead(w, c.Who)
		}
		if err != nil {
			return err
		}
		by := cmp.Or(c.By, w.who())
		if err = b.SetStage(ctx, p.ID, c.Stage, c.Because, by); errors.Is(err, bot.ErrNoReason) {
			return misuse("--because says nothing, or too much for a trail; say why in a sentence, as in --because \"signed on Friday\"")
		}
		if err != nil {
			return err
		}
		if c.JSON {
			return jsonLines(w.Stdout).Encode(stageLine{p.ID, p.Stage, c.Stage, by, c.Because})
		}
		out, who := printer{out: w.Stdout}, cmp.Or(p.Name, p.Email, p.Phone, p.ID)
		if p.Stage == c.Stage {
			out.printf("%s is at %s already; nothing is written down.\n", who, c.Stage)
			return out.err
		}
		out.printf("%s: %s → %s, because %s\n", who, p.Stage, c.Stage, c.Because)
		return out.err
	})
}
