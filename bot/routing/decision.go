package routing

import (
	"time"

	"usher/flows"
)

// decision is one lead on its way through the routes.
type decision struct {
	roster  *flows.Roster
	q       Request
	s       State
	asked   map[string]soonest
	tried   map[string]bool   // teams and reps that could not serve, whatever the time
	unknown map[string]string // rep → why the times are not known, "" = they are
	absence map[string]lack   // rep → why they take no leads today
	equals  []*flows.Rep      // among whom the last turn was found by fair share; nil = by something else
	trace   []Verdict
}

type soonest struct {
	start time.Time
	ok    bool
}

// target is who may serve: a team, or reps in their order.
type target struct {
	route  int
	team   *flows.Team // nil = a rep was named
	reps   []*flows.Rep
	within time.Duration // 0 = the horizon
	why    string        // clause for the sentence
	owner  bool          // the rep is the lead's owner
}

// id is the team's, or "" where a rep was named.
func (t target) id() string {
	if t.team == nil {
		return ""
	}
	return t.team.ID
}

// place is the team's or the rep's id.
func (t target) place() string {
	if t.team == nil {
		return t.reps[0].ID
	}
	return t.team.ID
}

func (t target) assign() string {
	if t.team == nil {
		return flows.AssignInOrder
	}
	return t.team.Assign
}

// first is the choice of the step's team, of the tiers that come first, or of the first route that holds and can serve.
func (d *decision) first() (Choice, bool) {
	if d.q.Team != "" {
		t, ok := d.named()
		if !ok {
			d.note(t, "", "there is no team or rep "+d.q.Team)
			return Choice{}, false
		}
		return d.serve(t)
	}
	if choice, ok := d.climb(d.rest()); ok || d.q.Only {
		return choice, ok
	}
	for i := range d.roster.Routes {
		if !d.holds(i) {
			continue
		}
		if choice, ok := d.climb(d.ladder(i)); ok {
			d.skip(i + 1)
			return choice, true
		}
	}
	return Choice{}, false
}

// named is the target of a step that names its team or rep.
func (d *decision) named() (target, bool) {
	t, ok := d.resolve(d.q.Team)
	t.route = -1
	t.why = "named by the step"
	return t, ok
}

// holds says whether a route's condition holds.
func (d *decision) holds(i int) bool {
	route := d.roster.Routes[i]
	t, _ := d.resolve(route.To)
	t.route = i
	holds, err := route.If.Holds(d.q.Scope)
	switch {
	case err != nil:
		d.note(t, "", "the condition could not be evaluated: "+err.Error())
	case !holds:
		d.note(t, "", NotHolding+route.If.Source)
	}
	return err == nil && holds
}

// resolve finds the team or the rep of an id, the lead's owner, or whom the lead's account names.
func (d *decision) resolve(id string) (target, bool) {
	switch id {
	case flows.Owner:
		rep := find(d.roster.Reps, d.q.Scope.Owner)
		if rep == nil {
			return target{}, false
		}
		return target{reps: []*flows.Rep{rep}}, true
	case flows.ToAccount:
		account := d.roster.AccountOf(d.q.Scope.Values)
		if account == nil {
			return target{}, false
		}
		id = account.To
	}
	if team := d.roster.Team(id); team != nil {
		return target{team: team, reps: team.Reps}, len(team.Reps) > 0
	}
	if rep := find(d.roster.Reps, id); rep != nil {
		return target{reps: []*flows.Rep{rep}}, true
	}
	return target{}, false
}

// skip notes the routes that were not asked.
func (d *decision) skip(from int) {
	for i := from; i < len(d.roster.Routes); i++ {
		t, _ := d.resolve(d.roster.Routes[i].To)
		t.route = i
		d.note(t, "", "an earlier route took the lead")
	}
}

func (d *decision) note(t target, rep, because string) {
	d.trace = append(d.trace, Verdict{Route: t.route, Team: t.id(), Rep: rep, Because: because, Need: d.need(t, rep)})
}

func find(reps []*flows.Rep, id string) *flows.Rep {
	for _, rep := range reps {
		if rep.ID == id {
			return rep
		}
	}
	return nil
}
