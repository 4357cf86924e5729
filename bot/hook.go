package bot

// Events of JobHook: what other systems are told of.
const (
	HookLead             = "lead.created"
	HookStage            = "lead.stage_changed"
	HookOwner            = "lead.owner_changed"
	HookMerged           = "lead.merged" // Detail is the id of the person that is no more
	HookMeetingBooked    = "meeting.booked"
	HookMeetingMoved     = "meeting.moved" // another time, rep or place
	HookMeetingCancelled = "meeting.cancelled"
	HookMeetingHeld      = "meeting.held"
	HookMeetingNoShow    = "meeting.no_show"
	HookHandoffAsked     = "handoff.asked"
	HookHandoffJoined    = "handoff.joined"
	HookHandoffMissed    = "handoff.missed" // nobody joined in time
)
