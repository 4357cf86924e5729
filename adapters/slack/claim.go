package slack

import (
	"context"

	"github.com/slack-go/slack"

	"usher/bot"
)

// snoozed marks the reminder that a rep asked for.
const snoozed = "snoozed"

// escalate tells what a lead that waits to be claimed has come to.
func (a *App) escalate(ctx context.Context, j bot.Job) error {
	e, err := event(j)
	if err != nil {
		return err
	}
	what, err := a.Desk.Escalate(ctx, e)
	if err != nil {
		return err
	}
	switch what {
	case bot.ClaimRemind:
		return a.tell(ctx, j.ID, e, func(c leadCard) (string, []slack.BlockElement) { return reminder(c, e), nil })
	case bot.ClaimFallback:
		return a.nobody(ctx, j.ID, e)
	}
	return nil // the next rep is told by the event that the lead was passed
}

func reminder(c leadCard, e bot.Event) string {
	text := ":alarm_clock: " + mention(c.roster, e.Rep) + " *" + escape(c.who()) + "* "
	if e.Detail == snoozed {
		return text + "is due: you asked to be reminded."
	}
	return text + "waits for you. If you do not claim it soon, it goes to the next rep."
}

// nobody tells the fallback channel of a lead that nobody took; without one, all of its team.
func (a *App) nobody(ctx context.Context, id string, e bot.Event) error {
	say := func(c leadCard) (string, []slack.BlockElement) {
		text := ":rotating_light: Nobody has claimed *" + escape(c.who()) + "*, " + c.grade() + ". It is with " + escape(c.Owner.Name) + " until somebody does."
		return text, []slack.BlockElement{
			slack.NewButtonBlockElement(actionClaim, c.Conversation, caption("Claim")).WithStyle(slack.StylePrimary), c.reading(),
		}
	}
	to := a.fallback()
	if to == "" {
		return a.tell(ctx, id, e, func(c leadCard) (string, []slack.BlockElement) {
			text, buttons := say(c)
			return c.called(e.Team) + " " + text, buttons
		})
	}
	c, err := a.lead(ctx, e.Conversation)
	if err != nil {
		return err
	}
	text, buttons := say(c)
	return a.post(ctx, Post{
		ID: "nobody-" + id, Channel: to, Text: text, Blocks: []slack.Block{para(text), slack.NewActionBlock("", buttons...)}, Link: toldAt(e.Conversation, "nobody-"+id),
	})
}
