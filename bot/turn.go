package bot

import (
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
)

// Conversation is a conversation with its place in the house.
type Conversation struct {
	ID      string
	Site    string
	Visitor string
	Split   string // the flow whose split gave the conversation its flow; "" = none did. Kept as the first turn says
	Seq     int64  // turns committed: the optimistic lock
	Last    int64  // seq of the last message
	State   dialogue.Conversation
}

// Turn is everything one turn changes: it is committed together or not at all.
type Turn struct {
	Conversation Conversation // as it is after the turn; Seq is the one it was decided on, 0 = a new conversation
	Now          time.Time
	Messages     []Message
	Journal      []dialogue.Entry
	Meetings     []Meeting // inserted, or replaced by UID
	Ledger       []desk.Entry
	Draws        map[string]int64 // the shares the ledger's lines were decided on, by team; nil = they do not matter
	Lead         *Lead
	Waiting      *Waiting // where the lead waits from now on; without a Place it waits no more, nil = stays as it is
	Journey      *Journey // nil = nothing that reports count has changed
	Jobs         []Job
	Visitor      *Visitor // inserted, or replaced by ID; nil = stays as it is
}

// Message is one line of the transcript.
type Message struct {
	Seq  int64  // per conversation, from 1, without a gap
	ID   string // the client's id, unique in the conversation; "" for the bot's words
	From string // visitor, bot, rep
	Name string // of the rep
	// Picture is the https address of the rep's picture, or "".
	Picture string
	Text    string
	Ask     *dialogue.Ask
	// Meeting is the UID of the meeting these words tell of; channels show it with a link and a file to save.
	Meeting string
	// End is how the conversation ended with these words: flows.Qualified …; "" = it goes on.
	End string
	At  time.Time
}

// Who speaks.
const (
	FromVisitor = "visitor"
	FromBot     = "bot"
	FromRep     = "rep"
)

// Status of a meeting.
const (
	Held      = "held" // until Expires
	Confirmed = "confirmed"
	Cancelled = "cancelled"
	Dropped   = "dropped" // a hold given back
)

// Meeting is a row that blocks rep × [Start-Buffer, End+Buffer) while it is confirmed, or held and not expired.
type Meeting struct {
	UID          string
	Conversation string
	Visitor      string // at most MaxHolds live holds each
	Rep          string
	Start, End   time.Time
	Buffer       time.Duration
	Status       string
	Expires      time.Time // of a hold
	Sequence     int       // RFC 5545 3.8.7.4
	Title        string
	Place        string
	Attendee     string // e-mail
	Name         string
	Timezone     string // the visitor's
	Language     string // the visitor's
	Phone        string // the visitor's
	Kind         string // flow/step that booked it
	Seats        int    // most confirmed or held meetings of the Kind on that day, in the roster's zone; 0 = no bound
	Day          string // of Seats: 2026-11-24 in the roster's zone
	With         string // ids of the reps who come too, with spaces between; the store blocks their time with the meeting's
	Of           string // UID of the meeting that this row blocks a guest for: the store writes such rows; "" = the meeting itself
	Made         string // flows.PlaceGoogleMeet or flows.PlaceTeams: Place is made with the event; "" = Place is as written
	Because      string // why it was cancelled
	Clashed      bool   // cancelled because the rep's calendar was taken: another time is to be chosen
	Answer       string // of the visitor's calendar: AnswerAccepted …, "" = none yet
	NoShow       time.Time
	Moved        int // how often it was put at another time
	CreatedAt    time.Time
}

// What the visitor's calendar answered to an invitation (RFC 5545 3.2.12).
const (
	AnswerAccepted  = "accepted"
	AnswerDeclined  = "declined"
	AnswerTentative = "tentative"
)

// MaxHolds is how many live holds one visitor may have: one being chosen and one being changed to. A third pushes out
// the oldest.
const MaxHolds = 2

// Lead is what reps and reports see of a conversation's person.
type Lead struct {
	ID           string // the conversation's
	Conversation string
	Name         string
	Email        string
	Phone        string
	Company      string
	Score        float64
	Grade        string
	Stage        string
	Rep          string
	Team         string
	Source       string
	Person       string // id, "" until it is known; a turn does not write it
	UpdatedAt    time.Time
}

// Visitor is a browser that was given a token.
type Visitor struct {
	ID        string
	Site      string
	TokenHash []byte
	Data      VisitorData
	CreatedAt time.Time
	SeenAt    time.Time
}
