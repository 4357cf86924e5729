package desk

import (
	"time"

	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// Grace is how much of the notice may pass between an offer and the choice: a visitor may think it over and then still
// has the five minutes of a hold to give an address. Beyond it an offer is old, and others are found.
const Grace = 15 * time.Minute

// hold keeps a slot that can be booked.
func (d *Desk) hold(e dialogue.Hold) (dialogue.Input, error) {
	reason, err := d.why(e.Slot, e.Rules)
	if err != nil {
		return nil, err
	}
	if reason.Code != "" {
		return d.taken(e.Slot, reason), nil
	}
	return dialogue.Held{Slot: e.Slot, Until: e.Until}, nil
}

// book makes a meeting of a slot that can be booked, and writes it into the ledger.
func (d *Desk) book(c dialogue.Conversation, e dialogue.Book) (dialogue.Input, error) {
	reason, err := d.why(e.Slot, e.Rules)
	if err != nil {
		return nil, err
	}
	if reason.Code != "" {
		return d.taken(e.Slot, reason), nil
	}
	entry := Entry{Rep: e.Slot.Rep, Kind: BookedLead, Route: -1, Because: "the visitor chose the time", At: d.Now}
	if c.Assigned != nil && c.Assigned.Rep == e.Slot.Rep {
		entry.Team, entry.Route = c.Assigned.Team, c.Assigned.Route
	}
	d.Ledger = append(d.Ledger, entry)
	return dialogue.Booked{Meeting: dialogue.Meeting{UID: d.UID, Slot: e.Slot}}, nil
}

// taken tells that the slot cannot be had; whatever the reason, other times are found for the visitor.
func (d *Desk) taken(s dialogue.Slot, reason slots.Reason) dialogue.Input {
	d.note(s.Rep, reason.Say)
	return dialogue.Taken{Slot: s}
}

// why is the reason that keeps a chosen slot from being booked; its code is "" when nothing does.
func (d *Desk) why(s dialogue.Slot, rules flows.MeetingRules) (slots.Reason, error) {
	rep := d.Workspace.Roster.Rep(s.Rep)
	if rep == nil {
		return slots.Reason{Code: slots.Away, Say: s.Rep + " is not in the roster."}, nil
	}
	if err := d.know(rep); err != nil {
		return slots.Reason{}, err
	}
	if d.unknown(rep) {
		return d.unread(rep, s.Start), nil
	}
	r := d.request(rep, int(s.End.Sub(s.Start)/time.Minute), rules)
	r.Rules.Notice = max(0, r.Rules.Notice-Grace)
	reason, _ := slots.Why(r, s.Start)
	return reason, nil
}
