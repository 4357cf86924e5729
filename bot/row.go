package bot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/bot/slots"
)

// keep writes the rows that an effect and its fact stand for, and gives the fact with the meeting's UID.
func (d *decision) keep(e dialogue.Effect, fact dialogue.Input) (dialogue.Input, error) {
	switch e := e.(type) {
	case dialogue.Hold:
		if held, ok := fact.(dialogue.Held); ok {
			m := d.row(held.Slot, e.Terms)
			m.Status, m.Expires, m.Buffer = Held, held.Until, e.Rules.Buffer
			d.put(m)
		}
	case dialogue.Book:
		if booked, ok := fact.(dialogue.Booked); ok {
			e.Slot = booked.Slot // with whoever comes too
			uid, err := d.book(e)
			booked.UID = uid
			return booked, err
		}
	case dialogue.Drop:
		m := d.row(e.Slot, dialogue.Terms{})
		m.Status = Dropped
		d.put(m)
	case dialogue.Move:
		return nil, d.edit(e.Meeting.UID, func(m *Meeting) error { return d.move(m, e) })
	case dialogue.Change:
		return nil, d.edit(e.Meeting.UID, func(m *Meeting) error { return d.change(m, e) })
	case dialogue.Cancel:
		return nil, d.edit(e.Meeting.UID, func(m *Meeting) error {
			m.Status, m.Because, m.Clashed = Cancelled, e.Because, e.Clashed
			m.Sequence++
			return nil
		})
	case dialogue.Mark:
		return nil, d.edit(e.Meeting.UID, func(m *Meeting) error { return d.mark(m, e) })
	}
	return fact, nil
}

// row is a new meeting of the conversation. Its UID is the same for a hold and the booking that follows it (RFC 5545
// 3.8.4.7: globally unique, persistent), and another one for each meeting that the conversation books.
func (d *decision) row(s dialogue.Slot, terms dialogue.Terms) Meeting {
	c := d.turn.Conversation
	return Meeting{
		UID: meetingUID(c.ID, s, d.before.Meetings), Conversation: c.ID, Visitor: c.Visitor, CreatedAt: d.turn.Now,
		Rep: s.Rep, Start: s.Start, End: s.End, With: s.With, Kind: terms.Kind, Seats: terms.Seats, Day: d.day(s.Start),
	}
}

func meetingUID(conversation string, s dialogue.Slot, nth int) string {
	text := conversation + "\x00" + s.Rep + "\x00" + s.Start.UTC().Format(time.RFC3339)
	if nth > 0 {
		text += fmt.Sprint("\x00", nth)
	}
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:16])
}

// day is that of a time in the roster's zone, in which seats are counted.
func (d *decision) day(at time.Time) string {
	return slots.Day(d.desk.Workspace.Roster, at)
}

// put adds a row to the turn, in place of an earlier one of this turn with its UID.
func (d *decision) put(m Meeting) {
	for i, old := range d.turn.Meetings {
		if old.UID == m.UID {
			d.turn.Meetings[i] = m
			return
		}
	}
	d.turn.Meetings = append(d.turn.Meetings, m)
}

// edit changes a row as it is in the turn or the store.
func (d *decision) edit(uid string, change func(m *Meeting) error) error {
	m, err := d.now(uid)
	if err == nil {
		err = change(&m)
	}
	if err != nil {
		return fmt.Errorf("change meeting %s: %w", uid, err)
	}
	d.put(m)
	return nil
}

func (d *decision) now(uid string) (Meeting, error) {
	for _, m := range d.turn.Meetings {
		if m.UID == uid {
			return m, nil
		}
	}
	m, err := d.read(uid)
	if err == nil {
		if d.was == nil {
			d.was = map[string]Meeting{}
		}
		d.was[uid] = m
	}
	return m, err
}

