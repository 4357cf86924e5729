package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"usher/bot"
)

// Leads are what is read of leads.
type Leads interface {
	// Person reads by id, also by that of somebody merged since, or bot.ErrNotFound.
	Person(ctx context.Context, id string) (bot.Person, error)
	// PersonOf is the person of a conversation, or bot.ErrNotFound.
	PersonOf(ctx context.Context, conversation string) (bot.Person, error)
	ListLeads(ctx context.Context, q bot.LeadQuery) ([]bot.Person, error)
	// Trail reads the person's changes, the oldest first.
	Trail(ctx context.Context, person string) ([]bot.Change, error)
	// ConversationsOf lists the person's conversations, the oldest first.
	ConversationsOf(ctx context.Context, person string) ([]bot.Past, error)
}

// Lead is one human being, over all conversations and channels.
type Lead struct {
	ID       string         `json:"id"`
	Version  int64          `json:"version" doc:"Grows with each change; the ETag."`
	Name     string         `json:"name,omitempty"`
	Email    string         `json:"email,omitempty"`
	Phone    string         `json:"phone,omitempty" doc:"As E.164." example:"+919812345678"`
	Company  string         `json:"company,omitempty"`
	Domain   string         `json:"domain,omitempty" doc:"Of the company, from the address at work."`
	Country  string         `json:"country,omitempty" doc:"ISO 3166-1 alpha-2." example:"IN"`
	Language string         `json:"language,omitempty" example:"hi-IN"`
	Timezone string         `json:"timezone,omitempty" example:"Asia/Kolkata"`
	Stage    string         `json:"stage" example:"mql" doc:"visitor, nurture, waitlist, mql, disqualified, sal, sql, lost or won."`
	Reason   string         `json:"reason,omitempty" doc:"Why it is disqualified, lost or waits."`
	Revisit  time.Time      `json:"revisit,omitzero" doc:"When somebody on the waiting list is to be written to."`
	Score    float64        `json:"score" doc:"As of now: it falls with time."`
	Grade    string         `json:"grade,omitempty" example:"hot"`
	Owner    string         `json:"owner,omitempty" doc:"The rep who has it."`
	OwnedAt  time.Time      `json:"owned_at,omitzero" doc:"Since when."`
	Team     string         `json:"team,omitempty"`
	Waiting  string         `json:"waiting,omitempty" doc:"The named place where it waits while nobody has it."`
	Fields   map[string]any `json:"fields" nullable:"false" doc:"The newest answer to each question."`
	First    *Source        `json:"first,omitempty" doc:"Where it came from."`
	Last     *Source        `json:"last,omitempty" doc:"Where it came from the last time."`
	Consents []Consent      `json:"consents,omitempty"`
	Created  time.Time      `json:"created"`
	Updated  time.Time      `json:"updated"`
}

// LeadDetail is a lead with its trail and its conversations.
type LeadDetail struct {
	Lead
	Trail         []Change       `json:"trail" nullable:"false" doc:"What became of it, the oldest first."`
	Conversations []Conversation `json:"conversations" nullable:"false" doc:"The oldest first."`
}

// Source is where somebody came from.
type Source struct {
	UTM      map[string]string `json:"utm,omitempty"`
	Referrer string            `json:"referrer,omitempty"`
	Page     string            `json:"page,omitempty"`
	Channel  string            `json:"channel,omitempty" example:"web"`
	Outbound bool              `json:"outbound,omitempty" doc:"We wrote to them first."`
	At       time.Time         `json:"at,omitzero"`
}

// Consent is what somebody agreed to, or not.
type Consent struct {
	Field    string    `json:"field" minLength:"1" maxLength:"100" doc:"What it is about."`
	Wording  string    `json:"wording" minLength:"1" maxLength:"2000" doc:"As it was shown."`
	Language string    `json:"language,omitempty" maxLength:"35"`
	Given    bool      `json:"given"`
	At       time.Time `json:"at,omitzero"`
}

// Change is one line of a trail.
type Change struct {
	Kind         string    `json:"kind" doc:"stage, owner, grade, merged or contact."`
	From         string    `json:"from,omitempty"`
	To           string    `json:"to,omitempty"`
	By           string    `json:"by" doc:"A rep, a flow, a person at a machine, or another system."`
	Because      string    `json:"because,omitempty"`
	Conversation string    `json:"conversation,omitempty"`
	At           time.Time `json:"at"`
}

