package dialogue

import (
	"time"

	"usher/bot/answer"
	"usher/flows"
)

// finish ends the conversation as the author says.
func (t *turn) finish(n *node) error {
	if err := t.say(n.Say); err != nil {
		return err
	}
	t.c.Reason = n.End.Reason
	t.close(n.End.Kind)
	switch n.End.Kind {
	case flows.Waitlist:
		t.c.Revisit = t.now.Add(n.End.Revisit)
		t.do(FollowUp{Kind: flows.Waitlist, At: t.c.Revisit})
	case flows.Nurture:
		t.do(FollowUp{Kind: flows.Nurture, At: t.now})
	}
	return nil
}

// over ends a conversation whose last step led nowhere: nothing was decided, so it is nurtured.
func (t *turn) over() error {
	if err := t.move(eventOver, stateOver); err != nil {
		return err
	}
	t.close(flows.Nurture)
	return nil
}

func (t *turn) close(end string) {
	t.leaveBooking()
	t.c.End, t.c.WakeAt, t.c.Tries, t.c.Paused = end, time.Time{}, 0, ""
	event := NotifyEnded
	if end == flows.Qualified {
		event = NotifyQualified
	}
	t.do(Notify{Event: event})
}

// reopen takes an end back.
func (t *turn) reopen() { t.c.End, t.c.Reason, t.c.Revisit = "", "", time.Time{} }

// afterEnd answers a visitor who still writes: the meeting can be moved or called off, "start over" begins again, "back"
// opens the last question again, a person can be asked for, a question is answered; anything else is told kindly that the conversation is over.
func (t *turn) afterEnd(in Said) error {
	text := in.Text
	if text == "" {
		text = in.Value
	}
	p := phrasesIn(t.c.Language)
	switch wish := answer.Wished(t.c.Language, text); wish {
	case answer.WishMove, answer.WishNone, answer.WishCancel:
		if t.upcoming() && wish == answer.WishCancel {
			return t.callOff()
		}
		if t.upcoming() {
			return t.change()
		}
	case answer.WishRestart:
		return t.restart()
	case answer.WishBack:
		if len(t.c.Trail) > 0 {
			t.reopen()
			return t.back()
		}
	case answer.WishLetters:
		return t.noLetters()
	case answer.WishPerson:
		if t.m.help == nil {
			t.speak(p.Nobody)
			return nil
		}
		t.speak(p.Calling)
		t.do(Notify{Event: NotifyHandoff})
		t.do(CallRep{Team: t.m.help.Handoff.Team, Until: t.now.Add(DefaultWait)})
		return t.answerFor(t.m.help.Handoff.Team)
	}
	done, err := t.faq(text)
	if !done {
		t.speak(p.Over)
	}
	return err
}
