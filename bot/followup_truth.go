package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// Why an enrolment stops, beside what an author names.
const (
	StopErased    = "erased"    // the conversation is no more
	StopLate      = "late"      // the letter could not go for so long that it is not to go any more
	StopGone      = "gone"      // the sequence is not in the workspace any more
	StopAddress   = "address"   // there is no address to write to
	StopCondition = "condition" // the sequence's condition does not hold
)

// goodbye is how long after its beginning words still belong to the visit that began a sequence ("thank you"), and are no
// answer to it; of a sequence with little time before its first letter, half of that.
const goodbye = 5 * time.Minute

// truth is what is so of the person of a conversation now.
type truth struct {
	conversation Conversation
	person       Person // zero = there is none yet
	recipient    Recipient
	address      string
	zone         *time.Location
	scope        *flows.Scope
	heard        time.Time // when they last said something, in any conversation
	meeting      time.Time // start of the latest meeting they have; zero = none
}

// look reads what is so of an enrolment: its sequence, and why it stops, if it does.
func (f *FollowUps) look(ctx context.Context, e Enrolment) (q *flows.Sequence, t *truth, because string, err error) {
	t = &truth{}
	if w := f.Bot.Workspace(); w != nil {
		q = w.Followups.Sequence(e.Sequence)
	}
	c, err := f.Bot.Store.Load(ctx, e.Conversation)
	switch {
	case errors.Is(err, ErrNotFound):
		return q, t, StopErased, nil
	case err != nil:
		return q, t, "", err
	}
	if t, err = f.truth(ctx, c); err != nil {
		return q, t, "", err
	}
	if q == nil {
		return nil, t, StopGone, nil
	}
	return q, t, t.stops(q, e), nil
}

// truth reads what is so of the person of a conversation.
func (f *FollowUps) truth(ctx context.Context, c Conversation) (*truth, error) {
	t := &truth{conversation: c}
	var err error
	if t.person, err = f.Bot.Store.PersonOf(ctx, c.ID); err != nil && !errors.Is(err, ErrNotFound) {
		return t, err
	}
	all := []Past{{Conversation: c}}
	if t.person.ID != "" {
		if all, err = f.Bot.Store.ConversationsOf(ctx, t.person.ID); err != nil {
			return t, err
		}
	}
	for _, p := range all {
		if m := p.State.Meeting; m != nil && m.Start.After(t.meeting) {
			t.meeting = m.Start
		}
		heard, err := f.Bot.Store.LastHeard(ctx, p.ID)
		if err != nil {
			return t, err
		}
		if heard.After(t.heard) {
			t.heard = heard
		}
	}
	t.address = strings.TrimSpace(cmp.Or(answered(c.State, "email"), t.person.Email))
	if t.recipient, err = f.Bot.Store.Recipient(ctx, RecipientOf(f.Key, t.address)); err != nil {
		return t, err
	}
	t.zone = f.zoneOf(t)
	t.scope, err = f.scope(ctx, t)
	return t, err
}

// zoneOf is the person's zone, or the workspace's where it is not known.
func (f *FollowUps) zoneOf(t *truth) *time.Location {
	for _, name := range []string{t.conversation.State.Timezone, t.person.Timezone} {
		if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" && name != "UTC" {
			return zone
		}
	}
	if w := f.Bot.Workspace(); w != nil && w.Roster != nil && w.Roster.Location != nil {
		return w.Roster.Location
	}
	return time.UTC
}

// scope is what conditions and letters may name: what the conversation knows, and what else is known of the person.
func (f *FollowUps) scope(ctx context.Context, t *truth) (*flows.Scope, error) {
	h, err := f.Bot.houseOf(ctx, t.conversation)
	if err != nil {
		return nil, fmt.Errorf("what is known for a letter: %w", err)
	}
	m, ok := h.machines[t.conversation.State.Flow]
	if !ok {
		return nil, fmt.Errorf("revision %s has no flow %q", h.Revision, t.conversation.State.Flow)
	}
	s := m.Scope(t.conversation.State, f.Bot.now())
	s.Now = s.Now.In(t.zone)
	values := maps.Clone(t.person.Fields)
	if values == nil {
		values = map[string]flows.Value{}
	}
	maps.Copy(values, s.Values)
	s.Values = values
	return s, nil
}

// stops says why no letter goes any more, or "".
func (t *truth) stops(q *flows.Sequence, e Enrolment) string {
	switch {
	case !t.recipient.Suppressed.IsZero():
		return t.recipient.Because
	case t.conversation.State.NoLetters:
		return flows.StopUnsubscribe
	case t.person.Stage == StageWon, t.person.Stage == StageLost, t.person.Stage == StageDisqualified:
		return t.person.Stage
	case t.conversation.State.End == flows.Disqualified, t.conversation.State.End == dialogue.Stopped:
		return t.conversation.State.End
	case q.Stops(flows.StopAnswer) && t.answered(q, e):
		return flows.StopAnswer
	case q.Stops(flows.StopBooking) && t.meeting.After(e.BeganAt):
		return flows.StopBooking
	case t.address == "":
		return StopAddress
	}
	if holds, err := q.If.Holds(t.scope); err != nil || !holds {
		return StopCondition
	}
	return ""
}

// answered says whether the person said something since the sequence began.
func (t *truth) answered(q *flows.Sequence, e Enrolment) bool {
	since := e.BeganAt
	if q.On.End != "" && len(q.Letters) > 0 {
		since = since.Add(min(goodbye, q.Letters[0].After/2))
	}
	return t.heard.After(since)
}
