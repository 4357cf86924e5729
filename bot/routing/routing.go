// Package routing owns who gets the lead and why: routes in order, fairness by the ledger, limits. It is a pure
// function of what the house knows at one moment; every choice carries its reasons.
package routing

import (
	"errors"
	"time"

	"usher/flows"
)

// Errors of Choose.
var (
	ErrNobody = errors.New("the roster has no rep")                    // so that nobody can have the lead
	ErrFull   = errors.New("nobody who may take the lead can take it") // of a request with Only
)

// Request is one lead to be routed.
type Request struct {
	Key   string       // the conversation's id: makes ties unbiased and repeatable
	Queue string       // of Ranked: the queue of the team in which the lead counts
	Team  string       // a team or rep id that overrides the routes; "" = routes
	First Tiers        // who is asked before the routes
	Only  bool         // nobody is asked but First: the error is ErrFull where none of it can serve
	Must  bool         // the lead cannot wait: somebody gets it
	Scope *flows.Scope // what the routes' conditions name
	Now   time.Time
	Not   []string // reps who are not to be chosen: passed, refused
	Keep  string   // the rep who had this lead before: kept where the target that wins has them and they can serve
	Meet  bool     // a meeting follows: reps without a free time within the horizon cannot serve
}

// State is what the house knows about its reps now.
type State struct {
	Shares map[Queue]map[string]Share // queue → rep
	Load   map[string]int             // rep → meetings ahead, for least_busy
	Booked map[string][]time.Time     // rep → starts of meetings, for the day and week limits
	Open   map[string]int             // rep → other leads that are neither closed, booked nor let go, for the open limit
	// Promised is rep → places that leads which have waited longer get of their open limit.
	Promised map[string]int
	Away     map[string]bool // announced absence covers now
	// Soonest is a rep's first free time; ok is false when there is none. It may be costly and is asked only where the
	// choice depends on it, at most once for a rep. Nil means that times are not known and do not count.
	Soonest func(rep string) (start time.Time, ok bool)
	// Known makes sure of a rep's times before the rep gets a lead that a meeting follows: because says why they are not
	// known, and renewed that they may differ from what Soonest told. It is asked at most once for a rep, and only of one
	// whose turn it is. Nil means that all are known.
	Known func(rep string) (because string, renewed bool)
}

// Tiers are teams or reps that have a lead one after the other.
type Tiers struct {
	To    []string
	After time.Duration // how long each has it; 0 = for ever
	Route int           // index of the route they are of; -1 = of none
}

// Wait is a lead that waits because nobody can take it now.
type Wait struct {
	Place string        // the team or rep it waits for
	For   time.Duration // at most
	To    Tiers         // who may take it meanwhile
	Else  string        // who gets it then; "" = the routes below
}

// Choice is who gets the lead. Rep is empty only where it waits, or the roster has no rep at all.
type Choice struct {
	Team    string
	Rep     string
	Route   int    // index in the roster's routes; -1 when the team was named by the step, or nothing but the roster was left
	Next    Tiers  // who has the lead after Next.After, unless it is claimed; To is empty where nobody has
	Wait    *Wait  // nil = it does not wait
	Because string // one sentence for the lead card
	Shared  Sharing
	Trace   []Verdict
}

// Verdict is why one route or rep was taken or not, for `usher why`.
type Verdict struct {
	Route   int    `json:"route"`
	Team    string `json:"team,omitempty"`
	Rep     string `json:"rep,omitempty"`
	Taken   bool   `json:"taken"`
	Because string `json:"because"`
	Need    string `json:"need,omitempty"` // what would have to differ for the rep to get the lead
}

// NotHolding begins the Because of a route that does not hold.
const NotHolding = "does not hold: "

// Choose routes one lead: the first route that holds and can serve wins, or has the lead wait; where none can, the team
// of the last route is the fallback, or else the first rep of the roster. The error is ErrNobody or ErrFull.
func Choose(r *flows.Roster, q Request, s State) (Choice, error) {
	if r == nil || len(r.Reps) == 0 {
		return Choice{}, ErrNobody
	}
	if q.Scope == nil {
		q.Scope = &flows.Scope{Roster: r, Now: q.Now}
	}
	if q.Scope.Roster != r {
		there := *q.Scope
		there.Roster, q.Scope = r, &there
	}
	d := &decision{roster: r, q: q, s: s, asked: map[string]soonest{}, unknown: map[string]string{}, absence: map[string]lack{}, tried: map[string]bool{}}
	choice, ok := d.first()
	switch {
	case !ok && q.Only:
		return Choice{Trace: d.trace}, ErrFull
	case !ok:
		choice = d.fallback()
	}
	choice.Trace = d.trace
	return choice, nil
}
