package rehearse

import (
	"fmt"
	"slices"
	"strings"

	"usher/bot/dialogue"
	"usher/flows"
)

// Used is what of a flow a story used.
type Used struct {
	Steps  map[string]bool
	Edges  map[string]bool // from→to
	Rules  map[string]bool // because
	Routes map[int]bool    // of the roster, from 0
}

// moved takes one move of the machine. Only states without a slash are entered by an edge; a state that ends with one
// is the way of an interruption.
func (u *Used) moved(from, to string) {
	if strings.Contains(to, "/") {
		return
	}
	if u.Steps == nil {
		u.Steps, u.Edges = map[string]bool{}, map[string]bool{}
	}
	u.Steps[to] = true
	if from != "" && !strings.HasSuffix(from, "/") {
		u.Edges[edge(stepOf(from), to)] = true
	}
}

func (u *Used) scored(r dialogue.Receipt) {
	if u.Rules == nil {
		u.Rules = map[string]bool{}
	}
	for _, reason := range r.Reasons {
		u.Rules[reason.Because] = true
	}
}

// routed is told by which route a lead was given away.
func (u *Used) routed(route int) {
	if u.Routes == nil {
		u.Routes = map[int]bool{}
	}
	u.Routes[route] = true
}

func edge(from, to string) string { return from + "→" + to }

// Coverage is how much of one flow all its stories used.
type Coverage struct {
	Flow  string `json:"flow"`
	Steps Share  `json:"steps"`
	Edges Share  `json:"edges"`
	Rules Share  `json:"rules"`
}

// Share is how many of all were used, and which were not, in the order of the flow.
type Share struct {
	Used   int      `json:"used"`
	All    int      `json:"all"`
	Unused []string `json:"unused,omitempty"`
}

// Covered counts over the results of all stories, a line for each flow of the workspace.
func Covered(w *flows.Workspace, results []Result) []Coverage {
	var out []Coverage
	for _, f := range w.Flows {
		used := func(of func(Used) map[string]bool) func(string) bool {
			return func(name string) bool {
				return slices.ContainsFunc(results, func(r Result) bool { return r.Flow == f.ID && of(r.Used)[name] })
			}
		}
		out = append(out, Coverage{
			Flow:  f.ID,
			Steps: share(steps(f), used(func(u Used) map[string]bool { return u.Steps })),
			Edges: share(edges(f), used(func(u Used) map[string]bool { return u.Edges })),
			Rules: share(rules(f), used(func(u Used) map[string]bool { return u.Rules })),
		})
	}
	return out
}

// Percent is how much of the flow's steps, edges and rules was used, in whole per cent, rounded down. What is empty is
// used to the full.
func (c Coverage) Percent() int { return percent(c.Steps, c.Edges, c.Rules) }

// Percent is how much was used, in whole per cent, rounded down.
func (s Share) Percent() int { return percent(s) }

func percent(shares ...Share) int {
	used, all := 0, 0
	for _, s := range shares {
		used, all = used+s.Used, all+s.All
	}
	if all == 0 {
		return 100
	}
	return used * 100 / all
}

// CoveredRoutes counts the routes of the workspace over the results of all stories.
func CoveredRoutes(w *flows.Workspace, results []Result) Share {
	var s Share
	for i, route := range w.Roster.Routes {
		s.All++
		if slices.ContainsFunc(results, func(r Result) bool { return r.Used.Routes[i] }) {
			s.Used++
		} else {
			s.Unused = append(s.Unused, routeName(i, route))
		}
	}
	return s
}

// routeName is what a route is called: 2 to enterprise.
func routeName(i int, r *flows.Route) string { return fmt.Sprintf("%d to %s", i+1, r.To) }

func share(all []string, used func(string) bool) Share {
	s := Share{All: len(all)}
	for _, name := range all {
		if used(name) {
			s.Used++
		} else {
			s.Unused = append(s.Unused, name)
		}
	}
	return s
}

func steps(f *flows.Flow) []string {
	var out []string
	for _, s := range f.Steps {
		out = append(out, s.ID)
	}
	return out
}

// edges are all ways from one step to another: as written, by `else`, and to the step below where no edge holds.
func edges(f *flows.Flow) []string {
	var out []string
	add := func(from, to string) {
		if e := edge(from, to); from != to && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	for i, s := range f.Steps {
		if s.End != nil {
			continue
		}
		falls := true
		for _, e := range s.Next {
			add(s.ID, e.To)
			falls = falls && e.If != nil
		}
		if s.Else != "" {
			add(s.ID, s.Else)
		}
		if falls && i+1 < len(f.Steps) {
			add(s.ID, f.Steps[i+1].ID)
		}
	}
	return out
}

func rules(f *flows.Flow) []string {
	var out []string
	for _, r := range f.Score {
		if !slices.Contains(out, r.Because) {
			out = append(out, r.Because)
		}
	}
	return out
}
