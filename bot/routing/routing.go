// Package routing owns who gets the lead and why: routes in order, fairness by the ledger, limits. It is a pure
// function of what the house knows at one moment; every choice carries its reasons.
package routing

import (
	"errors"
	"time"

	"usher/flows"
)

// ErrNobody says that the roster has no rep at all, so that nobody can have the lead.
var ErrNobody = errors.New("the roster has no rep")

// Request is one lead to be routed.
type Request struct {
	Key   string       // the conversation's id: makes ties unbiased and repeatable
	Team  string       // a team or rep id that overrides the routes; "" = routes
	Scope *flows.Scope // what the routes' conditions name
	Now   time.Time
	Not   []string // reps who are not to be chosen: passed, refused
	Keep  string   // the rep who had this lead before: kept where the target that wins has them and they can serve
	Meet  bool     // a meeting follows: reps without a free time within the horizon cannot serve
}

// State is what the house knows about its reps now.
type State struct {
	Shares map[string]map[string]Share // team → rep
	Load   map[string]int              // rep → meetings ahead, for least_busy
	Booked map[string][]time.Time      // rep → starts of meetings, for the day and week limits
	Away   map[string]bool             // announced absence covers now
	// Soonest is a rep's first free time; ok is false when there is none. It may be costly and is asked only where the
	// choice depends on it, at most once for a rep. Nil means that times are not known and do not count.
	Soonest func(rep string) (start time.Time, ok bool)
	// Known makes sure of a rep's times before the rep gets a lead that a meeting follows: because says why they are not
	// known, and renewed that they may differ from what Soonest told. It is asked at most once for a rep, and only of one
	// whose turn it is. Nil means that all are known.
	Known func(rep string) (because string, renewed bool)
}

// Share is what one rep has had of a team's leads.
type Share struct {
	Count float64   // leads that count, with the level the rep started from
	Last  time.Time // the last of them
}

// Choice is who gets the lead. Rep is never empty where the roster has a rep at all.
type Choice struct {
	Team    string
	Rep     string
	Route   int    // index in the roster's routes; -1 when the team was named by the step, or nothing but the roster was left
	Level   int    // leads that the ledger adds to a rep's first one of a team, so that a new rep is not flooded
	Because string // one sentence for the lead card
	Trace   []Verdict
}

// Verdict is why one route or rep was taken or not, for `usher why`.
type Verdict struct {
	Route   int    `json:"route"`
	Team    string `json:"team,omitempty"`
	Rep     string `json:"rep,omitempty"`
	Taken   bool   `json:"taken"`
	Because string `json:"because"`
}

// Choose routes one lead: the first route that holds and can serve wins; where none can, the team of the last route is
// the fallback, or else the first rep of the roster. The error is ErrNobody.
func Choose(r *flows.Roster, q Request, s State) (Choice, error) {
	if r == nil || len(r.Reps) == 0 {
		return Choice{}, ErrNobody
	}
	if q.Scope == nil {
		q.Scope = &flows.Scope{Roster: r, Now: q.Now}
	}
	d := &decision{roster: r, q: q, s: s, asked: map[string]soonest{}, unknown: map[string]string{}, absence: map[string]string{}, tried: map[int]bool{}}
	choice, ok := d.first()
	if !ok {
		choice = d.fallback()
	}
	choice.Trace = d.trace
	return choice, nil
}
