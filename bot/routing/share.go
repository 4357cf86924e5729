package routing

import (
	"cmp"
	"slices"
	"time"

	"usher/flows"
)

// Queue is in what leads are shared out fairly: all of a team's, or those of them that came by one route.
type Queue struct {
	Team string
	Name string // "" = all of the team's
}

// Lead is one lead in the parts in which a Share counts what is due.
const Lead = 1_000_000_000

// Share is what one rep has had of a queue. The zero value is where a new rep starts: level with everybody.
type Share struct {
	Count  int64     // leads that count
	Due    int64     // what was due of them by weight while the rep could have had them, in parts of a Lead
	Missed int64     // what would have been due while the rep could not, in parts of a Lead
	Got    int64     // leads that went to the rep, whether they count or not
	Gave   int64     // of these, leads that went on to another rep
	Weight int       // by which the last lead was due
	Last   time.Time // when the last one that counts came
}

// Behind is how many leads the rep is behind what is due; below zero, ahead of it.
func (s Share) Behind() float64 { return float64(s.Due-s.Count*Lead) / Lead }

// Sharing is how a lead counts: in which queue, and among whom it was shared out.
type Sharing struct {
	Queue                  // without a team it is the rep's alone
	Among   map[string]int // rep → weight: who could have had it, and had the same claim to it but for the shares; nobody = it does not count
	Without map[string]int // rep → weight: who else of the team could not, and missed a part of a turn
	Missed  []Verdict      // for whom these parts have made up a whole turn now
}

// Parts is what each rep's part of a lead is by weight.
func Parts(weights map[string]int) map[string]int64 {
	all, parts := int64(0), make(map[string]int64, len(weights))
	for _, w := range weights {
		all += int64(w)
	}
	for rep, w := range weights {
		parts[rep] = int64(w) * Lead / all
	}
	return parts
}

// Names of queues by route that no condition names.
const (
	queueRest = "everything else" // of a route without a condition
	queueStep = "a step"          // of steps that name the team
)

// QueueOf is the queue of a team's leads that came by a route, -1 for those that a step sends: its name is the route's
// condition, so that it stays the same when routes are put in another order.
func QueueOf(r *flows.Roster, team *flows.Team, route int) Queue {
	q := Queue{Team: team.ID}
	switch {
	case team.Queue != flows.QueueRoute:
	case route < 0 || route >= len(r.Routes):
		q.Name = queueStep
	case r.Routes[route].If == nil:
		q.Name = queueRest
	default:
		q.Name = r.Routes[route].If.Source
	}
	return q
}

// shared is how the lead counts that the rep of a target gets.
func (d *decision) shared(t target, rep *flows.Rep) Sharing {
	team, among := t.team, d.equals
	if team == nil {
		if team = d.ownersTeam(t, rep); team == nil && t.owner {
			return Sharing{}
		}
		if team == nil {
			return Sharing{Among: map[string]int{rep.ID: int(weight(rep))}}
		}
		among = slices.DeleteFunc(slices.Clone(team.Reps), func(other *flows.Rep) bool { return other != rep && d.absent(other) != "" })
	}
	if among == nil {
		among = []*flows.Rep{rep}
	}
	s := Sharing{Queue: QueueOf(d.roster, team, t.route), Among: map[string]int{}, Without: map[string]int{}}
	for _, other := range among {
		s.Among[other.ID] = int(weight(other))
	}
	if t.team != nil && d.equals != nil {
		d.passedOver(t, &s)
	}
	return s
}

// ownersTeam is the team in which a lead counts that went to the rep who has it already, or nil.
func (d *decision) ownersTeam(t target, rep *flows.Rep) *flows.Team {
	if !t.owner {
		return nil
	}
	for _, team := range d.roster.Teams {
		if team.OwnerCounts && slices.Contains(team.Reps, rep) {
			return team
		}
	}
	return nil
}

// Claimed is how a lead counts that a rep takes out of a team's waiting: it was due to those who could have had it, and to
// the rep.
func Claimed(r *flows.Roster, team *flows.Team, rep string, route int, s State, now time.Time) Sharing {
	d := &decision{roster: r, q: Request{Now: now}, s: s, absence: map[string]lack{}}
	sharing := Sharing{Queue: QueueOf(r, team, route), Among: map[string]int{rep: 1}, Without: map[string]int{}}
	if claims := r.Rep(rep); claims != nil {
		sharing.Among[rep] = int(weight(claims))
	}
	for _, other := range team.Reps {
		switch {
		case other.ID == rep:
		case d.absent(other) == "" && !d.laden(other):
			sharing.Among[other.ID] = int(weight(other))
		default:
			sharing.Without[other.ID] = int(weight(other))
		}
	}
	return sharing
}

// passedOver adds who of the team could not have the lead. Parts of turns add up; a whole one is told.
func (d *decision) passedOver(t target, s *Sharing) {
	for _, rep := range t.reps {
		if s.Among[rep.ID] > 0 || slices.Contains(d.q.Not, rep.ID) || !d.laden(rep) && d.barred(t, rep) != "" {
			continue
		}
		if d.absent(rep) != "" || d.said(t, rep) != "" {
			s.Without[rep.ID] = int(weight(rep))
		}
	}
	parts := s.Missing()
	for _, rep := range t.reps {
		had := d.s.Shares[s.Queue][rep.ID].Missed
		if parts[rep.ID] > 0 && (had+parts[rep.ID])/Lead > had/Lead {
			v := Verdict{Route: t.route, Team: t.id(), Rep: rep.ID, Because: cmp.Or(d.absent(rep), d.said(t, rep)), Need: d.need(t, rep.ID)}
			s.Missed = append(s.Missed, v)
		}
	}
}

// Missing is what part of a turn each rep missed who could not have the lead: what would have been theirs.
func (s Sharing) Missing() map[string]int64 {
	if len(s.Without) == 0 {
		return nil
	}
	all := make(map[string]int, len(s.Among)+len(s.Without))
	for _, some := range []map[string]int{s.Among, s.Without} {
		for rep, w := range some {
			all[rep] = w
		}
	}
	parts := Parts(all)
	for rep := range s.Among {
		delete(parts, rep)
	}
	return parts
}

// said is what was noted of the rep last.
func (d *decision) said(t target, rep *flows.Rep) string {
	for _, v := range slices.Backward(d.trace) {
		if v.Rep == rep.ID && v.Route == t.route {
			return v.Because
		}
	}
	return ""
}

// grain is below what a difference of shares is no difference: parts are rounded.
const grain = 1e-6

// place is where a rep stands among others once a lead is due to all of them.
type place struct {
	part   float64 // of each lead, by weight
	behind float64 // leads behind what is due; what those who left or came took or brought is spread over all
}

// standing is where each of these reps stands, in their order.
func (d *decision) standing(q Queue, reps []*flows.Rep) []place {
	weights, left := 0.0, 0.0
	for _, rep := range reps {
		weights += weight(rep)
		left += d.s.Shares[q][rep.ID].Behind()
	}
	places := make([]place, len(reps))
	for i, rep := range reps {
		part := weight(rep) / weights
		places[i] = place{part, d.s.Shares[q][rep.ID].Behind() - left/float64(len(reps)) + part}
	}
	return places
}
