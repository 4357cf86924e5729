// Package bot owns the doing: it loads a conversation, lets the dialogue decide, commits the turn as one, and has the
// effects carried out. What it needs of the world it declares here as small interfaces.
package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/bot/slots"
)

// Errors a Store answers with; everything else is the operator's.
var (
	ErrNotFound  = errors.New("not found")
	ErrStale     = errors.New("decided on an older state") // somebody else committed first: decide again
	ErrDuplicate = errors.New("message is already stored") // the client's id of the message was seen
	ErrNewer     = errors.New("the database was written by a newer program")
	ErrUneven    = errors.New("decided on older shares") // a team's lead went to somebody meanwhile: decide again
	ErrNobody    = errors.New("nobody else can have the lead")
	ErrNotFree   = errors.New("the rep is not free at the time of the lead's meeting")
	ErrNotYours  = errors.New("another rep has the lead")
	ErrNoRep     = errors.New("there is no such rep")
	ErrBusy      = errors.New("the database cannot be written now") // full disk, lost server: try again later
)

// TakenError says that a meeting of the turn lost its time to another; nothing of the turn was committed.
type TakenError struct{ Slot dialogue.Slot }

func (e *TakenError) Error() string {
	return fmt.Sprintf("%s is taken at %s", e.Slot.Rep, e.Slot.Start.Format(time.RFC3339))
}

// Store is the memory of the house. Both databases behave the same; package storetest says how.
type Store interface {
	Conversations
	Visitors
	Agendas
	Absences
	Leads
	Owners
	Waitings
	People
	Ledgers
	Enrolments
	Jobs
	Links
	Revisions
	Publications
	Splits
	Reports
	APIKeys
	Requests
	Listings
	Signals
	Privacy
	Webhooks
	Deliveries
	Close() error
}

// Conversations remembers conversations; every write is one turn.
type Conversations interface {
	// Load reads a conversation by id, or ErrNotFound.
	Load(ctx context.Context, id string) (Conversation, error)
	// Commit writes a turn as one, or nothing: ErrStale, ErrUneven, ErrDuplicate, *TakenError, ErrBusy. It sets Seq of the
	// turn's messages. A meeting comes in place of the rows with its UID, whatever rep and time they blocked, and blocks
	// each rep of its With by a row of its own. The signal to other nodes goes out after the commit.
	Commit(ctx context.Context, t *Turn) error
	// Messages reads the transcript after a seq, oldest first, at most limit.
	Messages(ctx context.Context, conversation string, after int64, limit int) ([]Message, error)
	// Journal reads all inputs, oldest first.
	Journal(ctx context.Context, conversation string) ([]dialogue.Entry, error)
	// Began lists conversations by when they began, the oldest first.
	Began(ctx context.Context, p Period) ([]Past, error)
	// Due lists conversations whose WakeAt has passed, longest first.
	Due(ctx context.Context, now time.Time, limit int) ([]string, error)
	// PutOff lets a conversation that is due now be due at until instead, where no turn changed it meanwhile; its state
	// stays as it is.
	PutOff(ctx context.Context, conversation string, now, until time.Time) error
	// Meeting reads a meeting by UID, or ErrNotFound.
	Meeting(ctx context.Context, uid string) (Meeting, error)
	// MeetingsOf lists the rep's confirmed and cancelled meetings that touch [from, to), by their start. Where the rep is
	// a guest it is the row that blocks them: Of is the UID of the meeting, and the rest as the meeting has it.
	MeetingsOf(ctx context.Context, rep string, from, to time.Time) ([]Meeting, error)
}

// Period is a page of the conversations that began in [From, To).
type Period struct {
	From, To time.Time
	After    Past // the last of the page before; zero = the first page
	Limit    int
}

// Past is a conversation with the time at which it began.
type Past struct {
	Conversation
	Began time.Time
}

// Visitors remembers who has a token.
type Visitors interface {
	// Visitor reads the visitor with that token hash, or ErrNotFound.
	Visitor(ctx context.Context, tokenHash []byte) (Visitor, error)
	// SaveVisitor inserts or replaces by ID; ErrNotFound for somebody who was erased meanwhile.
	SaveVisitor(ctx context.Context, v Visitor) error
	// Latest is the visitor's newest conversation id, or ErrNotFound.
	Latest(ctx context.Context, visitor string) (string, error)
}

