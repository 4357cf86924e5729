package bot

import (
	"context"
	"errors"
	"fmt"

	"usher/bot/dialogue"
)

// What a lead that waits to be claimed comes to: events of JobClaim and answers of Escalate.
const (
	ClaimRemind   = "remind"   // the rep is reminded
	ClaimNext     = "next"     // the next rep has the lead
	ClaimFallback = "fallback" // the fallback channel is told
)

// snoozed marks the reminder that a rep asked for.
const snoozed = "snoozed"

// Escalate takes the event of a JobClaim when its time has come and says what is to be told: ClaimRemind, ClaimNext
// after the lead went on, ClaimFallback, or "" when it does not matter any more, because the lead is claimed, booked,
// snoozed, with another rep or a rep has joined. It may be called again; a lead goes on once.
func (b *Bot) Escalate(ctx context.Context, e Event) (what string, err error) {
	c, err := b.load(ctx, e.Conversation, "")
	if err != nil {
		return "", err
	}
	s := c.State
	waits := s.Claimed == "" && s.Meeting == nil && s.Joined == nil
	if owner(s) != e.Rep || s.Snoozed.After(b.now()) || !waits && e.Detail != snoozed {
		return "", nil
	}
	if e.Event != ClaimNext {
		return e.Event, nil
	}
	_, err = b.change(ctx, c.ID, dialogue.Passed{Rep: e.Rep, Because: "did not claim it in time", Waited: true})
	if errors.Is(err, ErrNobody) {
		return ClaimFallback, nil
	}
	if err != nil {
		return "", fmt.Errorf("pass on: %w", err)
	}
	return ClaimNext, nil
}

// timers makes the jobs that a lead's way to another rep needs in a team with a time to claim: a reminder at half
// time and the next rep at full time; the fallback where the lead was passed on by such a timer already.
func (d *decision) timers(in dialogue.Input) {
	s := d.turn.Conversation.State
	if s.Assigned == nil {
		return
	}
	now := d.turn.Now
	team := d.desk.Workspace.Roster.Team(s.Assigned.Team)
	if z, ok := in.(dialogue.Snoozed); ok {
		d.job(JobClaim, Event{Event: ClaimRemind, Team: s.Assigned.Team, Detail: snoozed}, z.Until)
		now = z.Until
	} else if owner(d.before) == s.Assigned.Rep {
		return
	}
	if team == nil || team.Claim <= 0 || s.Claimed != "" {
		return
	}
	last := ClaimNext
	if p, ok := in.(dialogue.Passed); ok && p.Waited {
		last = ClaimFallback
	}
	if now.Equal(d.turn.Now) {
		d.job(JobClaim, Event{Event: ClaimRemind, Team: team.ID}, now.Add(team.Claim/2))
	}
	d.job(JobClaim, Event{Event: last, Team: team.ID}, now.Add(team.Claim))
}
