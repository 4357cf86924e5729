package dialogue

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"usher/flows"
)

// guests are the reps who come too.
func (s Slot) guests() []string { return strings.Fields(s.With) }

// bookedBy is the step that booked the meeting; of one booked before meetings kept it, the flow's first that books.
func (t *turn) bookedBy(m *Meeting) *node { return t.m.bookedBy(m) }

func (m *Machine) bookedBy(of *Meeting) *node {
	var first *node
	for _, n := range m.nodes {
		switch {
		case n.Book == nil:
		case n.ID == of.Step:
			return n
		case first == nil:
			first = n
		}
	}
	return first
}

// Elsewhen is how other times of a meeting are looked for, whether it stands or clashed: first those of its rep, then
// those of whoever gets the lead. It is false where the conversation has no such meeting.
func (m *Machine) Elsewhen(c Conversation, uid string, now time.Time) (Find, Assign, bool) {
	t := turn{m: m, c: c, now: instant(now)}
	of := c.Clashed
	if c.meets(uid) {
		of = c.Meeting
	}
	if of == nil || of.UID != uid || c.Assigned == nil {
		return Find{}, Assign{}, false
	}
	n := m.bookedBy(of)
	if n == nil {
		return Find{}, Assign{}, false
	}
	find := Find{Rep: of.Rep, Minutes: n.minutes(), Rules: n.Book.Rules, Not: []Slot{of.Slot}, Team: t.pool(n), Terms: t.terms(n)}
	find.Instead = c.Meeting
	ask := t.otherRep(n, *of)
	ask.Scope = m.Scope(c, t.now)
	return find, ask, true
}

// Rules are those of the step that booked the meeting.
func (m *Machine) Rules(of Meeting) flows.MeetingRules {
	if n := m.bookedBy(&of); n != nil {
		return n.Book.Rules
	}
	return m.workspace.Roster.Meeting
}

// otherRep asks who else could have the meeting.
func (t *turn) otherRep(n *node, m Meeting) Assign {
	not := append(slices.Clip(t.c.Passed), m.Rep)
	ask := Assign{Not: append(not, m.guests()...), Minutes: n.minutes(), Rules: n.Book.Rules, Terms: t.terms(n)}
	ask.Instead = t.c.Meeting
	if t.c.Assigned.Route < 0 {
		ask.Team = t.c.Assigned.Team
	}
	return ask
}

// rescheduled takes another time for the meeting. Its rep keeps it at a time of theirs; at any other the lead is routed
// again, to somebody who is free then. Whoever comes too comes then as well; to a new one, whoever can.
func (t *turn) rescheduled(in Rescheduled) error {
	was, to := t.c.Meeting, in.Slot.instant()
	if was == nil {
		was = t.c.Clashed
	}
	n := t.bookedBy(was)
	if n == nil {
		return t.unexpected(in)
	}
	to.Rep = cmp.Or(to.Rep, was.Rep)
	if t.c.Meeting != nil {
		to.With = was.With
	}
	t.drop()
	t.c.Moving, t.c.Chosen = moveTime, &to
	if in.ByRep {
		t.c.Moving = moveOwn
	}
	if to.Rep == was.Rep || t.pooled(n, to.Rep) {
		return t.elsewhen(to.Rep)
	}
	scope, err := t.view()
	if err != nil {
		return err
	}
	ask := t.otherRep(n, *was)
	ask.Stands, ask.Scope = &to, scope
	t.do(ask)
	return nil
}

// pooled says whether times of the rep are offered together with those of the one who has the lead.
func (t *turn) pooled(n *node, rep string) bool {
	team := t.m.workspace.Roster.Team(t.pool(n))
	return team != nil && !slices.Contains(t.c.Passed, rep) && slices.ContainsFunc(team.Reps, func(r *flows.Rep) bool { return r.ID == rep })
}

// elsewhen books the chosen time with the rep: for the meeting that stands, or as a new one where it clashed.
func (t *turn) elsewhen(rep string) error {
	to := *t.c.Chosen
	to.Rep, t.c.Chosen = rep, nil
	if t.c.Meeting == nil {
		return t.bookAnew(t.bookedBy(t.c.Clashed), to)
	}
	m := *t.c.Meeting
	n := t.bookedBy(&m)
	b := Book{Slot: to, Rules: n.Book.Rules, Terms: t.terms(n)}
	b.Place, b.Made = t.place(n, rep)
	b.Instead = &m
	t.do(b)
	return nil
}

