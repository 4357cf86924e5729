package calendar

import (
	"context"
	"time"

	"usher/bot"
	"usher/flows"
)

// Meetings knows our own meetings.
type Meetings interface {
	// MeetingsOf gives a rep's confirmed and cancelled meetings that touch [from, to), also those the rep is a guest of.
	MeetingsOf(ctx context.Context, rep string, from, to time.Time) ([]bot.Meeting, error)
}

// Found is what the sync saw of meetings of ours in a calendar that they are written to.
type Found struct {
	Rep      *flows.Rep
	Source   string    // SourceName, as in a Ref
	Book     Book      // the calendar, used by nobody else until the hook returns
	ReadAt   time.Time // when the reading began: what was written since cannot be in it
	Meetings []OwnMeeting
}

// OwnMeeting is a meeting of ours and the instances in the rep's calendar with its UID; none means that the reading did
// not bring it, which may be the sync's fault (Book.Look knows), or that it was moved out of what is read.
type OwnMeeting struct {
	bot.Meeting
	Events []Event
}

// ownMeetings finds our meetings by UID among what was read.
type ownMeetings map[string]*OwnMeeting

func newOwnMeetings(list []bot.Meeting) ownMeetings {
	own := ownMeetings{}
	for _, m := range list {
		o := &OwnMeeting{Meeting: m}
		own[m.UID] = o
		if m.Of != "" {
			own[m.Of] = o
		}
	}
	return own
}

// leave takes our own meetings out of events: their rows in the store block the rep, and a cancelled one blocks nobody.
// One that stands at another time than we know is busy there until the meeting has followed.
func (own ownMeetings) leave(events []Event) []Event {
	out := events[:0]
	for _, e := range events {
		m := own[e.UID]
		if m == nil {
			out = append(out, e)
			continue
		}
		m.Events = append(m.Events, e)
		if m.Status != bot.Cancelled && (e.Start.Before(m.Start) || e.End.After(m.End)) {
			out = append(out, e)
		}
	}
	return out
}
