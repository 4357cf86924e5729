package flows

import "time"

// Open says whether the hours of that name, or a team, are kept now, as open("NAME") in a condition does.
func (r *Roster) Open(name string, now time.Time) bool {
	if hours := r.Hours[name]; hours != nil {
		return r.open(hours, r.Location, now)
	}
	if team := r.Team(name); team != nil {
		return r.manned(team, now)
	}
	return false
}
