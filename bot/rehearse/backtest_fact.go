package rehearse

import (
	"slices"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/flows"
)

// fact answers an effect as it was answered then, where it is the same effect; else by the new version's own routing.
func (a *again) fact(c dialogue.Conversation, e dialogue.Effect, now time.Time) (dialogue.Input, error) {
	switch e := e.(type) {
	case dialogue.Assign:
		return a.assign(c, e, now)
	case dialogue.Find:
		return a.find(c, e, now)
	case dialogue.Hold:
		if in := a.took(e.Slot, func(in dialogue.Input) bool { _, ok := in.(dialogue.Held); return ok }); in != nil {
			return in, nil
		}
		return dialogue.Held{Slot: e.Slot, Until: e.Until}, nil
	case dialogue.Book:
		if in := a.took(e.Slot, func(in dialogue.Input) bool { _, ok := in.(dialogue.Booked); return ok }); in != nil {
			return in, nil
		}
		a.guess("time")
		uid := "backtest"
		if e.Instead != nil {
			uid = e.Instead.UID
		}
		return dialogue.Booked{Meeting: dialogue.Meeting{UID: uid, Slot: e.Slot}}, nil
	}
	return nil, nil
}

// next is the next fact of then that fits, used up.
func (a *again) next(fits func(decided) bool) *decided {
	for i := range a.facts {
		if f := &a.facts[i]; !f.used && fits(*f) {
			f.used = true
			return f
		}
	}
	return nil
}

// took is what became of a time then: kept, booked or taken.
func (a *again) took(s dialogue.Slot, kind func(dialogue.Input) bool) dialogue.Input {
	f := a.next(func(f decided) bool {
		if t, ok := f.input.(dialogue.Taken); ok {
			return sameTime(t.Slot, s)
		}
		if !kind(f.input) {
			return false
		}
		switch in := f.input.(type) {
		case dialogue.Held:
			return sameTime(in.Slot, s)
		case dialogue.Booked:
			return sameTime(in.Slot, s)
		}
		return false
	})
	if f == nil {
		return nil
	}
	return f.input
}

func sameTime(a, b dialogue.Slot) bool { return a.Rep == b.Rep && a.Start.Equal(b.Start) }

// assign gives the lead to whom it went then, where the routes lead there.
func (a *again) assign(c dialogue.Conversation, e dialogue.Assign, now time.Time) (dialogue.Input, error) {
	then := a.next(func(f decided) bool { return failed(f.input, "assign") || isAssigned(f.input) || isQueued(f.input) })
	if then == nil || !isAssigned(then.input) {
		return a.decide(c, e, now)
	}
	given := then.input.(dialogue.Assigned)
	if c.Moving != "" && a.Workspace.Roster.Rep(given.Rep) != nil {
		return given, nil
	}
	if e.Team != "" {
		if a.serves(e.Team, given.Rep) && (given.Team == e.Team || given.Rep == e.Team) {
			return given, nil
		}
		return a.decide(c, e, now)
	}
	for i, r := range a.Workspace.Roster.Routes {
		holds, err := r.If.Holds(e.Scope)
		if err != nil {
			return nil, err
		}
		if !holds || then.skipped[routeKey(r)] {
			continue
		}
		if r.To == a.target(given) && (r.To == flows.Owner || r.To == flows.ToAccount || a.climbs(r, given.Rep)) {
			given.Route = i
			return given, nil
		}
		if e.Team = r.To; r.To == flows.Owner {
			e.Team = e.Scope.Owner
		}
		if e.Team == "" {
			continue
		}
		in, err := a.decide(c, e, now)
		if got, ok := in.(dialogue.Assigned); ok {
			got.Route = i
			return got, err
		}
		return in, err
	}
	if a.Workspace.Roster.Rep(given.Rep) != nil && (given.Route < 0 || then.skipped == nil) {
		return given, nil
	}
	e.Team = ""
	return a.decide(c, e, now)
}

// target is where the route of then led.
func (a *again) target(given dialogue.Assigned) string {
	if routes := a.past.workspace.Roster.Routes; given.Route >= 0 && given.Route < len(routes) {
		return routes[given.Route].To
	}
	return given.Team
}

// climbs says whether a rep is of one of the route's tiers.
func (a *again) climbs(r *flows.Route, rep string) bool {
	tiers, _ := r.Tiers()
	return slices.ContainsFunc(tiers, func(to string) bool { return a.serves(to, rep) })
}

// serves says whether a rep is a team, or of it.
func (a *again) serves(team, rep string) bool {
	if t := a.Workspace.Roster.Team(team); t != nil {
		return slices.ContainsFunc(t.Reps, func(r *flows.Rep) bool { return r.ID == rep })
	}
	return team == rep && a.Workspace.Roster.Rep(rep) != nil
}

func isAssigned(in dialogue.Input) bool {
	_, ok := in.(dialogue.Assigned)
	return ok
}

func isQueued(in dialogue.Input) bool {
	_, ok := in.(dialogue.Queued)
	return ok
}

func failed(in dialogue.Input, effect string) bool {
	f, ok := in.(dialogue.Failed)
	return ok && f.Effect == effect
}

// routeKey is what makes a route the same one in another version.
func routeKey(r *flows.Route) string { return r.To + " " + r.Within.String() }

// find offers the times that were free then, where the same rep is asked for.
func (a *again) find(c dialogue.Conversation, e dialogue.Find, now time.Time) (dialogue.Input, error) {
	then := a.next(func(f decided) bool {
		found, ok := f.input.(dialogue.Found)
		return failed(f.input, "find") || ok && (f.rep == e.Rep || e.Team != "" && len(found.Slots) > 0 && a.serves(e.Team, found.Slots[0].Rep))
	})
	if then == nil {
		a.guess("time")
		return a.decide(c, e, now)
	}
	found, ok := then.input.(dialogue.Found)
	if !ok {
		return then.input, nil
	}
	found.Slots = slices.Clone(found.Slots)
	for i := range found.Slots {
		if end := found.Slots[i].Start.Add(time.Duration(e.Minutes) * time.Minute); !end.Equal(found.Slots[i].End) {
			found.Slots[i].End = end
			a.guess("time")
		}
	}
	if e.Offer > 0 && len(found.Slots) > e.Offer {
		found.Slots = found.Slots[:e.Offer]
	}
	return found, nil
}

// decide asks the house anew, on what is still known of that time.
func (a *again) decide(c dialogue.Conversation, e dialogue.Effect, now time.Time) (dialogue.Input, error) {
	d := &desk.Desk{Workspace: a.Workspace, Key: a.id, UID: "backtest", Now: now, Agenda: func(q desk.Query) (desk.Agenda, error) {
		var known desk.Agenda
		if a.Agenda != nil {
			var err error
			if known, err = a.Agenda(q, now, a.id); err != nil {
				return known, err
			}
		}
		known.Read = map[string]time.Time{}
		for _, rep := range q.Reps {
			known.Read[rep] = now // what stood in calendars then is not kept: they count as read
		}
		return known, nil
	}}
	if assign, ok := e.(dialogue.Assign); ok && (assign.Team == "" || a.several(assign.Team)) {
		a.guess("rep")
	}
	return d.Answer(c, e)
}

func (a *again) several(team string) bool {
	t := a.Workspace.Roster.Team(team)
	return t != nil && len(t.Reps) > 1
}
