package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"usher/bot"
	"usher/flows"
)

// actionAnyway joins a lead that another rep has: for when that rep cannot.
const actionAnyway = "lead.join_anyway"

// click is a rep's doing on a lead.
type click struct {
	Event
	rep          *flows.Rep
	conversation string
	more         string
}

// repAction takes a rep's click or form and says whether it was one.
func (a *App) repAction(ctx context.Context, e Event) (handled bool, err error) {
	if e.Kind != kindAction || !strings.HasPrefix(e.Action, "lead.") {
		return false, nil
	}
	if e.Action == actionOpen {
		return true, nil
	}
	rep := repOf(a.roster(), e.User)
	if rep == nil {
		return true, a.whisper(ctx, e, notARep)
	}
	conversation, more, _ := strings.Cut(e.Value, " ")
	err = a.clicked(ctx, click{Event: e, rep: rep, conversation: conversation, more: more})
	if errors.Is(err, bot.ErrNotFound) {
		return true, a.whisper(ctx, e, "This lead is not here any more.")
	}
	return true, err
}

const notARep = "Only reps can do this. If you are one, ask for `slack: YOUR_MEMBER_ID` at your name in team.yaml."

func (a *App) clicked(ctx context.Context, c click) error {
	switch c.Action {
	case actionClaim:
		return a.claim(ctx, c)
	case actionPass:
		return a.pass(ctx, c)
	case actionJoin:
		return a.join(ctx, c)
	case actionAnyway:
		return a.goLive(ctx, c)
	case actionLeave:
		return a.leave(ctx, c)
	case actionSnooze:
		return a.snooze(ctx, c)
	case actionTranscript:
		return a.showTranscript(ctx, c)
	}
	return fmt.Errorf("nothing is done on %q", c.Action)
}

// claim takes the lead; the card tells everybody, and whoever came too late is told who was first.
func (a *App) claim(ctx context.Context, c click) error {
	holder, err := a.Desk.Claim(ctx, c.conversation, c.rep.ID)
	switch {
	case errors.Is(err, bot.ErrNotFree):
		return a.whisper(ctx, c.Event, "You are not free at the time of this lead's meeting, so it stays where it is.")
	case err != nil:
		return err
	case holder != c.rep.ID:
		return a.whisper(ctx, c.Event, a.taken(holder))
	}
	return nil
}

func (a *App) taken(holder string) string {
	return escape(nameOf(a.roster(), holder)) + " has this lead already."
}

func (a *App) pass(ctx context.Context, c click) error {
	next, err := a.Desk.Pass(ctx, c.conversation, c.rep.ID, "passed in Slack")
	switch {
	case errors.Is(err, bot.ErrNobody):
		return a.whisper(ctx, c.Event, "Nobody else can take this lead now, so it stays with you.")
	case errors.Is(err, bot.ErrNotYours):
		return a.whisper(ctx, c.Event, "Only who has a lead can pass it: "+a.taken(next))
	case err != nil:
		return err
	}
	return a.whisper(ctx, c.Event, "Passed to "+escape(nameOf(a.roster(), next))+".")
}

func (a *App) snooze(ctx context.Context, c click) error {
	until, ok := a.nap(c)
	if !ok {
		return a.whisper(ctx, c.Event, "For how long?")
	}
	if !until.After(a.now()) {
		return a.whisper(ctx, c.Event, "That time is over already.")
	}
	err := a.Desk.Snooze(ctx, c.conversation, c.rep.ID, until)
	if errors.Is(err, bot.ErrNotYours) {
		return a.whisper(ctx, c.Event, "Only who has a lead can snooze it.")
	}
	if err != nil {
		return err
	}
	return a.whisper(ctx, c.Event, "You are reminded at "+when(until)+".")
}

// morning is when a rep who snoozes until tomorrow is reminded.
const morning = 9

// nap is until when a snooze goes, counted from the click: carried out twice it is the same.
func (a *App) nap(c click) (time.Time, bool) {
	from := c.At
	if from.IsZero() {
		from = a.now()
	}
	if c.more == tomorrow {
		t := from.In(cmp.Or(c.rep.Location, a.roster().Location, time.UTC))
		return time.Date(t.Year(), t.Month(), t.Day()+1, morning, 0, 0, 0, t.Location()), true
	}
	d, err := time.ParseDuration(c.more)
	return from.Add(d), err == nil && d > 0
}

// join takes the lead and lets its thread go live. A lead of somebody else is joined only by who insists.
func (a *App) join(ctx context.Context, c click) error {
	holder, err := a.Desk.Claim(ctx, c.conversation, c.rep.ID)
	if err != nil && !errors.Is(err, bot.ErrNotFree) {
		return err
	}
	if err == nil && holder != "" && holder != c.rep.ID {
		anyway := slack.NewButtonBlockElement(actionAnyway, c.conversation, caption("Join all the same"))
		return a.whisper(ctx, c.Event, a.taken(holder), para(a.taken(holder)), slack.NewActionBlock("", anyway))
	}
	return a.goLive(ctx, c)
}
