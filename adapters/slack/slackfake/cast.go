package slackfake

import (
	"strings"
	"time"

	"usher/flows"
)

// Prospect is a guest in a rehearsal: with them one tries how a prospect talks to the app, in direct messages and in the
// channel Shared.
const (
	Prospect = "U0PROSPECT"
	Shared   = "C0PROSPECT"
)

// Cast makes a workspace's reps members, its teams' channels and the channel of what nobody took, and one prospect
// with a channel shared with them.
// It says who has no `slack:` id in team.yaml and so cannot take part.
func (f *Fake) Cast(r *flows.Roster) (missing []string) {
	for _, rep := range r.Reps {
		if rep.Slack == "" {
			missing = append(missing, "rep "+rep.ID)
			continue
		}
		f.User(User{ID: rep.Slack, RealName: rep.Name, Email: rep.Email, Title: rep.Title, Timezone: rep.Timezone, Offset: offset(rep.Location), Image: rep.Picture})
	}
	for _, t := range r.Teams {
		if t.Slack == "" {
			missing = append(missing, "team "+t.ID)
			continue
		}
		f.cast(t.Slack, t.ID)
	}
	if r.Fallback.Slack != "" {
		f.cast(r.Fallback.Slack, "leads")
	}
	f.SharedChannel(Shared, "bigco-shelfwise")
	f.User(User{ID: Prospect, RealName: "Priya Nair", Name: "priya", Email: "priya@bigco.example", Title: "a prospect", Guest: true, Timezone: "Asia/Kolkata", Offset: 19800, Locale: "en-IN"})
	return missing
}

// cast makes the channel unless two teams share it or it is a rep's.
func (f *Fake) cast(id, name string) {
	f.mu.Lock()
	known := f.channels[id] != nil || f.users[id] != nil
	f.mu.Unlock()
	switch {
	case known:
	case strings.HasPrefix(id, "G"):
		f.PrivateChannel(id, name)
	default:
		f.Channel(id, name)
	}
}

func offset(zone *time.Location) int {
	if zone == nil {
		return 0
	}
	_, seconds := time.Now().In(zone).Zone()
	return seconds
}
