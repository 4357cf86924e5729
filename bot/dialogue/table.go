package dialogue

import (
	"fmt"

	"github.com/looplab/fsm"

	"usher/flows"
)

// phase is where inside a step a conversation is; the zero phase is the step itself.
type phase uint8

const (
	inStep phase = iota
	routing
	finding
	offered
	holding
	asking
	booking
	waiting
	joined
	phases // how many there are
)

var phaseNames = [phases]string{"", "/routing", "/finding", "/offered", "/holding", "/asking", "/booking", "/waiting", "/joined"}

// States that belong to no step. Their slash keeps them apart from step ids.
const (
	stateNew     = ""            // before Started
	stateAside   = "aside/"      // passed through by every interruption, so that the table grows with n and not n²
	stateStopped = "end/stopped" // the visitor asked to stop
	stateOver    = "end/over"    // the author's last step led nowhere
)

// Events of the table that are not "to STEP" and "again STATE".
const (
	eventAside  = "aside"
	eventRoute  = "route"
	eventFind   = "find"
	eventOffer  = "offer"
	eventHold   = "hold"
	eventAsk    = "ask"
	eventBook   = "book"
	eventCall   = "call"
	eventJoin   = "join"
	eventPerson = "person"
	eventStop   = "stop"
	eventOver   = "over"
)

// node is one step with the names of its states and the events that lead to them, made once so that a turn makes none.
type node struct {
	*flows.Step
	below *node
	other *node // Else
	edges []edge
	to    string         // event that leads here
	state [phases]string // name of each phase
	again [phases]string // event that comes back to it
}

type edge struct {
	when *flows.Condition
	to   *node
}

func newNode(s *flows.Step) *node {
	n := &node{Step: s, to: "to " + s.ID}
	for p, name := range phaseNames {
		n.state[p] = s.ID + name
		n.again[p] = "again " + s.ID + name
	}
	return n
}

// place is what a state means.
type place struct {
	node  *node // nil in a state that belongs to no step
	phase phase
}

// table collects the transitions and refuses two meanings of one event in one state, which looplab would take silently.
type table struct {
	events fsm.Events
	seen   map[[2]string]string
	states map[string]place
	err    error
}

func (t *table) add(event, from, to string) {
	if from == to {
		return // looplab calls a self-transition an error: move takes it for none
	}
	key := [2]string{event, from}
	if before, ok := t.seen[key]; ok {
		if before != to && t.err == nil {
			t.err = fmt.Errorf("event %q leads from %q to %q and to %q", event, from, before, to)
		}
		return
	}
	t.seen[key] = to
	t.events = append(t.events, fsm.EventDesc{Name: event, Src: []string{from}, Dst: to})
}

func (t *table) put(state string, p place) {
	if _, ok := t.states[state]; ok && t.err == nil {
		t.err = fmt.Errorf("two states are called %q", state)
	}
	t.states[state] = p
}

// fill writes the states and transitions of all steps. help is the handoff of the wish for a person; it may be one of
// nodes, a step of our own, or nil.
func (t *table) fill(nodes []*node, help *node) {
	t.put(stateStopped, place{})
	t.put(stateOver, place{})
	t.add(eventStop, stateAside, stateStopped)
	t.add(nodes[0].to, stateNew, nodes[0].ID)
	for _, n := range nodes {
		t.put(n.ID, place{node: n})
		t.add(n.to, stateAside, n.ID)
		t.step(n)
	}
	t.pause(stateStopped)
	t.pause(stateOver)
	if help == nil {
		return
	}
	if _, own := t.states[help.state[waiting]]; !own {
		t.handoff(help)
	}
	t.add(eventPerson, stateAside, help.state[waiting])
}

func (t *table) step(n *node) {
	switch {
	case n.Ask != nil:
		t.pause(n.ID)
		t.leave(n, n.ID)
	case n.Book != nil:
		t.meeting(n)
	case n.Handoff != nil:
		t.add(eventCall, n.ID, n.state[waiting])
		t.handoff(n)
	case n.End != nil:
		t.pause(n.ID)
	default:
		t.leave(n, n.ID)
	}
}

// meeting writes the phases of a booking. Every one of them may find that there is nothing to book and leave.
func (t *table) meeting(n *node) {
	s := n.state
	t.add(eventRoute, n.ID, s[routing])
	t.add(eventFind, s[routing], s[finding])
	t.add(eventOffer, s[finding], s[offered])
	t.add(eventFind, s[offered], s[finding])
	t.add(eventHold, s[offered], s[holding])
	t.add(eventAsk, s[holding], s[asking])
	t.add(eventFind, s[holding], s[finding])
	t.add(eventOffer, s[asking], s[offered])
	t.add(eventBook, s[offered], s[booking])
	t.add(eventBook, s[asking], s[booking])
	t.add(eventFind, s[booking], s[finding])
	t.add(eventFind, n.ID, s[finding])
	t.add(eventBook, n.ID, s[booking])
	t.leave(n, n.ID)
	for p := routing; p <= booking; p++ {
		t.put(s[p], place{n, p})
		t.leave(n, s[p])
	}
	t.pause(s[offered])
	t.pause(s[asking])
	t.add(n.again[offered], stateAside, s[offered])
	t.add(n.again[asking], stateAside, s[asking])
}

func (t *table) handoff(n *node) {
	s := n.state
	t.add(eventJoin, s[waiting], s[joined])
	for _, p := range []phase{waiting, joined} {
		t.put(s[p], place{n, p})
		t.leave(n, s[p])
		t.pause(s[p])
	}
}

// pause lets an interruption leave the state.
func (t *table) pause(state string) { t.add(eventAside, state, stateAside) }

// leave lets the author's edges leave the state.
func (t *table) leave(n *node, state string) {
	for _, e := range n.edges {
		t.add(e.to.to, state, e.to.ID)
	}
	if n.other != nil {
		t.add(n.other.to, state, n.other.ID)
	}
	if n.below != nil {
		t.add(n.below.to, state, n.below.ID)
		return
	}
	t.add(eventOver, state, stateOver)
}
