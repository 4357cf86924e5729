package hooks

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"usher/bot"
	"usher/flows"
)

// propertyOwner is who owns a record in HubSpot.
const propertyOwner = "hubspot_owner_id"

// usualStages are the lifecycle stages of a new account of HubSpot, by ours. HubSpot itself moves a contact forward alone.
var usualStages = map[string]string{
	bot.StageMQL: "marketingqualifiedlead", bot.StageSAL: "salesqualifiedlead", bot.StageSQL: "opportunity", bot.StageWon: "customer",
}

// object reads a record by its id or by a unique property; one without an ID where there is none.
func (c *hubspot) object(ctx context.Context, kind, id, by string, wanted ...string) (r record, err error) {
	query := url.Values{"properties": {strings.Join(wanted, ",")}}
	if by != "" {
		query.Set("idProperty", by)
	}
	err = c.rest.do(ctx, call{method: "GET", path: "/crm/v3/objects/" + kind + "/" + url.PathEscape(id), query: query}, &r)
	if answers(err, 404) {
		return record{}, nil
	}
	if err != nil {
		err = fmt.Errorf("look for one of the %s: %w", kind, err)
	}
	return r, err
}

// mapping is what hooks.yaml says of HubSpot.
func (c *hubspot) mapping() *flows.HubSpot {
	if w := c.House.Workspace(); w != nil && w.Hooks != nil && w.Hooks.HubSpot != nil {
		return w.Hooks.HubSpot
	}
	return &flows.HubSpot{}
}

// fields are what a contact is to say. What is not known is left as it is there.
func (c *hubspot) fields(ctx context.Context, p bot.Person) (map[string]string, error) {
	first, last := p.Name, ""
	if i := strings.LastIndexByte(p.Name, ' '); i > 0 {
		first, last = p.Name[:i], p.Name[i+1:]
	}
	out := map[string]string{
		"email": p.Email, "firstname": first, "lastname": last, "phone": p.Phone, "company": p.Company, "lifecyclestage": c.stage(p.Stage),
	}
	if r := c.rep(p.Owner); r != nil {
		owner, err := c.people.id(ctx, c.rest, r.Email)
		if err != nil {
			return nil, err
		}
		out[propertyOwner] = owner
	}
	for field, property := range c.mapping().Fields {
		if !strings.HasPrefix(property, companyProperty) {
			out[property] = told(p, field)
		}
	}
	return known(out), nil
}

// companyProperty begins a property of the company in hooks.yaml.
const companyProperty = "company."

func known(m map[string]string) map[string]string {
	for name, value := range m {
		if value == "" {
			delete(m, name)
		}
	}
	return m
}

func (c *hubspot) stage(ours string) string {
	if theirs, ok := c.mapping().Stages[ours]; ok {
		return theirs
	}
	return usualStages[ours]
}

// told is what a person told, or is known by, as HubSpot takes it: lists with semicolons, truths as true and false.
func told(p bot.Person, field string) string {
	switch field {
	case "name":
		return p.Name
	case "email":
		return p.Email
	case "phone":
		return p.Phone
	case "company":
		return p.Company
	case "grade":
		return p.Grade
	case "owner":
		return p.Owner
	case "score":
		return strconv.FormatFloat(p.Score, 'f', -1, 64)
	}
	switch v := p.Fields[field].Plain().(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case []string:
		return strings.Join(v, ";")
	case flows.Money:
		return v.Amount
	}
	return ""
}

// company makes or finds the company of the person's domain, and says that the contact belongs to it. One that people made
// in HubSpot is known by its domain, and marked as ours; one that goes by another domain since it was merged is left as it is.
func (c *hubspot) company(ctx context.Context, p bot.Person, contact string) error {
	if p.Domain == "" {
		return nil
	}
	fields := map[string]string{"domain": p.Domain, propertyDomain: p.Domain, "name": p.Company, "country": p.Country}
	for field, property := range c.mapping().Fields {
		if name, ok := strings.CutPrefix(property, companyProperty); ok {
			fields[name] = told(p, field)
		}
	}
	found, err := c.object(ctx, "companies", p.Domain, propertyDomain, "domain")
	if err == nil && found.ID == "" {
		found, err = c.byDomain(ctx, p.Domain)
	}
	if err != nil {
		return err
	}
	if is := found.Properties["domain"]; is != "" && !strings.EqualFold(is, p.Domain) {
		return c.associate(ctx, "contacts/"+contact, "companies/"+found.ID)
	}
	id, err := c.save(ctx, saving{kind: "companies", id: found.ID, by: propertyDomain, key: p.Domain}, known(fields))
	if err != nil {
		return err
	}
	return c.associate(ctx, "contacts/"+contact, "companies/"+id)
}

