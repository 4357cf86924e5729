package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// Desk is what reps need of the house; *bot.Bot is one.
type Desk interface {
	Leads
	People
	Claims
	Live
	Absences
}

// Leads shows leads.
type Leads interface {
	// Card is all that a lead's card shows, or bot.ErrNotFound.
	Card(ctx context.Context, conversation string) (bot.Card, error)
	// LeadsOf lists a rep's leads, the one that changed last first.
	LeadsOf(ctx context.Context, rep string, limit int) ([]bot.Lead, error)
	// FindLead is the conversation of the lead with that id, e-mail address or name, or bot.ErrNotFound.
	FindLead(ctx context.Context, text string) (conversation string, err error)
}

// People moves leads from stage to stage.
type People interface {
	// FindPerson is the lead with that id, conversation, e-mail address, phone or name, or bot.ErrNotFound.
	FindPerson(ctx context.Context, who string) (bot.Person, error)
	// SetStage says who moves the lead and why: bot.ErrNoReason.
	SetStage(ctx context.Context, person, stage, because, by string) error
}

// Claims says who has a lead.
type Claims interface {
	// Claim gives the lead to the first who asks; holder is who has it. bot.ErrNotFree: not with the meeting's time.
	Claim(ctx context.Context, conversation, rep string) (holder string, err error)
	// Pass gives the lead to the next rep: bot.ErrNobody, bot.ErrNotYours.
	Pass(ctx context.Context, conversation, rep, because string) (next string, err error)
	// Snooze reminds the rep later: bot.ErrNotYours.
	Snooze(ctx context.Context, conversation, rep string, until time.Time) error
	// Escalate takes a JobClaim's event and says what is to be told now; "" = nothing. It may be called again.
	Escalate(ctx context.Context, e bot.Event) (what string, err error)
}

// Live lets reps talk to visitors.
type Live interface {
	// Join silences the bot; the first wins, *dialogue.JoinedError names who talks already.
	Join(ctx context.Context, conversation string, p dialogue.Person) error
	// Speak is for the one who has joined; the same id again does nothing. dialogue.ErrNotJoined, *dialogue.JoinedError.
	Speak(ctx context.Context, conversation string, s dialogue.Spoke) error
	// Leave gives the visitor back to the bot; it does nothing when the rep is not there.
	Leave(ctx context.Context, conversation, rep string) error
	// ReplyIn is a canned reply by name, in the language or as it was written first.
	ReplyIn(name, language string) (text string, ok bool)
}

// Absences says who takes leads.
type Absences interface {
	SetAway(ctx context.Context, rep string, until time.Time) error
	Back(ctx context.Context, rep string) error
	// AwayUntil is when a rep who is away is back; zero when the rep is here.
	AwayUntil(ctx context.Context, rep string) (time.Time, error)
}

var _ Desk = (*bot.Bot)(nil)

// repCarriers are the hands that serve reps, by kind of job.
func (a *App) repCarriers() map[string]bot.Carrier {
	return map[string]bot.Carrier{
		bot.JobNotify: a.notify,
		bot.JobCard:   a.follow,
		bot.JobCall:   a.summon,
		bot.JobRelay:  a.relay,
		bot.JobAlert:  a.alert,
		bot.JobClaim:  a.escalate,
	}
}

// roster is the running one.
func (a *App) roster() *flows.Roster { return a.Host.Workspace().Roster }

// event reads a job's payload.
func event(j bot.Job) (bot.Event, error) {
	var e bot.Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return e, &bot.RetryError{Never: true, Err: fmt.Errorf("read job %s: %w", j.ID, err)}
	}
	return e, nil
}
