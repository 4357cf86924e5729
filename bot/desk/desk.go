// Package desk answers, inside a turn, what a conversation asks of the house: who gets the lead, which times are free,
// whether a time can be held or booked. It is pure; production and rehearsal ask the same desk, so that what was
// rehearsed is what happens.
package desk

import (
	"time"

	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

// Agenda is what the house knows of its reps between two times.
type Agenda struct {
	Busy    map[string][]slots.Interval         // calendars
	Read    map[string]time.Time                // when the calendar was last read; absent = never, and then nothing is offered
	Blocked map[string][]slots.Interval         // meetings and live holds, buffers added, without the asking conversation's own hold
	Booked  map[string][]time.Time              // starts of meetings, past ones of this week too
	Away    map[string][]slots.Interval         // announced absence
	Shares  map[string]map[string]routing.Share // team → rep, from the ledger
}

// Desk answers for one turn of one conversation.
type Desk struct {
	Workspace *flows.Workspace
	Key       string // conversation id
	UID       string // of the meeting this turn may book
	Now       time.Time
	// Agenda reads what is known of these reps; it is called at most once per turn, and only if a turn needs it.
	Agenda func(reps []string, from, to time.Time) (Agenda, error)
	// Taken lists times that a commit of this turn found taken.
	Taken []dialogue.Slot

	// What the turn did, for the commit.
	Ledger []Entry
	Traces []routing.Verdict
}

// Entry is one line of the fairness ledger. A share's Count is the sum of the lines' Leads.
type Entry struct {
	Team    string    `json:"team"`
	Rep     string    `json:"rep"`
	Kind    string    `json:"kind"` // assigned, booked, passed …
	Route   int       `json:"route"`
	Because string    `json:"because"`
	Leads   float64   `json:"leads"` // what the line adds to the rep's share of the team: 1 for a lead, more for the first one of a new rep
	At      time.Time `json:"at"`
}

// Answer gives the fact for an effect: Assigned, Found, Held, Booked or Taken; nil for effects that want none.
func (d *Desk) Answer(c dialogue.Conversation, e dialogue.Effect) (dialogue.Input, error) {
	return nil, nil
}
