package web

import (
	"context"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// Host is what the channel needs of the house; *bot.Bot is one. Errors are bot.ErrNotFound (also for what belongs to
// somebody else), bot.ErrDuplicate (stored before: nothing to do), bot.ErrBusy (ask to wait); all else is the
// operator's. Every method may be called from many goroutines.
type Host interface {
	Guests
	// Say, See and Identify check that the conversation is the visitor's.
	Say(ctx context.Context, conversation, visitor string, said dialogue.Said) error
	See(ctx context.Context, conversation, visitor string, v dialogue.Visited) error
	Identify(ctx context.Context, conversation, visitor string, known map[string]string) error
	// Conversation is one of the visitor's; with id "" the newest.
	Conversation(ctx context.Context, id, visitor string) (bot.Conversation, error)
	// Transcript reads what was said after a seq, oldest first, at most limit.
	Transcript(ctx context.Context, conversation string, after int64, limit int) ([]bot.Message, error)
	// Watch calls wake, which does not block, whenever the conversation has news, on whatever node it was committed.
	Watch(conversation string, wake func()) (stop func())
	Meetings
	// Card is what a lead's card shows, for the reps of a meeting.
	Card(ctx context.Context, conversation string) (bot.Card, error)
	Ready(ctx context.Context) error
	Workspace() *flows.Workspace
}

// Guests says who somebody is.
type Guests interface {
	// Arrive finds or makes the visitor and the conversation; an unknown token makes a new visitor.
	Arrive(ctx context.Context, a bot.Arrival) (bot.Arrived, error)
	// Return gives the conversation that a letter leads back to, or bot.ErrNotFound.
	Return(ctx context.Context, a bot.Arrival, conversation string) (bot.Arrived, error)
	// Who is the visitor with the token on the site.
	Who(ctx context.Context, token, site string) (bot.Visitor, error)
}

// Meetings are what pages of meetings show and change. Of each: bot.ErrNotFound.
type Meetings interface {
	Meeting(ctx context.Context, uid string) (bot.Meeting, error)
	// Times are when a meeting could be instead, earliest first: bot.ErrBegun, bot.ErrLate.
	Times(ctx context.Context, uid string, limit int) ([]slots.Slot, error)
	// Reschedule moves it: bot.ErrNotFree, bot.ErrBegun, bot.ErrLate.
	Reschedule(ctx context.Context, uid string, to slots.Slot) error
	// RescheduleByRep is the same where the rep chose the time.
	RescheduleByRep(ctx context.Context, uid string, to slots.Slot) error
	// Cancel takes that a meeting does not take place: bot.ErrBegun.
	Cancel(ctx context.Context, uid, because string) error
	// NoShow takes that the visitor did not come: bot.ErrNotBegun.
	NoShow(ctx context.Context, uid string) error
	// MeetingsOf are a rep's confirmed and cancelled meetings, also as a guest, that are at some time between.
	MeetingsOf(ctx context.Context, rep string, from, to time.Time) ([]bot.Meeting, error)
}

// Known to hold: the house as it is serves the channel.
var _ Host = (*bot.Bot)(nil)
