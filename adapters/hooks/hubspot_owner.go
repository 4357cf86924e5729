package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"usher/bot"
	"usher/flows"
)

// How HubSpot's changes are followed.
const (
	pollEvery    = time.Minute
	pollOverlap  = time.Minute // a search finds what was changed some seconds ago
	hubspotPage  = 100
	pollPages    = 90 // a search gives at most 10,000 results; the next one goes on from there
	ownersKnown  = 10 * time.Minute
	ownersAnswer = 100 // pages
)

// hubspotOwners are HubSpot's users by id and address, read now and then. The zero value knows none yet.
type hubspotOwners struct {
	mu     sync.Mutex
	read   time.Time
	emails map[string]string // by id
	ids    map[string]string // by address
}

// id is the user with that address; "" where there is none.
func (o *hubspotOwners) id(ctx context.Context, r *hubspotREST, email string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.refresh(ctx, r, o.ids[strings.ToLower(email)] != ""); err != nil {
		return "", err
	}
	return o.ids[strings.ToLower(email)], nil
}

// email is the address of a user; "" where there is none.
func (o *hubspotOwners) email(ctx context.Context, r *hubspotREST, id string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.refresh(ctx, r, o.emails[id] != ""); err != nil {
		return "", err
	}
	return o.emails[id], nil
}

// refresh reads them all where that was long ago, or somebody new is asked for and it was not just now.
func (o *hubspotOwners) refresh(ctx context.Context, r *hubspotREST, found bool) error {
	age := r.now().Sub(o.read)
	if !o.read.IsZero() && (age < time.Minute || found && age < ownersKnown) {
		return nil
	}
	emails, ids, after := map[string]string{}, map[string]string{}, ""
	for range ownersAnswer {
		var page struct {
			Results []struct{ ID, Email string }
			Paging  paging
		}
		query := url.Values{"limit": {strconv.Itoa(hubspotPage)}}
		if after != "" {
			query.Set("after", after)
		}
		if err := r.do(ctx, call{method: "GET", path: "/crm/v3/owners", query: query}, &page); err != nil {
			return fmt.Errorf("read HubSpot's owners: %w", err)
		}
		for _, one := range page.Results {
			emails[one.ID], ids[strings.ToLower(one.Email)] = one.Email, one.ID
		}
		if after = page.Paging.Next.After; after == "" {
			break
		}
	}
	o.emails, o.ids, o.read = emails, ids, r.now()
	return nil
}

// paging says where a list goes on.
type paging struct {
	Next struct {
		After string `json:"after"`
	} `json:"next"`
}

// poll follows what is changed in HubSpot until ctx ends.
func (c *hubspot) poll(ctx context.Context) {
	t := time.NewTicker(pollEvery)
	defer t.Stop()
	for {
		var retry *bot.RetryError
		if err := c.look(ctx); err != nil && ctx.Err() == nil && !errors.As(err, &retry) { // what rests is told elsewhere
			c.Log.Error("HubSpot's changes are not followed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// look reads the contacts that were changed since the last look, the one that was changed first at first.
func (c *hubspot) look(ctx context.Context) error {
	text, err := c.linked(ctx, linkPoll, "contacts")
	if err != nil {
		return err
	}
	since, err := strconv.ParseInt(text, 10, 64)
	if err != nil { // the first look: what is there was not changed since
		since = c.Now().UnixMilli()
	}
	last, after := since, ""
	for range pollPages {
		var found struct {
			Results []record
			Paging  paging
		}
		from := strconv.FormatInt(since-pollOverlap.Milliseconds(), 10)
		ask := call{method: "POST", path: "/crm/v3/objects/contacts/search", body: search("lastmodifieddate", "GTE", from, after)}
		if err := c.rest.do(ctx, ask, &found); err != nil {
			return err
		}
		for _, r := range found.Results {
			if _, err := c.follow(ctx, r); err != nil {
				return err
			}
			if err := c.takeOwner(ctx, r); err != nil {
				return err
			}
			if at, err := time.Parse(time.RFC3339, r.Properties["lastmodifieddate"]); err == nil {
				last = max(last, at.UnixMilli())
			}
		}
		if after = found.Paging.Next.After; after == "" {
			break
		}
	}
	return c.Memory.SaveLink(ctx, linkPoll, "contacts", strconv.FormatInt(last, 10))
}

// takeOwner gives the person to the rep who owns the contact in HubSpot, where that changed there. An owner who is no rep,
// or cannot have the lead, changes nothing here: the lead keeps its owner, and that is told once.
func (c *hubspot) takeOwner(ctx context.Context, r record) error {
	person, err := c.linked(ctx, linkPerson, r.ID)
	if err != nil || person == "" {
		return err
	}
	before, err := c.linked(ctx, linkOwner, r.ID)
	is := r.Properties[propertyOwner]
	if err != nil || is == before || is+kept == before {
		return err
	}
	email, err := c.people.email(ctx, c.rest, is)
	if err != nil {
		return err
	}
	refused := errNoRep
	if rep := c.repBy(email); rep != nil {
		refused = c.house.SetOwner(ctx, person, rep.ID, "changed in HubSpot", ByCRM)
	}
	switch {
	case is == "", refused == nil: // where nobody owns it there, somebody goes on to here
		return c.Memory.SaveLink(ctx, linkOwner, r.ID, is)
	case !settled(refused):
		return refused
	}
	if err := c.keeps(ctx, r.ID, person, is, refused); err != nil {
		return err
	}
	return c.Memory.SaveLink(ctx, linkOwner, r.ID, is+kept)
}

// kept follows an owner there that is another one than here.
const kept = " kept"

var errNoRep = errors.New("the owner in HubSpot is no rep of team.yaml")

// settled says whether a refusal stays as it is.
func settled(err error) bool {
	return errors.Is(err, errNoRep) || errors.Is(err, bot.ErrNotFree) || errors.Is(err, bot.ErrNoRep) || errors.Is(err, bot.ErrNotFound) || errors.Is(err, bot.ErrNobody)
}

// keeps says that a lead keeps its owner here, once for each owner that was set there.
func (c *hubspot) keeps(ctx context.Context, contact, person, owner string, because error) error {
	c.Log.Warn("the lead keeps its owner", "person", person, "contact", contact, "crm_owner", owner, "because", because)
	payload, err := json.Marshal(bot.Event{Event: bot.AlertDead, Person: person, Detail: "HubSpot: a lead keeps its owner: " + because.Error()})
	if err != nil || !c.alerts() {
		return err
	}
	return c.Memory.Enqueue(ctx, bot.Job{
		ID: "crm-owner-" + contact + "-" + owner, Kind: bot.JobAlert, Payload: payload, RunAt: c.Now(), State: bot.JobReady,
	})
}

// repBy is the rep with that address, or nil.
func (c *hubspot) repBy(email string) *flows.Rep {
	w := c.House.Workspace()
	if w == nil || w.Roster == nil || email == "" {
		return nil
	}
	for _, r := range w.Roster.Reps {
		if strings.EqualFold(r.Email, email) {
			return r
		}
	}
	return nil
}
