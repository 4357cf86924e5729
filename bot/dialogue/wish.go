package dialogue

import (
	"slices"

	"usher/bot/answer"
)

// wished does what a visitor may want at any moment, in any step. It is done when the words were such a wish.
func (t *turn) wished(text string) (done bool, err error) {
	switch answer.Wished(t.c.Language, text) {
	case answer.WishPerson:
		return true, t.person()
	case answer.WishBack:
		return true, t.back()
	case answer.WishSkip:
		return true, t.skip()
	case answer.WishRestart:
		return true, t.restart()
	case answer.WishStop:
		return true, t.stop()
	case answer.WishLetters:
		return true, t.noLetters()
	case answer.WishMove:
		if t.upcoming() {
			return true, t.change()
		}
	case answer.WishCancel:
		if t.upcoming() {
			return true, t.callOff()
		}
	}
	return false, nil
}

// back undoes the last answered question and asks it again. Out of a question that a booking asks, it leads to the
// times; out of the wait for a person, to the question that was open.
func (t *turn) back() error {
	switch {
	case t.at.phase == asking:
		t.drop()
		if err := t.shift(eventOffer, offered); err != nil {
			return err
		}
		return t.offer("")
	case t.at.phase == waiting && t.c.Paused != "":
		return t.unpause()
	case len(t.c.Trail) == 0:
		t.speak(phrasesIn(t.c.Language).FirstOne)
		return t.again()
	}
	last := len(t.c.Trail) - 1
	n := t.m.states[t.c.Trail[last]].node
	t.c.Trail = slices.Clip(t.c.Trail[:last])
	if last == 0 {
		t.c.Trail = nil
	}
	if a := t.c.answer(n.Ask.Name); a != nil && a.Source == "" {
		t.forget(n.Ask.Name)
	}
	t.leaveBooking()
	t.c.Paused, t.c.Tries = "", 0
	if err := t.resume(n, inStep); err != nil {
		return err
	}
	return t.question(n)
}

// skip goes on without an answer where the author allows it.
func (t *turn) skip() error {
	n := t.at.node
	if t.at.phase != inStep || !n.Optional {
		t.speak(phrasesIn(t.c.Language).NoSkip)
		return t.again()
	}
	t.passed(n)
	return t.next(n)
}

// restart begins again: what was said here is forgotten, what the visit and the profile brought is kept, and so is a
// meeting that stands.
func (t *turn) restart() error {
	t.leaveBooking()
	t.c.Answers = slices.DeleteFunc(slices.Clone(t.c.Answers), func(a Answer) bool { return a.Source == "" })
	if len(t.c.Answers) == 0 {
		t.c.Answers = nil
	}
	t.c.Trail, t.c.Paused, t.c.Met = nil, "", false
	t.reopen()
	t.changed()
	first := t.m.nodes[0]
	if err := t.move(eventAside, stateAside); err != nil {
		return err
	}
	t.speak(phrasesIn(t.c.Language).Again)
	return t.enter(first)
}

// stop ends the conversation because the visitor wants it.
func (t *turn) stop() error {
	t.leaveBooking()
	t.speak(phrasesIn(t.c.Language).Stopped)
	if err := t.move(eventAside, stateAside); err != nil {
		return err
	}
	if err := t.move(eventStop, stateStopped); err != nil {
		return err
	}
	t.close(Stopped)
	return nil
}

// noLetters takes that the visitor wants no more letters. What was asked is still open.
func (t *turn) noLetters() error {
	t.c.NoLetters = true
	t.speak(phrasesIn(t.c.Language).NoLetters)
	return t.again()
}
