package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"usher/bot"
	"usher/bot/answer"
	"usher/flows"
)

// LeadChanges are what may become of leads; *bot.Bot is one.
type LeadChanges interface {
	// SavePerson takes facts about a person who is known by them already, or makes one: *bot.FactError, *bot.ErasedError,
	// bot.ErrChanged, bot.ErrNotFree, bot.ErrNotFound.
	SavePerson(ctx context.Context, f bot.PersonFacts) (p bot.Person, created bool, err error)
	// RoutePerson gives a person whom nobody has to a rep by the routes: bot.ErrNobody where there is no rep.
	RoutePerson(ctx context.Context, person, by string) (bot.Person, error)
	Workspace() *flows.Workspace
}

// Place is where a lead waits that came by the API and that nobody has.
const Place = "api"

// channel is how such a lead came.
const channel = "api"

type newLeadIn struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"Any name of this request: sent again within a day with the same body, it does nothing more and has the same answer."`
	Body NewLead
}

// NewLead is what another system knows of a lead.
type NewLead struct {
	Email    string         `json:"email,omitempty" maxLength:"320" doc:"What the lead is known by; this or the phone is needed."`
	Phone    string         `json:"phone,omitempty" maxLength:"60" doc:"With the country code, or as it is dialled in the country."`
	Name     string         `json:"name,omitempty" maxLength:"500"`
	Company  string         `json:"company,omitempty" maxLength:"500"`
	Country  string         `json:"country,omitempty" maxLength:"100" doc:"A code of ISO 3166-1, or a name."`
	Language string         `json:"language,omitempty" maxLength:"35" example:"hi-IN"`
	Timezone string         `json:"timezone,omitempty" maxLength:"60" example:"Asia/Kolkata"`
	Stage    string         `json:"stage,omitempty" enum:"visitor,nurture,waitlist,mql,disqualified,sal,sql,lost,won" doc:"Without it a known lead stays where it is, and a new one is a visitor."`
	Because  string         `json:"because,omitempty" maxLength:"500" doc:"Why the stage, or the owner."`
	Owner    string         `json:"owner,omitempty" maxLength:"100" doc:"The id of a rep. Without one, a new lead waits at the place api, or is routed."`
	Route    bool           `json:"route,omitempty" doc:"A lead whom nobody has goes to a rep by the workspace's routes, and counts in the ledger. It does not wait: where a route's reps cannot take it, the next one serves. Without it the lead waits at the place api."`
	Fields   map[string]any `json:"fields,omitempty" doc:"Answers to questions of the flows, by field: texts, numbers, truths, or lists of texts."`
	Source   *Source        `json:"source,omitempty" doc:"Where it came from; without a time, now, and without a channel, api."`
	Consents []Consent      `json:"consents,omitempty" maxItems:"20"`
	Again    bool           `json:"again,omitempty" doc:"Whoever has this address or phone came back, should they have been erased. Without it that is refused (409), for another system may know them from before."`
}

type leadOut struct {
	Status   int
	ETag     string `header:"ETag" doc:"For If-Match."`
	Location string `header:"Location" doc:"Of the lead."`
	Replayed string `header:"Idempotency-Replayed" doc:"true where the request was answered before."`
	Body     Lead
}

func (o *leadOut) whom() string { return o.Body.ID }

// again says that the request was answered before, and did nothing now.
func (o *leadOut) again() bool { return o.Replayed != "" }

// createLead makes a lead, or adds to the one that is known by the address.
func (s *Server) createLead(ctx context.Context, in *newLeadIn) (*leadOut, error) {
	facts, err := s.facts(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	if in.Key == "" {
		return s.saveLead(ctx, facts, in.Body.Route)
	}
	return s.once(ctx, in, func() (*leadOut, error) { return s.saveLead(ctx, facts, in.Body.Route) })
}

func (s *Server) saveLead(ctx context.Context, f bot.PersonFacts, route bool) (*leadOut, error) {
	p, created, err := s.LeadChanges.SavePerson(ctx, f)
	if err != nil {
		return nil, refusedFact(err)
	}
	if route && p.Owner == "" {
		if _, err = s.LeadChanges.RoutePerson(ctx, p.ID, f.By); err != nil && !errors.Is(err, bot.ErrNobody) {
			return nil, err
		}
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return s.answerLead(ctx, p.ID, status)
}

// answerLead is the lead as it is now.
func (s *Server) answerLead(ctx context.Context, id string, status int) (*leadOut, error) {
	p, err := s.Leads.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	d, err := s.detail(ctx, p)
	if err != nil {
		return nil, err
	}
	return &leadOut{Status: status, ETag: etag(d), Location: "/v1/leads/" + p.ID, Body: d.Lead}, nil
}

// facts are the request's facts, with its fields read as a visitor's answers would be.
func (s *Server) facts(ctx context.Context, l NewLead) (bot.PersonFacts, error) {
	f := bot.PersonFacts{
		Email: l.Email, Phone: l.Phone, Name: l.Name, Company: l.Company, Country: l.Country, Language: l.Language, Timezone: l.Timezone,
		Stage: l.Stage, Because: strings.TrimSpace(l.Because), Owner: l.Owner, Fields: map[string]flows.Value{}, Waiting: Place, By: by(ctx), Again: l.Again,
		Source: bot.Source{Channel: channel},
	}
	if so := l.Source; so != nil {
		f.Source = bot.Source{UTM: so.UTM, Referrer: so.Referrer, Page: so.Page, Channel: cmp.Or(so.Channel, channel), Outbound: so.Outbound, At: so.At.UTC()}
	}
	for _, c := range l.Consents {
		if c.At.IsZero() {
			c.At = s.now()
		}
		f.Consents = append(f.Consents, bot.Consent{Field: c.Field, Wording: c.Wording, Language: c.Language, Given: c.Given, At: c.At.UTC()})
	}
	for name, v := range l.Fields {
		text, ok := plainText(v)
		if !ok {
			return f, wrong("body.fields."+name, "is no text, number, truth or list of texts", nil)
		}
		read, err := bot.ReadField(s.LeadChanges.Workspace(), name, text, l.Language)
		if errors.Is(err, bot.ErrNoField) {
			return f, wrong("body.fields."+name, "is no field; the fields are "+strings.Join(bot.FieldNames(s.LeadChanges.Workspace()), ", "), nil)
		}
		if err != nil {
			return f, wrong("body.fields."+name, said(err), nil)
		}
		f.Fields[name] = read
	}
	return f, nil
}

// plainText is a value of JSON as somebody would type it.
func plainText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case []any:
		var texts []string
		for _, each := range v {
			text, ok := each.(string)
			if !ok {
				return "", false
			}
			texts = append(texts, text)
		}
		return strings.Join(texts, ","), true
	}
	return "", false
}

type patchLeadIn struct {
	OfID
	IfMatch string `header:"If-Match" doc:"The ETag of the lead as it was read: where it was changed since, nothing is done and the answer is 412."`
	Body    LeadPatch
}

// LeadPatch is what is to change of a lead.
type LeadPatch struct {
	Stage   string `json:"stage,omitempty" enum:"visitor,nurture,waitlist,mql,disqualified,sal,sql,lost,won" doc:"Any stage, from any."`
	Owner   string `json:"owner,omitempty" maxLength:"100" doc:"The id of a rep: they get the lead, and its meeting where they are free then."`
	Because string `json:"because,omitempty" maxLength:"500" doc:"Why; needed with a stage."`
}

// changeLead moves a lead. The owner comes first, for only that can be refused once the request is understood.
func (s *Server) changeLead(ctx context.Context, in *patchLeadIn) (*leadOut, error) {
	because := strings.TrimSpace(in.Body.Because)
	switch {
	case in.Body.Stage == "" && in.Body.Owner == "":
		return nil, wrong("body", "changes nothing; name a stage or an owner", nil)
	case in.Body.Stage != "" && because == "":
		return nil, wrong("body.because", "is needed with a stage: the trail says why", nil)
	}
	p, err := s.Leads.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	f := bot.PersonFacts{ID: p.ID, Because: because, By: by(ctx)}
	if f.Version, err = matched(in.IfMatch, p); err != nil {
		return nil, err
	}
	for _, step := range []bot.PersonFacts{{Owner: in.Body.Owner}, {Stage: in.Body.Stage}} {
		f.Owner, f.Stage = step.Owner, step.Stage
		if f.Owner == "" && f.Stage == "" {
			continue
		}
		if _, _, err := s.LeadChanges.SavePerson(ctx, f); err != nil {
			return nil, refusedFact(err)
		}
		f.Version = 0
	}
	return s.answerLead(ctx, p.ID, http.StatusOK)
}

var errPrecondition = huma.Error412PreconditionFailed("The lead was changed since. Read it again and decide anew.")

// refusedFact is a problem at the place of the fact that cannot be.
func refusedFact(err error) error {
	var no *bot.FactError
	var erased *bot.ErasedError
	switch {
	case errors.As(err, &erased):
		return huma.Error409Conflict(fmt.Sprintf("Nothing was kept: %v. Where they came back, say again: true.", erased),
			&huma.ErrorDetail{Location: "body." + erased.Key.Kind, Message: erased.Error()})
	case errors.As(err, &no) && no.Fact == "all":
		return wrong("body", said(no.Err), nil)
	case errors.As(err, &no):
		return wrong("body."+no.Fact, said(no.Err), nil)
	case errors.Is(err, bot.ErrChanged):
		return errPrecondition
	case errors.Is(err, bot.ErrNotFree):
		return huma.Error409Conflict("The rep is not free at the time of the lead's meeting; nothing was changed.")
	case errors.Is(err, bot.ErrNotYours), errors.Is(err, bot.ErrNobody):
		return huma.Error409Conflict("The lead cannot go to that rep now; nothing was changed.")
	}
	return err
}

// said is why something was refused, in words for the one who sent it.
func said(err error) string {
	var no *answer.Refusal
	if errors.As(err, &no) {
		return fmt.Sprintf("%s (%s)", no.Say, no.Code)
	}
	return err.Error()
}