// book writes a new meeting, or the one that is to take place then instead.
func (d *decision) book(e dialogue.Book) (uid string, err error) {
	if e.Instead != nil {
		return e.Instead.UID, d.edit(e.Instead.UID, func(m *Meeting) error { return d.rebook(m, e) })
	}
	m := d.row(e.Slot, e.Terms)
	m.Status, m.Buffer, m.Title, m.Place, m.Made = Confirmed, e.Rules.Buffer, e.Title, e.Place, e.Made
	if clashed := d.before.Clashed; clashed != nil {
		err = d.edit(clashed.UID, func(old *Meeting) error {
			old.Clashed, m.Attendee, m.Name = false, old.Attendee, old.Name
			return nil
		})
	}
	d.put(m)
	return m.UID, err
}

// rebook puts a meeting at another time under its UID; who was invited gets the change (RFC 5545 3.8.7.4).
func (d *decision) rebook(m *Meeting, e dialogue.Book) error {
	if m.Rep != e.Slot.Rep {
		d.pass(m, e.Slot.Rep)
		m.Place, m.Made = e.Place, e.Made
	}
	if !m.Start.Equal(e.Slot.Start) {
		m.Moved++
	}
	m.Start, m.End, m.With, m.Buffer = e.Slot.Start, e.Slot.End, e.Slot.With, e.Rules.Buffer
	m.Kind, m.Seats, m.Day, m.Answer = e.Kind, e.Seats, d.day(e.Slot.Start), ""
	m.Sequence++
	return nil
}

// move gives a meeting to another rep under its UID.
func (d *decision) move(m *Meeting, e dialogue.Move) error {
	d.pass(m, e.Meeting.Rep)
	m.Place, m.Made = e.Meeting.Place, e.Made
	m.Sequence++
	return nil
}

// pass makes the meeting the rep's; a title that names who meets names the other one.
func (d *decision) pass(m *Meeting, rep string) {
	from, to := d.desk.Workspace.Roster.Rep(m.Rep), d.desk.Workspace.Roster.Rep(rep)
	if from != nil && to != nil {
		m.Title = strings.ReplaceAll(m.Title, from.Name, to.Name)
	}
	m.Rep = rep
}

// change takes the time or the place that the meeting has got. A rep may put it closer to another one than the rules
// would: then it blocks no more than its own time.
func (d *decision) change(m *Meeting, e dialogue.Change) error {
	if !m.Start.Equal(e.Meeting.Start) || !m.End.Equal(e.Meeting.End) {
		switch {
		case d.lost == 1:
			m.Buffer = 0
		case d.lost > 1:
			return ErrNotFree
		}
		m.Moved++
		m.Start, m.End, m.Seats, m.Day, m.Answer = e.Meeting.Start, e.Meeting.End, 0, d.day(e.Meeting.Start), ""
	}
	m.Place = e.Meeting.Place
	m.Sequence++
	return nil
}

// mark keeps an answer to the invitation as it stands, and that the visitor did not come.
func (d *decision) mark(m *Meeting, e dialogue.Mark) error {
	if e.Answer != "" && e.Sequence >= m.Sequence {
		m.Answer = e.Answer
	}
	if e.Missed && m.NoShow.IsZero() {
		m.NoShow = d.turn.Now
	}
	return nil
}

// attend writes who comes into the turn's new meetings, as known when the turn is over, and has the bot's last words
// lead to the meeting.
func (d *decision) attend() {
	l, s := d.turn.Lead, d.turn.Conversation.State
	for i := range d.turn.Meetings {
		m := &d.turn.Meetings[i]
		if _, old := d.was[m.UID]; !old {
			m.Attendee, m.Name, m.Phone = cmp.Or(l.Email, m.Attendee), cmp.Or(l.Name, m.Name), l.Phone
			m.Timezone, m.Language = s.Timezone, s.Language
		}
		if last := d.lastWords(); last != nil && (m.Status == Confirmed || m.Status == Cancelled && last.Meeting == "") {
			last.Meeting = m.UID
		}
	}
}
