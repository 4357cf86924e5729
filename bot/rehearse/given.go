package rehearse

import (
	"slices"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// outcome is how a desk answers that looks at no calendar: what becomes of times, and who gets the lead. Members that
// are "" are not decided by it.
type outcome struct {
	times string // flows.TimesFree …
	rep   string
}

// answer is the fact for an effect that is decided here. The same effect gets the same answer at the same now.
func (o outcome) answer(w *flows.Workspace, now time.Time, uid string, e dialogue.Effect) (fact dialogue.Input, decided bool) {
	if e, ok := e.(dialogue.Assign); ok && o.rep != "" {
		return givenTo(w, e, o.rep), true
	}
	if o.times == "" {
		return nil, false
	}
	switch e := e.(type) {
	case dialogue.Find:
		if o.times == flows.TimesNone || o.times == flows.TimesGone {
			return dialogue.Found{}, true
		}
		return dialogue.Found{Slots: freeTimes(e, now)}, true
	case dialogue.Hold:
		return o.had(e.Slot, dialogue.Held{Slot: e.Slot, Until: e.Until}, "hold"), true
	case dialogue.Book:
		return o.had(e.Slot, dialogue.Booked{Meeting: dialogue.Meeting{UID: uid, Slot: e.Slot, Place: e.Place}}, "book"), true
	}
	return nil, false
}

// had is the fact for a chosen time.
func (o outcome) had(s dialogue.Slot, kept dialogue.Input, effect string) dialogue.Input {
	switch o.times {
	case flows.TimesTaken, flows.TimesGone:
		return dialogue.Taken{Slot: s}
	case flows.TimesFailed:
		return dialogue.Failed{Effect: effect, Reason: "out of order"}
	}
	return kept
}

// freeTimes are times of an imagined calendar: one more than is shown at once, so that a visitor whom none suits is
// shown others once and then none. They begin a day or the notice ahead, whichever is later.
func freeTimes(e dialogue.Find, now time.Time) (free []dialogue.Slot) {
	at := now.UTC().Truncate(time.Hour).Add(max(24*time.Hour, e.Rules.Notice+time.Hour))
	for range e.Offer + 1 {
		slot := dialogue.Slot{Rep: e.Rep, Start: at, End: at.Add(time.Duration(e.Minutes) * time.Minute)}
		at = at.Add(time.Hour)
		if !slices.ContainsFunc(e.Not, func(no dialogue.Slot) bool { return no.Start.Equal(slot.Start) }) && len(free) < e.Offer {
			free = append(free, slot)
		}
	}
	return free
}

// givenTo gives the lead to a rep, by the first route that may.
func givenTo(w *flows.Workspace, e dialogue.Assign, rep string) dialogue.Input {
	for _, c := range candidates(w, e) {
		if c.Rep == rep {
			return dialogue.Assigned{Assignment: c}
		}
	}
	return dialogue.Assigned{Assignment: dialogue.Assignment{Team: e.Team, Rep: rep, Because: "it is given", Route: -1}}
}

// candidates are who may get a lead: every rep of the team that is asked for, or of each route that holds up to the one
// that always does, for each of them may be away.
func candidates(w *flows.Workspace, e dialogue.Assign) (all []dialogue.Assignment) {
	r := w.Roster
	if r == nil {
		return nil
	}
	add := func(target string, route int) {
		because := "no route is needed"
		if route >= 0 {
			because = "a route leads to " + target
		}
		for _, rep := range members(r, target) {
			if !slices.Contains(e.Not, rep.ID) {
				all = append(all, dialogue.Assignment{Team: target, Rep: rep.ID, Because: because, Route: route})
			}
		}
	}
	if e.Team != "" {
		add(e.Team, -1)
		return all
	}
	for i, route := range r.Routes {
		holds, err := route.If.Holds(e.Scope)
		if err != nil || !holds {
			continue
		}
		tiers, _ := route.Tiers()
		for _, to := range tiers {
			add(targetOf(r, to, e.Scope), i)
		}
		if route.If == nil {
			break
		}
	}
	return all
}

// targetOf is the team or rep that a route's target means for a lead; "" = nobody.
func targetOf(r *flows.Roster, to string, s *flows.Scope) string {
	switch to {
	case flows.Owner:
		return s.Owner
	case flows.ToAccount:
		if a := r.AccountOf(s.Values); a != nil {
			return a.To
		}
		return ""
	}
	return to
}

// members are the reps of a team, or the rep of that id alone.
func members(r *flows.Roster, target string) []*flows.Rep {
	if team := r.Team(target); team != nil {
		return team.Reps
	}
	if rep := r.Rep(target); rep != nil {
		return []*flows.Rep{rep}
	}
	return nil
}
