package routing

import (
	"time"

	"usher/flows"
)

// ladder is the tiers of one route on the way down.
type ladder struct {
	Tiers
	route  *flows.Route  // nil = the rest of a route, after its first tiers had their time
	before int           // how many of To come before the fallback that the route names
	within time.Duration // 0 = the horizon
	wait   time.Duration // 0 = a lead does not wait
}

// ladder is that of a route.
func (d *decision) ladder(i int) ladder {
	route := d.roster.Routes[i]
	to, before := route.Tiers()
	l := ladder{Tiers: Tiers{To: to, After: route.After, Route: i}, route: route, before: before, within: route.Within}
	if !d.q.Must {
		l.wait = route.Wait
	}
	return l
}

// rest is the tiers that are asked before the routes.
func (d *decision) rest() ladder { return ladder{Tiers: d.q.First, before: len(d.q.First.To)} }

// climb is the choice of the first tier that can serve. A tier that cannot falls through at once; where none before the
// fallback can, the lead waits if the route says so.
func (d *decision) climb(l ladder) (Choice, bool) {
	var place target
	for i := range l.To {
		if i == l.before && place.reps != nil {
			break
		}
		t, ok := d.tier(l, i)
		if !ok {
			continue
		}
		if choice, ok := d.serve(t); ok {
			if l.After > 0 {
				choice.Next = Tiers{To: l.To[i+1:], After: l.After, Route: l.Route}
			}
			return choice, true
		}
		if place.reps == nil && l.wait > 0 {
			place = t
		}
	}
	if place.reps == nil {
		return Choice{}, false
	}
	return d.waits(l, place), true
}

// waits is the choice that a lead waits for the first of a route's tiers that has people at all.
func (d *decision) waits(l ladder, t target) Choice {
	w := &Wait{Place: t.place(), For: l.wait, To: Tiers{To: l.To[:l.before], After: l.After, Route: l.Route}}
	if len(l.To) > l.before {
		w.Else = l.To[l.before]
	}
	because := called(t) + ": " + t.why + "; nobody can take the lead now, so it waits"
	d.trace = append(d.trace, Verdict{Route: l.Route, Team: t.id(), Taken: true, Because: because})
	return Choice{Team: t.id(), Route: l.Route, Wait: w, Because: because}
}

// tier is one of a route's targets; it is false where that is nobody.
func (d *decision) tier(l ladder, i int) (target, bool) {
	t, ok := d.resolve(l.To[i])
	t.route, t.within = l.Route, l.within
	because := ""
	switch {
	case !ok:
		because = d.nobody(l.To[i])
	case l.To[i] == flows.Owner:
		because = d.forgotten(l.route)
	}
	if because != "" {
		d.note(t, "", because)
		return t, false
	}
	t.why = d.why(l, i)
	t.owner = l.To[i] == flows.Owner
	return t, true
}

// nobody is why a target is nobody.
func (d *decision) nobody(to string) string {
	switch {
	case to == flows.Owner && d.q.Scope.Owner == "":
		return "the lead has no owner here"
	case to == flows.Owner:
		return d.q.Scope.Owner + ", who has the lead, is not in the roster"
	case to == flows.ToAccount && d.roster.AccountOf(d.q.Scope.Values) == nil:
		return "the lead is of no account"
	case d.roster.Team(to) != nil:
		return "the team " + to + " has nobody"
	}
	return "there is no team or rep " + to
}

// forgotten is why an owner does not count any more, or "".
func (d *decision) forgotten(route *flows.Route) string {
	s := d.q.Scope
	if route == nil || route.For == 0 || s.OwnedAt.IsZero() || d.q.Now.Sub(s.OwnedAt) <= route.For {
		return ""
	}
	return s.Owner + " had the lead, which has not changed since " + s.OwnedAt.UTC().Format("2 Jan 2006")
}

// why is the clause for a tier: what the route looked at, and who comes before.
func (d *decision) why(l ladder, i int) string {
	why := "the one before did not take it in time"
	if l.route != nil {
		why = because(l.route, l.To[i], d.q.Scope)
	} else if d.q.Only {
		why = "waited its turn"
	}
	if i > 0 {
		why += ", and nobody of " + l.To[i-1] + " could take it"
	}
	return why
}
