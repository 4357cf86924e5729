package flows

import (
	"slices"
	"strings"
	"time"
)

// Roster is what team.yaml says.
type Roster struct {
	Timezone string // IANA name; the zone of hours and holidays where a rep names none
	Location *time.Location
	Hours    map[string]*Hours
	Holidays []Date
	Reps     []*Rep
	Teams    []*Team
	Meeting  MeetingRules
	Stale    time.Duration   // age beyond which what was read of a calendar is read again before a time is offered; default DefaultStale
	Remind   []time.Duration // before a meeting, when the visitor is reminded; nil = a day and an hour
	Routes   []*Route
	Accounts []*Account
	Watch    []string // domains of companies whose visits are told to reps, in lower case
	Fallback Fallback
}

// Fallback is where goes what nobody took.
type Fallback struct {
	Slack string // channel
}

// Rep is a person who takes meetings.
type Rep struct {
	ID        string
	Name      string
	Title     string // what they are: Account executive
	Email     string
	Picture   string // https address
	Timezone  string // IANA name
	Location  *time.Location
	Hours     *Hours     // read in the rep's zone
	Calendars []Calendar // all are read; meetings are written to the first that can be written to
	Slack     string
	Languages []string
	Weight    int // share within a fair team; default 1
	Limits    Limits
	Away      []DateRange
	Dates     []DayHours // other hours on some dates, in place of Hours
	Travel    []Stay     // days on which Hours are kept in another zone
	Place     string     // where meetings are: a video link, a phone number, an address
	At        Place
}

// Calendar is where a rep's busy times are read; one of File, URL, CalDAV, Google, Microsoft is set.
type Calendar struct {
	File      string // in the workspace
	URL       string // https or webcal feed, or ${NAME}, resolved by whoever dials
	CalDAV    string // a server, a principal, a home or one calendar
	Google    string // calendar id, mostly the rep's address; or primary
	Microsoft string // user principal name, mostly the rep's address
	User      string
	Password  string // as written: ${NAME}, resolved by whoever dials
	Names     string // of several calendars behind CalDAV, Google or Microsoft: those that are read, comma-separated; "" = all that hold events
}

// DayHours are the hours of some dates; no spans means closed.
type DayHours struct {
	DateRange
	Spans []Span
}

// Stay is days away from the rep's own zone.
type Stay struct {
	DateRange
	Timezone string // IANA name
	Location *time.Location
}

// Limits is the most a rep takes; 0 = no limit.
type Limits struct {
	Day  int // meetings
	Week int // meetings in an ISO week in the rep's zone
	Open int // leads that are the rep's and neither closed, booked nor let go
}

// How a team shares its leads.
const (
	AssignFair      = "fair"
	AssignFirstFree = "first_free"
	AssignInOrder   = "in_order"
	AssignLeastBusy = "least_busy"
)

// What counts for the fair shares of a team.
const (
	CountsAssigned = "assigned"
	CountsBooked   = "booked" // a lead that ends without a meeting does not count
	CountsHeld     = "held"   // nor does one whose meeting did not take place
)

// What gives a rep the turn back.
const (
	CreditNoShow    = "no_show"
	CreditCancelled = "cancelled"
	CreditPassed    = "passed"
)

// Among which leads the shares of a team are fair.
const (
	QueueTeam  = "team"
	QueueRoute = "route"
)

// Team is a group of reps that shares leads.
type Team struct {
	ID     string
	Reps   []*Rep
	Assign string
	Hours  *Hours        // when the team can be handed a conversation; nil = its reps' hours
	Slack  string        // channel for lead cards
	Claim  time.Duration // how long a lead may wait for its rep to claim it before it goes on; 0 = for ever
	// OwnerCounts says that leads which went to the rep who had them already count for fair shares.
	OwnerCounts bool
	Counts      string   // for fair shares: CountsAssigned …
	Credit      []string // what gives the rep the turn back: CreditNoShow …
	Queue       string   // among which leads shares are fair: QueueTeam or QueueRoute
	// Languages is whether reps who speak the visitor's language go first: LanguagesPrefer …
	Languages string
	Place     Place
}

