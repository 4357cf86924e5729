package desk

import (
	"cmp"
	"time"

	"usher/bot/routing"
)

// Entry is one line of the ledger: what a rep got, gave or missed of a queue's leads. Lines are only ever added.
type Entry struct {
	Team    string    `json:"team"`
	Queue   string    `json:"queue,omitempty"`
	Rep     string    `json:"rep"`
	Kind    string    `json:"kind"` // AssignedLead …
	Route   int       `json:"route"`
	Because string    `json:"because"`
	Leads   int       `json:"leads"` // what the line adds to the leads that count: 1, 0, or -1 for one that counts no more
	At      time.Time `json:"at"`
	// Among is whom the lead was due to by weight, and Without who else of the team could not have it: a line that counts
	// adds to what was due and what was missed.
	Among   map[string]int `json:"among,omitempty"`
	Without map[string]int `json:"without,omitempty"`
	// Capped says that the rep gets one more open lead and has no more than so many at once. It is not kept.
	Capped bool `json:"-"`
	// Trace is why each route and rep was taken or not, as it was then.
	Trace []routing.Verdict `json:"trace,omitempty"`
}

// Kinds of an Entry.
const (
	AssignedLead  = "assigned"  // the rep got the lead
	PassedLead    = "passed"    // the rep had the lead, and it went to another
	ReceivedLead  = "received"  // the rep got a lead that another had
	WaitingLead   = "waiting"   // nobody could have the lead, and it waits; the line is no rep's
	MissedLead    = "missed"    // the rep could not have a lead that was due to them
	BookedLead    = "booked"    // the lead has a meeting with the rep
	HeldLead      = "held"      // the meeting is over, and nobody said that the lead did not come
	NoShowLead    = "no_show"   // the lead did not come
	CancelledLead = "cancelled" // the meeting does not take place
	UnbookedLead  = "unbooked"  // the conversation is over without a meeting
	GuestLead     = "guest"     // the rep comes to another's meeting too
)

// MaxTrace is how many verdicts a line keeps: those of the routes and of a large team; the rest is told by the shares.
const MaxTrace = 64

// In is the queue in which the line counts.
func (e Entry) In() routing.Queue { return routing.Queue{Team: e.Team, Name: e.Queue} }

// Draws are what only one turn at a time may share out: the leads of the line's team where it counts there, and the open leads of
// its rep where they are limited, by whatever way a lead comes.
func (e Entry) Draws() (of []string) {
	if e.Leads != 0 && e.Team != "" {
		of = append(of, e.Team)
	}
	if e.Capped {
		of = append(of, OpenDraw+e.Rep)
	}
	return of
}

// OpenDraw is what the draw of a rep's open leads begins with; no id of a team does.
const OpenDraw = "rep:"

// Changes is what the line adds to the shares of its queue, by rep. An addition's Last is zero where it adds no lead.
func (e Entry) Changes() map[string]routing.Share {
	by, among := map[string]routing.Share{}, e.Among
	if len(among) == 0 && e.Leads != 0 {
		among = map[string]int{e.Rep: 1} // nobody else was asked: it was due to the one who got it
	}
	for rep, part := range routing.Parts(among) {
		by[rep] = routing.Share{Due: part * int64(e.Leads), Weight: e.Among[rep]}
	}
	if e.Leads > 0 {
		for rep, part := range (routing.Sharing{Among: among, Without: e.Without}).Missing() {
			by[rep] = routing.Share{Missed: part, Weight: e.Without[rep]}
		}
	}
	own := by[e.Rep]
	own.Count = int64(e.Leads)
	switch e.Kind {
	case AssignedLead, ReceivedLead:
		own.Got = 1
	case PassedLead:
		own.Gave = 1
	}
	if e.Leads > 0 {
		own.Last = e.At
	}
	if own != (routing.Share{}) {
		by[e.Rep] = own
	}
	return by
}

// Shares are what reps have had, queue by queue.
type Shares = map[routing.Queue]map[string]routing.Share

// Enter adds lines to shares, which come back changed.
func Enter(s Shares, lines ...Entry) Shares {
	for _, e := range lines {
		for rep, more := range e.Changes() {
			if s == nil {
				s = Shares{}
			}
			if s[e.In()] == nil {
				s[e.In()] = map[string]routing.Share{}
			}
			had := s[e.In()][rep]
			had.Count += more.Count
			had.Due += more.Due
			had.Missed += more.Missed
			had.Got += more.Got
			had.Gave += more.Gave
			had.Weight = cmp.Or(more.Weight, had.Weight)
			if more.Last.After(had.Last) {
				had.Last = more.Last
			}
			s[e.In()][rep] = had
		}
	}
	return s
}
