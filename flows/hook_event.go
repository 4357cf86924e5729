package flows

import (
	"slices"
	"strings"
)

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
