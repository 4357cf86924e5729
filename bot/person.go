package bot

import (
	"context"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/flows"
)

// Person is one lead as the team knows it: what one human being said in all conversations, on all channels.
type Person struct {
	ID        string
	Version   int64 // changes committed: the optimistic lock
	Name      string
	Email     string
	Phone     string
	Company   string
	Domain    string // of the company, from the address at work; "" = not known
	Country   string // ISO 3166-1 alpha-2
	Language  string
	Timezone  string
	Fields    map[string]flows.Value // the newest answer to each field, over all flows; the contact is made of them
	Learnt    map[string]time.Time   // when each of the Fields was
	Score     float64                // at ScoredAt; At tells it at any time
	Grade     string
	ScoredAt  time.Time
	Standings []Standing // of the newest conversations that scored, the newest first
	Stage     string     // StageVisitor …
	Reason    string     // why it is disqualified, lost or waits
	Revisit   time.Time  // when somebody on the waiting list is to be written to; zero = not said
	Owner     string     // rep; "" while nobody has it, and then Waiting says where it waits once it asked for somebody
	Team      string
	Waiting   string // the named place where a lead without an owner waits; "" = it has an owner or asked for nobody
	OwnedAt   time.Time
	First     Source
	Last      Source
	Consents  []Consent
	Handing   Handing // zero = nobody hands it over now
	Changes   int64   // lines that it has in its trail, without those of the merged
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Handing is that somebody hands a person to another rep, until its conversation has followed.
type Handing struct {
	Rep     string `json:"rep"`
	By      string `json:"by"`
	Because string `json:"because"`
}

// Standing is how a person stands in one conversation.
type Standing struct {
	Conversation string    `json:"conversation"`
	At           time.Time `json:"at"` // of what was last said or seen
	dialogue.Standing
}

// Stages of a person.
const (
	StageVisitor      = "visitor"
	StageMQL          = "mql" // marketing qualified: the grade says that somebody should talk to them
	StageSAL          = "sal" // sales accepted: a rep claimed them, or a meeting is booked
	StageSQL          = "sql" // sales qualified: a meeting was held, or a rep says so
	StageWon          = "won"
	StageLost         = "lost"
	StageWaitlist     = "waitlist"
	StageNurture      = "nurture"
	StageDisqualified = "disqualified"
)

// Source is where a person came from.
type Source struct {
	UTM      map[string]string `json:"utm,omitempty"`
	Referrer string            `json:"referrer,omitempty"`
	Page     string            `json:"page,omitempty"`
	Channel  string            `json:"channel,omitempty"`  // web, slack, import …
	Outbound bool              `json:"outbound,omitempty"` // we wrote first: an import, or the link in a letter
	At       time.Time         `json:"at"`
}

// Consent is what a person agreed to, as it was shown.
type Consent struct {
	Field        string    `json:"field"`
	Wording      string    `json:"wording"`
	Language     string    `json:"language"`
	Given        bool      `json:"given"`
	At           time.Time `json:"at"`
	Conversation string    `json:"conversation"`
}

// Change is one line of a person's trail; lines are only ever added, and keep the Person and N they were written with when
// that person is merged into another.
type Change struct {
	Person       string
	N            int64  // per person, from 1, without a gap: the first of a PersonTurn is Person.Changes + 1
	Kind         string // ChangedStage …
	From, To     string
	By           string // rep id, "flow FLOW", "import", "crm", "api NAME", person@machine
	Because      string
	Conversation string // "" = none
	At           time.Time
}

// Kinds of a Change.
const (
	ChangedStage   = "stage"
	ChangedOwner   = "owner"   // From and To are reps, or "waiting PLACE"
	ChangedGrade   = "grade"   // From and To are grades
	ChangedMerge   = "merged"  // From is the id of the person that is no more
	ChangedContact = "contact" // To names what was learnt: email, phone, name, company
)

// PersonKey is what a person is known by. One key belongs to one person.
type PersonKey struct {
	Kind  string // ByEmail …
	Value string // normalised: addresses in lower case, phones as E.164
}

// Kinds of a PersonKey.
const (
	ByEmail   = "email"
	ByPhone   = "phone"
	ByVisitor = "visitor" // the signed id of a visitor
)

// PersonTurn is everything one change of a person writes: it is committed together or not at all.
type PersonTurn struct {
	Person  Person      // as it is after the change; Version and Changes are those it was decided on, Version 0 = new
	Keys    []PersonKey // that are to be the person's from now on
	Merged  []Person    // who turned out to be the same: their keys, conversations and trail become the person's
	Folded  []Folded    // conversations that are the person's
	Changes []Change    // N is set by the store
	Jobs    []Job
	Ledger  []desk.Entry     // of a person whom the routes gave to a rep without a conversation: under the person's id
	Draws   map[string]int64 // the shares they were decided on: ErrUneven where there are others
	// Unburied are hashes of keys (KeyHash) that no tombstone had: one that has them by now is ErrStale.
	Unburied []string
}

// Folded is a conversation whose facts its person has.
type Folded struct {
	Conversation string
	Person       string    // "" = not folded yet
	Facts        []string  // that the person was told of
	At           time.Time // of the conversation's last turn; only read
}

// People remembers persons.
type People interface {
	// Person reads by id, also by that of somebody merged since, or ErrNotFound.
	Person(ctx context.Context, id string) (Person, error)
	// PeopleBy reads the different persons that any of the keys belongs to, the oldest first.
	PeopleBy(ctx context.Context, keys ...PersonKey) ([]Person, error)
	// FindPerson is the person with that id, conversation, e-mail address or phone, or whose name begins so; of several the
	// one that changed last. ErrNotFound where there is none.
	FindPerson(ctx context.Context, text string) (Person, error)
	// ListPeople lists them, the one that changed last first.
	ListPeople(ctx context.Context, q PeopleQuery) ([]Person, error)
	// CommitPerson writes one change: ErrStale where the person, or somebody merged, changed meanwhile, a key became
	// somebody else's, or whoever had it was erased.
	CommitPerson(ctx context.Context, t PersonTurn) error
	// Trail reads the person's changes, with those of everybody merged into it, the oldest first.
	Trail(ctx context.Context, person string) ([]Change, error)
	// ConversationsOf lists the person's conversations, the oldest first.
	ConversationsOf(ctx context.Context, person string) ([]Past, error)
	// MeetingsBy lists the person's confirmed and cancelled meetings by their start.
	MeetingsBy(ctx context.Context, person string) ([]Meeting, error)
	// VisitorsOf lists the browsers, and names in other channels, that are the person's.
	VisitorsOf(ctx context.Context, person string) ([]Visitor, error)
	// PersonOf is the person of a conversation, or ErrNotFound.
	PersonOf(ctx context.Context, conversation string) (Person, error)
	// Folded reads what the person of a conversation was told of it, or ErrNotFound where no turn wrote a lead.
	Folded(ctx context.Context, conversation string) (Folded, error)
	// Unfolded lists conversations that have no person yet, by id after that one.
	Unfolded(ctx context.Context, after string, limit int) ([]string, error)
}

// PeopleQuery is a page of people.
type PeopleQuery struct {
	Stage, Owner, Waiting, Domain string    // "" = any
	Since                         time.Time // changed since then
	After                         *Person   // the last of the page before; nil = the first page
	Limit                         int
}
