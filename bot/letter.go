package bot

import (
	"slices"
	"strings"
	"time"
)

// letters makes the jobs by which calendars and mailboxes follow the turn's meetings: of each, what it was tells from what
// it is who is to hear what.
func (d *decision) letters() {
	for _, m := range d.turn.Meetings {
		was := d.was[m.UID]
		switch {
		case m.Status == Confirmed && was.Status != Confirmed:
			d.invite(m)
		case m.Status == Confirmed && changed(was, m):
			d.update(was, m)
		case m.Status == Cancelled && was.Status == Confirmed:
			d.recall(m)
		case was.Clashed && !m.Clashed:
			d.recall(m) // a letter that asked for another time may not have gone out: it is not true any more
			continue
		default:
			continue
		}
		d.job(JobCalendar, Event{Event: "changed", Meeting: m.UID}, d.turn.Now)
	}
}

// changed says whether calendars show the meeting otherwise than it is.
func changed(was, m Meeting) bool { return m.Sequence != was.Sequence }

// reps are all reps who come.
func (m Meeting) reps() []string { return append([]string{m.Rep}, strings.Fields(m.With)...) }

func (d *decision) invite(m Meeting) {
	d.toVisitor(m, MailInvitation, "")
	for _, rep := range m.reps() {
		d.toRep(m, rep, MailInvitation, "")
	}
	d.remind(m)
}

// update tells those who come of the change; who did not come before is invited, who does not come any more is told so.
func (d *decision) update(was, m Meeting) {
	d.toVisitor(m, MailUpdate, "")
	for _, rep := range m.reps() {
		event := MailUpdate
		if !slices.Contains(was.reps(), rep) {
			event = MailInvitation
		}
		d.toRep(m, rep, event, "")
	}
	for _, rep := range was.reps() {
		if !slices.Contains(m.reps(), rep) {
			d.toRep(m, rep, MailCancel, "another rep has the meeting")
		}
	}
	if !was.Start.Equal(m.Start) {
		d.remind(m)
	}
}

func (d *decision) recall(m Meeting) {
	event := MailCancel
	if m.Clashed {
		event = MailClash
	}
	d.toVisitor(m, event, m.Because)
	for _, rep := range m.reps() {
		d.toRep(m, rep, event, m.Because)
	}
}

// remind makes the reminders that are still ahead. Each change of the time makes its own; those of an earlier time find
// when they are due that it is not the meeting's.
func (d *decision) remind(m Meeting) {
	for _, before := range d.desk.Workspace.Roster.Reminders() {
		if at := m.Start.Add(-before); at.After(d.turn.Now) {
			d.letter(Event{Event: MailReminder, Meeting: m.UID, To: ToVisitor, Detail: before.String()}, m, at)
		}
	}
}

func (d *decision) toVisitor(m Meeting, event, detail string) {
	d.letter(Event{Event: event, Meeting: m.UID, To: ToVisitor, Detail: detail}, m, d.turn.Now)
}

func (d *decision) toRep(m Meeting, rep, event, detail string) {
	d.letter(Event{Event: event, Meeting: m.UID, To: ToRep, Rep: rep, Detail: detail}, m, d.turn.Now)
}

// letter makes the job of one, unless it is for a visitor whose address is not known.
func (d *decision) letter(e Event, m Meeting, at time.Time) {
	if e.To == ToVisitor && m.Attendee == "" {
		return
	}
	d.job(JobMail, e, at)
}
