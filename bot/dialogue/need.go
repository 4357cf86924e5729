package dialogue

import (
	"errors"
	"time"

	"usher/bot/answer"
	"usher/flows"
)

// held takes that the time is kept, and asks what the invitation still needs.
func (t *turn) held(in Held) error {
	if t.c.Moving == moveHold {
		t.c.Moving, t.c.HeldUntil = "", instant(in.Until)
		return nil
	}
	if t.at.phase != holding {
		return t.unexpected(in)
	}
	s := in.Slot.instant()
	t.c.Chosen, t.c.HeldUntil = &s, instant(in.Until)
	t.lead(s.Rep)
	if err := t.shift(eventAsk, asking); err != nil {
		return err
	}
	return t.need()
}

// missing is the first thing the invitation needs and nobody told, or nil.
func (t *turn) missing() *flows.Field {
	needs := t.at.node.Book.Needs
	if needs == nil {
		needs = t.m.email
	}
	for _, f := range needs {
		if t.c.answer(f.Name) == nil {
			return f
		}
	}
	return nil
}

// need asks for it, in the words of the step that asks the same where there is one. Silence is heard when the hold ends.
func (t *turn) need() error {
	f := t.missing()
	if f == nil {
		return t.book() // an identified visitor may have brought it meanwhile
	}
	text, err := t.needWords(f)
	if err != nil {
		return err
	}
	return t.openNeed(text, f)
}

func (t *turn) openNeed(text string, f *flows.Field) error {
	if err := t.open(text, f, false); err != nil {
		return err
	}
	if t.c.HeldUntil.After(t.now) {
		t.c.WakeAt = t.c.HeldUntil
	}
	return nil
}

func (t *turn) needWords(f *flows.Field) (string, error) {
	for _, n := range t.m.nodes {
		if n.Ask != nil && n.Ask.Name == f.Name && n.Say != nil {
			return t.words(n.Say, f)
		}
	}
	if text := phrasesIn(t.c.Language).need(f.Name); text != "" {
		return text, nil
	}
	return t.words(nil, f)
}

// needed takes an answer to it. Where nothing is missing any more, the time is booked, its hold over or not: the
// database decides.
func (t *turn) needed(in Said) error {
	f := t.missing()
	if f == nil {
		return t.book()
	}
	v, done, err := t.hear(in, f)
	if refusal := (*answer.Refusal)(nil); errors.As(err, &refusal) {
		return t.needRefused(f, refusal)
	}
	if done || err != nil {
		return err
	}
	if err := t.keep(f, v, in); err != nil {
		return err
	}
	t.c.Tries = 0
	return t.need()
}

func (t *turn) needRefused(f *flows.Field, refusal *answer.Refusal) error {
	if t.c.Tries++; t.c.Tries >= flows.DefaultTries {
		return t.unbooked()
	}
	return t.openNeed(t.retry("", refusal), f)
}

// failed takes that an effect could not be carried out: a hold is not needed for booking, all else means no meeting.
func (t *turn) failed(in Failed) error {
	switch t.c.Moving {
	case moveTime, moveOwn:
		return t.unexpected(in) // the meeting stays as it is
	case "":
	default:
		return t.unmoved()
	}
	switch t.at.phase {
	case routing, finding:
		return t.unbooked()
	case holding:
		if t.c.Chosen.Rep != t.c.Assigned.Rep {
			return t.lost(*t.c.Chosen) // only the hold would have given that rep the lead
		}
		t.c.HeldUntil = time.Time{}
		if err := t.shift(eventAsk, asking); err != nil {
			return err
		}
		return t.need()
	case booking:
		t.speak(phrasesIn(t.c.Language).BookFailed)
		t.do(Notify{Event: NotifyAlert})
		return t.unbooked()
	}
	return t.unexpected(in)
}
