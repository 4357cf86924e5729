package rehearse

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"usher/bot/routing"
	"usher/flows"
)

// Outcome is what came of the visitors of a simulation. Visitors is the sum of Ended, Left and Open.
type Outcome struct {
	Visitors, Ended, Left, Open int
	Flows                       []Count // visitors of each flow that is tried
	Grades                      []Count // in the order of the flows
	Ends                        []Count
	Steps                       []StepCount // that ask something, in the order of the flows
	Questions                   Spread      // asked of one visitor
	Leads                       int
	Sought, NoTime              int    // leads for whom times were looked for, and of these without a free one
	Wait                        Spread // hours from the first offer to the meeting
	Meetings                    int
	Reps                        []RepCount // in the order of the roster
	Days                        []DayCount // on which somebody came or meets
	Routes                      []RouteCount
	Fairness                    []TeamFairness
	Unread                      map[string]error // reps whose calendars could not be read, so that nothing of theirs was offered
}

// Count is how often something came.
type Count struct {
	Name  string
	Count int
}

// StepCount is how many were asked at a step, and how many of them fell silent there.
type StepCount struct {
	Flow, Step    string
	Reached, Left int
}

// Spread is how figures lie: half are up to Median, nine of ten up to P90.
type Spread struct{ Median, P90, Most int }

// RepCount is what a rep got.
type RepCount struct {
	Rep      string
	Leads    int
	Meetings int
	Guest    int // meetings of others that the rep comes to
}

// DayCount is one day on the clock of the house.
type DayCount struct {
	Date                      string
	Visitors, Leads, Meetings int
}

// RouteCount is how many leads a route won; Route is its place among them, -1 where a step named its team, or nothing but
// the roster was left.
type RouteCount struct {
	Route  int
	If, To string
	Leads  int
}

// TeamFairness is how a team's leads were shared, against shares by weight.
type TeamFairness struct {
	Team, Assign string
	Leads        int
	Error        float64 // the most that anybody's leads differ from their share
	Reps         []ShareCount
}

// ShareCount is a rep's leads of a team and what their weight would bring. In a fair team they are those that count, and
// what was due by weight while the rep could have them.
type ShareCount struct {
	Rep   string
	Leads int
	Share float64
}

func (t *tally) outcome(unread map[string]error) *Outcome {
	o := &Outcome{
		Visitors: t.visitors, Left: t.gone, Open: t.stayed, Sought: t.sought, NoTime: t.none, Unread: unread,
		Questions: spreadOf(listed(t.questions[:])), Wait: spreadOf(t.waits),
	}
	for i, c := range t.run.courses.all {
		o.Flows = append(o.Flows, Count{c.machine.Flow().ID, t.flows[i]})
	}
	o.grades(t)
	for _, end := range slices.Sorted(maps.Keys(t.ends)) {
		o.Ends = append(o.Ends, Count{end, t.ends[end]})
		o.Ended += t.ends[end]
	}
	o.steps(t)
	o.people(t)
	o.days(t)
	o.routes(t)
	return o
}

// grades counts those of the flows that were met, and at last whoever has none.
func (o *Outcome) grades(t *tally) {
	seen := map[string]bool{}
	for _, c := range t.run.courses.all {
		for _, g := range c.machine.Flow().Grades {
			if !seen[g.Name] {
				seen[g.Name] = true
				o.Grades = append(o.Grades, Count{g.Name, t.grades[g.Name]})
			}
		}
	}
	if none := t.grades[""]; none > 0 {
		o.Grades = append(o.Grades, Count{"", none})
	}
}

func (o *Outcome) steps(t *tally) {
	for _, c := range t.run.courses.all {
		f := c.machine.Flow()
		for i, s := range f.Steps {
			if n := t.steps[t.first[f.ID]+i]; s.Ask != nil || s.Book != nil {
				o.Steps = append(o.Steps, StepCount{f.ID, s.ID, n.reached, n.left})
			}
		}
	}
}

func (o *Outcome) people(t *tally) {
	roster := t.run.Workspace.Roster
	by := map[string]int{}
	for s, n := range t.leads {
		by[s.rep] += n
		o.Leads += n
	}
	for _, rep := range roster.Reps {
		o.Reps = append(o.Reps, RepCount{rep.ID, by[rep.ID], t.meetings[rep.ID], t.guests[rep.ID]})
		o.Meetings += t.meetings[rep.ID]
	}
	for _, team := range roster.Teams {
		o.Fairness = append(o.Fairness, t.fairness(team))
	}
}

func (t *tally) fairness(team *flows.Team) TeamFairness {
	f := TeamFairness{Team: team.ID, Assign: cmp.Or(team.Assign, flows.AssignFair)}
	weights := 0.0
	for _, rep := range team.Reps {
		f.Leads += t.leads[seat{team.ID, rep.ID}]
		weights += float64(max(rep.Weight, 1))
	}
	for _, rep := range team.Reps {
		s := seat{team.ID, rep.ID}
		n, share := t.leads[s], float64(f.Leads)*float64(max(rep.Weight, 1))/weights
		if f.Assign == flows.AssignFair {
			n, share = int(t.counted[s]), math.Round(float64(t.dues[s])/routing.Lead*1e6)/1e6
		}
		f.Reps = append(f.Reps, ShareCount{rep.ID, n, share})
		f.Error = max(f.Error, math.Abs(float64(n)-share))
	}
	return f
}

func (o *Outcome) days(t *tally) {
	zone := zoneOf(t.run.Workspace.Roster)
	for i, d := range t.days {
		if d != (dayTally{}) {
			date := time.Unix(t.starts[i], 0).In(zone).Format(time.DateOnly)
			o.Days = append(o.Days, DayCount{date, d.visitors, d.leads, d.meetings})
		}
	}
}

func (o *Outcome) routes(t *tally) {
	for i, r := range t.run.Workspace.Roster.Routes {
		c := RouteCount{Route: i, To: r.To, Leads: t.routes[i]}
		if r.If != nil {
			c.If = r.If.Source
		}
		o.Routes = append(o.Routes, c)
	}
	if n := t.routes[-1]; n > 0 {
		o.Routes = append(o.Routes, RouteCount{Route: -1, Leads: n})
	}
}

// String names a route in words.
func (r RouteCount) String() string {
	switch {
	case r.Route < 0:
		return "named by the step"
	case r.If == "":
		return "else: " + r.To
	}
	return fmt.Sprintf("%s: %s", r.If, r.To)
}

func listed(counts []int) map[int]int {
	m := map[int]int{}
	for i, n := range counts {
		if n > 0 {
			m[i] = n
		}
	}
	return m
}

// spreadOf is how figures lie that came so often.
func spreadOf(counts map[int]int) (s Spread) {
	all := 0
	for _, n := range counts {
		all += n
	}
	seen := 0
	for _, figure := range slices.Sorted(maps.Keys(counts)) {
		before := seen
		seen += counts[figure]
		if 2*before < all && 2*seen >= all {
			s.Median = figure
		}
		if 10*before < 9*all && 10*seen >= 9*all {
			s.P90 = figure
		}
		s.Most = figure
	}
	return s
}
