package desk

import (
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

// Guest is the code of the Reason that somebody who must come too cannot.
const Guest = "guest"

// party is who may come too: of each team those whose calendar is known, who is to come first of all first.
type party struct {
	teams []*flows.Team
	reps  [][]*flows.Rep // by team
	can   map[*flows.Rep]func(start time.Time) bool
	known map[int64][]string // start → who comes to a meeting of somebody who is not among them; nil = not everybody can
}

// party is of which the guests of a meeting are chosen.
func (d *Desk) party(q question, teams []*flows.Team) (party, error) {
	p := party{teams: teams, can: map[*flows.Rep]func(time.Time) bool{}, known: map[int64][]string{}}
	for _, team := range teams {
		if err := d.know(q, team.Reps...); err != nil {
			return p, err
		}
		reps, err := d.reachable(d.leastBusy(team))
		if err != nil {
			return p, err
		}
		p.reps = append(p.reps, reps)
		for _, rep := range reps {
			if p.can[rep] == nil {
				r := d.joining(rep, q)
				p.can[rep] = slots.Ask(r, d.Now, d.Now.Add(horizon(r.Rules)))
			}
		}
	}
	return p, nil
}

// invited is the teams of which one rep each comes too. Of a meeting that is to be at another time the guests stay.
func (d *Desk) invited(q question) (teams []*flows.Team) {
	if q.Instead != nil && q.Instead.With != "" {
		return d.each(strings.Fields(q.Instead.With))
	}
	for _, id := range q.With {
		teams = append(teams, d.team(id))
	}
	return teams
}

// each is a team of its own for each rep.
func (d *Desk) each(ids []string) (teams []*flows.Team) {
	for _, id := range ids {
		teams = append(teams, d.only(id))
	}
	return teams
}

// only is one rep as a team; without reps where nobody has the id.
func (d *Desk) only(id string) *flows.Team {
	team := &flows.Team{ID: id}
	if rep := d.Workspace.Roster.Rep(id); rep != nil {
		team.Reps = []*flows.Rep{rep}
	}
	return team
}

// team is the one with the id, or the rep with it as a team.
func (d *Desk) team(id string) *flows.Team {
	for _, team := range d.Workspace.Roster.Teams {
		if team.ID == id {
			return team
		}
	}
	return d.only(id)
}

// leastBusy is the team's reps, the one with the fewest meetings ahead first; those with as many by fair share.
func (d *Desk) leastBusy(team *flows.Team) []*flows.Rep {
	by := *team
	by.Assign = flows.AssignLeastBusy
	return routing.Ranked(routing.Request{Key: d.Key, Now: d.Now}, d.known(), &by, team.Reps)
}

// reachable is the reps whose calendars are known; where there is none, the first whose calendar can be read now.
func (d *Desk) reachable(reps []*flows.Rep) (certain []*flows.Rep, err error) {
	for _, rep := range reps {
		if d.certain(rep) {
			certain = append(certain, rep)
		}
	}
	for _, rep := range reps {
		if len(certain) > 0 {
			break
		}
		ok, err := d.ensure(rep)
		if err != nil {
			return nil, err
		}
		if ok {
			certain = append(certain, rep)
		}
	}
	return certain, nil
}

// at is who comes to a meeting of the host at a start: one of each team, nobody twice.
func (p party) at(host string, start time.Time) (with string, ok bool) {
	if len(p.reps) == 0 {
		return "", true
	}
	reps, asked := p.known[start.UnixNano()]
	if !asked {
		reps, _ = p.fill(nil, "", start)
		p.known[start.UnixNano()] = reps
	}
	if slices.Contains(reps, host) {
		reps, _ = p.fill(nil, host, start)
	}
	return strings.Join(reps, " "), reps != nil
}

func (p party) fill(chosen []string, host string, start time.Time) ([]string, bool) {
	if len(chosen) == len(p.reps) {
		return chosen, true
	}
	for _, rep := range p.reps[len(chosen)] {
		if rep.ID == host || slices.Contains(chosen, rep.ID) || !p.can[rep](start) {
			continue
		}
		if all, ok := p.fill(append(slices.Clip(chosen), rep.ID), host, start); ok {
			return all, true
		}
	}
	return nil, false
}

// guests is who comes to the slot too: those whom it names, or whoever can where it names nobody. The reason is why
// somebody cannot.
func (d *Desk) guests(s dialogue.Slot, q question) (with string, r slots.Reason, err error) {
	teams, ok := named(d.invited(q), strings.Fields(s.With), d.each)
	if !ok {
		return "", slots.Reason{Code: Guest, Say: s.With + " are not who comes to such a meeting too."}, nil
	}
	if len(teams) == 0 {
		return "", slots.Reason{}, nil
	}
	p, err := d.party(q, teams)
	if err != nil {
		return "", slots.Reason{}, err
	}
	if with, ok := p.at(s.Rep, s.Start); ok {
		return with, slots.Reason{}, nil
	}
	return "", slots.Reason{Code: Guest, Say: d.absent(p, s, q)}, nil
}

// named narrows each team to the guest that a slot names for it.
func named(teams []*flows.Team, guests []string, each func([]string) []*flows.Team) ([]*flows.Team, bool) {
	switch {
	case len(guests) == 0:
		return teams, true
	case len(teams) == 0:
		return each(guests), true
	case len(teams) != len(guests):
		return nil, false
	}
	for i, id := range guests {
		if !slices.ContainsFunc(teams[i].Reps, func(rep *flows.Rep) bool { return rep.ID == id }) {
			return nil, false
		}
	}
	return each(guests), true
}

// absent says who cannot come and why.
func (d *Desk) absent(p party, s dialogue.Slot, q question) string {
	for _, team := range p.teams {
		var because []string
		for _, rep := range team.Reps {
			switch reason, ok := slots.Why(d.joining(rep, q), s.Start); {
			case rep.ID == s.Rep:
			case !d.certain(rep):
				because = append(because, d.unknown(rep, s.Start).Say)
			case !ok:
				because = append(because, reason.Say)
			default:
				because = nil
			}
			if because == nil && rep.ID != s.Rep {
				break
			}
		}
		if because != nil || len(team.Reps) == 0 {
			return strings.Join(append([]string{"Nobody of " + team.ID + " can come too."}, because...), " ")
		}
	}
	return "The same person would have to come for two teams."
}

func horizon(rules flows.MeetingRules) time.Duration {
	if rules.Horizon <= 0 {
		return flows.DefaultHorizon
	}
	return rules.Horizon
}
