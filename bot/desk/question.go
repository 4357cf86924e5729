package desk

import (
	"time"

	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// question is what is asked of a time: how long the meeting is, by which rules and on which terms.
type question struct {
	minutes int
	rules   flows.MeetingRules
	dialogue.Terms
	grace time.Duration // of the notice, for a time that was offered before
}

// about is the question whether a slot can be had.
func about(s dialogue.Slot, rules flows.MeetingRules, terms dialogue.Terms) question {
	return question{minutes: int(s.End.Sub(s.Start) / time.Minute), rules: rules, Terms: terms}
}

// request is what the times of a rep depend on now, by what is known of them.
func (d *Desk) request(rep *flows.Rep, q question) slots.Request {
	rules := q.rules
	if rules == (flows.MeetingRules{}) {
		rules = d.Workspace.Roster.Meeting
	}
	rules.Notice = max(0, rules.Notice-q.grace)
	return slots.Request{
		Roster:  d.Workspace.Roster,
		Rep:     rep,
		Rules:   rules,
		Minutes: q.minutes,
		Now:     d.Now,
		Busy:    d.agenda.Busy[rep.ID],
		Blocked: d.blocked(rep.ID),
		Away:    d.agenda.Away[rep.ID],
		Booked:  d.agenda.Booked[rep.ID],
		Full:    d.full(q),
	}
}

// joining is request for a guest, who comes whenever the meeting begins: the grid is its host's.
func (d *Desk) joining(rep *flows.Rep, q question) slots.Request {
	r := d.request(rep, q)
	r.Guest = true
	return r
}

// blocked is what the store knows of, and what a commit of this turn ran into.
func (d *Desk) blocked(rep string) []slots.Interval {
	blocked := d.agenda.Blocked[rep]
	blocked = blocked[:len(blocked):len(blocked)]
	for _, s := range d.Taken {
		if s.Rep == rep {
			blocked = append(blocked, slots.Interval{Start: s.Start, End: s.End})
		}
	}
	return blocked
}

// clock shows a time to whoever reads reasons, on the rep's clock.
func (d *Desk) clock(rep *flows.Rep, at time.Time) string {
	switch {
	case rep.Location != nil:
		at = at.In(rep.Location)
	case d.Workspace.Roster.Location != nil:
		at = at.In(d.Workspace.Roster.Location)
	}
	return at.Format("Mon 2 Jan 15:04")
}