// What the visitor's language means to a team.
const (
	LanguagesPrefer = "prefer" // reps who speak it go first
	LanguagesMatch  = "match"  // who does not speak it cannot serve
	LanguagesIgnore = "ignore"
)

// Speaks says whether the rep speaks a language; of one whose languages are not written nothing is known against it.
func (r *Rep) Speaks(language string) bool {
	base, _, _ := strings.Cut(language, "-")
	return base == "" || len(r.Languages) == 0 || slices.ContainsFunc(r.Languages, func(l string) bool {
		own, _, _ := strings.Cut(l, "-")
		return strings.EqualFold(own, base)
	})
}

// MeetingRules are the bounds on when a meeting can be.
type MeetingRules struct {
	Buffer  time.Duration // kept free before and after
	Notice  time.Duration // least time from now to the start
	Horizon time.Duration // most time from now to the start
	Every   time.Duration // grid of starts, from the full hour in the rep's zone
}

// What a meeting is where nothing is written: the usual first call, with room to breathe around it, at starts people can
// remember, soon enough that the lead is warm.
const (
	DefaultMinutes = 30
	DefaultBuffer  = 10 * time.Minute
	DefaultNotice  = 2 * time.Hour
	DefaultHorizon = 14 * 24 * time.Hour
	DefaultEvery   = 30 * time.Minute
	DefaultStale   = 30 * time.Minute
)

// Route sends leads for which If holds to a team, a rep, the lead's owner or whom the lead's account names.
type Route struct {
	If     *Condition
	To     string        // team id, rep id, Owner or ToAccount
	Then   []string      // who has the lead next where the ones before cannot serve, or have not taken it within After
	After  time.Duration // how long each of To and Then has the lead before it goes on; 0 = for ever
	Else   string        // who gets the lead where none of To and Then has taken it; "" = the routes below
	Within time.Duration // the target must be free this soon, else the next; 0 = the meeting's horizon
	For    time.Duration // an owner counts only where the lead has changed within this time; 0 = for ever
	Wait   time.Duration // how long a lead waits where none of To and Then can take it now; 0 = not at all
	Place  Place
}

// Tiers are To, Then and Else in their order, and how many of them come before Else.
func (r *Route) Tiers() (all []string, before int) {
	all = append([]string{r.To}, r.Then...)
	before = len(all)
	if r.Else != "" {
		all = append(all, r.Else)
	}
	return all, before
}

// End is the target that the route comes to when all before it fail.
func (r *Route) End() string {
	all, _ := r.Tiers()
	return all[len(all)-1]
}

// LeadsToOwner says whether the lead's owner is one of the route's targets, or is asked about by its condition.
func (r *Route) LeadsToOwner() bool {
	all, _ := r.Tiers()
	return slices.Contains(all, Owner) || slices.ContainsFunc(r.If.Mentions(), func(m Mention) bool { return m.Name == "owner" })
}

// Route targets that are neither a team nor a rep.
const (
	Owner     = "owner"   // the rep who already has the lead
	ToAccount = "account" // whom the lead's account names
)

// Reminders are the times before a meeting at which the visitor is reminded, the earliest first.
func (r *Roster) Reminders() []time.Duration {
	if r.Remind == nil {
		return []time.Duration{24 * time.Hour, time.Hour}
	}
	return r.Remind
}

// Hours is a week of working times, by time.Weekday; the zone is the one of whoever keeps them.
type Hours struct {
	Name string
	Week [7][]Span
}

// Span is a part of a day in minutes since midnight; To may be 1440.
type Span struct{ From, To int }

// Date is a civil date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateRange is From to To, both included.
type DateRange struct{ From, To Date }