type leadsIn struct {
	Paging
	Stage string  `query:"stage" enum:"visitor,nurture,waitlist,mql,disqualified,sal,sql,lost,won" doc:"Only those at this stage."`
	Owner string  `query:"owner" doc:"Only this rep's."`
	Since Instant `query:"since" doc:"Only those that changed then or later (RFC 3339 with a zone)."`
	Text  string  `query:"q" maxLength:"200" doc:"Only those whose name, address or company has this in it."`
}

func (s *Server) listLeads(ctx context.Context, in *leadsIn) (*Page[Lead], error) {
	list := listOf("leads", in.Stage, in.Owner, in.Since, in.Text)
	at, err := after(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	leads, err := s.Leads.ListLeads(ctx, bot.LeadQuery{
		Stage: in.Stage, Owner: in.Owner, Since: in.Since.Time, Text: in.Text,
		After: bot.Person{ID: at.ID, CreatedAt: at.At}, Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return pageOf(leads, in.Limit, s.leadOf, func(p bot.Person) cursor { return cursor{list, p.CreatedAt, p.ID} }), nil
}

type leadDetailOut struct {
	ETag string `header:"ETag" doc:"For If-Match, and for If-None-Match."`
	Body LeadDetail
}

type readLeadIn struct {
	OfID
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the lead as it was read: where it reads the same still, the answer is 304 without a body."`
}

func (s *Server) readLead(ctx context.Context, in *readLeadIn) (*leadDetailOut, error) {
	p, err := s.Leads.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := s.detail(ctx, p)
	if err != nil {
		return nil, err
	}
	tag := etag(d)
	if unchanged(in.IfNoneMatch, tag) {
		return nil, huma.ErrorWithHeaders(huma.Status304NotModified(), http.Header{"ETag": {tag}})
	}
	return &leadDetailOut{ETag: tag, Body: d}, nil
}

// detail is a lead with what led to it.
func (s *Server) detail(ctx context.Context, p bot.Person) (LeadDetail, error) {
	d := LeadDetail{Lead: s.leadOf(p), Trail: []Change{}, Conversations: []Conversation{}}
	trail, err := s.Leads.Trail(ctx, p.ID)
	if err != nil {
		return d, err
	}
	past, err := s.Leads.ConversationsOf(ctx, p.ID)
	if err != nil {
		return d, err
	}
	for _, c := range trail {
		d.Trail = append(d.Trail, Change{c.Kind, c.From, c.To, c.By, c.Because, c.Conversation, c.At.UTC()})
	}
	for _, c := range past {
		shown := shown(c.Conversation)
		shown.Lead = p.ID
		d.Conversations = append(d.Conversations, shown)
	}
	return d, nil
}

// leadOf is a person as other systems see them.
func (s *Server) leadOf(p bot.Person) Lead {
	_, score, grade := p.At(s.now())
	out := Lead{
		ID: p.ID, Version: p.Version, Name: p.Name, Email: p.Email, Phone: p.Phone, Company: p.Company, Domain: p.Domain,
		Country: p.Country, Language: p.Language, Timezone: p.Timezone, Stage: p.Stage, Reason: p.Reason, Revisit: p.Revisit.UTC(),
		Score: score, Grade: grade, Owner: p.Owner, OwnedAt: p.OwnedAt.UTC(), Team: p.Team, Waiting: p.Waiting,
		Fields: map[string]any{}, First: sourceOf(p.First), Last: sourceOf(p.Last), Created: p.CreatedAt.UTC(), Updated: p.UpdatedAt.UTC(),
	}
	for name, v := range p.Fields {
		out.Fields[name] = v.Plain()
	}
	for _, c := range p.Consents {
		out.Consents = append(out.Consents, Consent{c.Field, c.Wording, c.Language, c.Given, c.At.UTC()})
	}
	return out
}

func sourceOf(s bot.Source) *Source {
	if s.At.IsZero() {
		return nil
	}
	return &Source{s.UTM, s.Referrer, s.Page, s.Channel, s.Outbound, s.At.UTC()}
}
