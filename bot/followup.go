package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// JobLetter is a letter of a sequence that is to be sent: Event.Detail is the enrolment's id, Seq its run and Change the
// number of the letter.
const JobLetter = "letter"

// Events of JobFollowUp beside the ends with which sequences begin.
const (
	followSilence = "silence" // Detail is the sequence
	followCame    = "came"    // Detail is the sequence whose condition came to hold
	followLeft    = "left"    // the visitor said that they want no more letters
	followNext    = "next"    // Detail is the enrolment's id: its next letter is due
)

// AgainAfter is how long after its last letter a sequence may begin again for the same person: sooner they would get the
// same words twice in a month.
const AgainAfter = 30 * 24 * time.Hour

// TooLate is how long after its time a letter still goes, when there was no mail server or no program: after two months a letter
// about what somebody said then is one from a stranger.
const TooLate = 60 * 24 * time.Hour

// Who a visitor without an address is may be told by other conversations, which are put together in the background.
const (
	unknownPause = 5 * time.Second
	maxUnknown   = 3 // attempts
)

var errUnknown = errors.New("it is not known yet who this is")

// FollowUps sends letters to those who are not ready yet. Without a mail server they are planned all the same, and wait. Letters
// that were edited since a sequence began go as the running revision says: a marketer who mends a letter wants it mended.
type FollowUps struct {
	Bot *Bot
	Key []byte // of the hashes that stand for addresses
}

// FollowUps has the bot's follow-ups carried out from now on. What sends the letters is the carrier of JobLetter.
func (b *Bot) FollowUps(key []byte) *FollowUps {
	f := &FollowUps{Bot: b, Key: key}
	if b.Carriers == nil {
		b.Carriers = map[string]Carrier{}
	}
	b.Carriers[JobFollowUp] = f.Carry
	return f
}

// leaves makes the job that ends all letters to a visitor who said so, and once more when it is known where they would go.
func (d *decision) leaves() {
	is := d.turn.Conversation.State
	if is.NoLetters && (!d.before.NoLetters || answered(is, "email") != answered(d.before, "email")) {
		d.job(JobFollowUp, Event{Event: followLeft}, d.turn.Now)
	}
}

// left puts whom the conversation is with on the list of those who want no letters.
func (f *FollowUps) left(ctx context.Context, c Conversation) error {
	t, err := f.truth(ctx, c)
	if err != nil || t.address == "" {
		return err
	}
	return f.Unsubscribe(ctx, t.recipient.Hash)
}

// followUps makes the jobs by which sequences begin that no end of an author begins.
func (d *decision) followUps(in dialogue.Input) {
	w := d.bot.Workspace()
	if w == nil || w.Followups == nil || d.bot.Carriers[JobFollowUp] == nil {
		return
	}
	c, now := d.turn.Conversation, d.turn.Now
	if end := c.State.End; end != d.before.End && (end == flows.Qualified || end == dialogue.Expired) {
		d.job(JobFollowUp, Event{Event: end}, now)
	}
	for _, q := range w.Followups.Sequences {
		switch {
		case !concerns(q, c):
		case q.On.Silence > 0 && c.State.End == "" && spoke(in) && answered(c.State, "email") != "":
			d.job(JobFollowUp, Event{Event: followSilence, Detail: q.ID}, now.Add(q.On.Silence))
		case q.On.If != nil && came(in):
			d.came(q)
		}
	}
}

func spoke(in dialogue.Input) bool {
	_, said := in.(dialogue.Said)
	return said
}

func came(in dialogue.Input) bool {
	switch in.(type) {
	case dialogue.Started, dialogue.Said, dialogue.Visited, dialogue.Returned, dialogue.Identified:
		return true
	}
	return false
}

// concerns says whether the sequence is for conversations of that flow.
func concerns(q *flows.Sequence, c Conversation) bool {
	return q.Flow == "" || q.Flow == c.State.Flow || q.Flow == c.Split
}

