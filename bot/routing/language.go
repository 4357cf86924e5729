package routing

import (
	"slices"

	"usher/flows"
)

// spoken is pick, asking first whoever has the lead already, then who speaks the visitor's language, then the others.
func (d *decision) spoken(t target, pool []*flows.Rep, passes func(target, *flows.Rep) string) (Choice, bool) {
	groups := d.tongues(t, pool)
	for i, group := range groups {
		choice, ok := d.pick(t, group, passes)
		if !ok {
			continue
		}
		for _, rep := range slices.Concat(groups[i+1:]...) {
			d.note(t, rep.ID, d.unspoken(t, rep))
		}
		return choice, true
	}
	return Choice{}, false
}

// tongues puts a pool into the groups that are asked one after the other.
func (d *decision) tongues(t target, pool []*flows.Rep) [][]*flows.Rep {
	if !d.matters(t) {
		return [][]*flows.Rep{pool}
	}
	var kept, speak, others []*flows.Rep
	for _, rep := range pool {
		switch {
		case rep.ID == d.q.Keep:
			kept = append(kept, rep)
		case rep.Speaks(d.q.Scope.Language):
			speak = append(speak, rep)
		default:
			others = append(others, rep)
		}
	}
	return [][]*flows.Rep{kept, speak, others}
}

// matters says whether the visitor's language does, to the target.
func (d *decision) matters(t target) bool {
	return t.team != nil && t.team.Languages != flows.LanguagesIgnore && d.q.Scope != nil && d.q.Scope.Language != ""
}

// unspoken is why a rep comes after those who speak the visitor's language.
func (d *decision) unspoken(t target, rep *flows.Rep) string {
	if rep.Speaks(d.q.Scope.Language) {
		return d.behind(t, rep)
	}
	return "does not speak " + d.q.Scope.Language + ", and others do"
}

// foreign is what is said of a rep who does not speak the visitor's language, or "".
func (d *decision) foreign(t target, rep *flows.Rep) string {
	if !d.matters(t) || rep.Speaks(d.q.Scope.Language) || rep.ID == d.q.Keep {
		return ""
	}
	return "; nobody who speaks " + d.q.Scope.Language + " could take it"
}
