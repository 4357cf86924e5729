package routing

import (
	"fmt"
	"slices"
	"time"

	"usher/flows"
)

// need is what would have to differ for a rep of the target to get such a lead, "" where nothing of the rep's own would.
func (d *decision) need(t target, id string) string {
	rep := find(t.reps, id)
	if rep == nil {
		return ""
	}
	switch {
	case slices.Contains(d.q.Not, id):
		return "not to have passed this lead on"
	case d.laden(rep) && !d.theirs(t):
		return more(d.open(rep)-rep.Limits.Open+1, "open lead fewer", "open leads fewer")
	case d.barred(t, rep) != "":
		return "to speak the visitor's language"
	case d.absent(rep) != "":
		return d.absence[id].need
	case d.timed(t) && d.unknown[id] != "":
		return "a calendar that can be read"
	case d.timed(t) && d.late(t, id):
		return d.soonEnough(t, rep)
	case d.matters(t) && !rep.Speaks(d.q.Scope.Language):
		return "to speak the visitor's language"
	}
	return ""
}

// late says whether the rep was asked for a time and has none soon enough.
func (d *decision) late(t target, id string) bool {
	s, asked := d.asked[id]
	return asked && (!s.ok || t.within > 0 && s.start.After(d.q.Now.Add(t.within)))
}

// lost notes a rep who could have served and was not the one.
func (d *decision) lost(t target, rep, chosen *flows.Rep) {
	d.note(t, rep.ID, d.behind(t, rep))
	d.trace[len(d.trace)-1].Need = d.sooner(t, rep, chosen)
}

// soonEnough is what a rep without a time needs.
func (d *decision) soonEnough(t target, rep *flows.Rep) string {
	if t.within > 0 {
		return "a free time before " + d.clock(rep, d.q.Now.Add(t.within))
	}
	return "a free time"
}

// sooner is what a rep needs who could have served and was not the one.
func (d *decision) sooner(t target, rep, chosen *flows.Rep) string {
	switch {
	case chosen.ID == d.q.Keep:
		return "a lead that nobody has yet"
	case t.assign() == flows.AssignInOrder:
		return "to stand before " + first(chosen) + " in the team"
	case t.assign() == flows.AssignLeastBusy && d.s.Load[rep.ID] > d.s.Load[chosen.ID]:
		return more(d.s.Load[rep.ID]-d.s.Load[chosen.ID], "meeting fewer", "meetings fewer")
	case t.assign() == flows.AssignFirstFree:
		if first := d.soonest(chosen.ID); first.ok && later(d.soonest(rep.ID), first.start) {
			return "a free time before " + d.clock(rep, first.start)
		}
	}
	return d.fewer(t, rep, chosen)
}

func later(s soonest, than time.Time) bool { return !s.ok || s.start.After(than) }

// fewer is how many leads fewer would have made it the rep's turn. Who has not had so many would have to be due more.
func (d *decision) fewer(t target, rep, chosen *flows.Rep) string {
	i, j := slices.Index(d.equals, rep), slices.Index(d.equals, chosen)
	if i < 0 || j < 0 {
		return ""
	}
	places := d.standing(d.queue(t), d.equals)
	if steps(places[i].behind) == steps(places[j].behind) {
		return "another lead: ties go by the lead itself"
	}
	n := 1
	for n < maxAhead && turn(without(places, i, n), d.ties(d.equals)) != i {
		n++
	}
	if int64(n) > d.s.Shares[d.queue(t)][rep.ID].Count {
		return "to be " + more(n, "lead further behind", "leads further behind")
	}
	return more(n, "lead fewer", "leads fewer")
}

// without is where everybody stood if one had had so many leads fewer.
func without(places []place, one, leads int) []place {
	places = slices.Clone(places)
	for i := range places {
		places[i].behind -= float64(leads) / float64(len(places))
	}
	places[one].behind += float64(leads)
	return places
}

func more(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}
