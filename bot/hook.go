package bot

import (
	"cmp"
	"time"

	"usher/bot/dialogue"
)

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

// HeldAfter is how long after its end a meeting counts as held, where nobody said that the visitor did not come: reps say so
// in the first minutes after.
const HeldAfter = 15 * time.Minute

// Changed is what became of something that other systems are told of. Why stands in the Event's Detail.
type Changed struct {
	What string `json:"what"` // HookedTime …
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	By   string `json:"by,omitempty"` // "visitor", a rep, "calendar"; "" = not known
}

// What of a meeting has changed; From and To are times as RFC 3339, reps, or places.
const (
	HookedTime  = "time"
	HookedRep   = "rep"
	HookedPlace = "place"
)

// hooks makes the jobs by which other systems hear of the turn's meetings and of people who are asked to join.
func (d *decision) hooks(in dialogue.Input, effects []dialogue.Effect) {
	for _, m := range d.turn.Meetings {
		d.hookMeeting(in, d.was[m.UID], m)
	}
	for _, e := range effects {
		if call, ok := e.(dialogue.CallRep); ok {
			d.hook(Event{Event: HookHandoffAsked, Team: call.Team})
		}
	}
	was, is := d.before, d.turn.Conversation.State
	switch in.(type) {
	case dialogue.Joined:
		if was.Joined == nil && is.Joined != nil {
			d.hook(Event{Event: HookHandoffJoined, Rep: is.Joined.Rep})
		}
	case dialogue.Lapsed:
		if was.Called() && was.Joined == nil && !is.Called() {
			d.hook(Event{Event: HookHandoffMissed})
		}
	}
}

// hookMeeting tells from what a meeting was what it is.
func (d *decision) hookMeeting(in dialogue.Input, was, m Meeting) {
	e := Event{Meeting: m.UID, Rep: m.Rep}
	switch {
	case m.Status == Confirmed && was.Status != Confirmed:
		e.Event = HookMeetingBooked
	case m.Status == Confirmed && changed(was, m):
		e.Event, e.Changed = HookMeetingMoved, movedFrom(was, m)
		e.Changed.By = mover(in, was.Rep)
	case m.Status == Cancelled && was.Status == Confirmed:
		e.Event, e.Detail, e.Changed = HookMeetingCancelled, m.Because, &Changed{What: "status", From: Confirmed, To: Cancelled, By: canceller(in, m)}
	case m.Status == Confirmed && was.NoShow.IsZero() && !m.NoShow.IsZero():
		e.Event = HookMeetingNoShow
	default:
		return
	}
	d.hook(e)
	if m.Status == Confirmed && !m.End.Equal(was.End) {
		held := Event{Event: HookMeetingHeld, Meeting: m.UID, Rep: m.Rep, At: m.End}
		d.job(JobHook, held, m.End.Add(HeldAfter))
	}
}

// movedFrom is the weightiest of what has changed.
func movedFrom(was, m Meeting) *Changed {
	switch {
	case !was.Start.Equal(m.Start) || !was.End.Equal(m.End):
		return &Changed{What: HookedTime, From: was.Start.UTC().Format(time.RFC3339), To: m.Start.UTC().Format(time.RFC3339)}
	case was.Rep != m.Rep:
		return &Changed{What: HookedRep, From: was.Rep, To: m.Rep}
	}
	return &Changed{What: HookedPlace, From: was.Place, To: m.Place}
}

// mover is who put the meeting elsewhere, as far as the input says.
func mover(in dialogue.Input, rep string) string {
	switch in := in.(type) {
	case dialogue.Passed:
		return in.Rep
	case dialogue.Claimed:
		return cmp.Or(in.By, in.Rep)
	case dialogue.Placed:
		return "calendar"
	default:
		if whoShifts(in) == FromRep {
			return rep
		}
	}
	return FromVisitor
}

// canceller is who gave the meeting up, as far as the input says.
func canceller(in dialogue.Input, m Meeting) string {
	switch in.(type) {
	case dialogue.Said:
		return FromVisitor
	case dialogue.Clashed:
		return "calendar"
	}
	if InCalendar(m.Because) {
		return m.Rep
	}
	return ""
}

// hears says whether an event of JobHook is told to anybody.
func (b *Bot) hears(event string) bool { return b.Hears == nil || b.Hears(event) }

func (d *decision) hook(e Event) {
	if !d.bot.hears(e.Event) {
		return
	}
	if e.At.IsZero() {
		e.At = d.turn.Now
	}
	if d.bot.Carriers[JobHook] != nil {
		d.fold(d.turn.Now) // so that it can be told whose it is
	}
	d.job(JobHook, e, d.turn.Now)
}
