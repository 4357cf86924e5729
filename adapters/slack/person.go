package slack

import (
	"cmp"

	"usher/flows"
)

// mention names a rep so that Slack tells them: by their user where it is known, else by name.
func mention(r *flows.Roster, rep string) string {
	if p := r.Rep(rep); p != nil && p.Slack != "" {
		return "<@" + p.Slack + ">"
	}
	return escape(nameOf(r, rep))
}

// nameOf is a rep's name, of nobody "nobody".
func nameOf(r *flows.Roster, rep string) string {
	if p := r.Rep(rep); p != nil {
		return cmp.Or(p.Name, p.ID)
	}
	return cmp.Or(rep, "nobody")
}

// repOf is the rep behind a Slack user, or nil.
func repOf(r *flows.Roster, user string) *flows.Rep {
	for _, p := range r.Reps {
		if user != "" && p.Slack == user {
			return p
		}
	}
	return nil
}