// came makes the job of a sequence whose condition holds: once for each conversation, and once more when the address comes to be
// known in it.
func (d *decision) came(q *flows.Sequence) {
	c, now := d.turn.Conversation, d.turn.Now
	scope := d.machine.Scope(c.State, now)
	scope.Visits = max(scope.Visits, d.visits)
	if holds, err := q.On.If.Holds(scope); err != nil || !holds {
		return
	}
	before := len(d.turn.Jobs)
	d.job(JobFollowUp, Event{Event: followCame, Detail: q.ID}, now)
	for i := before; i < len(d.turn.Jobs); i++ {
		d.turn.Jobs[i].ID = "came-" + c.ID + "-" + q.ID
		if answered(c.State, "email") != "" {
			d.turn.Jobs[i].ID += "-known"
		}
	}
}

// Carry carries a JobFollowUp: it begins sequences, or sends the next letter of one.
func (f *FollowUps) Carry(ctx context.Context, j Job) error {
	var e Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &RetryError{Never: true, Err: fmt.Errorf("read follow-up's job: %w", err)}
	}
	if e.Event == followNext {
		return f.again(ctx, func() error { return f.next(ctx, e) })
	}
	c, err := f.Bot.Store.Load(ctx, e.Conversation)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil // erased
	case err != nil:
		return fmt.Errorf("begin follow-ups: %w", err)
	case e.Event == followLeft:
		return f.left(ctx, c)
	}
	w := f.Bot.Workspace()
	if w == nil || w.Followups == nil {
		return nil
	}
	for _, q := range w.Followups.Sequences {
		if !begins(q, e, c) {
			continue
		}
		if err := f.again(ctx, func() error { return f.enrol(ctx, q, c) }); err != nil && !(errors.Is(err, errUnknown) && j.Attempts >= maxUnknown) {
			return err
		}
	}
	return nil
}

// again does something once more while others were first.
func (f *FollowUps) again(ctx context.Context, do func() error) (err error) {
	for range MaxTakes {
		if err = do(); !errors.Is(err, ErrStale) || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// begins says whether the sequence begins with what happened, if that is still so.
func begins(q *flows.Sequence, e Event, c Conversation) bool {
	if !concerns(q, c) {
		return false
	}
	switch e.Event {
	case followSilence:
		return q.ID == e.Detail && q.On.Silence > 0 && (c.State.End == "" || c.State.End == dialogue.Expired)
	case followCame:
		return q.ID == e.Detail && q.On.If != nil
	}
	return q.On.End == e.Event && c.State.End == e.Event
}

// enrol begins a sequence for the person of a conversation, or does nothing: where it runs already, came to its end lately, or
// would stop at once.
func (f *FollowUps) enrol(ctx context.Context, q *flows.Sequence, c Conversation) error {
	t, err := f.truth(ctx, c)
	if err != nil {
		return err
	}
	now := f.Bot.now()
	log := f.Bot.log().With("conversation", c.ID, "sequence", q.ID)
	if q.On.Silence > 0 && t.heard.Add(q.On.Silence).After(now) {
		return nil // it was broken since, and a later job is there for the silence after that
	}
	e := Enrolment{ID: EnrolmentID(t.recipient.Hash, q.ID), Recipient: t.recipient.Hash, Sequence: q.ID, Conversation: c.ID, BeganAt: now, State: EnrolmentRunning}
	because := t.stops(q, e)
	if because == StopAddress && t.person.ID == "" && f.Bot.Carriers[JobPerson] != nil {
		return &RetryError{After: unknownPause, Err: errUnknown}
	}
	if because != "" {
		log.Info("no letters", "because", because)
		return nil
	}
	was, err := f.Bot.Store.Enrolment(ctx, e.ID)
	switch {
	case err != nil && !errors.Is(err, ErrNotFound):
		return err
	case was.State == EnrolmentRunning, !was.LastAt.IsZero() && now.Before(was.LastAt.Add(AgainAfter)):
		return nil
	}
	e.Run, e.LastAt = was.Run+1, was.LastAt
	turn := EnrolmentTurn{Recipient: t.recipient, Enrolment: e, Now: now}
	if err := f.schedule(ctx, &turn, q, t); err != nil {
		return err
	}
	log.Info("letters begin", "next", turn.Enrolment.NextAt)
	return f.commit(ctx, turn)
}
