// Package dialogue owns the engine: a conversation, one input and the time give the next conversation and its effects.
// It is pure: the same arguments give the same result, whenever and wherever, and on an error nothing has changed.
package dialogue

import (
	"cmp"
	"time"

	"usher/flows"
)

// Conversation is all the engine knows of one conversation: plain data that survives a trip through JSON.
type Conversation struct {
	Flow      string      `json:"flow"`
	Revision  string      `json:"revision"`
	State     string      `json:"state"` // a state of the flow's machine: "size", "meet/offered", "help/waiting"
	Language  string      `json:"language"`
	Timezone  string      `json:"timezone"`
	Channel   string      `json:"channel"`
	Visit     flows.Visit `json:"visit"`
	Began     time.Time   `json:"began"`
	Turns     int         `json:"turns"` // inputs taken
	Answers   []Answer    `json:"answers,omitempty"`
	Trail     []string    `json:"trail,omitempty"` // question steps answered or skipped, for "back"
	Tries     int         `json:"tries,omitempty"` // refusals of the open question
	Assigned  *Assignment `json:"assigned,omitempty"`
	Waiting   *Waiting    `json:"waiting,omitempty"` // where the lead waits while nobody has it
	Claimed   string      `json:"claimed,omitempty"` // the rep who said: mine
	ClaimedAt time.Time   `json:"claimed_at,omitzero"`
	Passed    []string    `json:"passed,omitempty"` // reps who gave the lead away
	Snoozed   time.Time   `json:"snoozed_until,omitzero"`
	Moving    string      `json:"moving,omitempty"`  // within a turn: how the lead goes to another rep: claim, pass, hold
	Offers    []Slot      `json:"offers,omitempty"`  // shown and open to choice
	Refused   []Slot      `json:"refused,omitempty"` // shown and not wanted
	Seeking   string      `json:"seeking,omitempty"` // why times are looked for once more: none, taken, wish, return
	Chosen    *Slot       `json:"chosen,omitempty"`  // held for the visitor while something is asked
	HeldUntil time.Time   `json:"held_until,omitzero"`
	Meeting   *Meeting    `json:"meeting,omitempty"`
	Meetings  int         `json:"meetings,omitempty"`   // booked so far, cancelled ones too
	Clashed   *Meeting    `json:"clashed,omitempty"`    // whose time the rep's calendar took, until another is booked
	Changing  bool        `json:"changing,omitempty"`   // the visitor looks for another time of the meeting that stands
	Joined    *Person     `json:"joined,omitempty"`     // who talks now; the bot is silent
	Met       bool        `json:"met,omitempty"`        // a person has talked: `joined` in conditions
	NoLetters bool        `json:"no_letters,omitempty"` // the visitor said that they want none
	Paused    string      `json:"paused,omitempty"`     // the state to go on in when nobody comes
	Score     Receipt     `json:"score"`
	End       string      `json:"end,omitempty"` // flows.Qualified …, Stopped or Expired; "" = open
	Reason    string      `json:"reason,omitempty"`
	Revisit   time.Time   `json:"revisit,omitzero"` // when a waitlist lead is written to
	WakeAt    time.Time   `json:"wake_at,omitzero"` // when silence becomes an input; zero = never
}

// Open says whether somebody is still to do something about the lead: it is neither closed nor booked.
func (c Conversation) Open() bool {
	return c.Meeting == nil && (c.End == "" || c.End == flows.Qualified)
}

// Ends that no author writes: the visitor stopped, or fell silent (the answers stay and going on is possible).
const (
	Stopped = "stopped"
	Expired = "lapsed"
)

// Answer is one field's value with where it came from.
type Answer struct {
	Field    string      `json:"field"`
	Value    flows.Value `json:"value"`
	Said     string      `json:"said,omitempty"` // the words it was read from
	Language string      `json:"language,omitempty"`
	Wording  string      `json:"wording,omitempty"` // consent: what was shown
	At       time.Time   `json:"at"`
	Source   string      `json:"source,omitempty"` // "" = said here; SourceVisit, SourceProfile
}

// Where an answer came from when the visitor did not say it here.
const (
	SourceVisit   = "visit"
	SourceProfile = "profile"
)

// Assignment is who got the lead and why.
type Assignment struct {
	Team    string `json:"team,omitempty"`
	Rep     string `json:"rep"`
	Because string `json:"because"`
	Route   int    `json:"route"`          // index of the route that won
	By      string `json:"by,omitempty"`   // who gave the lead to the rep by hand
	Next    *Tiers `json:"next,omitempty"` // who has the lead next, unless it is claimed in time; nil = nobody
}

// Tiers are teams or reps that have a lead one after the other.
type Tiers struct {
	To    []string      `json:"to,omitempty"`
	After time.Duration `json:"after,omitempty"` // how long each has it; 0 = for ever
	Route int           `json:"route"`           // index of the route they are of
}

// Waiting is a lead that nobody can take now, in its place.
type Waiting struct {
	Place   string    `json:"place"` // the team or rep it waits for
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
	Tiers   Tiers     `json:"tiers"`          // who may take it meanwhile
	Else    string    `json:"else,omitempty"` // who gets it then; "" = the routes below
	Because string    `json:"because"`
}

// Slot is a time of one rep: instants, half open.
type Slot struct {
	Rep   string    `json:"rep"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	With  string    `json:"with,omitempty"` // ids of the reps who come too, with spaces between
}

// Meeting is a booking as the conversation knows it.
type Meeting struct {
	UID string `json:"uid"`
	Slot
	Step  string `json:"step,omitempty"`  // that booked it
	Place string `json:"place,omitempty"` // "" also while it is being made
}

// Person is a rep who joined.
type Person struct {
	Rep     string `json:"rep"`
	Name    string `json:"name"`
	Picture string `json:"picture,omitempty"`
}

func (p Person) called() string { return cmp.Or(p.Name, p.Rep) }

// Receipt is the score with every rule that holds.
type Receipt struct {
	Score   float64            `json:"score"`
	Grade   string             `json:"grade,omitempty"`
	Parts   map[string]float64 `json:"parts,omitempty"`
	Reasons []Reason           `json:"reasons,omitempty"`
}

// Reason is one rule that holds and what it brought after decay and caps.
type Reason struct {
	Points  float64 `json:"points"`
	Part    string  `json:"part,omitempty"`
	Because string  `json:"because"`
}
