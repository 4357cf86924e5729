package rehearse

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"usher/flows"
)

// ErrChange says that a change cannot be tried.
var ErrChange = errors.New("cannot be tried")

// Change is one thing that is otherwise in a rehearsal.
type Change struct {
	Kind string // ChangeRep or ChangeWeight
	Who  string // rep
	To   string // off; the weight
}

// Kinds of a Change.
const (
	ChangeRep    = "rep"
	ChangeWeight = "weight"
)

// maxWeight is the greatest weight that is tried: a thousand times the share of the others is all of it.
const maxWeight = 1000

// ParseChange reads rep:ID=off or weight:ID=N. The error is ErrChange.
func ParseChange(text string) (Change, error) {
	kind, rest, ok1 := strings.Cut(text, ":")
	who, to, ok2 := strings.Cut(rest, "=")
	c := Change{Kind: strings.TrimSpace(kind), Who: strings.TrimSpace(who), To: strings.TrimSpace(to)}
	switch {
	case !ok1 || !ok2, c.Kind != ChangeRep && c.Kind != ChangeWeight:
		return c, fmt.Errorf("%w: %q; write rep:ID=off or weight:ID=3", ErrChange, text)
	case c.Kind == ChangeRep && c.To != "off":
		return c, fmt.Errorf("%w: %q; a rep can be off", ErrChange, text)
	}
	if n, err := strconv.Atoi(c.To); c.Kind == ChangeWeight && (err != nil || n < 1 || n > maxWeight) {
		return c, fmt.Errorf("%w: %q; a weight is a number from 1 to %d", ErrChange, text, maxWeight)
	}
	return c, nil
}

// String is the change as it is written.
func (c Change) String() string { return c.Kind + ":" + c.Who + "=" + c.To }

// WhatIf is the workspace with changes; the workspace itself stays as it is. A rep who is off is not in the roster: nobody
// can be routed to them, not even as the last resort. The error is ErrChange.
func WhatIf(ws *flows.Workspace, changes []Change) (*flows.Workspace, error) {
	other := *ws
	for _, c := range changes {
		if ws.Roster.Rep(c.Who) == nil {
			return nil, fmt.Errorf("%w: %s; there is no rep %q%s", ErrChange, c, c.Who, known(ws.Roster))
		}
		roster := *other.Roster
		if c.Kind == ChangeRep {
			roster.Reps, roster.Teams = changed(&roster, c.Who, nil)
		} else if rep := roster.Rep(c.Who); rep != nil {
			heavier := *rep
			heavier.Weight, _ = strconv.Atoi(c.To) // ParseChange has read it
			roster.Reps, roster.Teams = changed(&roster, c.Who, &heavier)
		}
		other.Roster = &roster
	}
	return &other, nil
}

func known(r *flows.Roster) string {
	if len(r.Reps) == 0 {
		return ""
	}
	var ids []string
	for _, rep := range r.Reps {
		ids = append(ids, strconv.Quote(rep.ID))
	}
	return "; there are " + strings.Join(ids, ", ")
}

// changed is the reps and teams with another rep in place of the one with the id, or with nobody.
func changed(r *flows.Roster, id string, by *flows.Rep) (reps []*flows.Rep, teams []*flows.Team) {
	reps = replaced(r.Reps, id, by)
	for _, t := range r.Teams {
		team := *t
		team.Reps = replaced(t.Reps, id, by)
		teams = append(teams, &team)
	}
	return reps, teams
}

func replaced(reps []*flows.Rep, id string, by *flows.Rep) []*flows.Rep {
	reps = slices.Clone(reps)
	if by == nil {
		return slices.DeleteFunc(reps, func(rep *flows.Rep) bool { return rep.ID == id })
	}
	for i, rep := range reps {
		if rep.ID == id {
			reps[i] = by
		}
	}
	return reps
}
