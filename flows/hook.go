package flows

import (
	"slices"
	"strings"
)

// Hooks is what hooks.yaml says: which other systems are told what happens.
type Hooks struct {
	Endpoints []*Hook
	HubSpot   *HubSpot // nil = as usual, where there is a token
}

// Hook is an address that is told what happens.
type Hook struct {
	URL     string   // https, or ${NAME}, resolved by whoever dials
	Secrets []string // as written: ${NAME}; the second one signs too, while they are exchanged
	Events  []string // patterns, as of HookEventIs; none = all
	Place   Place
}

// HubSpot is how leads look in HubSpot.
type HubSpot struct {
	Fields map[string]string // property by field: numemployees, or company.domain for one of the company
	Stages map[string]string // lifecycle stage by stage
	Place  Place
}

// Stages are those that a person can be in.
var Stages = []string{"visitor", "mql", "sal", "sql", "won", "lost", "waitlist", "nurture", "disqualified"}

// HookEvents are what other systems can be told of.
var HookEvents = []string{
	"lead.created", "lead.stage_changed", "lead.owner_changed", "lead.merged",
	"meeting.booked", "meeting.moved", "meeting.cancelled", "meeting.held", "meeting.no_show",
	"handoff.asked", "handoff.joined", "handoff.missed",
}

// HookEventIs says whether a pattern (an event, a group such as lead.*, or * for all) means the event.
func HookEventIs(pattern, event string) bool {
	group, all := strings.CutSuffix(pattern, "*")
	return pattern == event || pattern == "*" || all && strings.HasSuffix(group, ".") && strings.HasPrefix(event, group)
}

// KnownHookEvents says whether a pattern means any event at all.
func KnownHookEvents(pattern string) bool {
	return slices.ContainsFunc(HookEvents, func(event string) bool { return HookEventIs(pattern, event) })
}
