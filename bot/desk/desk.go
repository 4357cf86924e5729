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

// Desk answers for one turn of one conversation.
type Desk struct {
	Workspace *flows.Workspace
	Key       string // conversation id
	UID       string // of the meeting this turn may book
	Now       time.Time
	// Agenda reads what is known of these reps. It is called only if a turn needs it, at most once for a rep and once
	// more where Refresh read the rep's calendar, or where a meeting's other times are looked for.
	Agenda func(Query) (Agenda, error)
	// Refresh reads the calendar of a rep whose turn it is, where what was read of it is older than the roster's Stale,
	// and says whether it could be. It is called at most once for a rep and MaxRefresh times in all; nil reads nothing.
	Refresh func(rep string) bool
	// Owner reads who has the person's lead from another conversation or by another system. It is called at most once for
	// an Assign, and only where a route leads to the owner; nil knows nobody.
	Owner func(email string) (Owner, error)
	// Ahead reads which leads have waited longer than this one, the oldest first. It is called only where a rep could get
	// this one, who may be one of those that they wait for; nil knows none.
	Ahead func() ([]Older, error)
	// Drained says that they were asked just now: what they would get is held back, and nothing is ErrBehind any more.
	Drained bool
	// Free is slots.Free, or what gives the same faster where many turns are answered one after the other; nil = slots.Free.
	Free func(r slots.Request, limit int) []slots.Slot
	// Given reads the ledger's lines of the conversation, the oldest first. It is called at most once for a turn, and only
	// where a line may be taken back; nil knows none.
	Given func() ([]Entry, error)
	// Taken lists times that a commit of this turn found taken.
	Taken []dialogue.Slot

	// What the turn did, for the commit.
	Ledger []Entry
	Traces []routing.Verdict

	agenda    Agenda
	given     []Entry         // that Given told
	asked     bool            // Given was
	read      map[string]bool // reps whose agenda was read
	instead   string          // the meeting that the agenda was read without
	refreshed map[string]bool // reps whose calendar was to be read
	fresh     bool            // the lead cannot wait, but is newer than those that do
}

// Owner is who has a person's lead.
type Owner struct {
	Rep string    // "" = nobody
	At  time.Time // when that lead changed last
	By  string    // how it is known: flows.OwnedByDomain or flows.OwnedByCRM; "" = the person is theirs
}

// Answer gives the fact for an effect: Assigned, Found, Held, Booked or Taken; nil for effects that want none. An error
// is the operator's: the agenda could not be read.
func (d *Desk) Answer(c dialogue.Conversation, e dialogue.Effect) (dialogue.Input, error) {
	switch e := e.(type) {
	case dialogue.Assign:
		return d.assign(c, e)
	case dialogue.Find:
		return d.find(c, e)
	case dialogue.Hold:
		return d.hold(c, e)
	case dialogue.Book:
		return d.book(c, e)
	default:
		return nil, nil
	}
}

// Draws is which shares the turn was decided on, by team; nil where none were read.
func (d *Desk) Draws() map[string]int64 { return d.agenda.Draws }

// note keeps why a rep or a time was not taken.
func (d *Desk) note(rep, because string) {
	d.Traces = append(d.Traces, routing.Verdict{Route: -1, Rep: rep, Because: because})
}
