package desk

import (
	"cmp"
	"slices"
	"time"

	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

// find offers times that differ: of a rep, or of all of a team together. Without any the trace says why.
func (d *Desk) find(c dialogue.Conversation, e dialogue.Find) (dialogue.Input, error) {
	q := question{minutes: e.Minutes, rules: e.Rules, Terms: e.Terms}
	hosts, err := d.hosts(c, e, q)
	if err != nil {
		return nil, err
	}
	guests, err := d.party(q, d.invited(q))
	if err != nil {
		return nil, err
	}
	var free []slots.Slot
	with := map[slots.Slot]string{}
	for _, host := range hosts {
		for _, s := range d.times(host, q, guests, 0) {
			one := slots.Slot{Rep: s.Rep, Interval: slots.Interval{Start: s.Start, End: s.End}}
			free, with[one] = append(free, one), s.With
		}
	}
	choice := slots.Choice{N: e.Offer, Location: location(c.Timezone, d.Workspace.Roster.Location)}
	if e.Wish != nil {
		choice.Fits = e.Wish.Fits
	}
	for _, s := range e.Not {
		choice.Not = append(choice.Not, slots.Slot{Rep: s.Rep, Interval: slots.Interval{Start: s.Start, End: s.End}})
	}
	offer := slots.Offer(free, choice)
	found := dialogue.Found{}
	if len(offer) == 0 && e.Wish != nil {
		offer = nearest(free, choice, e.Wish)
		found.Near = len(offer) > 0
	}
	for _, s := range offer {
		found.Slots = append(found.Slots, dialogue.Slot{Rep: s.Rep, Start: s.Start, End: s.End, With: with[s]})
	}
	if len(found.Slots) == 0 && len(hosts) > 0 {
		d.note(hosts[0].ID, "has no free time that fits")
	}
	return found, nil
}

// nearest is the times that are nearest to a wish which none fits, in order.
func nearest(free []slots.Slot, c slots.Choice, w *dialogue.Wish) (offer []slots.Slot) {
	shown := map[int64]bool{}
	for _, s := range c.Not {
		shown[s.Start.UnixNano()] = true
	}
	far := make(map[int64]int, len(free))
	for _, s := range free {
		far[s.Start.UnixNano()] = w.Far(s.Start)
	}
	slices.SortStableFunc(free, func(a, b slots.Slot) int {
		return cmp.Or(cmp.Compare(far[a.Start.UnixNano()], far[b.Start.UnixNano()]), a.Start.Compare(b.Start))
	})
	for _, s := range free {
		if len(offer) < c.N && !shown[s.Start.UnixNano()] {
			shown[s.Start.UnixNano()] = true
			offer = append(offer, s)
		}
	}
	slices.SortFunc(offer, func(a, b slots.Slot) int { return a.Start.Compare(b.Start) })
	return offer
}

// hosts is whose times are offered, the first of them first where two have the same.
func (d *Desk) hosts(c dialogue.Conversation, e dialogue.Find, q question) ([]*flows.Rep, error) {
	if e.Team != "" {
		return d.pool(c, e, q)
	}
	rep := d.Workspace.Roster.Rep(e.Rep)
	if rep == nil {
		d.note(e.Rep, "is not in the roster")
		return nil, nil
	}
	if err := d.know(q, rep); err != nil {
		return nil, err
	}
	certain, err := d.ensure(rep)
	if certain || err != nil {
		return []*flows.Rep{rep}, err
	}
	d.note(rep.ID, d.unknown(rep, d.Now).Say)
	return d.standIn(c, e, q)
}

// pool is the team's reps but those who passed the lead: who has it first, then the others by the team's way of sharing.
func (d *Desk) pool(c dialogue.Conversation, e dialogue.Find, q question) ([]*flows.Rep, error) {
	team := d.team(e.Team)
	if err := d.know(q, team.Reps...); err != nil {
		return nil, err
	}
	reps := slices.DeleteFunc(slices.Clone(team.Reps), func(rep *flows.Rep) bool {
		foreign := team.Languages == flows.LanguagesMatch && !rep.Speaks(c.Language)
		return slices.Contains(c.Passed, rep.ID) || foreign && rep.ID != e.Rep
	})
	keep := routing.Request{Key: d.Key, Now: d.Now, Keep: e.Rep}
	return d.reachable(routing.Ranked(keep, d.known(), team, reps))
}

// standIn is the next rep by the routing where the calendar of the one who has the lead is not known: who chooses a time
// of theirs is theirs.
func (d *Desk) standIn(c dialogue.Conversation, e dialogue.Find, q question) ([]*flows.Rep, error) {
	if c.Assigned == nil || q.Instead != nil {
		return nil, nil
	}
	if err := d.know(q, d.Workspace.Roster.Reps...); err != nil {
		return nil, err
	}
	r := routing.Request{Key: d.Key, Team: c.Assigned.Team, Now: d.Now, Meet: true, Not: append(slices.Clip(c.Passed), e.Rep), Scope: &flows.Scope{Language: c.Language, Roster: d.Workspace.Roster, Now: d.Now}}
	choice, err := d.choose(r, q)
	if err != nil {
		return nil, err
	}
	d.Traces = append(d.Traces, choice.Trace...)
	if rep := d.Workspace.Roster.Rep(choice.Rep); d.certain(rep) && !slices.Contains(r.Not, rep.ID) {
		return []*flows.Rep{rep}, nil
	}
	return nil, nil
}

// location is the visitor's zone, or the house's where it is not known.
func location(name string, house *time.Location) *time.Location {
	if house != nil && name == house.String() {
		return house
	}
	if name != "" {
		if l, err := time.LoadLocation(name); err == nil {
			return l
		}
	}
	return house
}
