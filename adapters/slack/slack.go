// Package slack owns the Slack channel, in both its roles: prospects talk to the app as visitors do on the website, and
// reps get their leads as cards and talk to visitors from a thread. What comes in is stored as a job, then acknowledged,
// then worked on; what goes out is a job of its own, so that a failure there costs nothing here.
package slack

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// Channel is the name of this channel in a conversation.
const Channel = "slack"

// App is the Slack app of one workspace. Its exported fields are set before the first use and not changed after.
type App struct {
	Host  Host
	Desk  Desk
	Jobs  Jobs
	Links Links
	Log   *slog.Logger     // nil = slog.Default
	Now   func() time.Time // nil = time.Now
	HTTP  *http.Client     // nil = one that gives up on a hanging answer

	Token         string // xoxb-…, of the bot
	AppToken      string // xapp-…, opens Socket Mode; "" = events come over HTTP
	SigningSecret string // proves HTTP requests; "" = there are no HTTP paths
	APIURL        string // "" = Slack's own
	TeamID        string // events of other teams are refused; "" = the token's own team
	AppID         string // events of other apps are refused; "" = not checked

	// MeetingURL is the page of a meeting; nil = there are none.
	MeetingURL func(uid string) string
	// TranscriptURL is where a rep reads a conversation; nil = nowhere.
	TranscriptURL func(conversation string) string

	once    sync.Once
	state   state
	silence time.Duration // of a socket until it counts as half open; 0 = the usual
}

// Host is what prospects need of the house; *bot.Bot is one. Every method may be called from many goroutines.
type Host interface {
	// Arrive finds or makes the visitor and the conversation.
	Arrive(ctx context.Context, a bot.Arrival) (bot.Arrived, error)
	// Who is the visitor with the token on the site, or bot.ErrNotFound.
	Who(ctx context.Context, token, site string) (bot.Visitor, error)
	// Say takes what the visitor wrote or chose; the same id again does nothing.
	Say(ctx context.Context, conversation, visitor string, said dialogue.Said) error
	// Conversation is one of the visitor's, with visitor "" anybody's, or bot.ErrNotFound.
	Conversation(ctx context.Context, id, visitor string) (bot.Conversation, error)
	// Transcript reads what was said after a seq, oldest first, at most limit.
	Transcript(ctx context.Context, conversation string, after int64, limit int) ([]bot.Message, error)
	// Workspace is the running one.
	Workspace() *flows.Workspace
}

// Jobs stores work for later; *bot.Bot is one, and a bot.Store.
type Jobs interface {
	// Enqueue stores jobs; one whose id is known is left alone.
	Enqueue(ctx context.Context, jobs ...bot.Job) error
}

// Links remembers what Slack calls something of ours; a bot.Store is one.
type Links interface {
	// Link reads a value, or bot.ErrNotFound.
	Link(ctx context.Context, kind, key string) (string, error)
	// SaveLink inserts or replaces a value.
	SaveLink(ctx context.Context, kind, key, value string) error
	// ClaimLink inserts a value where there is none, under any race.
	ClaimLink(ctx context.Context, kind, key, value string) (stands string, ours bool, err error)
}

var (
	_ Host  = (*bot.Bot)(nil)
	_ Jobs  = (*bot.Bot)(nil)
	_ Jobs  = bot.Store(nil)
	_ Links = bot.Store(nil)
)

// Kinds of jobs that the app makes for itself.
const (
	jobEvent = "slack.event" // something came from Slack; the payload is an Event
	jobSend  = "slack.send"  // something is to be sent; the payload is a Post
)

// Kinds of events.
const (
	kindMessage = "message" // somebody wrote
	kindEdited  = "edited"  // somebody changed the text of a message: Text is the new one, Was the old
	kindDeleted = "deleted"
	kindHome    = "home"    // the app's home or messages tab was opened
	kindMention = "mention" // somebody wrote in a channel and named the app; Text is without the name
	kindAction  = "action"  // a button or a select: Action, Block, Value; TS and Thread are of the message it is in
	kindView    = "view"    // a form was sent; the rest is in Raw
	kindCommand = "command" // a slash command: Command and Text
)

// Event is something that came from Slack, whichever way.
type Event struct {
	ID          string          `json:"id"` // the same for every copy of it
	Kind        string          `json:"kind"`
	Team        string          `json:"team,omitempty"`
	Channel     string          `json:"channel,omitempty"`
	Direct      bool            `json:"direct,omitempty"` // the channel is a conversation with the app alone
	User        string          `json:"user,omitempty"`
	Thread      string          `json:"thread,omitempty"` // ts of the thread's root; "" outside of threads
	TS          string          `json:"ts,omitempty"`     // of the message
	Moment      string          `json:"moment,omitempty"` // when it happened, as Slack counts: it orders what came mixed up
	ClientID    string          `json:"client_id,omitempty"`
	Text        string          `json:"text,omitempty"`
	Was         string          `json:"was,omitempty"`
	Action      string          `json:"action,omitempty"`
	Block       string          `json:"block,omitempty"`
	Value       string          `json:"value,omitempty"` // of the button, or of the chosen option
	Command     string          `json:"command,omitempty"`
	TriggerID   string          `json:"trigger_id,omitempty"`
	ResponseURL string          `json:"response_url,omitempty"` // on Slack's own host, or it is left out
	Files       []File          `json:"files,omitempty"`
	Raw         json.RawMessage `json:"raw,omitempty"` // of actions and views: the payload as it came
	At          time.Time       `json:"at"`            // when it came to us
}

// File is something that somebody attached.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Link string `json:"link"`
}

// Carriers are the app's hands by kind of job.
func (a *App) Carriers() map[string]bot.Carrier {
	all := map[string]bot.Carrier{
		jobEvent:                a.carryEvent,
		jobSend:                 a.carrySend,
		bot.JobDeliver(Channel): a.deliver,
	}
	for kind, carry := range a.repCarriers() {
		all[kind] = carry
	}
	return all
}

// handle works on one event: reps' business first, all else is a prospect's.
func (a *App) handle(ctx context.Context, e Event) error {
	switch e.Kind {
	case kindCommand:
		return a.command(ctx, e)
	case kindAction, kindView:
		if handled, err := a.repAction(ctx, e); handled || err != nil {
			return err
		}
	default:
		if handled, err := a.repMessage(ctx, e); handled || err != nil {
			return err
		}
	}
	return a.prospect(ctx, e)
}

func (a *App) now() time.Time {
	if a.Now == nil {
		return time.Now()
	}
	return a.Now()
}

func (a *App) log() *slog.Logger {
	if a.Log == nil {
		return slog.Default()
	}
	return a.Log
}
