package flows

import "time"

// Scope is what conditions and texts may name at one moment of one conversation. It is plain data; a zero member
// means what it says ("not known", no visits, no page).
type Scope struct {
	Values   map[string]Value // fields by name; absent = not known
	Score    float64
	Grade    string
	Parts    map[string]float64
	Booked   bool
	Joined   bool
	Owner    string    // rep id of the lead's own rep
	OwnedAt  time.Time // when that lead changed last; zero = just now
	OwnedBy  string    // how the owner is known: OwnedByDomain or OwnedByCRM; "" = the person is theirs
	Rep      *Rep
	Meeting  *MeetingScope
	Language string
	Channel  string
	Now      time.Time // in the visitor's zone: hour and weekday are read from it
	Visits   int
	Pages    []string // paths seen, oldest first
	Page     string
	Referrer string
	UTM      map[string]string
	Roster   *Roster // for open("office")
	// What the conversation has come to, for `always` and `never` alone.
	Offered   bool   // times were offered
	HandedOff bool   // a person was called
	End       string // how it ended
	Questions int    // how many were asked
	// Show renders a value as the visitor should read it (250, $5,000, 1 December); nil = Plain with fmt.
	Show func(f *Field, v Value, language string) string
}

// How an owner is known who is not the person's own.
const (
	OwnedByDomain = "domain" // somebody else of the same company is theirs
	OwnedByCRM    = "crm"    // the person's record says so: another system, or a colleague
)

// MeetingScope is the meeting as texts name it.
type MeetingScope struct {
	Starts  string // day and time in the visitor's zone and language
	Day     string
	Time    string
	Minutes int
	Place   string
}
