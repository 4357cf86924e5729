package dialogue

import (
	"fmt"
	"sync"
	"time"

	"github.com/looplab/fsm"

	"usher/bot/answer"
	"usher/flows"
)

// Machine is one flow compiled to its transition table; it is safe for any number of conversations at once.
type Machine struct {
	workspace   *flows.Workspace
	flow        *flows.Flow
	nodes       []*node
	states      map[string]place
	events      fsm.Events
	help        *node // where the wish for a person leads; nil when there is nobody at all
	asksCountry bool  // the flow has a field `country` of its own
	names       map[namesOf]*answer.Names
	email       []*flows.Field // what an invitation needs where the step does not say
	pool        sync.Pool      // of *fsm.FSM: a new one costs tens of microseconds, a pooled one none
}

// namesOf is a field with options and one of the flow's languages.
type namesOf struct {
	field    *flows.Field
	language string
}

// Compile makes the machine of a flow. The error is the programmer's: a checked flow always compiles.
func Compile(w *flows.Workspace, f *flows.Flow) (*Machine, error) {
	m := &Machine{workspace: w, flow: f, asksCountry: f.Field("country") != nil}
	if err := m.link(); err != nil {
		return nil, fmt.Errorf("compile flow %s: %w", f.ID, err)
	}
	m.names = namesIn(f)
	m.help = m.findHelp()
	m.email = []*flows.Field{emailField(f)}
	t := table{seen: map[[2]string]string{}, states: map[string]place{}}
	t.fill(m.nodes, m.help)
	if t.err != nil {
		return nil, fmt.Errorf("compile flow %s: %w", f.ID, t.err)
	}
	m.states, m.events = t.states, t.events
	m.pool.New = func() any { return fsm.NewFSM(stateNew, m.events, nil) }
	return m, nil
}

// namesIn are the names of all options of a flow in its languages.
func namesIn(f *flows.Flow) map[namesOf]*answer.Names {
	all := map[namesOf]*answer.Names{}
	for _, field := range f.Fields {
		for _, language := range f.Languages {
			if names := answer.NamesOf(field, language); names != nil {
				all[namesOf{field, language}] = names
			}
		}
	}
	return all
}

// Flow is the flow the machine was made of.
func (m *Machine) Flow() *flows.Flow { return m.flow }

// link makes the nodes and joins them by their edges.
func (m *Machine) link() error {
	if len(m.flow.Steps) == 0 {
		return fmt.Errorf("no steps")
	}
	byID := make(map[string]*node, len(m.flow.Steps))
	for _, s := range m.flow.Steps {
		if _, ok := byID[s.ID]; ok {
			return fmt.Errorf("two steps are called %q", s.ID)
		}
		n := newNode(s)
		byID[s.ID] = n
		m.nodes = append(m.nodes, n)
	}
	for i, n := range m.nodes {
		if i+1 < len(m.nodes) {
			n.below = m.nodes[i+1]
		}
		if err := n.join(byID); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) join(byID map[string]*node) error {
	for _, e := range n.Next {
		to := byID[e.To]
		if to == nil {
			return fmt.Errorf("step %s leads to %q, which is no step", n.ID, e.To)
		}
		n.edges = append(n.edges, edge{e.If, to})
	}
	if n.Else == "" {
		return nil
	}
	if n.other = byID[n.Else]; n.other == nil {
		return fmt.Errorf("step %s leads to %q, which is no step", n.ID, n.Else)
	}
	return nil
}

// findHelp is the flow's first handoff, or one of our own to the last route's team.
func (m *Machine) findHelp() *node {
	for _, n := range m.nodes {
		if n.Handoff != nil {
			return n
		}
	}
	team := fallbackTeam(m.workspace.Roster)
	if team == "" {
		return nil
	}
	return newNode(&flows.Step{ID: "person", Handoff: &flows.Handoff{Team: team, Wait: DefaultWait}})
}

// fallbackTeam is where the roster sends what nothing else fits: the last route, else the first team.
func fallbackTeam(r *flows.Roster) string {
	switch {
	case r == nil:
		return ""
	case len(r.Routes) > 0 && r.Routes[len(r.Routes)-1].End() != flows.Owner:
		return r.Routes[len(r.Routes)-1].End()
	case len(r.Teams) > 0:
		return r.Teams[0].ID
	}
	return ""
}

func emailField(f *flows.Flow) *flows.Field {
	for _, own := range f.Fields {
		if own.Name == "email" {
			return own
		}
	}
	return &flows.Field{Name: "email", Type: flows.TypeEmail}
}

func (m *Machine) expires() time.Duration {
	if m.flow.Expires > 0 {
		return m.flow.Expires
	}
	return flows.DefaultExpiry
}
