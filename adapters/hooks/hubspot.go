package hooks

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"

	"usher/bot"
)

// hubspot keeps contacts, companies and meetings in HubSpot as they are here, and follows the owners that are set there.
type hubspot struct {
	*Hooks
	house  leads
	rest   *hubspotREST
	people hubspotOwners
	alerts func() bool // somebody carries alerts

	mu    sync.Mutex
	ready bool // our own properties are there
}

// leads are changed as HubSpot's contacts are; *bot.Bot does it.
type leads interface {
	// SetOwner gives a person to a rep.
	SetOwner(ctx context.Context, person, rep, because, by string) error
	// SavePerson takes facts about a person, and merges those who turn out to be one.
	SavePerson(ctx context.Context, f bot.PersonFacts) (p bot.Person, created bool, err error)
}

var _ leads = (*bot.Bot)(nil)

// Kinds of links: what of HubSpot's is what of ours.
const (
	linkContact = "hubspot.contact" // person to contact
	linkVersion = "hubspot.version" // person to the version that HubSpot knows of
	linkPerson  = "hubspot.person"  // contact to person
	linkOwner   = "hubspot.owner"   // contact to the owner there that is the person's here, or that and kept
	linkPoll    = "hubspot.poll"    // how far changes were read, in milliseconds since 1970
)

// ByCRM is who changed what was changed in the CRM.
const ByCRM = "crm"

// record is one of HubSpot's.
type record struct {
	ID         string            `json:"id"`
	Properties map[string]string `json:"properties"`
}

// properties is the body of a change.
type properties struct {
	Properties map[string]string `json:"properties"`
}

// Carry carries a bot.JobCRM: it has HubSpot know what is true now of the person, their company and the meeting. Carried
// again it changes nothing: a contact is known by the e-mail address, a company and a meeting by properties of our own whose
// values are unique.
func (c *hubspot) Carry(ctx context.Context, j bot.Job) error {
	var e bot.Event
	if err := json.Unmarshal(j.Payload, &e); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read CRM's job: %w", err)}
	}
	p, err := c.Memory.Person(ctx, e.Person)
	if errors.Is(err, bot.ErrNotFound) {
		return nil // erased meanwhile
	}
	if err != nil || p.Email == "" {
		return err // somebody without an address is nobody to HubSpot yet
	}
	if err := c.prepare(ctx); err != nil {
		return c.judged(err)
	}
	contact, err := c.person(ctx, p)
	if err == nil && e.Meeting != "" {
		err = c.meetingOf(ctx, e, contact)
	}
	return c.judged(err)
}

// person has HubSpot know the person and the company, and gives the contact's id. Several changes that come together are
// told once: as the person is after the last.
func (c *hubspot) person(ctx context.Context, p bot.Person) (string, error) {
	version := strconv.FormatInt(p.Version, 10)
	if told, err := c.linked(ctx, linkVersion, p.ID); err != nil || told == version {
		contact, fault := c.linked(ctx, linkContact, p.ID)
		return contact, cmp.Or(err, fault)
	}
	contact, err := c.contact(ctx, p)
	if err == nil {
		err = c.company(ctx, p, contact)
	}
	if err != nil {
		return "", err
	}
	return contact, c.Memory.SaveLink(ctx, linkVersion, p.ID, version)
}

// judged says whether a failure is worth a retry: what HubSpot calls invalid stays so until somebody changes hooks.yaml or
// HubSpot's settings.
func (c *hubspot) judged(err error) error {
	if answers(err, 400, 403) {
		return &bot.RetryError{Never: true, Err: err}
	}
	return err
}

// Our own properties, by which a company and a meeting are known whatever answer was lost.
const (
	propertyDomain = "usher_domain"
	propertyUID    = "usher_uid"
)

// prepare makes our own properties where they are not there yet.
func (c *hubspot) prepare(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ready {
		return nil
	}
	for kind, name := range map[string]string{"companies": propertyDomain, "meetings": propertyUID} {
		group := map[string]any{"name": "usher", "label": "Usher", "displayOrder": -1}
		err := c.rest.do(ctx, call{method: "POST", path: "/crm/v3/properties/" + kind + "/groups", body: group}, nil)
		if err == nil || answers(err, 409) {
			err = c.rest.do(ctx, call{method: "POST", path: "/crm/v3/properties/" + kind, body: map[string]any{
				"name": name, "label": "Usher id", "groupName": "usher", "type": "string", "fieldType": "text", "hasUniqueValue": true,
			}}, nil)
		}
		if err != nil && !answers(err, 409) {
			return fmt.Errorf("make the property %s: %w", name, err)
		}
	}
	c.ready = true
	return nil
}

