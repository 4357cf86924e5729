package desk

import (
	"errors"

	"usher/bot/dialogue"
	"usher/bot/routing"
	"usher/flows"
)

// ErrBehind says that leads which have waited longer are to be asked first: the turn is decided again after that.
var ErrBehind = errors.New("leads that have waited longer come first")

// Older is a lead that waits already, and whom it asks.
type Older struct {
	Key string // conversation id
	dialogue.Assign
}

// Drain is who would get each of these leads that wait, the oldest first, if they were asked now: "" is who goes on waiting.
func (d *Desk) Drain(waiting []Older) ([]string, error) {
	if err := d.know(question{}, d.Workspace.Roster.Reps...); err != nil {
		return nil, err
	}
	return d.drain(waiting, d.known()), nil
}

func (d *Desk) drain(waiting []Older, s routing.State) []string {
	asked := make([]routing.Request, len(waiting))
	for i, w := range waiting {
		asked[i] = routing.Request{Key: w.Key, Not: w.Not, Scope: w.Scope, Now: d.Now, Only: true}
		if w.First != nil {
			asked[i].First = routing.Tiers(*w.First)
		}
	}
	return routing.Drain(d.Workspace.Roster, asked, s)
}

// promised is how many leads that have waited longer would get each rep now.
func (d *Desk) promised(s routing.State) (map[string]int, error) {
	older, err := d.Ahead()
	if err != nil || len(older) == 0 {
		return nil, err
	}
	promised := map[string]int{}
	for _, rep := range d.drain(older, s) {
		if rep != "" {
			promised[rep]++
		}
	}
	return promised, nil
}

// Route gives a lead of no conversation to whom the routes say: it does not wait, but gets nobody whose place an older one
// waits for while others can have it. ErrBehind; routing.ErrNobody.
func (d *Desk) Route(s *flows.Scope) (routing.Choice, error) {
	if err := d.know(question{}, d.Workspace.Roster.Reps...); err != nil {
		return routing.Choice{}, err
	}
	s.Now = d.Now
	r, err := d.lead(dialogue.Conversation{}, dialogue.Assign{Scope: s, Must: true})
	if err != nil {
		return routing.Choice{}, err
	}
	d.fresh = true
	choice, err := d.choose(r, question{})
	if err != nil {
		return choice, err
	}
	return choice, d.gives(dialogue.Conversation{}, choice)
}
