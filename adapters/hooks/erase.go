package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"usher/bot"
)

// Place is what erasures call the CRM.
const Place = "hubspot"

// Eraser deletes contacts in HubSpot for ever, as its GDPR deletion does. Hooks is nil, or has no CRM, where there is no token:
// then it only says what there would be to delete.
type Eraser struct{ Hooks *Hooks }

var _ bot.Eraser = Eraser{}

// contactAt is a contact there.
type contactAt struct {
	Contact string `json:"contact"`
}

// Trace says which contacts are the subject.
func (Eraser) Trace(s bot.Subject, links []bot.KeptLink) (targets []json.RawMessage, words []string) {
	for _, l := range links {
		if l.Kind == linkContact && slices.Contains(s.Persons, l.Key) && l.Value != "" {
			target, _ := json.Marshal(contactAt{l.Value}) // a string always marshals
			targets = append(targets, target)
		}
	}
	return targets, nil
}

var errNoCRM = errors.New("no HubSpot is connected here")

// Erase deletes one contact. Companies and meetings stay there: the list says so.
func (e Eraser) Erase(ctx context.Context, target json.RawMessage) (left string, err error) {
	var at contactAt
	if err := json.Unmarshal(target, &at); err != nil {
		return "", &bot.RetryError{Never: true, Err: fmt.Errorf("read what is to be erased: %w", err)}
	}
	if e.Hooks == nil || e.Hooks.crm == nil {
		return "", errNoCRM
	}
	err = e.Hooks.crm.rest.do(ctx, http.MethodPost, "/crm/v3/objects/contacts/gdpr-delete", nil, map[string]string{"objectId": at.Contact}, nil)
	switch {
	case answers(err, 404):
	case answers(err, 400, 403):
		return fmt.Sprintf("contact %s: HubSpot does not let this token delete it for ever; do it there (%v)", at.Contact, err), nil
	case err != nil:
		return "", err
	}
	return fmt.Sprintf("contact %s is deleted for ever; its company, and meetings written to HubSpot, are to be looked at there", at.Contact), nil
}
