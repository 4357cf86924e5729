package routing

import (
	"slices"

	"usher/flows"
)

// fallback names somebody when the step's team or all routes fail: first whoever of the last route's team can serve,
// then somebody although nobody can.
func (d *decision) fallback() Choice {
	t := d.last()
	if t.route < 0 || !d.tried[t.place()] {
		if choice, ok := d.serve(t); ok {
			return choice
		}
	}
	if named, ok := d.named(); ok && d.q.Team != "" {
		t = named
	}
	t.why = unable(t.why, d.q.Meet)
	anyone := func(target, *flows.Rep) string { return "" }
	for _, pool := range [][]*flows.Rep{d.willing(t), t.reps} {
		if choice, ok := d.spoken(t, pool, anyone); ok {
			return choice
		}
	}
	return Choice{} // not reached: a target has reps
}

// last is the target of the last route without its bound in time, or the whole roster in its order.
func (d *decision) last() target {
	if n := len(d.roster.Routes); n > 0 {
		end := d.roster.Routes[n-1].End()
		if t, ok := d.resolve(end); ok && end != flows.Owner && end != flows.ToAccount {
			t.route, t.why = n-1, "the fallback, as no route could serve"
			return t
		}
	}
	return target{route: -1, reps: d.roster.Reps, why: "the fallback, as no route could serve"}
}

// willing leaves out who is not to be asked again, and who does not take leads today where somebody else does.
func (d *decision) willing(t target) []*flows.Rep {
	var asked, present []*flows.Rep
	for _, rep := range t.reps {
		if slices.Contains(d.q.Not, rep.ID) {
			continue
		}
		asked = append(asked, rep)
		if d.absent(rep) == "" && d.barred(t, rep) == "" {
			present = append(present, rep)
		}
	}
	if len(present) > 0 {
		return present
	}
	return asked
}
