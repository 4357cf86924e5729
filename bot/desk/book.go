package desk

import (
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/bot/slots"
)

// Grace is how much of the notice may pass between an offer and the choice: a visitor may think it over and then still
// has the five minutes of a hold to give an address. Beyond it an offer is old, and others are found.
const Grace = 15 * time.Minute

// hold keeps a slot that can be booked.
func (d *Desk) hold(c dialogue.Conversation, e dialogue.Hold) (dialogue.Input, error) {
	q := about(e.Slot, e.Rules, e.Terms)
	q.grace = Grace
	s, reason, err := d.why(e.Slot, q)
	if err != nil {
		return nil, err
	}
	if reason.Code != "" {
		return d.taken(e.Slot, reason), nil
	}
	if err := d.pass(c, s.Rep); err != nil {
		return nil, err
	}
	return dialogue.Held{Slot: s, Until: e.Until}, nil
}

// book makes a meeting of a slot that can be booked, and writes it into the ledger.
func (d *Desk) book(c dialogue.Conversation, e dialogue.Book) (dialogue.Input, error) {
	q := about(e.Slot, e.Rules, e.Terms)
	q.grace = Grace
	s, reason, err := d.why(e.Slot, q)
	if err != nil {
		return nil, err
	}
	if reason.Code != "" {
		return d.taken(e.Slot, reason), nil
	}
	if err := d.pass(c, s.Rep); err != nil {
		return nil, err
	}
	if err := d.attend(c, e, s); err != nil {
		return nil, err
	}
	if e.Instead != nil {
		return dialogue.Booked{Meeting: dialogue.Meeting{UID: e.Instead.UID, Slot: s}}, nil
	}
	return dialogue.Booked{Meeting: dialogue.Meeting{UID: d.UID, Slot: s}}, nil
}

// attend writes into the ledger with whom the visitor meets. A meeting at another time is the same meeting.
func (d *Desk) attend(c dialogue.Conversation, e dialogue.Book, s dialogue.Slot) error {
	if e.Instead != nil {
		return nil
	}
	if err := d.Became(c, Entry{Rep: s.Rep, Kind: BookedLead, Because: "the visitor chose the time"}); err != nil {
		return err
	}
	teams := d.invited(question{Terms: e.Terms})
	for i, id := range strings.Fields(s.With) {
		guest := Entry{Rep: id, Kind: GuestLead, Route: -1, Because: "comes to the meeting of " + s.Rep + " too", At: d.Now}
		if i < len(teams) {
			guest.Team = teams[i].ID
		}
		d.Ledger = append(d.Ledger, guest)
	}
	return nil
}

// taken tells that the slot cannot be had; whatever the reason, other times are found for the visitor.
func (d *Desk) taken(s dialogue.Slot, reason slots.Reason) dialogue.Input {
	d.note(s.Rep, reason.Say)
	return dialogue.Taken{Slot: s}
}
