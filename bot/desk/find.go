package desk

import (
	"time"

	"usher/bot/dialogue"
	"usher/bot/slots"
)

// find offers times of a rep that differ. Without any the trace says why.
func (d *Desk) find(c dialogue.Conversation, e dialogue.Find) (dialogue.Input, error) {
	rep := d.Workspace.Roster.Rep(e.Rep)
	if rep == nil {
		d.note(e.Rep, "is not in the roster")
		return dialogue.Found{}, nil
	}
	if err := d.know(rep); err != nil {
		return nil, err
	}
	if d.unknown(rep) {
		d.note(rep.ID, d.unread(rep, d.Now).Say)
		return dialogue.Found{}, nil
	}
	choice := slots.Choice{N: e.Offer, Location: location(c.Timezone, d.Workspace.Roster.Location)}
	if e.Wish != nil {
		choice.Fits = e.Wish.Fits
	}
	for _, s := range e.Not {
		choice.Not = append(choice.Not, slots.Slot{Rep: s.Rep, Interval: slots.Interval{Start: s.Start, End: s.End}})
	}
	offer := slots.Offer(d.free(rep, 0, e.Minutes, e.Rules), choice)
	if len(offer) == 0 {
		d.note(rep.ID, "has no free time that fits")
	}
	found := dialogue.Found{}
	for _, s := range offer {
		found.Slots = append(found.Slots, dialogue.Slot{Rep: s.Rep, Start: s.Start, End: s.End})
	}
	return found, nil
}

// location is the visitor's zone, or the house's where it is not known.
func location(name string, house *time.Location) *time.Location {
	if name != "" {
		if l, err := time.LoadLocation(name); err == nil {
			return l
		}
	}
	return house
}
