package flows

import (
	"regexp"
	"slices"
)

// MaxHooks in one workspace: each event is made and kept once for each.
const MaxHooks = 20

var (
	propertyPattern = regexp.MustCompile(`^(company\.)?[a-z][a-z0-9_]{0,99}$`)
	stagePattern    = regexp.MustCompile(`^[A-Za-z0-9_]{1,100}$`)
)

// hooksOf makes what hooks.yaml says; nil where there is none.
func (l *loader) hooksOf(union *vocabulary) *Hooks {
	s := &l.hooks
	if !s.set() {
		return nil
	}
	if len(s.Webhooks) > MaxHooks {
		s.Webhooks[MaxHooks].wrong("too-large", "", "there are more than %d webhooks", MaxHooks)
		s.Webhooks = s.Webhooks[:MaxHooks]
	}
	h := &Hooks{}
	seen := map[string]bool{}
	for i := range s.Webhooks {
		hook := &s.Webhooks[i]
		if url := hook.URL.text; url != "" && seen[url] {
			hook.URL.wrong("duplicate-hook", "write one, with the events of both", "this address stands here twice")
			continue
		}
		seen[hook.URL.text] = true
		h.Endpoints = append(h.Endpoints, hook.hook())
	}
	if s.HubSpot.set() {
		h.HubSpot = l.hubspot(union)
	}
	return h
}

func (s *hookShape) hook() *Hook {
	if !secretPattern.MatchString(s.URL.text) {
		s.URL.dialled("not an https address", "https://")
	}
	h := &Hook{URL: s.URL.text, Place: s.place()}
	if len(s.Secret.list) > 2 {
		s.Secret.list[2].wrong("too-large", "the new one first, then the one that goes", "a webhook has at most two secrets")
	}
	for _, secret := range s.Secret.list {
		if secret.text != "" && !secretPattern.MatchString(secret.text) {
			secret.wrong("secret-in-file", "write ${NAME}: it is read from the environment or from the file in NAME_FILE", "a secret is never written in a file")
		}
		h.Secrets = append(h.Secrets, secret.text)
	}
	for _, event := range s.Events {
		if event.text != "" && !KnownHookEvents(event.text) {
			event.wrong("unknown-event", didYouMean(event.text, append(HookEvents, "lead.*", "meeting.*", "handoff.*")), "there is no event %q", event.text)
			continue
		}
		h.Events = append(h.Events, event.text)
	}
	return h
}

// contactFields are what HubSpot is told of everybody, beside the flows' own fields.
var contactFields = []string{"name", "email", "phone", "company", "score", "grade", "owner"}

func (l *loader) hubspot(union *vocabulary) *HubSpot {
	s := &l.hooks.HubSpot
	h := &HubSpot{Fields: map[string]string{}, Stages: map[string]string{}, Place: s.place()}
	known := append(union.fieldNames(), contactFields...)
	for _, row := range s.Fields.rows {
		if !slices.Contains(known, row.name) && !l.unread {
			row.key.wrong("unknown-field", didYouMean(row.name, known), "no flow has a field %q", row.name)
		}
		if property := row.value; property.text != "" && !propertyPattern.MatchString(property.text) {
			property.wrong("bad-property", "write its internal name, such as numemployees or company.numberofemployees", "%q cannot be a property", property.text)
		}
		h.Fields[row.name] = row.value.text
	}
	for _, row := range s.Stages.rows {
		if !slices.Contains(Stages, row.name) {
			row.key.wrong("unknown-stage", didYouMean(row.name, Stages), "there is no stage %q", row.name)
		}
		if stage := row.value; stage.text != "" && !stagePattern.MatchString(stage.text) {
			stage.wrong("bad-property", "write its internal name, such as salesqualifiedlead", "%q cannot be a lifecycle stage", stage.text)
		}
		h.Stages[row.name] = row.value.text
	}
	return h
}