// contact makes or changes the person's contact, and gives its id.
func (c *hubspot) contact(ctx context.Context, p bot.Person) (string, error) {
	known, err := c.findContact(ctx, p)
	if err != nil {
		return "", err
	}
	fields, err := c.fields(ctx, p)
	if err != nil {
		return "", err
	}
	if known.ID == "" {
		return c.makeContact(ctx, p, fields)
	}
	if known.Properties["email"] != "" {
		delete(fields, "email") // an address that is there is left alone: it may be the better one
	}
	before, err := c.linked(ctx, linkOwner, known.ID)
	if err != nil {
		return "", err
	}
	is := known.Properties[propertyOwner]
	theirs := is != "" && is != before // somebody set it there: that comes back to us, or stays as it is
	if theirs || fields[propertyOwner] == is {
		delete(fields, propertyOwner) // nor is it written again: it may be changing there right now
	}
	if err := c.rest.do(ctx, patch("contacts", known.ID, fields), nil); err != nil {
		return "", fmt.Errorf("change the contact of person %s: %w", p.ID, err)
	}
	if err := c.join(ctx, p.ID, known.ID); err != nil {
		return "", err
	}
	if theirs {
		return known.ID, c.takeOwner(ctx, known)
	}
	return known.ID, c.Memory.SaveLink(ctx, linkOwner, known.ID, cmp.Or(fields[propertyOwner], is))
}

// findContact is the contact that the person is linked to, or the one with the address; without an ID where there is none.
func (c *hubspot) findContact(ctx context.Context, p bot.Person) (found record, err error) {
	id, err := c.linked(ctx, linkContact, p.ID)
	if err != nil {
		return found, err
	}
	if id != "" {
		found, err = c.object(ctx, "contacts", id, "", "email", propertyOwner, propertyMerged)
		if err == nil && found.ID != "" && found.ID != id {
			err = c.moved(ctx, found, id)
		}
		if err != nil || found.ID != "" {
			return found, err
		}
	}
	return c.object(ctx, "contacts", p.Email, "email", "email", propertyOwner)
}

// makeContact makes one. Where an answer was lost, or somebody else made it, HubSpot says which one is there.
func (c *hubspot) makeContact(ctx context.Context, p bot.Person, fields map[string]string) (string, error) {
	var made record
	err := c.rest.do(ctx, call{method: "POST", path: "/crm/v3/objects/contacts", body: properties{fields}}, &made)
	if id := existing(err); id != "" {
		made.ID = id // another of its addresses is this one
		err = c.rest.do(ctx, patch("contacts", id, without(fields, "email", propertyOwner)), &made)
	}
	if err != nil {
		return "", fmt.Errorf("make the contact of person %s: %w", p.ID, err)
	}
	if err := c.join(ctx, p.ID, made.ID); err != nil {
		return "", err
	}
	return made.ID, c.Memory.SaveLink(ctx, linkOwner, made.ID, made.Properties[propertyOwner])
}

// existing is the contact that a conflict names: "Contact already exists. Existing ID: 101".
func existing(err error) string {
	var e *hubspotError
	if !errors.As(err, &e) || e.Status != 409 {
		return ""
	}
	_, id, _ := strings.Cut(e.Message, "Existing ID: ")
	if _, wrong := strconv.ParseUint(id, 10, 64); wrong != nil {
		return ""
	}
	return id
}

func without(m map[string]string, names ...string) map[string]string {
	out := maps.Clone(m)
	for _, name := range names {
		delete(out, name)
	}
	return out
}

// join remembers that a person is a contact.
func (c *hubspot) join(ctx context.Context, person, contact string) error {
	if err := c.Memory.SaveLink(ctx, linkContact, person, contact); err != nil {
		return err
	}
	return c.Memory.SaveLink(ctx, linkPerson, contact, person)
}

// linked reads a link; "" = there is none.
func (c *hubspot) linked(ctx context.Context, kind, key string) (string, error) {
	value, err := c.Memory.Link(ctx, kind, key)
	if errors.Is(err, bot.ErrNotFound) {
		return "", nil
	}
	return value, err
}
