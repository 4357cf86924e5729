package desk

import (
	"cmp"
	"errors"
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
	q := question{minutes: e.Minutes, rules: e.Rules, Terms: e.Terms}
	if err := d.know(q, d.Workspace.Roster.Reps...); err != nil {
		return nil, err
	}
	if e.Rep != "" {
		return d.claim(c, e)
	}
	r, err := d.lead(c, e)
	if err != nil {
		return nil, err
	}
	occupied, err := d.occupied(c, e)
	if err != nil {
		return nil, err
	}
	r.Not, r.Must, r.Meet = append(slices.Clip(e.Not), occupied...), true, e.Stands == nil && e.Minutes > 0
	choice, err := d.choose(r, q)
	d.Traces = append(d.Traces, choice.Trace...)
	orphan := d.Workspace.Roster.Rep(c.Assigned.Rep) == nil // then somebody who passed it before is better than nobody
	switch {
	case errors.Is(err, routing.ErrNobody), slices.Contains(occupied, choice.Rep), slices.Contains(r.Not, choice.Rep) && !orphan:
		return dialogue.Failed{Effect: "assign", Reason: "nobody else can have the lead"}, nil
	case err != nil:
		return nil, err
	}
	if err := d.gives(c, choice); err != nil {
		return nil, err
	}
	return dialogue.Assigned{Assignment: assignment(choice)}, nil
}

// claim gives the lead to the rep who takes it; it stays in its team.
func (d *Desk) claim(c dialogue.Conversation, e dialogue.Assign) (dialogue.Input, error) {
	rep := d.Workspace.Roster.Rep(e.Rep)
	if e.Stands != nil {
		because := "is not in the roster"
		if rep != nil {
			var err error
			if because, err = d.conflict(c, rep, e); err != nil {
				return nil, err
			}
		}
		if because != "" {
			return dialogue.Failed{Effect: "assign", Reason: "the rep is not free at the time of the lead's meeting"}, nil
		}
	}
	how, name := " claimed the lead", e.Rep
	if e.Over {
		how = " was given the lead by " + cmp.Or(e.By, "hand")
	}
	if rep != nil {
		name = cmp.Or(rep.Name, rep.ID)
	}
	got := dialogue.Assignment{Rep: e.Rep, By: e.By, Because: name + how, Route: -1}
	switch {
	case c.Assigned != nil:
		got.Team, got.Route, got.Next = c.Assigned.Team, c.Assigned.Route, c.Assigned.Next
	case c.Waiting != nil && d.Workspace.Roster.Team(c.Waiting.Place) != nil:
		got.Team, got.Route = c.Waiting.Place, c.Waiting.Tiers.Route
	}
	if err := d.moves(c, got); err != nil {
		return nil, err
	}
	return dialogue.Assigned{Assignment: got}, nil
}

// pass gives the lead to the rep whose time the visitor chose, where another one had it.
func (d *Desk) pass(c dialogue.Conversation, rep string) error {
	if c.Assigned == nil || c.Assigned.Rep == rep {
		return nil
	}
	got := *c.Assigned
	got.Rep, got.By, got.Because = rep, "", "the visitor chose their time"
	return d.moves(c, got)
}

// occupied is who is not free at the time that stands.
func (d *Desk) occupied(c dialogue.Conversation, e dialogue.Assign) (reps []string, err error) {
	if e.Stands == nil {
		return nil, nil
	}
	for _, rep := range d.Workspace.Roster.Reps {
		because, err := d.conflict(c, rep, e)
		if err != nil {
			return nil, err
		}
		if because != "" {
			d.note(rep.ID, because)
			reps = append(reps, rep.ID)
		}
	}
	return reps, nil
}

// conflict is what keeps a rep from the time that stands, or "". A meeting was agreed by the rules once: notice, horizon
// and grid do not count again, only whether the rep works and is free. A chosen time is still to be booked by the rules.
func (d *Desk) conflict(c dialogue.Conversation, rep *flows.Rep, e dialogue.Assign) (string, error) {
	s := *e.Stands
	s.Rep = rep.ID
	q := about(s, e.Rules, e.Terms)
	if c.Meeting == nil || e.Instead != nil {
		q.grace = Grace
		_, reason, err := d.why(s, q)
		return reason.Say, err
	}
	if certain, err := d.ensure(rep); !certain {
		return d.unknown(rep, s.Start).Say, err
	}
	r := d.request(rep, q)
	r.Rules = flows.MeetingRules{Buffer: r.Rules.Buffer, Horizon: max(s.Start.Sub(d.Now), 0) + 24*time.Hour, Every: time.Minute}
	reason, _ := slots.Why(r, s.Start)
	return reason.Say, nil
}
