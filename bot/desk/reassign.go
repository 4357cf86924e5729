package desk

import (
	"cmp"
	"slices"
	"time"

	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

// reassign gives a lead to another rep: the one who claims it, or the next by the routing among those who did not have
// their turn. Who is not free at the time that stands cannot have it. Failed says that nobody can, and the lead stays
// where it is.
func (d *Desk) reassign(c dialogue.Conversation, e dialogue.Assign) (dialogue.Input, error) {
	if err := d.know(d.Workspace.Roster.Reps...); err != nil {
		return nil, err
	}
	if e.Rep != "" {
		return d.claim(c, e), nil
	}
	q := routing.Request{Key: d.Key, Team: e.Team, Scope: e.Scope, Now: d.Now, Meet: e.Stands == nil && e.Minutes > 0}
	q.Not = append(slices.Clip(e.Not), d.occupied(c, e)...)
	choice, err := routing.Choose(d.Workspace.Roster, q, d.state(e))
	d.Traces = append(d.Traces, choice.Trace...)
	if err != nil || slices.Contains(q.Not, choice.Rep) {
		return dialogue.Failed{Effect: "assign", Reason: "nobody else can have the lead"}, nil
	}
	return d.give(c, dialogue.Assignment{
		Team: choice.Team, Rep: choice.Rep, Because: choice.Because, Route: choice.Route,
	}, 1+choice.Level), nil
}

// claim gives the lead to the rep who takes it; it stays in its team.
func (d *Desk) claim(c dialogue.Conversation, e dialogue.Assign) dialogue.Input {
	rep := d.Workspace.Roster.Rep(e.Rep)
	if e.Stands != nil && (rep == nil || d.conflict(c, rep, e) != "") {
		return dialogue.Failed{Effect: "assign", Reason: "the rep is not free at the time of the lead's meeting"}
	}
	got := dialogue.Assignment{Rep: e.Rep, Because: e.Rep + " claimed the lead", Route: -1}
	if rep != nil {
		got.Because = cmp.Or(rep.Name, rep.ID) + " claimed the lead"
	}
	if c.Assigned != nil {
		got.Team, got.Route = c.Assigned.Team, c.Assigned.Route
	}
	return d.give(c, got, 1)
}

// give writes into the ledger who lost the lead and who got it.
func (d *Desk) give(c dialogue.Conversation, got dialogue.Assignment, leads int) dialogue.Input {
	entry := Entry{Team: got.Team, Rep: got.Rep, Kind: AssignedLead, Route: got.Route, Because: got.Because, Leads: leads, At: d.Now}
	if had := c.Assigned; had != nil {
		entry.Kind = PassedLead
		d.Ledger = append(d.Ledger, Entry{
			Team: had.Team, Rep: had.Rep, Kind: PassedLead, Route: had.Route, Because: "the lead went to " + got.Rep, Leads: -1, At: d.Now,
		})
	}
	d.Ledger = append(d.Ledger, entry)
	return dialogue.Assigned{Assignment: got}
}

// occupied is who is not free at the time that stands.
func (d *Desk) occupied(c dialogue.Conversation, e dialogue.Assign) (reps []string) {
	if e.Stands == nil {
		return nil
	}
	for _, rep := range d.Workspace.Roster.Reps {
		if because := d.conflict(c, rep, e); because != "" {
			d.note(rep.ID, because)
			reps = append(reps, rep.ID)
		}
	}
	return reps
}

// conflict is what keeps a rep from the time that stands, or "". A meeting was agreed by the rules once: notice, horizon
// and grid do not count again, only whether the rep works and is free. A chosen time is still to be booked by the rules.
func (d *Desk) conflict(c dialogue.Conversation, rep *flows.Rep, e dialogue.Assign) string {
	if c.Meeting == nil {
		reason, err := d.why(dialogue.Slot{Rep: rep.ID, Start: e.Stands.Start, End: e.Stands.End}, e.Rules)
		if err != nil || reason.Code != "" {
			return cmp.Or(reason.Say, "the agenda cannot be read")
		}
		return ""
	}
	if d.unknown(rep) {
		return d.unread(rep, e.Stands.Start).Say
	}
	r := d.request(rep, int(e.Stands.End.Sub(e.Stands.Start)/time.Minute), e.Rules)
	r.Rules = flows.MeetingRules{Buffer: r.Rules.Buffer, Horizon: max(e.Stands.Start.Sub(d.Now), 0) + 24*time.Hour, Every: time.Minute}
	reason, ok := slots.Why(r, e.Stands.Start)
	if ok {
		return ""
	}
	return reason.Say
}
