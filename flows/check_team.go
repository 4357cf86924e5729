package flows

import (
	"fmt"
	"slices"
	"strings"
)

// teamStudy is what is found out about team.yaml.
type teamStudy struct {
	shape  *rosterShape
	roster *Roster
	w      *Workspace
}

func (t *teamStudy) doubt(at item, rule, hint, format string, args ...any) {
	t.find(at, at.place(), Problem{Rule: rule, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

func (t *teamStudy) find(at item, place Place, p Problem) {
	p.Place, p.Severity = place, Warning
	at.file.find(p)
}

// check looks at teams, reps and links.
func (t *teamStudy) check() {
	t.reminders()
	for i := range t.shape.Teams {
		if team := t.roster.Teams[i]; len(team.Reps) > 0 {
			t.hours(&t.shape.Teams[i], team)
		}
	}
	for i := range t.shape.Reps {
		s := &t.shape.Reps[i]
		if neverWorks(t.roster.Reps[i]) && t.served(s.ID.text) {
			t.doubt(s.ID.item, "never-at-work", "write their hours", "%s has not a single working hour, and is routed to", s.ID.text)
		}
		if s.Place.set() {
			c := wordChecker{file: s.file}
			c.link(s.Place.place(), s.Place.text)
		}
	}
}

// reminders doubts those that are due before any meeting can be booked.
func (t *teamStudy) reminders() {
	most := t.roster.Meeting.Horizon
	for _, f := range t.w.Flows {
		for _, s := range f.Steps {
			if s.Book != nil {
				most = max(most, s.Book.Rules.Horizon)
			}
		}
	}
	for _, l := range t.shape.Meeting.Remind {
		if l.value > most {
			t.doubt(l.item, "early-reminder", "make it shorter, or the horizon longer", "no meeting is booked so long before: this reminder is never sent")
		}
	}
}

// served says whether a route or a step names the rep.
func (t *teamStudy) served(id string) bool {
	leads := func(r *Route) bool { return slices.Contains(r.Then, id) || r.To == id || r.Else == id }
	if slices.ContainsFunc(t.roster.Routes, leads) || slices.ContainsFunc(t.roster.Accounts, func(a *Account) bool { return a.To == id }) {
		return true
	}
	for _, f := range t.w.Flows {
		for _, s := range f.Steps {
			if s.Book != nil && s.Book.Team == id || s.Handoff != nil && s.Handoff.Team == id {
				return true
			}
		}
	}
	return false
}

func neverWorks(r *Rep) bool {
	if r.Hours == nil {
		return true
	}
	for _, spans := range r.Hours.Week {
		if len(spans) > 0 {
			return false
		}
	}
	return len(r.Dates) == 0
}

// hours holds the hours that a team promises against those of its reps. A team that promises none is there when they are.
func (t *teamStudy) hours(s *teamShape, team *Team) {
	if !slices.ContainsFunc(team.Reps, func(r *Rep) bool { return !neverWorks(r) }) {
		t.doubt(s.ID.item, "never-at-work", "write the hours of its reps", "nobody of %q has a single working hour", team.ID)
		return
	}
	if team.Hours == nil {
		return
	}
	var worst [7][]Span
	most, fewest := 0, 1<<30
	for _, sunday := range samples {
		var w week
		for _, rep := range team.Reps {
			w.keep(rep.Hours, rep.Location, t.roster.Location, sunday)
		}
		gaps := w.gaps(team.Hours)
		n := minutesOf(gaps)
		fewest = min(fewest, n)
		if n > most {
			most, worst = n, gaps
		}
	}
	if most == 0 {
		return
	}
	part := ""
	if fewest == 0 {
		part = " for a part of the year"
	}
	t.doubt(s.Hours.item, "uncovered-hours", "give a rep these hours, or promise fewer", "nobody of %q works %s (%s)%s, though its hours promise somebody", team.ID, weekOf(worst), t.roster.Timezone, part)
}

func minutesOf(gaps [7][]Span) (n int) {
	for _, spans := range gaps {
		for _, s := range spans {
			n += s.To - s.From
		}
	}
	return n
}

// checkRoutes reports routes that can never hold, and those that others stand before.
func (t *teamStudy) checkRoutes(v *vocabulary) {
	b := newSenser(v, v.grades)
	senses := make([]*sense, len(t.roster.Routes))
	for i, r := range t.roster.Routes {
		senses[i] = b.sense(r.If)
	}
	b.cut()
	for i, r := range t.roster.Routes {
		if r.If == nil {
			continue
		}
		at := t.shape.Routes[i].If.item
		if _, ok, _ := b.solve(b.everything(), senses[i]); !ok {
			t.find(at, r.If.Place, Problem{Rule: "dead-condition", Hint: "look at the numbers, and at and and or", Message: "this can never hold: no answers make " + r.If.Source + " true"})
			continue
		}
		t.shadowed(b, senses, i, at)
	}
}

// shadowed reports a route all of whose leads an earlier one takes, as long as its people can serve. One that asks for
// somebody free soon, or for the owner, lets others pass.
func (t *teamStudy) shadowed(b *senser, senses []*sense, i int, at item) {
	must, before := []*sense{senses[i]}, []string(nil)
	for j := range i {
		if r := t.roster.Routes[j]; r.Within == 0 && !r.elsewhere() && r.If != nil {
			must = append(must, not(senses[j]))
			before = append(before, r.To)
		}
	}
	if _, ok, _ := b.solve(b.everything(), must...); ok || len(before) == 0 {
		return
	}
	r := t.roster.Routes[i]
	values, _, _ := b.solve(b.everything(), senses[i])
	var path []string
	for _, about := range b.about(senses[i : i+1]) {
		if class := values[about.index]; class >= 0 {
			path = append(path, about.label(int(class)))
		}
	}
	t.find(at, r.If.Place, Problem{
		Rule: "shadowed-route", Hint: "put the narrower route first", Path: strings.Join(append(path, before[len(before)-1]), " → "),
		Message: fmt.Sprintf("the routes above take every lead for which %s holds: %s gets only what they cannot serve", r.If.Source, r.To),
	})
}
