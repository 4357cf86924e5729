package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"usher/bot"
	"usher/flows"
)

// Message is what a webhook is told, as JSON. Keys are only ever added.
type Message struct {
	Type      string    `json:"type"`      // bot.HookStage …
	Timestamp time.Time `json:"timestamp"` // when it happened
	Data      Data      `json:"data"`
}

// Data is what it is about.
type Data struct {
	Lead         *Lead    `json:"lead,omitempty"`
	Change       *Change  `json:"change,omitempty"`
	Meeting      *Meeting `json:"meeting,omitempty"`
	Handoff      *Handoff `json:"handoff,omitempty"`
	Conversation string   `json:"conversation,omitempty"`
}

// Lead is the person.
type Lead struct {
	ID         string         `json:"id"`
	Name       string         `json:"name,omitempty"`
	Email      string         `json:"email,omitempty"`
	Phone      string         `json:"phone,omitempty"`
	Company    string         `json:"company,omitempty"`
	Domain     string         `json:"domain,omitempty"`
	Country    string         `json:"country,omitempty"`
	Language   string         `json:"language,omitempty"`
	Timezone   string         `json:"timezone,omitempty"`
	Fields     map[string]any `json:"fields,omitempty"`
	Stage      string         `json:"stage"`
	Reason     string         `json:"reason,omitempty"`
	Grade      string         `json:"grade,omitempty"`
	Score      float64        `json:"score"`
	Owner      string         `json:"owner,omitempty"`
	OwnerEmail string         `json:"owner_email,omitempty"`
	Team       string         `json:"team,omitempty"`
	Waiting    string         `json:"waiting,omitempty"`
	Source     *bot.Source    `json:"source,omitempty"` // the first
	CreatedAt  time.Time      `json:"created_at,omitzero"`
}

// Change is what is other than it was.
type Change struct {
	What    string `json:"what"` // stage, owner, merged, time, rep, place, status
	From    string `json:"from"`
	To      string `json:"to"`
	By      string `json:"by,omitempty"`
	Because string `json:"because,omitempty"`
}

// Meeting is the meeting as it is when the message is made.
type Meeting struct {
	UID      string    `json:"uid"`
	Status   string    `json:"status"` // confirmed or cancelled
	Rep      string    `json:"rep"`
	RepEmail string    `json:"rep_email,omitempty"`
	With     string    `json:"with,omitempty"` // other reps, with spaces between
	Title    string    `json:"title,omitempty"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Timezone string    `json:"timezone,omitempty"` // the visitor's
	Place    string    `json:"place,omitempty"`
	Attendee string    `json:"attendee,omitempty"`
}

// Handoff is who was asked for, and who joined.
type Handoff struct {
	Team string `json:"team,omitempty"`
	Rep  string `json:"rep,omitempty"`
}

// message reads what an event is about: bot.ErrNotFound where there is nothing any more to tell of.
func (h *Hooks) message(ctx context.Context, e bot.Event, at time.Time) (Message, error) {
	m := Message{Type: e.Event, Timestamp: at, Data: Data{Conversation: e.Conversation}}
	if !e.At.IsZero() {
		m.Timestamp = e.At
	}
	err := h.lead(ctx, e, &m)
	if err == nil && e.Meeting != "" {
		m.Data.Meeting, err = h.meeting(ctx, e.Meeting)
	}
	if err != nil {
		return m, fmt.Errorf("what %s tells: %w", e.Event, err)
	}
	if e.Changed != nil {
		m.Data.Change = &Change{What: e.Changed.What, From: e.Changed.From, To: e.Changed.To, By: e.Changed.By, Because: e.Detail}
	}
	switch e.Event {
	case bot.HookHandoffAsked, bot.HookHandoffJoined, bot.HookHandoffMissed:
		m.Data.Handoff = &Handoff{Team: e.Team, Rep: e.Rep}
	}
	m.Timestamp = m.Timestamp.UTC()
	return m, nil
}

// lead puts the person into the message with the change that is told of, or what the conversation alone tells of them.
func (h *Hooks) lead(ctx context.Context, e bot.Event, m *Message) error {
	if e.Person == "" {
		card, err := h.House.Card(ctx, e.Conversation)
		if err != nil {
			return err
		}
		m.Data.Lead = h.leadOfCard(card)
		return nil
	}
	p, err := h.Memory.Person(ctx, e.Person)
	if err != nil {
		return err
	}
	m.Data.Lead = h.leadOf(p)
	if e.Change == 0 {
		return nil
	}
	trail, err := h.Memory.Trail(ctx, p.ID)
	for _, c := range trail {
		if c.N == e.Change && c.Person == e.Person {
			m.Timestamp = c.At
			m.Data.Change = &Change{What: c.Kind, From: c.From, To: c.To, By: c.By, Because: c.Because}
			m.Data.Conversation = c.Conversation
		}
	}
	return err
}

func (h *Hooks) leadOf(p bot.Person) *Lead {
	l := &Lead{
		ID: p.ID, Name: p.Name, Email: p.Email, Phone: p.Phone, Company: p.Company, Domain: p.Domain, Country: p.Country,
		Language: p.Language, Timezone: p.Timezone, Stage: p.Stage, Reason: p.Reason, Grade: p.Grade, Score: p.Score,
		Owner: p.Owner, OwnerEmail: h.emailOf(p.Owner), Team: p.Team, Waiting: p.Waiting, Source: &p.First, CreatedAt: p.CreatedAt,
	}
	if len(p.Fields) > 0 {
		l.Fields = map[string]any{}
	}
	for name, value := range p.Fields {
		l.Fields[name] = value.Plain()
	}
	return l
}

// leadOfCard is somebody of whom there is no record yet.
func (h *Hooks) leadOfCard(c bot.Card) *Lead {
	return &Lead{
		ID: c.Lead.ID, Name: c.Lead.Name, Email: c.Lead.Email, Phone: c.Lead.Phone, Company: c.Lead.Company, Language: c.Language,
		Timezone: c.Timezone, Stage: bot.StageVisitor, Grade: c.Grade, Score: c.Score, Owner: c.Owner.ID, OwnerEmail: h.emailOf(c.Owner.ID), Team: c.Team,
	}
}

func (h *Hooks) meeting(ctx context.Context, uid string) (*Meeting, error) {
	m, err := h.Memory.Meeting(ctx, uid)
	if err != nil {
		return nil, err
	}
	return &Meeting{
		UID: m.UID, Status: m.Status, Rep: m.Rep, RepEmail: h.emailOf(m.Rep), With: m.With, Title: m.Title, Start: m.Start.UTC(), End: m.End.UTC(),
		Timezone: m.Timezone, Place: m.Place, Attendee: m.Attendee,
	}, nil
}

func (h *Hooks) emailOf(rep string) string {
	if r := h.rep(rep); r != nil {
		return r.Email
	}
	return ""
}

func (h *Hooks) rep(id string) *flows.Rep {
	if w := h.House.Workspace(); w != nil && w.Roster != nil && id != "" {
		return w.Roster.Rep(id)
	}
	return nil
}

// text is the message byte for byte as it is kept, signed and sent.
func (m Message) text() ([]byte, error) {
	body, err := json.Marshal(m)
	if err == nil && len(body) > maxBody {
		err = &bot.RetryError{Never: true, Err: fmt.Errorf("%w: %d bytes", errLong, len(body))}
	}
	return body, err
}

// maxBody is the most bytes a message has: the specification asks for less than 20 KB, and a lead's answers are bounded far
// below this.
const maxBody = 256 << 10

var errLong = errors.New("a message is too long to be sent")
