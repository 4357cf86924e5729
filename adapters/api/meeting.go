package api

import (
	"context"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"usher/bot"
)

// Meetings are what is read of meetings.
type Meetings interface {
	// Meeting reads by UID, or bot.ErrNotFound.
	Meeting(ctx context.Context, uid string) (bot.Meeting, error)
	ListMeetings(ctx context.Context, q bot.MeetingQuery) ([]bot.Meeting, error)
}

// MeetingChanges are what may become of a meeting. Of each: bot.ErrNotFound; each may be called again.
type MeetingChanges interface {
	// Cancel takes that it does not take place: bot.ErrBegun.
	Cancel(ctx context.Context, uid, because string) error
	// NoShow takes that the visitor did not come: bot.ErrNotBegun.
	NoShow(ctx context.Context, uid string) error
}

// Meeting is a meeting of a visitor with a rep.
type Meeting struct {
	UID          string    `json:"uid" doc:"As in the invitation."`
	Conversation string    `json:"conversation"`
	Rep          string    `json:"rep"`
	With         []string  `json:"with,omitempty" doc:"Reps who come too."`
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
	Timezone     string    `json:"timezone,omitempty" doc:"The visitor's, by its IANA name." example:"Asia/Kolkata"`
	Status       string    `json:"status" enum:"confirmed,cancelled"`
	Because      string    `json:"because,omitempty" doc:"Why it was cancelled."`
	NoShow       time.Time `json:"no_show,omitzero" doc:"When somebody said that the visitor did not come."`
	Title        string    `json:"title,omitempty"`
	Place        string    `json:"place,omitempty"`
	Attendee     Attendee  `json:"attendee"`
	Answer       string    `json:"answer,omitempty" doc:"Of the visitor's calendar." enum:"accepted,declined,tentative"`
	Sequence     int       `json:"sequence" doc:"Grows with each change of time, rep or place."`
	Created      time.Time `json:"created"`
}

// Attendee is the visitor who comes.
type Attendee struct {
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Language string `json:"language,omitempty"`
}

type meetingsIn struct {
	Paging
	Rep  string  `query:"rep" doc:"Only this rep's, also those the rep comes to as another."`
	From Instant `query:"from" doc:"Only those that end later (RFC 3339 with a zone)."`
	To   Instant `query:"to" doc:"Only those that begin earlier."`
}

func (s *Server) listMeetings(ctx context.Context, in *meetingsIn) (*Page[Meeting], error) {
	list := listOf("meetings", in.Rep, in.From, in.To)
	at, err := after(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	q := bot.MeetingQuery{Rep: in.Rep, From: in.From.Time, To: in.To.Time, After: bot.Meeting{UID: at.ID, Start: at.At}, Limit: in.Limit + 1}
	meetings, err := s.Meetings.ListMeetings(ctx, q)
	if err != nil {
		return nil, err
	}
	return pageOf(meetings, in.Limit, meetingOf, func(m bot.Meeting) cursor { return cursor{list, m.Start, m.UID} }), nil
}

// OfUID names a meeting.
type OfUID struct {
	UID string `path:"uid"`
}

type meetingOut struct{ Body Meeting }

func (o *meetingOut) whom() string { return o.Body.UID }

func (s *Server) readMeeting(ctx context.Context, in *OfUID) (*meetingOut, error) {
	m, err := s.booked(ctx, in.UID)
	if err != nil {
		return nil, err
	}
	return &meetingOut{meetingOf(m)}, nil
}

// booked is a meeting that others know of; a hold is none.
func (s *Server) booked(ctx context.Context, uid string) (bot.Meeting, error) {
	m, err := s.Meetings.Meeting(ctx, uid)
	if err == nil && (m.Of != "" || m.Status != bot.Confirmed && m.Status != bot.Cancelled) {
		err = bot.ErrNotFound
	}
	return m, err
}

type cancelIn struct {
	OfUID
	Body struct {
		Because string `json:"because,omitempty" doc:"Why; the visitor and the rep read it." maxLength:"500"`
	}
}

func (s *Server) cancelMeeting(ctx context.Context, in *cancelIn) (*meetingOut, error) {
	if _, err := s.booked(ctx, in.UID); err != nil {
		return nil, err
	}
	if err := s.Changes.Cancel(ctx, in.UID, strings.TrimSpace(in.Body.Because)); err != nil {
		return nil, err
	}
	return s.readMeeting(ctx, &in.OfUID)
}

func (s *Server) missMeeting(ctx context.Context, in *OfUID) (*meetingOut, error) {
	m, err := s.booked(ctx, in.UID)
	if err != nil {
		return nil, err
	}
	if m.Status == bot.Cancelled {
		return nil, huma.Error409Conflict("The meeting was cancelled.")
	}
	if err := s.Changes.NoShow(ctx, in.UID); err != nil {
		return nil, err
	}
	return s.readMeeting(ctx, in)
}

// meetingOf is a meeting as other systems see it.
func meetingOf(m bot.Meeting) Meeting {
	return Meeting{
		UID: m.UID, Conversation: m.Conversation, Rep: m.Rep, With: strings.Fields(m.With), Start: m.Start.UTC(), End: m.End.UTC(),
		Timezone: m.Timezone, Status: m.Status, Because: m.Because, NoShow: m.NoShow.UTC(), Title: m.Title, Place: m.Place,
		Attendee: Attendee{m.Name, m.Attendee, m.Phone, m.Language}, Answer: m.Answer, Sequence: m.Sequence, Created: m.CreatedAt.UTC(),
	}
}
