package api

import (
	"context"
	"errors"
	"strconv"
	"time"

	"usher/bot"
)

// Conversations are what is read of conversations.
type Conversations interface {
	// Load reads by id, or bot.ErrNotFound.
	Load(ctx context.Context, id string) (bot.Conversation, error)
	// Began lists them by when they began, the oldest first.
	Began(ctx context.Context, p bot.Period) ([]bot.Past, error)
	// Messages reads the transcript after a seq, oldest first, at most limit.
	Messages(ctx context.Context, conversation string, after int64, limit int) ([]bot.Message, error)
}

// Conversation is one talk of a visitor with the bot and its reps.
type Conversation struct {
	ID       string         `json:"id"`
	Lead     string         `json:"lead,omitempty" doc:"The id of the lead; lists of conversations leave it out."`
	Flow     string         `json:"flow" doc:"The flow it follows."`
	Revision string         `json:"revision" doc:"The revision of the workspace it stays on."`
	Channel  string         `json:"channel" example:"web"`
	Language string         `json:"language,omitempty" example:"hi-IN"`
	Timezone string         `json:"timezone,omitempty" doc:"The visitor's, by its IANA name." example:"Asia/Kolkata"`
	Began    time.Time      `json:"began"`
	Step     string         `json:"step" doc:"Where it is."`
	End      string         `json:"end,omitempty" doc:"How it ended; absent while it goes on." example:"qualified"`
	Reason   string         `json:"reason,omitempty" doc:"Why it ended so."`
	Revisit  time.Time      `json:"revisit,omitzero" doc:"When somebody on the waiting list is to be written to."`
	Score    float64        `json:"score"`
	Grade    string         `json:"grade,omitempty" example:"hot"`
	Answers  map[string]any `json:"answers" nullable:"false" doc:"What the visitor told, by field."`
	Team     string         `json:"team,omitempty"`
	Rep      string         `json:"rep,omitempty" doc:"Who has the lead."`
	Claimed  string         `json:"claimed,omitempty" doc:"The rep who said: mine."`
	Meeting  string         `json:"meeting,omitempty" doc:"UID of the meeting that was booked."`
	Page     *VisitedPage   `json:"page,omitempty" doc:"Where it began."`
	Messages int64          `json:"messages" doc:"How many there are."`
}

// VisitedPage is where a conversation began.
type VisitedPage struct {
	URL      string            `json:"url,omitempty"`
	Referrer string            `json:"referrer,omitempty"`
	UTM      map[string]string `json:"utm,omitempty"`
}

// Message is one line of a transcript.
type Message struct {
	Seq     int64     `json:"seq" doc:"Within the conversation, from 1, without a gap."`
	From    string    `json:"from" enum:"visitor,bot,rep"`
	Name    string    `json:"name,omitempty" doc:"Of the rep."`
	Text    string    `json:"text"`
	Meeting string    `json:"meeting,omitempty" doc:"UID of the meeting these words tell of."`
	End     string    `json:"end,omitempty" doc:"How the conversation ended with these words."`
	At      time.Time `json:"at"`
}

type conversationsIn struct {
	Paging
	From Instant `query:"from" doc:"Only those that began then or later (RFC 3339 with a zone)."`
	To   Instant `query:"to" doc:"Only those that began before."`
}

func (s *Server) listConversations(ctx context.Context, in *conversationsIn) (*Page[Conversation], error) {
	list := listOf("conversations", in.From, in.To)
	at, err := after(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	to := in.To.Time
	if to.IsZero() {
		to = s.now().Add(time.Hour) // another node's clock may be ahead
	}
	p := bot.Period{From: in.From.Time, To: to, After: bot.Past{Conversation: bot.Conversation{ID: at.ID}, Began: at.At}, Limit: in.Limit + 1}
	past, err := s.Conversations.Began(ctx, p)
	if err != nil {
		return nil, err
	}
	show := func(p bot.Past) Conversation { return shown(p.Conversation) }
	return pageOf(past, in.Limit, show, func(p bot.Past) cursor { return cursor{list, p.Began, p.ID} }), nil
}

// OfID names a thing.
type OfID struct {
	ID string `path:"id"`
}

type conversationOut struct{ Body Conversation }

func (s *Server) readConversation(ctx context.Context, in *OfID) (*conversationOut, error) {
	c, err := s.Conversations.Load(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &conversationOut{shown(c)}
	p, err := s.Leads.PersonOf(ctx, c.ID)
	if errors.Is(err, bot.ErrNotFound) {
		return out, nil // nothing is known of anybody yet
	}
	out.Body.Lead = p.ID
	return out, err
}

type messagesIn struct {
	OfID
	Paging
}

func (s *Server) listMessages(ctx context.Context, in *messagesIn) (*Page[Message], error) {
	if _, err := s.Conversations.Load(ctx, in.ID); err != nil {
		return nil, err
	}
	list := listOf("messages", in.ID)
	at, err := after(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	seq, err := strconv.ParseInt("0"+at.ID, 10, 64)
	if err != nil {
		return nil, wrong("query.cursor", "is no cursor of this API", in.Cursor)
	}
	messages, err := s.Conversations.Messages(ctx, in.ID, seq, in.Limit+1)
	if err != nil {
		return nil, err
	}
	show := func(m bot.Message) Message {
		return Message{Seq: m.Seq, From: m.From, Name: m.Name, Text: m.Text, Meeting: m.Meeting, End: m.End, At: m.At.UTC()}
	}
	return pageOf(messages, in.Limit, show, func(m bot.Message) cursor { return cursor{list, m.At, strconv.FormatInt(m.Seq, 10)} }), nil
}

// shown is a conversation as other systems see it.
func shown(c bot.Conversation) Conversation {
	s := c.State
	out := Conversation{
		ID: c.ID, Flow: s.Flow, Revision: s.Revision, Channel: s.Channel, Language: s.Language, Timezone: s.Timezone,
		Began: s.Began.UTC(), Step: s.State, End: s.End, Reason: s.Reason, Revisit: s.Revisit.UTC(),
		Score: s.Score.Score, Grade: s.Score.Grade, Answers: map[string]any{}, Claimed: s.Claimed, Messages: c.Last,
	}
	for _, a := range s.Answers {
		out.Answers[a.Field] = a.Value.Plain()
	}
	if s.Assigned != nil {
		out.Team, out.Rep = s.Assigned.Team, s.Assigned.Rep
	}
	if s.Meeting != nil {
		out.Meeting = s.Meeting.UID
	}
	if v := s.Visit; v.Page != "" || v.Referrer != "" || len(v.UTM) > 0 {
		out.Page = &VisitedPage{v.Page, v.Referrer, v.UTM}
	}
	return out
}