// bookAnew books a time at the step that booked the one that clashed; the flow goes on from there.
func (t *turn) bookAnew(n *node, s Slot) error {
	if err := t.reenter(n); err != nil {
		return err
	}
	t.c.Chosen = &s
	return t.book()
}

// reenter opens the conversation again at a step.
func (t *turn) reenter(n *node) error {
	t.leaveBooking()
	t.reopen()
	t.c.Paused, t.c.Tries = "", 0
	return t.resume(n, inStep)
}

// rebooked takes that the meeting is at another time, and tells the visitor.
func (t *turn) rebooked(in Booked) error {
	if !t.c.retiming() && t.at.phase != booking {
		return t.unexpected(in)
	}
	m := *t.c.Meeting
	m.Slot = in.Slot.instant()
	t.lead(m.Rep)
	p := phrasesIn(t.c.Language)
	if place, made := t.place(t.bookedBy(&m), m.Rep); made == "" || m.Rep != t.c.Meeting.Rep {
		m.Place = place
	}
	from, words := t.c.Meeting.Rep, p.Rescheduled
	if t.c.Moving == moveOwn {
		words = p.Shifted
	}
	t.c.Moving, t.c.Meeting = "", &m
	t.c.Chosen, t.c.HeldUntil = nil, time.Time{}
	t.changed()
	if err := t.tell(words); err != nil {
		return err
	}
	if m.Rep != from {
		t.speak(p.Moved + " " + t.m.called(m.Rep) + ".")
	}
	if n := t.at.node; t.c.Changing && n != nil && n.Book != nil {
		t.leaveBooking()
		return t.next(n)
	}
	return nil
}

// tell says when the meeting is.
func (t *turn) tell(words string) error {
	scope, err := t.view()
	if err == nil {
		t.speak(words + " " + scope.Meeting.Starts + ".")
	}
	return err
}

// shifted takes the time that the rep gave the meeting, and tells the visitor. No rules are asked: the rep decided.
func (t *turn) shifted(in Shifted) error {
	m := *t.c.Meeting
	m.Start, m.End = instant(in.Start), instant(in.End)
	t.c.Meeting = &m
	t.changed()
	t.do(Change{Meeting: m})
	return t.tell(phrasesIn(t.c.Language).Shifted)
}

// placed takes where the meeting is, and tells the visitor.
func (t *turn) placed(in Placed) {
	m := *t.c.Meeting
	m.Place = in.Place
	t.c.Meeting = &m
	t.changed()
	t.do(Change{Meeting: m})
	if m.Place != "" {
		t.speak(phrasesIn(t.c.Language).PlacedAt + " " + m.Place)
	}
}

// clashed takes that the meeting cannot take place, and asks for another time at the step that booked it.
func (t *turn) clashed(in Clashed) error {
	m := *t.c.Meeting
	t.do(Cancel{Meeting: m, Because: in.Because, Clashed: true})
	t.c.Meeting, t.c.Clashed = nil, &m
	t.changed()
	n := t.bookedBy(&m)
	if n == nil {
		t.speak(phrasesIn(t.c.Language).Cancelled)
		return nil
	}
	if err := t.reenter(n); err != nil {
		return err
	}
	if err := t.meet(n); err != nil {
		return err
	}
	t.c.Seeking, t.c.Refused = seekClash, []Slot{m.Slot}
	return nil
}

// movable says whether the meeting can still be put at another time by its visitor.
func (t *turn) movable() bool {
	m := t.c.Meeting
	return t.upcoming() && m.Start.Sub(t.now) >= t.m.Rules(*m).Notice
}

// upcoming says whether a meeting stands that has not begun.
func (t *turn) upcoming() bool { return t.c.Meeting != nil && t.c.Meeting.Start.After(t.now) }

// change looks for another time of the meeting, at the step that booked it. The flow goes on from there, whatever comes
// of it.
func (t *turn) change() error {
	p, n := phrasesIn(t.c.Language), t.bookedBy(t.c.Meeting)
	if n == nil || !t.movable() {
		t.speak(p.TooNear)
		return t.again()
	}
	if err := t.reenter(n); err != nil {
		return err
	}
	t.c.Changing, t.c.Refused = true, []Slot{t.c.Meeting.Slot}
	return t.find(seekChange, nil)
}

// callOff cancels the meeting as the visitor says in the chat.
func (t *turn) callOff() error {
	t.cancelled(Cancelled{})
	return t.again()
}
