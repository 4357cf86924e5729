package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"usher/adapters/secret"
	"usher/bot"
)

// Place is what erasures call the CRM.
const Place = "hubspot"

// Eraser deletes contacts in HubSpot for ever, as its GDPR deletion does, and the meetings that were written there. Hooks is nil,
// or has no CRM, where there is no token: then it only says what there would be to delete.
type Eraser struct {
	Hooks *Hooks
	Vault *secret.Vault // locks addresses
}

var _ bot.Eraser = Eraser{}

// Unconnected is an eraser where there is no token.
func Unconnected(keys Keys) (Eraser, error) {
	vault, err := keys.vault()
	if err != nil {
		return Eraser{}, fmt.Errorf("lock addresses: %w", err)
	}
	return Eraser{Vault: vault}, nil
}

// recordAt is a record there: a contact by its id, or, where a job may have made it and did not come to say so, by the address,
// locked; or a meeting by its UID.
type recordAt struct {
	Contact string `json:"contact,omitempty"`
	Address string `json:"address,omitempty"`
	Meeting string `json:"meeting,omitempty"`
}

// Trace says which contacts are the subject, or may be, and which meetings may be there.
func (e Eraser) Trace(s bot.Subject, rows []bot.Record) (t bot.Traced) {
	add := func(at recordAt) {
		target, _ := json.Marshal(at) // strings always marshal
		t.Targets = append(t.Targets, target)
	}
	known := map[string]bool{}
	for _, l := range bot.KeptLinks(rows) {
		if l.Kind == linkContact && slices.Contains(s.Persons, l.Key) && l.Value != "" {
			known[l.Key] = true
			add(recordAt{Contact: l.Value})
		}
	}
	unsure := slices.DeleteFunc(bot.KeptJobs(rows), func(j bot.Job) bool { return j.Kind != bot.JobCRM || !j.Unsure() })
	if len(known)+len(unsure) > 0 {
		for _, uid := range s.Meetings {
			add(recordAt{Meeting: uid})
		}
	}
	if slices.ContainsFunc(unsure, func(j bot.Job) bool { return !known[personIn(j)] }) {
		for _, address := range s.Emails {
			add(recordAt{Address: e.Vault.Lock(address, Place)})
		}
	}
	return t
}

// personIn is whom a job for the CRM is about.
func personIn(j bot.Job) string {
	var about bot.Event
	_ = json.Unmarshal(j.Payload, &about) // what cannot be read is about nobody who is known
	return about.Person
}

var errNoCRM = errors.New("no HubSpot is connected here")

// Erase deletes one record. The company stays there: the list says so.
func (e Eraser) Erase(ctx context.Context, target json.RawMessage) (left string, err error) {
	var at recordAt
	if err := json.Unmarshal(target, &at); err != nil {
		return "", &bot.RetryError{Never: true, Err: fmt.Errorf("read what is to be erased: %w", err)}
	}
	if e.Hooks == nil || e.Hooks.crm == nil {
		return "", errNoCRM
	}
	if at.Meeting != "" {
		return e.meeting(ctx, at.Meeting)
	}
	if at.Address != "" {
		if at.Contact, err = e.made(ctx, at.Address); at.Contact == "" {
			return "", err
		}
	}
	err = e.Hooks.crm.rest.do(ctx, call{method: "POST", path: "/crm/v3/objects/contacts/gdpr-delete", body: map[string]string{"objectId": at.Contact}}, nil)
	switch {
	case answers(err, 404):
	case answers(err, 400, 403):
		return fmt.Sprintf("contact %s: HubSpot does not let this token delete it for ever; do it there (%v)", at.Contact, err), nil
	case err != nil:
		return "", err
	}
	return fmt.Sprintf("contact %s is deleted for ever; its company stays in HubSpot", at.Contact), nil
}

// meeting empties and deletes a meeting: HubSpot has no other way than to its recycling bin, out of which it can be taken for 90
// days.
func (e Eraser) meeting(ctx context.Context, uid string) (left string, err error) {
	found, err := e.Hooks.crm.object(ctx, "meetings", uid, propertyUID)
	if answers(err, 400) || err == nil && found.ID == "" {
		return "", nil // no meeting was ever written there, or not this one
	}
	if err == nil {
		err = e.Hooks.crm.rest.do(ctx, patch("meetings", found.ID, map[string]string{"hs_meeting_title": "", "hs_meeting_location": ""}), nil)
	}
	if err == nil {
		err = e.Hooks.crm.rest.do(ctx, call{method: "DELETE", path: "/crm/v3/objects/meetings/" + found.ID}, nil)
	}
	switch {
	case answers(err, 404):
		return "", nil // somebody else deleted it
	case answers(err, 400, 403):
		return fmt.Sprintf("meeting %s: HubSpot does not let this token delete it; do it there (%v)", found.ID, err), nil
	case err != nil:
		return "", err
	}
	return fmt.Sprintf("meeting %s is emptied and in HubSpot's recycling bin, which HubSpot empties after 90 days", found.ID), nil
}

// made is the contact with a locked address; "" = there is none.
func (e Eraser) made(ctx context.Context, locked string) (string, error) {
	address, err := e.Vault.Open(locked, Place)
	if err != nil {
		return "", &bot.RetryError{Never: true, Err: fmt.Errorf("the address was locked with another key: %w", err)}
	}
	found, err := e.Hooks.crm.object(ctx, "contacts", address, "email", "email")
	return found.ID, err
}

// PlaceWebhook is what erasures call those who were sent messages.
const PlaceWebhook = "webhook"

// Receivers says what other systems were sent, which only they can erase.
type Receivers struct{}

var _ bot.Eraser = Receivers{}

// Trace counts what was sent, and what may have been.
func (Receivers) Trace(_ bot.Subject, rows []bot.Record) (t bot.Traced) {
	trying := map[string]bool{}
	for _, j := range bot.KeptJobs(rows) {
		var s sent
		if j.Kind == bot.JobHookSend && j.Unsure() && json.Unmarshal(j.Payload, &s) == nil {
			trying[s.Delivery] = true
		}
	}
	took, may := map[string]int{}, map[string]int{}
	for _, r := range rows {
		v := r.Values
		switch {
		case r.Table != "delivery":
		case v["state"] == bot.DeliverySent:
			took[v["webhook"]]++
		case v["attempts"] != "0" || trying[v["id"]]:
			may[v["webhook"]]++
		}
	}
	var said []string
	for _, w := range slices.Sorted(maps.Keys(merged(took, may))) {
		said = append(said, taken(w, took[w], may[w]))
	}
	if len(said) > 0 {
		t.Left = "messages about them: " + strings.Join(said, ", ") + "; ask who runs it to erase them"
	}
	return t
}

// taken is what one webhook has, in words.
func taken(webhook string, took, may int) string {
	switch {
	case may == 0:
		return fmt.Sprintf("the webhook %s took %d", webhook, took)
	case took == 0:
		return fmt.Sprintf("the webhook %s may have taken %d", webhook, may)
	}
	return fmt.Sprintf("the webhook %s took %d and may have taken %d more", webhook, took, may)
}

func merged(a, b map[string]int) map[string]int {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// Erase is never asked: there is nothing that could be reached.
func (Receivers) Erase(context.Context, json.RawMessage) (left string, err error) { return "", nil }
