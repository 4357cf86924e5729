package dialogue

import (
	"time"

	"usher/flows"
)

// Effect is something the conversation wants of the world. Assign, Find, Hold and Book are answered inside the turn
// by an input each; Move, Change, Drop and the rest are carried out and not answered. It is a sealed sum.
type Effect interface{ effect() }

type (
	// Say is the bot's words, and the question that is open after them.
	Say struct {
		Step string `json:"step"`
		Text string `json:"text"`
		Ask  *Ask   `json:"ask,omitempty"`
	}
	// Assign asks who gets the lead. Team is "" when the routes decide, after First. Not lists reps who already had their
	// turn. With Only nobody but First is asked, and with Must the lead cannot wait. Where a time stands that the lead must keep, only a rep who is free then can have it; that rep is Rep where one is named.
	Assign struct {
		Team    string             `json:"team,omitempty"`
		First   *Tiers             `json:"first,omitempty"`
		Only    bool               `json:"only,omitempty"`
		Must    bool               `json:"must,omitempty"`
		Minutes int                `json:"minutes"` // of the meeting that follows; 0 for a handoff
		Rules   flows.MeetingRules `json:"rules"`
		Not     []string           `json:"not,omitempty"`
		Rep     string             `json:"rep,omitempty"`
		Over    bool               `json:"over,omitempty"` // somebody else gives it to the Rep
		By      string             `json:"by,omitempty"`   // who does so, "" = it is not known
		Stands  *Slot              `json:"stands,omitempty"`
		Scope   *flows.Scope       `json:"-"`
		Terms
	}
	// Find asks for times of a rep that differ from each other and from those in Not. Where Team is named they are those of
	// all its reps but the conversation's Passed ones, and the one whose time is chosen gets the lead.
	Find struct {
		Team    string             `json:"team,omitempty"`
		Rep     string             `json:"rep"`
		Minutes int                `json:"minutes"`
		Offer   int                `json:"offer"`
		Rules   flows.MeetingRules `json:"rules"`
		Not     []Slot             `json:"not,omitempty"`
		Wish    *Wish              `json:"wish,omitempty"` // "Thursday after 3"
		Terms
	}
	// Hold asks that the slot be kept until Until while something is still to be asked. Held of another rep than the lead's
	// gives that rep the lead.
	Hold struct {
		Slot  Slot               `json:"slot"`
		Until time.Time          `json:"until"`
		Rules flows.MeetingRules `json:"rules"`
		Terms
	}
	// Book asks that the slot become a meeting, or with Instead that the meeting take place then. Booked with another rep
	// than the lead's gives that rep the lead.
	Book struct {
		Slot  Slot               `json:"slot"`
		Title string             `json:"title"`
		Place string             `json:"place,omitempty"`
		Made  string             `json:"made,omitempty"` // flows.PlaceGoogleMeet or flows.PlaceTeams: Place is made with the event
		Rules flows.MeetingRules `json:"rules"`
		Terms
	}
	// Move gives a standing meeting to another rep: the same meeting, the same time.
	Move struct {
		Meeting Meeting `json:"meeting"`        // as it is now
		From    string  `json:"from"`           // the rep who had it
		Made    string  `json:"made,omitempty"` // as of Book
	}
	// Change tells that a standing meeting has another time or place.
	Change struct {
		Meeting Meeting `json:"meeting"` // as it is now
	}
	// Cancel gives a standing meeting's time back.
	Cancel struct {
		Meeting Meeting `json:"meeting"`
		Because string  `json:"because,omitempty"`
		Clashed bool    `json:"clashed,omitempty"` // the rep's calendar took the time: the visitor is to choose another
	}
	// Mark keeps with a meeting what the visitor's calendar answered, or that the visitor did not come.
	Mark struct {
		Meeting  Meeting `json:"meeting"`
		Answer   string  `json:"answer,omitempty"`
		Sequence int     `json:"sequence,omitempty"` // of the invitation that was answered
		Missed   bool    `json:"missed,omitempty"`
	}
	// Drop gives a held slot back.
	Drop struct {
		Slot Slot `json:"slot"`
	}
	// CallRep asks a person of the team to join.
	CallRep struct {
		Team  string    `json:"team"`
		Until time.Time `json:"until"`
	}
	// Notify tells reps and systems that something happened: NotifyQualified …
	Notify struct {
		Event string `json:"event"`
	}
	// FollowUp asks for a letter later: nurture, or a waitlist's revisit.
	FollowUp struct {
		Kind string    `json:"kind"`
		At   time.Time `json:"at"`
	}
)

// Terms is what a booking asks of a time beside its rules. Its slots name in With who comes too.
type Terms struct {
	With    []string `json:"with_teams,omitempty"` // teams of which one rep each comes too
	Kind    string   `json:"kind,omitempty"`       // flow/step that books
	Seats   int      `json:"seats,omitempty"`      // most meetings of the Kind a day, in the roster's zone; 0 = no bound
	Instead *Meeting `json:"instead,omitempty"`    // the meeting that is to be at another time: it is not in its own way, and whoever comes too is kept
}

// Events of Notify. A conversation that ends qualified is told as qualified, every other end as ended.
const (
	NotifyQualified = "qualified"
	NotifyEnded     = "ended"
	NotifyBooked    = "booked"
	NotifyHandoff   = "handoff"
	NotifyLapsed    = "lapsed"
	NotifyPassed    = "passed"  // another rep has the lead
	NotifyWaiting   = "waiting" // nobody can take the lead now: it waits in its place
	NotifyAlert     = "alert"   // something could not be carried out, and the visitor was told so
)

// Ask is an open question as a channel shows it.
type Ask struct {
	Field    string   `json:"field"`
	Type     string   `json:"type"` // a flows.Type, or TypeSlot
	Options  []Option `json:"options,omitempty"`
	Optional bool     `json:"optional,omitempty"`
}

// TypeSlot is the type of the question which of the offered times suits.
const TypeSlot = "slot"

// Option is one answer to choose from; Day groups slots in a picker.
type Option struct {
	Value string    `json:"value"`
	Label string    `json:"label"`
	Day   string    `json:"day,omitempty"`  // "Tuesday 24 November"
	Start time.Time `json:"start,omitzero"` // slot
	End   time.Time `json:"end,omitzero"`
}

// Wish bounds a search for times, in the visitor's zone.
type Wish struct {
	Timezone string         `json:"timezone"`
	Days     []flows.Date   `json:"days,omitempty"`
	Weekdays []time.Weekday `json:"weekdays,omitempty"`
	From     int            `json:"from"` // minutes since midnight
	To       int            `json:"to"`   // 0 = open
	At       int            `json:"at"`   // -1 = none
}

func (Say) effect()      {}
func (Assign) effect()   {}
func (Find) effect()     {}
func (Hold) effect()     {}
func (Book) effect()     {}
func (Move) effect()     {}
func (Change) effect()   {}
func (Cancel) effect()   {}
func (Mark) effect()     {}
func (Drop) effect()     {}
func (CallRep) effect()  {}
func (Notify) effect()   {}
func (FollowUp) effect() {}
