package bot

import (
	"time"

	"usher/flows"
)

// Lines is the dossier for programs: one object for each thing, each with a type. What stands in a table of the database is
// there as it is stored.
func (d Dossier) Lines() []any {
	out := []any{struct {
		typed
		Made          time.Time `json:"made"`
		Persons       []string  `json:"persons"`
		Emails        []string  `json:"emails"`
		Phones        []string  `json:"phones"`
		Visitors      []string  `json:"visitors"`
		Conversations []string  `json:"conversations"`
		Meetings      []string  `json:"meetings"`
	}{typed{"subject"}, d.Made, d.Subject.Persons, d.Subject.Emails, d.Subject.Phones, d.Subject.Visitors, d.Subject.Conversations, d.Subject.Meetings}}
	if p := d.Person; p != nil {
		out = append(out, personLine{
			"person", p.ID, p.Name, p.Email, p.Phone, p.Company, p.Domain, p.Country, p.Language, p.Timezone, p.Stage, p.Reason, p.Grade, p.Score, p.Owner, p.Team,
			plain(p.Fields), p.First, p.Last, p.Consents, p.CreatedAt, p.UpdatedAt,
		})
	}
	for _, c := range d.Trail {
		out = append(out, changeLine{"change", c.N, c.Kind, c.From, c.To, c.By, c.Because, c.Conversation, c.At})
	}
	for _, c := range d.Conversations {
		out = append(out, conversationLine{"conversation", c.ID, c.Site, c.Visitor, c.Began, c.State})
		for _, m := range c.Messages {
			out = append(out, messageLine{"message", c.ID, m.Seq, m.From, m.Name, m.Text, m.At})
		}
	}
	for _, m := range d.Meetings {
		out = append(out, meetingLine{"meeting", m.UID, m.Conversation, m.Rep, m.Start, m.End, m.Status, m.Title, m.Place, m.Attendee, m.Name, m.Phone})
	}
	return append(out, d.rest()...)
}

// typed begins a line.
type typed struct {
	Type string `json:"type"`
}

// rest are the lines of what is not a record of the conversations: what lies elsewhere, what was done, the rows.
func (d Dossier) rest() (out []any) {
	for _, e := range d.Elsewhere {
		out = append(out, struct {
			typed
			Elsewhere
		}{typed{"elsewhere"}, e})
	}
	for _, l := range d.Audit {
		out = append(out, struct {
			typed
			N    int64     `json:"n"`
			At   time.Time `json:"at"`
			Who  string    `json:"who"`
			What string    `json:"what"`
			Whom string    `json:"whom"`
		}{typed{"audit"}, l.N, l.At, l.Who, l.What, l.Whom})
	}
	for _, r := range d.Records {
		out = append(out, struct {
			typed
			Table  string            `json:"table"`
			Values map[string]string `json:"values"`
		}{typed{"record"}, r.Table, r.Values})
	}
	return out
}

type personLine struct {
	Type      string         `json:"type"`
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Email     string         `json:"email"`
	Phone     string         `json:"phone"`
	Company   string         `json:"company"`
	Domain    string         `json:"domain"`
	Country   string         `json:"country"`
	Language  string         `json:"language"`
	Timezone  string         `json:"timezone"`
	Stage     string         `json:"stage"`
	Reason    string         `json:"reason"`
	Grade     string         `json:"grade"`
	Score     float64        `json:"score"`
	Owner     string         `json:"owner"`
	Team      string         `json:"team"`
	Fields    map[string]any `json:"fields"`
	First     Source         `json:"first"`
	Last      Source         `json:"last"`
	Consents  []Consent      `json:"consents"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
}

func plain(fields map[string]flows.Value) map[string]any {
	out := map[string]any{}
	for name, v := range fields {
		out[name] = v.Plain()
	}
	return out
}

type changeLine struct {
	Type         string    `json:"type"`
	N            int64     `json:"n"`
	Kind         string    `json:"kind"`
	From         string    `json:"from"`
	To           string    `json:"to"`
	By           string    `json:"by"`
	Because      string    `json:"because"`
	Conversation string    `json:"conversation"`
	At           time.Time `json:"at"`
}

type conversationLine struct {
	Type    string    `json:"type"`
	ID      string    `json:"id"`
	Site    string    `json:"site"`
	Visitor string    `json:"visitor"`
	Began   time.Time `json:"began"`
	State   any       `json:"state"`
}

type messageLine struct {
	Type         string    `json:"type"`
	Conversation string    `json:"conversation"`
	Seq          int64     `json:"seq"`
	From         string    `json:"from"`
	Name         string    `json:"name"`
	Text         string    `json:"text"`
	At           time.Time `json:"at"`
}

type meetingLine struct {
	Type         string    `json:"type"`
	UID          string    `json:"uid"`
	Conversation string    `json:"conversation"`
	Rep          string    `json:"rep"`
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
	Status       string    `json:"status"`
	Title        string    `json:"title"`
	Place        string    `json:"place"`
	Attendee     string    `json:"attendee"`
	Name         string    `json:"name"`
	Phone        string    `json:"phone"`
}
