package flows

import "time"

// Flow is one conversation as its author wrote it.
type Flow struct {
	ID        string
	Title     Text
	Languages []string // the first is the source language
	Show      Show
	Theme     Theme
	Fields    []*Field // in the order written, then the implicit name, email, phone, company where not declared
	Steps     []*Step  // in the order written; the first is where a conversation begins
	Score     []*Rule
	Caps      map[string]float64 // part → most points it may bring
	Grades    []Grade            // by falling threshold
	Expires   time.Duration      // silence after which a conversation lapses (its answers stay); DefaultExpiry when unset
	Mix       *Mix               // who comes, for simulations; nil = not written
	Always    []*Always          // what must be so at every end
	Never     []*Never           // ends that must not be reached
	Questions int                // most questions anybody may be asked; 0 = not bounded
	Split     []Variant          // flows that visitors get in place of this one; empty = all get this one
	Within    string             // the flow whose split gives this one to visitors; "" = none does
	Place     Place
}

// DefaultExpiry is how long a silent conversation stays open: a visitor who comes back the same day goes on.
const DefaultExpiry = 24 * time.Hour

// Show says which visitor gets the flow and when it greets on its own.
type Show struct {
	Pages    []string // path patterns, * matches any run of characters; empty = all
	If       *Condition
	After    time.Duration // time on the page after which the teaser shows; 0 = never on its own
	Priority int
}

// Theme is how the widget looks: all optional.
type Theme struct {
	Color  string `json:"color,omitempty"`  // #rrggbb
	Corner string `json:"corner,omitempty"` // right | left
	Name   string `json:"name,omitempty"`   // shown in the header
	Avatar string `json:"avatar,omitempty"` // https address
	Dark   string `json:"dark,omitempty"`   // auto | always | never
	Teaser Text   `json:"-"`                // said beside the launcher after show.after
}

// Step does one thing: say, ask, book, hand off, end, or only branch.
type Step struct {
	ID       string
	Say      *Text // nil = silent
	Ask      *Field
	Again    bool   // ask although the field is known
	Optional bool   // may be skipped
	Retry    *Text  // said when the answer does not fit; nil = the type's own words
	Tries    int    // refusals before Else; 0 = DefaultTries
	Else     string // step id; "" = goes on by Next
	Book     *Book
	Handoff  *Handoff
	End      *End
	Next     []Edge // read from the top; empty = the step below
	Place    Place
}

// DefaultTries is how often a question is asked before the conversation goes on without an answer: two misreadings
// are a slip, three are a sign that the question does not work for this visitor.
const DefaultTries = 3

// Edge leads to another step when its condition holds; a nil condition always holds.
type Edge struct {
	If    *Condition
	To    string
	Place Place
}

// Book offers times of the chosen rep and books one.
type Book struct {
	Minutes int          // length of the meeting; default 30
	Offer   int          // how many times are shown at once; default 3
	Title   *Text        // plain words: calendars read no Markdown
	Team    string       // overrides the routes when set
	Rules   MeetingRules // the roster's defaults with this step's own over them
	Needs   []*Field     // what an invitation needs: email always, in the order they are asked; never nil
	With    []string     // teams of which one rep each comes too
	Pooled  bool         // any rep of the team may have the meeting: their times are offered together
	Seats   int          // most meetings of this step a day, in the roster's zone; 0 = no bound
	Place   string       // PlaceRep, PlacePhone, PlaceGoogleMeet, PlaceTeams, or the place itself
}

// Where a booked meeting takes place, unless the place itself is written.
const (
	PlaceRep        = ""            // the rep's own
	PlacePhone      = "phone"       // the rep calls the visitor, whose number an invitation then needs
	PlaceGoogleMeet = "google_meet" // a link that Google makes with the event
	PlaceTeams      = "teams"       // a link that Microsoft makes with the event
)

// Handoff asks a person of a team to join.
type Handoff struct {
	Team string
	Wait time.Duration // then the flow goes on; default 2 min
}

// Ends of a conversation.
const (
	Qualified    = "qualified"
	Disqualified = "disqualified"
	Waitlist     = "waitlist"
	Nurture      = "nurture"
)

// End closes the conversation.
type End struct {
	Kind    string        // Qualified, Disqualified, Waitlist or Nurture
	Reason  string        // why disqualified
	Revisit time.Duration // when a waitlist lead is written to
}

// Rule brings points whenever its condition holds.
type Rule struct {
	If      *Condition
	Points  float64
	Because string
	Part    string        // "" = the flow's own, uncapped part
	Halves  time.Duration // the points halve each time this much passes since what the rule saw; 0 = never
	Place   Place
}

// Grade is a name for scores of at least From.
type Grade struct {
	Name string
	From float64
}
