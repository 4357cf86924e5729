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
	r, err := d.lead(c, e)
	if err != nil {
		return nil, err
	}
	r.Meet = e.Minutes > 0
	if c.Assigned != nil && d.Workspace.Roster.Rep(c.Assigned.Rep) != nil {
		r.Keep, r.Must = c.Assigned.Rep, true
	}
	choice, err := d.choose(r, q)
	d.Traces = append(d.Traces, choice.Trace...)
	switch {
	case errors.Is(err, routing.ErrNobody), errors.Is(err, routing.ErrFull):
		return dialogue.Failed{Effect: "assign", Reason: err.Error()}, nil
	case err != nil:
		return nil, err
	case choice.Wait != nil:
		return d.queue(choice), nil
	}
	got := assignment(choice)
	if c.Claimed != "" && choice.Rep == c.Claimed && c.Assigned != nil {
		got = *c.Assigned
	}
	if c.Assigned == nil || c.Assigned.Rep != got.Rep || c.Assigned.Team != got.Team {
		if err := d.gives(c, choice); err != nil {
			return nil, err
		}
	}
	return dialogue.Assigned{Assignment: got}, nil
}

// lead is what routing is asked of the conversation's lead. A team or rep whom a step names and who is not there any more
// is nobody: then the routes say.
func (d *Desk) lead(c dialogue.Conversation, e dialogue.Assign) (routing.Request, error) {
	scope, err := d.owned(e.Scope)
	r := routing.Request{Key: d.Key, Team: e.Team, Not: e.Not, Scope: scope, Now: d.Now, Only: e.Only, Must: e.Must}
	if roster := d.Workspace.Roster; c.Claimed == e.Team && roster.Team(e.Team) == nil && roster.Rep(e.Team) == nil {
		r.Team = ""
	}
	if e.First != nil {
		r.First = routing.Tiers(*e.First)
	}
	return r, err
}

// assignment is a choice as the conversation keeps it.
func assignment(choice routing.Choice) dialogue.Assignment {
	a := dialogue.Assignment{Team: choice.Team, Rep: choice.Rep, Because: choice.Because, Route: choice.Route}
	if len(choice.Next.To) > 0 {
		next := dialogue.Tiers(choice.Next)
		a.Next = &next
	}
	return a
}

// queue is the fact that a lead waits; why each rep could not have it is written into the ledger.
func (d *Desk) queue(choice routing.Choice) dialogue.Input {
	w := choice.Wait
	d.Ledger = append(d.Ledger, Entry{
		Team: choice.Team, Kind: WaitingLead, Route: choice.Route, Because: choice.Because, At: d.Now,
		Trace: choice.Trace[:min(len(choice.Trace), MaxTrace)],
	})
	return dialogue.Queued{Waiting: dialogue.Waiting{
		Place: w.Place, Since: d.Now, Until: d.Now.Add(w.For), Tiers: dialogue.Tiers(w.To), Else: w.Else, Because: choice.Because,
	}}
}

// owned is the scope with the rep who already has the person's lead.
func (d *Desk) owned(s *flows.Scope) (*flows.Scope, error) {
	if d.Owner == nil || s == nil || s.Owner != "" || !slices.ContainsFunc(d.Workspace.Roster.Routes, (*flows.Route).LeadsToOwner) {
		return s, nil
	}
	owner, err := d.Owner(s.Values["email"].Text)
	if err != nil || owner.Rep == "" {
		return s, err
	}
	with := *s
	with.Owner, with.OwnedAt, with.OwnedBy = owner.Rep, owner.At, owner.By
	return &with, nil
}

// choose routes by what is known of the reps now: a lead that is new, or waits, gets nobody whose place an older one waits
// for. Beside routing.ErrNobody and ErrBehind an error is the operator's.
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
	if err = errors.Join(err, lost); err != nil || d.Ahead == nil || r.Must && !d.fresh || choice.Rep == "" {
		return choice, err
	}
	if s.Promised, err = d.promised(s); err != nil || s.Promised[choice.Rep] == 0 {
		return choice, err
	}
	if !d.Drained {
		return routing.Choice{}, ErrBehind
	}
	choice, err = routing.Choose(d.Workspace.Roster, r, s)
	return choice, errors.Join(err, lost)
}

// known is what routing may know of the reps without their times.
func (d *Desk) known() routing.State {
	s := routing.State{
		Shares: d.agenda.Shares, Booked: d.agenda.Booked, Open: d.agenda.Open,
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
