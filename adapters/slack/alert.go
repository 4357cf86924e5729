package slack

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"usher/bot"
)

// alert warns reps: under the lead's card, and where there is no lead in the fallback channel.
func (a *App) alert(ctx context.Context, j bot.Job) error {
	e, err := event(j)
	if err != nil {
		return err
	}
	switch e.Event {
	case bot.AlertDead:
		return a.warn(ctx, j.ID, e, ":rotating_light: A job was given up and needs a look: "+quote(e.Detail))
	case bot.AlertWatched:
		return a.watched(ctx, j.ID, e)
	case bot.AlertNotBooked, bot.AlertMoved, bot.AlertCancelled, bot.AlertTime, bot.AlertStays, bot.AlertClash, bot.AlertAnswer,
		bot.AlertNoShow, bot.AlertMail, bot.AlertCalendar, bot.AlertLeft:
		return a.tell(ctx, j.ID, e, func(c leadCard) (string, []slack.BlockElement) { return warning(c, e), nil })
	}
	return &bot.RetryError{Never: true, Err: fmt.Errorf("alert %q is not known", e.Event)}
}

// warning is what reps are told of a lead.
func warning(c leadCard, e bot.Event) string {
	who, rep := "*"+escape(c.who())+"*", mention(c.roster, cmp.Or(c.Claimed, c.Owner.ID))
	with := rep + " the meeting with " + who
	switch e.Event {
	case bot.AlertMoved:
		text := ":calendar: " + rep + " has the meeting with " + who + " now" + c.starts()
		if e.Detail != "" {
			text += "; it was " + quote(nameOf(c.roster, e.Detail)) + "'s"
		}
		return text + "."
	case bot.AlertLeft:
		return ":arrow_right: " + rep + " " + who + " is yours now: " + quote(e.Detail) + ", who had the lead, is not in the team any more."
	case bot.AlertTime:
		text := ":calendar: " + with + " is at another time now" + c.starts()
		if e.Detail == bot.FromVisitor {
			text += "; the visitor chose it"
		}
		return text + "."
	case bot.AlertStays:
		return ":warning: " + with + " stays where it was" + c.starts() + ": it was put" + to(e.Detail) + " in the calendar, where there is another meeting. Put it somewhere else, or choose another time on its page."
	case bot.AlertClash:
		return ":warning: " + with + " cannot take place, and they are asked for another time" + because(e.Detail)
	case bot.AlertAnswer:
		return ":calendar: " + rep + " " + who + " " + answers[e.Detail] + " the meeting" + c.starts() + "."
	case bot.AlertNoShow:
		return ":calendar: " + rep + " " + who + " did not come to the meeting" + c.starts() + "."
	case bot.AlertMail:
		return ":warning: " + rep + " a letter about the meeting with " + who + " cannot be delivered" + because(e.Detail)
	case bot.AlertCalendar:
		return ":warning: " + with + " cannot be written to the calendar" + because(e.Detail)
	case bot.AlertCancelled:
		return ":calendar: " + with + " is cancelled" + because(e.Detail)
	}
	return ":warning: " + rep + " " + who + " told who they are and did not book" + because(e.Detail)
}

// answers are what a visitor's calendar answered to an invitation.
var answers = map[string]string{bot.AnswerAccepted: "accepted", bot.AnswerDeclined: "declined", bot.AnswerTentative: "tentatively accepted"}

// starts is when the lead's meeting is, after a comma.
func (c leadCard) starts() string {
	if c.Meeting == nil {
		return ""
	}
	return ", " + when(c.Meeting.Start)
}

// to is when something was put to, or nothing where that cannot be read.
func to(detail string) string {
	t, err := time.Parse(time.RFC3339, detail)
	if err != nil {
		return ""
	}
	return " to " + when(t)
}

func because(detail string) string {
	if detail == "" {
		return "."
	}
	return ": " + quote(detail) + "."
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
	e.Team = cmp.Or(e.Team, c.Team)
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
		ID: "alert-" + id, Channel: to, Text: text, Blocks: append([]slack.Block{para(text)}, more...), Fallback: a.fallback(), Link: toldAt(e.Conversation, "alert-"+id),
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
