package rehearse

import (
	"context"
	"fmt"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// DefaultStates is how many states are explored where nobody says: more than any flow a person wrote has, about 300 MB.
const DefaultStates = 1_000_000

// Exploration walks every path of a flow with the real engine: every class of answer to every question (Classes), no
// answer at all, a person who joins or nobody, and for times and reps what a desk may answer: found, none, taken by
// somebody else, out of order; each route's rep. It does not try what a visitor may say at any moment (back, start over,
// a person, stop): these lead to states that are walked anyway, or to an end. Nor does it try news of a page or of a rep's
// calendar in the middle of a conversation.
type Exploration struct {
	Workspace *flows.Workspace
	Flow      *flows.Flow
	Now       time.Time // stories begin on the next Monday
	States    int       // most states; 0 = DefaultStates
	Workers   int       // goroutines that walk; 0 = 1
	// Progress is told from time to time how many states there are.
	Progress func(states int)
}

// Exploration's answer.
type (
	// Explored is what was found.
	Explored struct {
		Flow     string
		States   int    // told apart
		Turns    int    // of the engine
		Bounded  string // why not everything was walked; "" = it was
		Shortest int    // questions of the shortest conversation that its author ends; -1 = none ends
		Longest  int    // … of the longest; -1 = there is none, for it may go round for ever
		Proofs   []Proof
	}
	// Proof is one property that holds, or a shortest story that it does not.
	Proof struct {
		Property string // stable name: ends, says, served, questions, never/1, always/1, errors
		Says     string // in words
		Place    flows.Place
		Holds    bool
		Story    *flows.Story // of a refuted one
		Because  string       // of a refuted one: what is wrong
	}
)

// Run explores. The error is the context's, or that the flow does not compile.
func (e Exploration) Run(ctx context.Context) (*Explored, error) {
	x, err := newExplorer(e)
	if err != nil {
		return nil, err
	}
	if err := x.walk(ctx); err != nil {
		return nil, err
	}
	return x.explored(), nil
}

// station is what a state of the machine means to the explorer.
type station struct {
	id    uint16
	step  *flows.Step
	phase string // "", offered, asking, waiting, joined
	moves []*move
}

// explorer is an Exploration at work.
type explorer struct {
	Exploration
	machine  *dialogue.Machine
	ahead    *ahead
	classes  map[string][]Class
	doors    []door
	stations map[string]*station
	needs    map[string][]*move // for what an invitation needs, by field
	moves    []*move
	outcomes []outcome
	outcome  map[outcome]uint16
	exact    bool // for tests: nothing is merged that differs in an answer

	states  []state
	seen    map[string]int32
	edges   []edgeTo
	from    []int32 // where the edges of each state that was walked begin
	open    int     // states whose conversation is kept
	turns   int
	bounded string
	broken  []fault
	judges  []*judge
}

// state is one state of the exploration.
type state struct {
	*position       // until it was walked
	parent    int32 // -1 = a door
	edge      int32 // that led here first
	way       uint16
	end       end
}

// position is where one conversation stands.
type position struct {
	conversation dialogue.Conversation
	elapsed      time.Duration
	door         uint16
	offered      bool
	handedOff    bool
	questions    uint8
	said         uint8 // whether the last turn said something
}

// end is how a state ended.
type end uint8

const (
	goingOn end = iota
	ended       // as the author wrote
	gone        // the visitor left
)

// edgeTo is one turn that leads to a state.
type edgeTo struct {
	to      int32
	move    uint16
	outcome uint16
	asked   bool // a question was opened
}

// fault is a turn that the engine refused.
type fault struct {
	from int32 // -1 = the door itself
	edgeTo
	way uint16
	err error
}

func newExplorer(e Exploration) (*explorer, error) {
	if e.Flow == nil || e.Workspace == nil {
		return nil, ErrNoFlow
	}
	m, err := dialogue.Compile(e.Workspace, e.Flow)
	if err != nil {
		return nil, fmt.Errorf("explore: %w", err)
	}
	if e.States <= 0 {
		e.States = DefaultStates
	}
	x := &explorer{
		Exploration: e, machine: m, ahead: lookAhead(e.Workspace, e.Flow),
		stations: map[string]*station{}, needs: map[string][]*move{}, outcome: map[outcome]uint16{}, seen: map[string]int32{},
	}
	ways, all := doors(e.Workspace, e.Flow, Mentioned(e.Workspace, e.Flow), e.Now)
	if !all {
		x.bounded = fmt.Sprintf("the ways to come have more than %d combinations, so each is tried alone", MaxDoors)
	}
	x.doors = ways
	x.classes = Classes(e.Workspace, e.Flow, ways[0].now)
	x.chart()
	x.judges = judgesOf(e.Flow)
	return x, nil
}