func (c *hubspot) byDomain(ctx context.Context, domain string) (record, error) {
	var found struct{ Results []record }
	err := c.rest.do(ctx, call{method: "POST", path: "/crm/v3/objects/companies/search", body: search("domain", "EQ", domain, "")}, &found)
	if err != nil || len(found.Results) == 0 {
		return record{}, err
	}
	return record{ID: found.Results[0].ID}, nil // its domain is the one that was looked for
}

// patch changes properties of a record.
func patch(kind, id string, fields map[string]string) call {
	return call{method: "PATCH", path: "/crm/v3/objects/" + kind + "/" + id, body: properties{fields}}
}

// saving is a record that is to be there once.
type saving struct {
	kind    string
	id      string // "" = it is not there yet
	by, key string // the unique property and its value
}

// save makes or changes a record. Of two who make it at once the second hears that the key is taken, and changes it.
func (c *hubspot) save(ctx context.Context, s saving, fields map[string]string) (string, error) {
	if s.id == "" {
		var made record
		err := c.rest.do(ctx, call{method: "POST", path: "/crm/v3/objects/" + s.kind, body: properties{fields}}, &made)
		if err == nil {
			return made.ID, nil
		}
		if !answers(err, 400, 409) {
			return "", fmt.Errorf("make one of the %s: %w", s.kind, err)
		}
		there, look := c.object(ctx, s.kind, s.key, s.by)
		if look != nil || there.ID == "" {
			return "", fmt.Errorf("make one of the %s: %w", s.kind, err)
		}
		s.id = there.ID
	}
	if err := c.rest.do(ctx, patch(s.kind, s.id, fields), nil); err != nil {
		return "", fmt.Errorf("change one of the %s: %w", s.kind, err)
	}
	return s.id, nil
}

// associate says that two records belong together; again it changes nothing.
func (c *hubspot) associate(ctx context.Context, from, to string) error {
	if err := c.rest.do(ctx, call{method: "PUT", path: "/crm/v4/objects/" + from + "/associations/default/" + to}, nil); err != nil {
		return fmt.Errorf("associate %s with %s: %w", from, to, err)
	}
	return nil
}

// meetingOf keeps the meeting on the contact's timeline as it is now.
func (c *hubspot) meetingOf(ctx context.Context, e bot.Event, contact string) error {
	m, err := c.Memory.Meeting(ctx, e.Meeting)
	if err != nil {
		return err
	}
	const clock = "2006-01-02T15:04:05Z"
	fields := map[string]string{
		"hs_timestamp": m.Start.UTC().Format(clock), "hs_meeting_start_time": m.Start.UTC().Format(clock), "hs_meeting_end_time": m.End.UTC().Format(clock),
		"hs_meeting_title": m.Title, "hs_meeting_location": m.Place, "hs_meeting_outcome": outcome(m, e.Event), propertyUID: m.UID,
	}
	if r := c.rep(m.Rep); r != nil {
		if fields[propertyOwner], err = c.people.id(ctx, c.rest, r.Email); err != nil {
			return err
		}
	}
	found, err := c.object(ctx, "meetings", m.UID, propertyUID)
	if err != nil {
		return err
	}
	id, err := c.save(ctx, saving{kind: "meetings", id: found.ID, by: propertyUID, key: m.UID}, known(fields))
	if err != nil {
		return err
	}
	return c.associate(ctx, "meetings/"+id, "contacts/"+contact)
}

// outcome is what became of the meeting, in HubSpot's words.
func outcome(m bot.Meeting, event string) string {
	switch {
	case m.Status == bot.Cancelled:
		return "CANCELED"
	case !m.NoShow.IsZero():
		return "NO_SHOW"
	case event == bot.HookMeetingHeld:
		return "COMPLETED"
	}
	return "SCHEDULED"
}

// search is the body of a search with one filter, the least changed last.
func search(property, operator, value, after string) map[string]any {
	body := map[string]any{
		"filterGroups": []any{map[string]any{"filters": []any{map[string]string{"propertyName": property, "operator": operator, "value": value}}}},
		"sorts":        []any{map[string]string{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}},
		"properties":   []string{propertyOwner, propertyMerged, "lastmodifieddate"},
		"limit":        hubspotPage,
	}
	if after != "" {
		body["after"] = after
	}
	return body
}
