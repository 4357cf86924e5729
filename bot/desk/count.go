package desk

import (
	"cmp"
	"fmt"
	"slices"

	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/flows"
)

// gives writes into the ledger that the lead goes to whom the routing chose. Who had it gets the turn back, unless the
// rep passed it on and the team does not credit that.
func (d *Desk) gives(c dialogue.Conversation, choice routing.Choice) error {
	shared := choice.Shared
	got := Entry{
		Team: choice.Team, Rep: choice.Rep, Kind: AssignedLead, Route: choice.Route, Because: choice.Because, At: d.Now,
		Trace: choice.Trace[:min(len(choice.Trace), MaxTrace)],
	}
	if rep := d.Workspace.Roster.Rep(choice.Rep); rep != nil {
		got.Capped = limited(rep)
	}
	if len(shared.Among) > 0 {
		got.Queue, got.Among, got.Leads = shared.Name, shared.Among, 1
		got.Team = cmp.Or(shared.Team, got.Team)
	}
	if c.Assigned != nil {
		gave, err := d.gaveUp(c, choice.Rep)
		if err != nil {
			return err
		}
		if got.Kind = ReceivedLead; gave.Leads < 0 && gave.In() == got.In() && got.Team != "" {
			got.Among = gave.Among // the lead was due once
		}
		d.Ledger = append(d.Ledger, got)
		return nil
	}
	got.Without = shared.Without
	d.Ledger = append(d.Ledger, got)
	for _, v := range shared.Missed {
		d.Ledger = append(d.Ledger, Entry{
			Team: got.Team, Queue: got.Queue, Rep: v.Rep, Kind: MissedLead, Route: v.Route, Because: v.Because, At: d.Now,
		})
	}
	return nil
}

// moves writes into the ledger that somebody else has the lead now whom the routing did not choose: it counts for them
// as it did for who had it, and where nobody had it in its team, or for the rep alone.
func (d *Desk) moves(c dialogue.Conversation, got dialogue.Assignment) error {
	e := Entry{Team: got.Team, Rep: got.Rep, Kind: AssignedLead, Route: got.Route, Because: got.Because, Leads: 1, At: d.Now}
	if rep := d.Workspace.Roster.Rep(got.Rep); rep != nil {
		e.Capped = limited(rep)
	}
	if c.Assigned != nil {
		gave, err := d.gaveUp(c, got.Rep)
		if err != nil {
			return err
		}
		e.Kind, e.Team, e.Queue, e.Leads = ReceivedLead, gave.Team, gave.Queue, -gave.Leads
		if e.Team != "" {
			e.Among = gave.Among
		}
	} else if team := d.Workspace.Roster.Team(got.Team); team != nil {
		shared := routing.Claimed(d.Workspace.Roster, team, got.Rep, got.Route, d.known(), d.Now)
		e.Queue, e.Among, e.Without = shared.Name, shared.Among, shared.Without
	}
	d.Ledger = append(d.Ledger, e)
	return nil
}

// passing is Conversation.Moving while a rep gives the lead away.
const passing = "pass"

// gaveUp writes the line of who had the lead and has it no more.
func (d *Desk) gaveUp(c dialogue.Conversation, to string) (Entry, error) {
	e := Entry{Team: c.Assigned.Team, Rep: c.Assigned.Rep, Kind: PassedLead, Route: c.Assigned.Route, Because: "the lead went to " + to, At: d.Now}
	last, counted, err := d.counted(c)
	if err != nil {
		return e, err
	}
	if counted {
		e.Team, e.Queue = last.Team, last.Queue
		if c.Moving != passing || last.Team == "" || credits(d.Workspace.Roster.Team(last.Team), flows.CreditPassed) {
			e.Leads, e.Among = -1, last.Among
		}
	}
	d.Ledger = append(d.Ledger, e)
	return e, nil
}

// counted is the last line by which the lead counted for the rep who has it, and whether it counts now.
func (d *Desk) counted(c dialogue.Conversation) (last Entry, counted bool, err error) {
	if !d.asked && d.Given != nil {
		if d.given, err = d.Given(); err != nil {
			return Entry{}, false, fmt.Errorf("read the ledger: %w", err)
		}
	}
	d.asked = true
	if d.Given == nil {
		last = Entry{Team: c.Assigned.Team, Rep: c.Assigned.Rep, Route: c.Assigned.Route, Leads: 1, Among: map[string]int{c.Assigned.Rep: 1}}
		if team := d.Workspace.Roster.Team(last.Team); team != nil {
			last.Queue = routing.QueueOf(d.Workspace.Roster, team, last.Route).Name
		}
	}
	n := last.Leads
	for _, e := range slices.Concat(d.given, d.Ledger) {
		if e.Rep != c.Assigned.Rep || e.Leads == 0 {
			continue
		}
		if e.In() != last.In() {
			n = 0
		}
		n += e.Leads
		last = e
	}
	return last, n > 0, nil
}

// Became adds the line of what became of the rep's lead: e's Rep, Kind and Because say it. The lead counts or ceases to
// count by it as its team says.
func (d *Desk) Became(c dialogue.Conversation, e Entry) error {
	e.At, e.Route = d.Now, -1
	if c.Assigned != nil {
		e.Team, e.Route = c.Assigned.Team, c.Assigned.Route
	}
	if c.Assigned == nil || !slices.ContainsFunc(d.Workspace.Roster.Teams, judges) {
		if e.Kind != UnbookedLead {
			d.Ledger = append(d.Ledger, e)
		}
		return nil
	}
	had := c
	had.Assigned = &dialogue.Assignment{Team: e.Team, Rep: e.Rep, Route: e.Route}
	last, counted, err := d.counted(had)
	if err != nil {
		return err
	}
	if team := d.Workspace.Roster.Team(last.Team); team != nil && last.Leads != 0 {
		e.Team, e.Queue = last.Team, last.Queue
		switch counts := countsAs(team, e.Kind); {
		case counts && !counted && last.Kind != PassedLead: // else it counts for who has it now
			e.Leads, e.Among = 1, last.Among
		case counted && !counts:
			e.Leads, e.Among = -1, last.Among
		}
	}
	if e.Kind != UnbookedLead || e.Leads != 0 {
		d.Ledger = append(d.Ledger, e)
	}
	return nil
}

// judges says whether what becomes of a lead matters to the team.
func judges(team *flows.Team) bool {
	return team.Counts == flows.CountsBooked || team.Counts == flows.CountsHeld || credits(team, flows.CreditNoShow) || credits(team, flows.CreditCancelled)
}

// countsAs says whether a lead counts of which this became.
func countsAs(team *flows.Team, kind string) bool {
	switch kind {
	case UnbookedLead:
		return team.Counts != flows.CountsBooked && team.Counts != flows.CountsHeld
	case NoShowLead:
		return team.Counts != flows.CountsHeld && !credits(team, flows.CreditNoShow)
	case CancelledLead:
		return team.Counts != flows.CountsHeld && !credits(team, flows.CreditCancelled)
	}
	return true
}

// credits says whether that gives a rep the turn back.
func credits(team *flows.Team, what string) bool {
	return team != nil && slices.Contains(team.Credit, what)
}
