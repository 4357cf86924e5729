package desk

import (
	"slices"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// request is what the times of a rep depend on now, by what is known of them.
func (d *Desk) request(rep *flows.Rep, minutes int, rules flows.MeetingRules) slots.Request {
	if rules == (flows.MeetingRules{}) {
		rules = d.Workspace.Roster.Meeting
	}
	return slots.Request{
		Roster:  d.Workspace.Roster,
		Rep:     rep,
		Rules:   rules,
		Minutes: minutes,
		Now:     d.Now,
		Busy:    d.agenda.Busy[rep.ID],
		Blocked: d.blocked(rep.ID),
		Away:    d.agenda.Away[rep.ID],
		Booked:  d.agenda.Booked[rep.ID],
	}
}

// blocked is what the store knows of, and what a commit of this turn ran into.
func (d *Desk) blocked(rep string) []slots.Interval {
	blocked := slices.Clip(d.agenda.Blocked[rep])
	for _, s := range d.Taken {
		if s.Rep == rep {
			blocked = append(blocked, slots.Interval{Start: s.Start, End: s.End})
		}
	}
	return blocked
}

// free is the rep's free times, at most limit (0 = all). A calendar that was never read offers nothing.
func (d *Desk) free(rep *flows.Rep, limit, minutes int, rules flows.MeetingRules) []slots.Slot {
	if d.unknown(rep) {
		return nil
	}
	return slots.Free(d.request(rep, minutes, rules), limit)
}

// MaxAge is how old what was read of a calendar may be. Calendars are read every few minutes: when none was for an hour,
// whoever reads them is gone, and the rep may have filled the day since.
const MaxAge = time.Hour

// unknown says that the rep has a calendar that was never read, not for long, or cannot be read any more: what is in it is not known,
// and a visitor is not promised what may be taken. A rep without a calendar is known by the hours alone.
func (d *Desk) unknown(rep *flows.Rep) bool {
	read, ok := d.agenda.Read[rep.ID]
	return len(rep.Calendars) > 0 && (!ok || d.Now.Sub(read) > MaxAge)
}

// unread is the reason of an unknown calendar.
func (d *Desk) unread(rep *flows.Rep, at time.Time) slots.Reason {
	local := at
	if rep.Location != nil {
		local = at.In(rep.Location)
	}
	return slots.Reason{
		Code: slots.UnknownCalendar,
		Say:  slots.Sentence(slots.UnknownCalendar, rep.Name, local.Format("Mon 2 Jan 15:04"), ""),
	}
}
