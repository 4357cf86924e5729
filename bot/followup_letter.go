package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"usher/flows"
)

// FollowUpLetter is a letter of a sequence as it is to be sent.
type FollowUpLetter struct {
	Conversation string
	Recipient    string // hash
	Address      string
	Name         string
	Language     string // of the words
	Subject      string
	Text         string // an empty line begins a paragraph
	Imprint      string
	Rep          string // who has the lead, "" = nobody
}

// LetterOffError says why a letter is not to be sent any more.
type LetterOffError struct{ Because string }

func (e *LetterOffError) Error() string { return "the letter is not to be sent: " + e.Because }

// superseded is why a letter does not go that was put off for so long that the next one is due.
const superseded = "the next letter is due"

// Letter writes the letter of a JobLetter with what is true now: *LetterOffError where it is not to be sent any more, and a
// *RetryError where it is quiet. One that gives way to the next counts for nothing.
func (f *FollowUps) Letter(ctx context.Context, job Event) (FollowUpLetter, error) {
	e, err := f.Bot.Store.Enrolment(ctx, job.Detail)
	switch {
	case errors.Is(err, ErrNotFound):
		return FollowUpLetter{}, &LetterOffError{StopErased}
	case err != nil:
		return FollowUpLetter{}, err
	case e.State == EnrolmentStopped:
		return FollowUpLetter{}, &LetterOffError{e.Because}
	}
	q, t, because, err := f.look(ctx, e)
	n := int(job.Change)
	switch {
	case err != nil:
		return FollowUpLetter{}, err
	case because == "" && (e.Run != job.Seq || n < 1 || n > len(q.Letters)):
		because = StopGone
	case because == "" && n < e.Letters:
		because = superseded
	}
	if because == superseded {
		if err := f.Refused(ctx, job, because); err != nil {
			return FollowUpLetter{}, err
		}
	}
	if because != "" {
		return FollowUpLetter{}, &LetterOffError{because}
	}
	now := f.Bot.now()
	if at := awake(now, q.Quiet, t.zone); at.After(now) {
		return FollowUpLetter{}, &RetryError{After: at.Sub(now), Err: errors.New("it is quiet where the letter goes")}
	}
	return f.render(q.Letters[n-1], t)
}

// render writes the words of a letter.
func (f *FollowUps) render(letter *flows.Letter, t *truth) (FollowUpLetter, error) {
	s := t.conversation.State
	out := FollowUpLetter{
		Conversation: t.conversation.ID, Recipient: t.recipient.Hash, Address: t.address, Language: spokenIn(&letter.Say, s.Language), Rep: t.person.Owner,
	}
	if s.Assigned != nil {
		out.Rep = s.Assigned.Rep
	}
	var err error
	if out.Subject, out.Text, err = WriteLetter(letter, s.Language, t.scope); err != nil {
		return out, &RetryError{Never: true, Err: fmt.Errorf("write letter: %w", err)}
	}
	out.Name = harmlessWords(t.scope.Values)["name"].Text
	out.Imprint, err = f.Bot.Workspace().Followups.Imprint.In(s.Language, nil)
	return out, err
}

// WriteLetter gives the subject and the words of a letter in a language. What somebody typed that could be an advertisement is
// left out: whoever types one and a stranger's address is not to have it delivered.
func WriteLetter(letter *flows.Letter, language string, scope *flows.Scope) (subject, text string, err error) {
	s := *scope
	s.Language, s.Values = language, harmlessWords(scope.Values)
	if subject, err = letter.Subject.In(language, &s); err != nil {
		return "", "", err
	}
	text, err = letter.Say.In(language, &s)
	return strings.TrimSpace(subject), strings.TrimSpace(text), err
}

// maxTyped is how much of what somebody typed a letter holds, in characters.
const maxTyped = 80

// harmlessWords are the values without typed words that are long or could be followed.
func harmlessWords(values map[string]flows.Value) map[string]flows.Value {
	out := maps.Clone(values)
	for name, v := range values {
		typed := v.Type == flows.TypeText || v.Type == flows.TypeURL
		if typed && (len([]rune(v.Text)) > maxTyped || strings.ContainsAny(v.Text, "/:@\n") || strings.Contains(strings.ToLower(v.Text), "www.")) {
			delete(out, name)
		}
	}
	return out
}

// spokenIn is the language that a text has for somebody.
func spokenIn(t *flows.Text, language string) string {
	all := t.Languages()
	for _, l := range all {
		if strings.EqualFold(l, language) {
			return l
		}
	}
	base, _, _ := strings.Cut(strings.ReplaceAll(language, "_", "-"), "-")
	for _, l := range all {
		if strings.EqualFold(l, base) {
			return l
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return language
}

// Bounced takes that no letter can be delivered to the person of a JobLetter: none goes there any more, and the rep is told.
// The lead stays whose it is.
func (f *FollowUps) Bounced(ctx context.Context, job Event, why string) error {
	enrolment, err := f.Bot.Store.Enrolment(ctx, job.Detail)
	if err != nil {
		return unlessGone(err)
	}
	if err := f.suppress(ctx, enrolment.Recipient, flows.StopBounce); err != nil {
		return err
	}
	b := f.Bot
	if b.Carriers[JobAlert] == nil {
		return nil
	}
	c, err := b.Store.Load(ctx, enrolment.Conversation)
	if err != nil {
		return unlessGone(err)
	}
	e := Event{Conversation: c.ID, Event: AlertMail, Detail: why}
	if a := c.State.Assigned; a != nil {
		e.Rep, e.Team = a.Rep, a.Team
	}
	payload, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return b.Enqueue(ctx, Job{ID: "bounced-" + enrolment.Recipient, Kind: JobAlert, Key: orderOf(JobAlert, e), Payload: payload, RunAt: b.now(), State: JobReady})
}

// Refused takes that the letter of a JobLetter was refused for good, though the person may be there: it counts for nothing, the
// sequence goes on with the next one, and the list says why.
func (f *FollowUps) Refused(ctx context.Context, job Event, why string) error {
	return f.again(ctx, func() error {
		lock, e, err := f.enrolled(ctx, job)
		if err != nil {
			return unlessGone(err)
		}
		n := int(job.Change)
		if e.Run != job.Seq || n < 1 {
			return nil
		}
		if e.State != EnrolmentStopped && n == e.Letters {
			e.Because = fmt.Sprintf("letter %d was refused, %s", n, why)
		}
		return f.commit(ctx, EnrolmentTurn{Recipient: lock, Enrolment: e, Refused: n, Now: f.Bot.now()})
	})
}

// unlessGone is no error where what was asked for is erased.
func unlessGone(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Wrote takes that the person of a JobLetter answered by mail: the sequence stops.
func (f *FollowUps) Wrote(ctx context.Context, job Event) error {
	return f.again(ctx, func() error {
		lock, e, err := f.enrolled(ctx, job)
		if errors.Is(err, ErrNotFound) || err == nil && e.State != EnrolmentRunning {
			return nil
		}
		if err != nil {
			return err
		}
		if q := f.Bot.Workspace().Followups.Sequence(e.Sequence); q != nil && !q.Stops(flows.StopAnswer) {
			return nil
		}
		e.State, e.Because, e.NextAt = EnrolmentStopped, flows.StopAnswer, time.Time{}
		return f.commit(ctx, EnrolmentTurn{Recipient: lock, Enrolment: e, Now: f.Bot.now()})
	})
}
