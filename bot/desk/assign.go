package desk

import (
	"errors"
	"slices"
	"time"

	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

// assign routes the lead and writes it into the ledger. A conversation that asks again keeps its rep where it can, and
// is counted once.
func (d *Desk) assign(c dialogue.Conversation, e dialogue.Assign) (dialogue.Input, error) {
	if c.Moving != "" && (c.Assigned != nil || e.Rep != "") {
		return d.reassign(c, e)
	}
	q := question{minutes: e.Minutes, rules: e.Rules, Terms: e.Terms}
	if err := d.know(q, d.Workspace.Roster.Reps...); err != nil {
		return nil, err
	}
	scope, err := d.owned(e.Scope)
	if err != nil {
		return nil, err
	}
	r := routing.Request{Key: d.Key, Team: e.Team, Not: e.Not, Scope: scope, Now: d.Now, Meet: e.Minutes > 0}
	if c.Assigned != nil {
		r.Keep = c.Assigned.Rep
	}
	choice, err := d.choose(r, q)
	if errors.Is(err, routing.ErrNobody) {
		return dialogue.Failed{Effect: "assign", Reason: err.Error()}, nil
	}
	if err != nil {
		return nil, err
	}
	d.Traces = append(d.Traces, choice.Trace...)
	if c.Claimed != "" && choice.Rep == c.Claimed && c.Assigned != nil {
		choice.Team, choice.Route, choice.Because = c.Assigned.Team, c.Assigned.Route, c.Assigned.Because
	}
	if c.Assigned == nil || c.Assigned.Rep != choice.Rep || c.Assigned.Team != choice.Team {
		if err := d.gives(c, choice); err != nil {
			return nil, err
		}
	}
	return dialogue.Assigned{Assignment: dialogue.Assignment{
		Team: choice.Team, Rep: choice.Rep, Because: choice.Because, Route: choice.Route,
	}}, nil
}

// owned is the scope with the rep who already has the person's lead.
func (d *Desk) owned(s *flows.Scope) (*flows.Scope, error) {
	wanted := slices.ContainsFunc(d.Workspace.Roster.Routes, func(r *flows.Route) bool { return r.To == flows.Owner })
	if d.Owner == nil || s == nil || s.Owner != "" || !wanted {
		return s, nil
	}
	owner, err := d.Owner(s.Values["email"].Text)
	if err != nil || owner == "" {
		return s, err
	}
	with := *s
	with.Owner = owner
	return &with, nil
}

// choose routes by what is known of the reps now. Beside routing.ErrNobody an error is the operator's.
func (d *Desk) choose(r routing.Request, q question) (routing.Choice, error) {
	guests, lost := d.party(q, d.invited(q))
	s := d.known()
	s.Soonest = func(id string) (time.Time, bool) {
		rep := d.Workspace.Roster.Rep(id)
		if rep == nil {
			return time.Time{}, false
		}
		if times := d.times(rep, q, guests, 1); len(times) > 0 {
			return times[0].Start, true
		}
		return time.Time{}, false
	}
	s.Known = func(id string) (string, bool) {
		rep := d.Workspace.Roster.Rep(id)
		if rep == nil || d.certain(rep) {
			return "", false
		}
		certain, err := d.ensure(rep)
		lost = errors.Join(lost, err)
		if !certain {
			return "has a calendar that is not known: " + d.age(rep), false
		}
		guests, err = d.party(q, d.invited(q)) // the rep may be one of them
		lost = errors.Join(lost, err)
		return "", true
	}
	choice, err := routing.Choose(d.Workspace.Roster, r, s)
	return choice, errors.Join(err, lost)
}

// known is what routing may know of the reps without their times.
func (d *Desk) known() routing.State {
	s := routing.State{
		Shares: d.agenda.Shares, Booked: d.agenda.Booked,
		Load: map[string]int{}, Away: map[string]bool{},
	}
	for _, rep := range d.Workspace.Roster.Reps {
		for _, start := range d.agenda.Booked[rep.ID] {
			if !start.Before(d.Now) {
				s.Load[rep.ID]++
			}
		}
		for _, i := range d.agenda.Away[rep.ID] {
			s.Away[rep.ID] = s.Away[rep.ID] || covers(i, d.Now)
		}
	}
	return s
}

func covers(i slots.Interval, t time.Time) bool { return !t.Before(i.Start) && t.Before(i.End) }
