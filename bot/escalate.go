package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"usher/bot/dialogue"
	"usher/flows"
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

// JobTier is the kind of job that ends a tier's time to take a lead; the bot itself carries it out.
const JobTier = "tier"

// NextTier carries out JobTier: a lead that nobody of the tier has claimed goes to the next one, or to the fallback that
// its route names. One that is claimed, booked, with a person or in another tier stays; a snoozed one gets until then.
func (b *Bot) NextTier(ctx context.Context, j Job) error {
	var e Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &RetryError{Never: true, Err: fmt.Errorf("job %s: %w", j.ID, err)}
	}
	c, err := b.load(ctx, e.Conversation, "")
	if errors.Is(err, ErrNotFound) {
		return &RetryError{Never: true, Err: err} // erased meanwhile
	}
	if err != nil {
		return err
	}
	s := c.State
	if tierOf(s) != e.Detail || s.Claimed != "" || s.Meeting != nil || s.Joined != nil || s.End == flows.Disqualified {
		return nil
	}
	if s.Snoozed.After(b.now()) {
		j.ID, j.RunAt, j.State = j.ID+"-snoozed", s.Snoozed, JobReady
		return b.Store.Enqueue(ctx, j)
	}
	_, err = b.change(ctx, c.ID, dialogue.Passed{Rep: owner(s), Because: "nobody there took it in time", Waited: true, Tier: true})
	if errors.Is(err, ErrNobody) {
		b.log().Warn("nobody of the next tier can have the lead; it stays", "conversation", c.ID, "rep", owner(s))
		return nil
	}
	return err
}

// tierOf tells a tier that has the lead from others by who comes after it; "" where nobody does.
func tierOf(s dialogue.Conversation) string {
	if s.Assigned == nil || s.Assigned.Next == nil {
		return ""
	}
	return strings.Join(s.Assigned.Next.To, " ")
}

// tiers makes the job that ends a tier's time, when the tier gets the lead or its rep lets go of it.
func (d *decision) tiers() {
	s := d.turn.Conversation.State
	if tier := tierOf(s); tier != "" && s.Claimed == "" && s.Meeting == nil && (tierOf(d.before) != tier || d.before.Claimed != "") {
		d.job(JobTier, Event{Event: JobTier, Team: s.Assigned.Team, Detail: tier}, d.turn.Now.Add(s.Assigned.Next.After))
	}
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
