package dialogue

import (
	"strings"
	"time"

	"usher/bot/answer"
)

// handOff asks a person to join, and waits.
func (t *turn) handOff(n *node) error {
	t.c.Met = t.c.Joined != nil
	t.changed()
	if err := t.move(eventCall, n.state[waiting]); err != nil {
		return err
	}
	return t.call(n)
}

// person takes the wish for one: the flow's own handoff, from which the open question is asked again when nobody comes.
func (t *turn) person() error {
	help := t.m.help
	if help == nil {
		t.speak(phrasesIn(t.c.Language).Nobody)
		return t.again()
	}
	if t.at.phase == waiting {
		return nil
	}
	paused := t.c.State
	if err := t.move(eventAside, stateAside); err != nil {
		return err
	}
	if err := t.move(eventPerson, help.state[waiting]); err != nil {
		return err
	}
	t.c.Paused = paused
	return t.call(help)
}

// Called says whether a person was asked to join and the flow waits for them.
func (c Conversation) Called() bool { return strings.HasSuffix(c.State, phaseNames[waiting]) }

func (t *turn) call(n *node) error {
	text, err := t.render(n.Say)
	if err != nil {
		return err
	}
	if text == "" {
		text = phrasesIn(t.c.Language).Calling
	}
	t.speak(text)
	return t.summon(n)
}

func (t *turn) summon(n *node) error {
	wait := n.Handoff.Wait
	if wait <= 0 {
		wait = DefaultWait
	}
	t.c.WakeAt = t.now.Add(wait)
	t.do(Notify{Event: NotifyHandoff})
	t.do(CallRep{Team: n.Handoff.Team, Until: t.c.WakeAt})
	return t.answerFor(n.Handoff.Team)
}

// whileWaiting keeps what a visitor types meanwhile; only a wish is answered.
func (t *turn) whileWaiting(in Said) error {
	text := in.Text
	if text == "" {
		text = in.Value
	}
	switch answer.Wished(t.c.Language, text) {
	case answer.WishBack:
		return t.back()
	case answer.WishSkip:
		return t.nobodyCame("")
	case answer.WishRestart:
		return t.restart()
	case answer.WishStop:
		return t.stop()
	case answer.WishLetters:
		return t.noLetters()
	}
	return nil
}

// nobodyCame ends the wait: the open question is asked again, or the flow goes on.
func (t *turn) nobodyCame(words string) error {
	if t.c.Paused == "" {
		return t.next(t.at.node)
	}
	t.speak(words)
	return t.unpause()
}

// unpause comes back to the question that was open.
func (t *turn) unpause() error {
	p := t.m.states[t.c.Paused]
	t.c.Paused = ""
	if err := t.resume(p.node, p.phase); err != nil {
		return err
	}
	return t.again()
}

// joined: a person talks from now on.
func (t *turn) joined(in Joined) error {
	if t.c.Joined != nil {
		return &JoinedError{*t.c.Joined}
	}
	t.c.Joined, t.c.Met = &in.Person, true
	if t.c.End == Expired {
		t.c.End = ""
	}
	t.changed()
	t.listen()
	if t.at.phase != waiting {
		return nil
	}
	return t.shift(eventJoin, joined)
}

// spoke takes words of the person who talks, and of nobody else.
func (t *turn) spoke(in Spoke) error {
	switch p := t.c.Joined; {
	case p == nil:
		return ErrNotJoined
	case in.Rep != "" && in.Rep != p.Rep:
		return &JoinedError{*p}
	}
	t.listen()
	return nil
}

// listen is what the bot does while a person talks: nothing, but a long silence ends that too.
func (t *turn) listen() {
	if t.c.Joined != nil && t.c.End == "" {
		t.wait()
	}
}

// left: the bot goes on where it was.
func (t *turn) left() error {
	t.c.Joined = nil
	t.changed()
	if t.at.phase == joined {
		return t.goOn()
	}
	return t.again()
}

// goOn leaves a handoff after the person.
func (t *turn) goOn() error {
	if t.c.Paused != "" {
		return t.unpause()
	}
	return t.next(t.at.node)
}

// lapsed takes a silence that is over.
func (t *turn) lapsed() error {
	switch {
	case t.at.phase == waiting && t.c.Joined == nil:
		return t.nobodyCame(phrasesIn(t.c.Language).NobodyNow)
	case t.at.phase == asking && !t.c.HeldUntil.IsZero():
		t.c.HeldUntil = time.Time{} // the time may go to others now; whoever answers later may still get it
		t.wait()
		return nil
	}
	t.c.End, t.c.WakeAt, t.c.Joined = Expired, time.Time{}, nil
	t.changed()
	t.do(Notify{Event: NotifyLapsed})
	return nil
}
