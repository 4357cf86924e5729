package dialogue

import (
	"cmp"
	"slices"
	"time"
)

// How a lead goes to another rep within a turn: Conversation.Moving. No committed conversation has one.
const (
	moveClaim = "claim" // asked whether the rep who claims can have it
	movePass  = "pass"  // asked who is next
	moveHold  = "hold"  // asked to hold the visitor's time with the new rep
	moveCall  = "call"  // asked who answers for a visitor who wants a person
	moveTime  = "time"  // asked for another time of the meeting
	moveOwn   = "own"   // asked for another time of the meeting, by its rep
	moveFree  = "free"  // asked whether somebody can have a lead that waits
)

// retiming says that another time of the meeting was asked for.
func (c *Conversation) retiming() bool { return c.Moving == moveTime || c.Moving == moveOwn }

func (c *Conversation) ownedBy(rep string) bool {
	return c.Assigned != nil && rep != "" && c.Assigned.Rep == rep
}

// claimed takes that a rep says: mine. Whoever has the lead already just keeps it; to anybody else it goes with the
// visitor's times, if they are free then.
func (t *turn) claimed(in Claimed) error {
	if t.c.ownedBy(in.Rep) {
		t.claim(in.Rep)
		return nil
	}
	scope, err := t.view()
	if err != nil {
		return err
	}
	ask := Assign{Rep: in.Rep, Over: in.Over, By: in.By, Stands: t.stands(), Scope: scope}
	if n := t.meeting(); n != nil {
		ask.Rules = n.Book.Rules
	}
	t.c.Moving = moveClaim
	t.do(ask)
	return nil
}

func (t *turn) claim(rep string) {
	t.c.Claimed, t.c.ClaimedAt, t.c.Snoozed = rep, t.now, time.Time{}
}

func (t *turn) unclaim() { t.c.Claimed, t.c.ClaimedAt, t.c.Snoozed = "", time.Time{}, time.Time{} }

// passOn asks who is next: by the routes again, or in the team that a step named.
func (t *turn) passOn(in Passed) error {
	scope, err := t.view()
	if err != nil {
		return err
	}
	ask := Assign{Not: append(slices.Clip(t.c.Passed), in.Rep), Stands: t.stands(), Scope: scope}
	if ask.Stands != nil {
		ask.Not = append(ask.Not, ask.Stands.guests()...)
	}
	switch {
	case in.Tier:
		ask.First = t.c.Assigned.Next
	case t.c.Assigned.Route < 0 && !in.Gone:
		ask.Team = t.c.Assigned.Team
	}
	if n := t.meeting(); n != nil {
		ask.Minutes, ask.Rules, ask.Terms = n.minutes(), n.Book.Rules, t.terms(n)
	}
	t.c.Moving = movePass
	t.do(ask)
	return nil
}

// meeting is the booking that is under way, also while a person is waited for, or nil.
func (t *turn) meeting() *node {
	for _, n := range []*node{t.at.node, t.m.states[t.c.Paused].node} {
		if n != nil && n.Book != nil && t.c.Meeting == nil {
			return n
		}
	}
	return nil
}

// stands is the time the lead must keep: a meeting ahead, or a chosen time.
func (t *turn) stands() *Slot {
	switch {
	case t.ahead():
		s := t.c.Meeting.Slot
		return &s
	case t.c.Chosen != nil:
		s := *t.c.Chosen
		return &s
	}
	return nil
}

func (t *turn) ahead() bool { return t.c.Meeting != nil && t.c.Meeting.End.After(t.now) }

// answerFor asks who has the lead of a visitor who wants a person, where nobody has it yet.
func (t *turn) answerFor(team string) error {
	if t.c.Assigned != nil {
		return nil
	}
	scope, err := t.view()
	if err != nil {
		return err
	}
	t.c.Moving = moveCall
	t.do(Assign{Team: team, Not: t.c.Passed, Scope: scope})
	return nil
}

// moved takes who has the lead now. Times on offer are looked at again when one is chosen, so they only change hands.
func (t *turn) moved(in Assigned) error {
	if in.Rep == "" || t.c.Moving == moveHold {
		return t.unexpected(in)
	}
	switch t.c.Moving {
	case moveClaim:
		t.claim(in.Rep)
	case moveFree:
		t.speak(phrasesIn(t.c.Language).Freed + " " + t.m.called(in.Rep) + ".")
	case movePass:
		t.c.Passed = append(slices.Clip(t.c.Passed), t.c.Assigned.Rep)
		t.unclaim()
		t.do(Notify{Event: NotifyPassed})
	}
	t.c.Waiting = nil
	from := ""
	if t.pool(t.meeting()) != "" {
		from = t.c.Assigned.Rep
	}
	t.c.Assigned = &in.Assignment
	t.changed()
	if t.c.retiming() {
		if t.c.Claimed != in.Rep {
			t.unclaim()
		}
		return t.elsewhen(in.Rep)
	}
	t.c.Moving = ""
	t.c.Offers = slices.Clone(t.c.Offers)
	for i := range t.c.Offers {
		if from == "" || t.c.Offers[i].Rep == from {
			t.c.Offers[i].Rep = in.Rep
		}
	}
	t.moveMeeting(in.Rep)
	t.moveChosen(in.Rep)
	return nil
}

// moveMeeting gives a meeting ahead to the new rep, and tells the visitor.
func (t *turn) moveMeeting(rep string) {
	if !t.ahead() || t.c.Meeting.Rep == rep {
		return
	}
	m, from := *t.c.Meeting, t.c.Meeting.Rep
	m.Rep = rep
	move := Move{From: from}
	m.Place, move.Made = t.place(t.bookedBy(&m), rep)
	move.Meeting = m
	t.c.Meeting = &m
	t.do(move)
	t.speak(phrasesIn(t.c.Language).Moved + " " + t.m.called(rep) + ".")
}

// called is the rep's name.
func (m *Machine) called(rep string) string {
	if r := m.rep(rep); r != nil {
		return cmp.Or(r.Name, rep)
	}
	return rep
}

// cancelled takes that the meeting does not take place, and tells the visitor.
func (t *turn) cancelled(in Cancelled) {
	t.do(Cancel{Meeting: *t.c.Meeting, Because: in.Because})
	t.c.Meeting, t.c.Changing = nil, false
	t.changed()
	t.speak(phrasesIn(t.c.Language).Cancelled)
}

// moveChosen gives the chosen time to the new rep, held as long as it was.
func (t *turn) moveChosen(rep string) {
	if t.c.Chosen == nil || t.c.Chosen.Rep == rep {
		return
	}
	s := *t.c.Chosen
	s.Rep = rep
	t.do(Drop{Slot: *t.c.Chosen})
	t.c.Chosen = &s
	if n := t.meeting(); n != nil && t.c.HeldUntil.After(t.now) {
		t.c.Moving = moveHold
		t.do(Hold{Slot: s, Until: t.c.HeldUntil, Rules: n.Book.Rules, Terms: t.terms(n)})
	}
}

// unmoved takes that the lead cannot go to another rep, or that the time could not be held there: all stays as it is.
func (t *turn) unmoved() error {
	if t.c.Moving == moveHold {
		t.c.HeldUntil = time.Time{}
		if t.at.phase == asking {
			t.wait()
		}
	}
	t.c.Moving = ""
	return nil
}
