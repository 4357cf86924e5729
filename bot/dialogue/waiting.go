package dialogue

import "time"

// queued takes that nobody can have the lead now: it waits, and the flow goes on without a meeting.
func (t *turn) queued(in Queued) error {
	switch {
	case t.c.Moving == moveCall:
		t.c.Moving = ""
		t.waits(in.Waiting)
		return nil
	case t.c.Moving != "" || t.at.phase != routing:
		return t.unexpected(in)
	}
	t.waits(in.Waiting)
	return t.unbooked()
}

// waits puts the lead into its place, and tells the visitor. One that waits already keeps its turn.
func (t *turn) waits(w Waiting) {
	w.Since, w.Until = instant(w.Since), instant(w.Until)
	if was := t.c.Waiting; was != nil {
		w.Since, w.Until = was.Since, was.Until
	}
	t.c.Assigned, t.c.Waiting = nil, &w
	t.unclaim()
	t.changed()
	t.speak(phrasesIn(t.c.Language).Waiting)
	t.do(Notify{Event: NotifyWaiting})
}

// freed asks whether somebody of those whom the lead waits for can have it; where its time is over, who gets it then. One
// that is closed is nobody's.
func (t *turn) freed(in Freed) error {
	if in.Closed {
		t.c.Waiting = nil
		t.changed()
		return nil
	}
	scope, err := t.view()
	if err != nil {
		return err
	}
	ask := t.c.asks(in.Over)
	ask.Scope = scope
	t.c.Moving = moveFree
	t.do(ask)
	return nil
}

// asks is whom a lead that waits asks, when somebody may be free or when its time is over.
func (c *Conversation) asks(over bool) Assign {
	w := c.Waiting
	ask := Assign{Not: c.Passed, Only: !over, Must: over}
	switch {
	case !over:
		ask.First = &w.Tiers
	case w.Else != "":
		ask.First = &Tiers{To: []string{w.Else}, Route: w.Tiers.Route}
	}
	return ask
}

// Asks is whom the lead asks as soon as somebody may be free; false where it does not wait.
func (m *Machine) Asks(c Conversation, now time.Time) (Assign, bool) {
	if c.Waiting == nil {
		return Assign{}, false
	}
	ask := c.asks(false)
	ask.Scope = m.Scope(c, now)
	return ask, true
}