// Agendas answers what desks ask.
type Agendas interface {
	// Agenda reads busy times, blocking meetings, announced absence, shares and seats. Holds that expired before now do
	// not block, nor do holds of the conversation except, nor does the meeting that is to be at another time.
	Agenda(ctx context.Context, q AgendaQuery) (desk.Agenda, error)
	// SaveBusy replaces what is known of one rep's calendar.
	SaveBusy(ctx context.Context, b Busy) error
}

// Absences remembers who said to be away. Agenda tells them.
type Absences interface {
	// SaveAway replaces a rep's announced absences.
	SaveAway(ctx context.Context, rep string, spans []slots.Interval) error
}

// Leads finds leads for reps.
type Leads interface {
	// LeadsOf lists a rep's leads, the one that changed last first, at most limit.
	LeadsOf(ctx context.Context, rep string, limit int) ([]Lead, error)
	// FindLead is the lead with that id, conversation or e-mail address, or whose person's name begins so; of several
	// the one that changed last. Capitals do not matter. ErrNotFound where there is none.
	FindLead(ctx context.Context, text string) (Lead, error)
}

// AgendaQuery bounds an agenda.
type AgendaQuery struct {
	Reps     []string
	From, To time.Time
	Now      time.Time
	Except   string   // conversation
	Open     []string // reps whose open leads are counted, but that of Except
	Kind     string   // of meetings whose seats are counted, guests' rows and holds of Except left out; "" = none
	Instead  string   // UID of a meeting that is left out with its guests' rows, for it is to be at another time; "" = none
}

// Busy is one rep's calendar as it was read.
type Busy struct {
	Rep     string
	Spans   []slots.Interval
	ReadAt  time.Time
	Until   time.Time // spans are known up to here
	Failure string    // "" = read; else why not, and then Spans are the last known and the rep is not offered
}

// Jobs is the queue of what touches the outside.
type Jobs interface {
	// Claim takes up to n due jobs for the lease; a job whose lease ran out is due again.
	Claim(ctx context.Context, now time.Time, lease time.Duration, n int) ([]Job, error)
	// Finish ends a claimed job: done, tried again at RunAt, or dead; Attempts is kept as it says. It does nothing when the
	// lease was lost.
	Finish(ctx context.Context, j Job) error
	// JobCounts counts jobs by state, for metrics.
	JobCounts(ctx context.Context) (map[string]int, error)
	// Forget removes done jobs that were due before then, their OnceLinks, and deliveries sent before then; dead ones stay for
	// the operator.
	Forget(ctx context.Context, before time.Time) error
	// Enqueue stores jobs outside of a turn; one whose id is known is the same job, and is left alone unless it is one to be done Again.
	Enqueue(ctx context.Context, jobs ...Job) error
}

// OnceLink begins the kind of a link whose value is a job's id and which is forgotten with the job: what else tells that
// the job's message came before.
const OnceLink = "once."

// Links remembers what a channel calls something of ours: a lead's card, a thread, the last message delivered.
type Links interface {
	// Link reads a value, or ErrNotFound.
	Link(ctx context.Context, kind, key string) (string, error)
	// SaveLink inserts or replaces a value.
	SaveLink(ctx context.Context, kind, key, value string) error
	// ClaimLink inserts a value where there is none, under any race, and says which value stands and whether it is ours.
	ClaimLink(ctx context.Context, kind, key, value string) (stands string, ours bool, err error)
}

// Revisions keeps every workspace a conversation may be pinned to.
type Revisions interface {
	// SaveRevision stores the sources once; the same revision again does nothing.
	SaveRevision(ctx context.Context, revision string, sources map[string]string, at time.Time) error
	// Revision reads the sources, or ErrNotFound.
	Revision(ctx context.Context, revision string) (map[string]string, error)
}

// Signals tells nodes what was committed elsewhere.
type Signals interface {
	// Listen calls heard with the conversation id of every commit, of this node and of others, until ctx ends, and with
	// SignalPublished when a revision was published. After a
	// lost connection it calls heard("") once, which means: anything may have changed.
	Listen(ctx context.Context, heard func(conversation string)) error
	// Ready says whether the store can be read and written now.
	Ready(ctx context.Context) error
}
