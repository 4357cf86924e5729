package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/flows"
)

// next sends the letter that is due, or says when it is, or why none is any more.
func (f *FollowUps) next(ctx context.Context, job Event) error {
	lock, e, err := f.enrolled(ctx, job)
	now := f.Bot.now()
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case e.State != EnrolmentRunning, e.Run != job.Seq, int64(e.Letters)+1 != job.Change, e.NextAt.After(now):
		return nil // it is another job's now
	}
	q, t, because, err := f.look(ctx, e)
	if err != nil {
		return err
	}
	turn := EnrolmentTurn{Recipient: lock, Enrolment: e, Now: now}
	if because == "" && now.Sub(e.NextAt) > TooLate {
		because = StopLate
	}
	switch {
	case because != "":
		turn.Enrolment.State, turn.Enrolment.Because, turn.Enrolment.NextAt = EnrolmentStopped, because, time.Time{}
	default:
		if err := f.schedule(ctx, &turn, q, t); err != nil {
			return err
		}
		if turn.Enrolment.State == EnrolmentRunning && !turn.Enrolment.NextAt.After(now) {
			if f.Bot.Carriers[JobLetter] == nil {
				return f.hold(ctx, EnrolmentTurn{Recipient: lock, Enrolment: e, Now: now})
			}
			if err := f.send(ctx, &turn, q, t); err != nil {
				return err
			}
		}
	}
	if because != "" {
		f.Bot.log().Info("letters stop", "conversation", e.Conversation, "sequence", e.Sequence, "because", because)
	}
	return f.commit(ctx, turn)
}

// enrolled reads the recipient and the enrolment of a job, in this order: whoever changes the enrolment later changes the
// recipient, so that what was decided on the old one is ErrStale.
func (f *FollowUps) enrolled(ctx context.Context, job Event) (lock Recipient, e Enrolment, err error) {
	hash, _, _ := strings.Cut(job.Detail, "/")
	if lock, err = f.Bot.Store.Recipient(ctx, hash); err == nil {
		e, err = f.Bot.Store.Enrolment(ctx, job.Detail)
	}
	return lock, e, err
}

// noMail is what is told of a sequence whose letter is due while nobody sends any.
const noMail = "no mail server is set"

var errNoMail = errors.New(noMail)

// mailPause is how often a letter that waits for a mail server looks for one.
const mailPause = 5 * time.Minute

// hold lets a letter that is due wait for a mail server, and says so in the list.
func (f *FollowUps) hold(ctx context.Context, turn EnrolmentTurn) error {
	if turn.Enrolment.Because != noMail {
		turn.Enrolment.Because = noMail
		if err := f.commit(ctx, turn); err != nil {
			return err
		}
	}
	return &RetryError{After: mailPause, Waits: true, Err: errNoMail}
}

// Announce says in the log that letters will wait, where there are some and no mail server is set.
func (f *FollowUps) Announce() {
	w := f.Bot.Workspace()
	if w == nil || w.Followups == nil || len(w.Followups.Sequences) == 0 || f.Bot.Carriers[JobLetter] != nil {
		return
	}
	f.Bot.log().Warn("letters of followups.yaml are planned and wait: no mail server is set, see --smtp", "sequences", len(w.Followups.Sequences))
}

// send adds the letter that is due now, and plans the one after it.
func (f *FollowUps) send(ctx context.Context, turn *EnrolmentTurn, q *flows.Sequence, t *truth) error {
	e := &turn.Enrolment
	e.Letters++
	e.LastAt, e.Because, turn.Letter = turn.Now, "", e.Letters
	payload, err := json.Marshal(Event{Conversation: e.Conversation, Event: JobLetter, Detail: e.ID, Seq: e.Run, Change: int64(e.Letters)})
	if err != nil {
		return err
	}
	turn.Jobs = []Job{{ID: fmt.Sprintf("letter-%s-%d-%d", e.ID, e.Run, e.Letters), Kind: JobLetter, Payload: payload, RunAt: turn.Now, State: JobReady}}
	return f.schedule(ctx, turn, q, t)
}

// schedule says when the next letter of an enrolment goes and adds the job for it; after the last one it is done.
func (f *FollowUps) schedule(ctx context.Context, turn *EnrolmentTurn, q *flows.Sequence, t *truth) error {
	p, err := f.plan(ctx, turn, q, t)
	if err != nil {
		return err
	}
	e := &turn.Enrolment
	at, ok := p.Next(turn.Now)
	if !ok {
		e.State, e.NextAt = EnrolmentDone, time.Time{}
		return nil
	}
	e.NextAt = at
	payload, err := json.Marshal(Event{Conversation: e.Conversation, Event: followNext, Detail: e.ID, Seq: e.Run, Change: int64(e.Letters) + 1})
	if err != nil {
		return err
	}
	id := fmt.Sprintf("next-%s-%d-%d-%d", e.ID, e.Run, e.Letters+1, at.Unix())
	turn.Jobs = append(turn.Jobs, Job{ID: id, Kind: JobFollowUp, Payload: payload, RunAt: at, State: JobReady})
	return nil
}

// plan is what the next letter's time follows from.
func (f *FollowUps) plan(ctx context.Context, turn *EnrolmentTurn, q *flows.Sequence, t *truth) (LetterPlan, error) {
	e, limit := turn.Enrolment, f.Bot.Workspace().Followups.Limit
	received, err := f.Bot.Store.LettersTo(ctx, e.Recipient, turn.Now.Add(-limit.Within))
	if turn.Letter > 0 {
		received = append(slices.Clip(received), turn.Now)
	}
	p := LetterPlan{Letters: q.Letters, Limit: limit, Quiet: q.Quiet, Zone: t.zone, Began: e.BeganAt, Sent: e.Letters, Received: received}
	if e.Letters > 0 {
		p.SentAt = e.LastAt
	}
	return p, err
}

func (f *FollowUps) commit(ctx context.Context, turn EnrolmentTurn) error {
	if err := f.Bot.Store.CommitEnrolment(ctx, turn); err != nil {
		return fmt.Errorf("follow up: %w", err)
	}
	f.Bot.hurry.now()
	return nil
}
