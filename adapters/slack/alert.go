package slack

import (
	"cmp"
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"usher/bot"
)

// Events of bot.JobAlert.
const (
	alertNotBooked = "filled_not_booked"
	alertWatched   = "watched_company"
	alertMoved     = "meeting_moved"
	alertCancelled = "meeting_cancelled"
	alertJobDead   = "job_dead"
)

// alert warns reps: under the lead's card, and where there is no lead in the fallback channel.
func (a *App) alert(ctx context.Context, j bot.Job) error {
	e, err := event(j)
	if err != nil {
		return err
	}
	switch e.Event {
	case alertJobDead:
		return a.warn(ctx, j.ID, e, ":rotating_light: A job was given up and needs a look: "+quote(e.Detail))
	case alertWatched:
		return a.watched(ctx, j.ID, e)
	case alertNotBooked, alertMoved, alertCancelled:
		return a.tell(ctx, j.ID, e, func(c leadCard) (string, []slack.BlockElement) { return warning(c, e), nil })
	}
	return &bot.RetryError{Never: true, Err: fmt.Errorf("alert %q is not known", e.Event)}
}

// warning is what reps are told of a lead.
func warning(c leadCard, e bot.Event) string {
	who := "*" + escape(c.who()) + "*"
	text := mention(c.roster, cmp.Or(c.Claimed, c.Owner.ID)) + " "
	switch e.Event {
	case alertMoved:
		text = ":calendar: " + text + "the meeting with " + who + " moved"
		if c.Meeting != nil {
			text += " to " + when(c.Meeting.Start)
		}
	case alertCancelled:
		text = ":calendar: " + text + "the meeting with " + who + " is cancelled"
	default:
		text = ":warning: " + text + who + " filled in everything and did not book"
	}
	if e.Detail != "" {
		return text + ": " + quote(e.Detail)
	}
	return text + "."
}

// watched tells that somebody of a watched company is on the site; they may not be a lead yet.
func (a *App) watched(ctx context.Context, id string, e bot.Event) error {
	c, err := a.lead(ctx, e.Conversation)
	if err != nil {
		return err
	}
	text := ":eyes: Somebody from *" + quote(e.Detail) + "* is on the site"
	if n := len(c.Pages); n > 0 {
		text += ", now on " + quote(c.Pages[n-1].Path)
	}
	if c.Owner.ID != "" {
		text = mention(c.roster, c.Owner.ID) + " " + text
	}
	buttons := slack.NewActionBlock("", slack.NewButtonBlockElement(actionJoin, c.Conversation, caption("Join")), c.reading())
	return a.warn(ctx, id, e, text, buttons)
}

// warn posts where somebody looks: where the lead's team does, else in the fallback channel.
func (a *App) warn(ctx context.Context, id string, e bot.Event, text string, more ...slack.Block) error {
	to := a.lookout(e)
	if to == "" {
		a.log().Warn("an alert has no channel in Slack", "alert", e.Event, "conversation", e.Conversation)
		return nil
	}
	return a.post(ctx, Post{
		ID: "alert-" + id, Channel: to, Text: text, Blocks: append([]slack.Block{para(text)}, more...), Fallback: a.fallback(),
	})
}

// lookout is the channel of the team, of the fallback, or of the first team that has one.
func (a *App) lookout(e bot.Event) string {
	r := a.roster()
	if t := r.Team(e.Team); t != nil && t.Slack != "" {
		return t.Slack
	}
	if to := a.fallback(); to != "" {
		return to
	}
	for _, t := range r.Teams {
		if t.Slack != "" {
			return t.Slack
		}
	}
	return ""
}
