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
	tried   map[int]bool      // routes that could not serve, whatever the time
	unknown map[string]string // rep → why the times are not known, "" = they are
	absence map[string]string // rep → why they take no leads today, "" = they do
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
}

func (t target) id() string {
	if t.team == nil {
		return ""
	}
	return t.team.ID
}

func (t target) assign() string {
	if t.team == nil {
		return flows.AssignInOrder
	}
	return t.team.Assign
}

// first is the choice of the step's team or of the first route that holds and can serve.
func (d *decision) first() (Choice, bool) {
	if d.q.Team != "" {
		t, ok := d.named()
		if !ok {
			d.note(t, "", "there is no team or rep "+d.q.Team)
			return Choice{}, false
		}
		return d.serve(t)
	}
	for i := range d.roster.Routes {
		t, ok := d.route(i)
		if !ok {
			continue
		}
		if choice, ok := d.serve(t); ok {
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

// route is the target of a route whose condition holds.
func (d *decision) route(i int) (target, bool) {
	route := d.roster.Routes[i]
	t, known := d.resolve(route.To)
	t.route, t.within = i, route.Within
	holds, err := route.If.Holds(d.q.Scope)
	switch {
	case err != nil:
		d.note(t, "", "the condition could not be evaluated: "+err.Error())
	case !holds:
		d.note(t, "", "does not hold: "+route.If.Source)
	case !known && route.To == flows.Owner:
		d.note(t, "", "the lead has no owner here")
	case !known:
		d.note(t, "", "there is no team or rep "+route.To)
	default:
		t.why = because(route, d.q.Scope)
		return t, true
	}
	return t, false
}

// resolve finds the team or the rep of an id, or the lead's owner.
func (d *decision) resolve(id string) (target, bool) {
	if id == flows.Owner {
		id = d.q.Scope.Owner
		if rep := find(d.roster.Reps, id); rep != nil {
			return target{reps: []*flows.Rep{rep}}, true
		}
		return target{}, false
	}
	for _, team := range d.roster.Teams {
		if team.ID == id {
			return target{team: team, reps: team.Reps}, len(team.Reps) > 0
		}
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
	d.trace = append(d.trace, Verdict{Route: t.route, Team: t.id(), Rep: rep, Because: because})
}

func find(reps []*flows.Rep, id string) *flows.Rep {
	for _, rep := range reps {
		if rep.ID == id {
			return rep
		}
	}
	return nil
}
