package desk

import (
	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// times is all that can be booked with the rep as host, in order, each with who comes too; at most limit of them (0 =
// all). Of a rep whose calendar was never read there are none. Every one of them is one that Why lets through.
func (d *Desk) times(host *flows.Rep, q question, p party, limit int) (times []dialogue.Slot) {
	if d.unread(host) {
		return nil
	}
	want := limit
	if len(p.teams) > 0 {
		want = 0
	}
	free := d.Free
	if free == nil {
		free = slots.Free
	}
	for _, s := range free(d.request(host, q), want) {
		with, ok := p.at(host.ID, s.Start)
		if !ok {
			continue
		}
		if times = append(times, dialogue.Slot{Rep: host.ID, Start: s.Start, End: s.End, With: with}); len(times) == limit {
			break
		}
	}
	return times
}

// Why is the reason that keeps a meeting from a slot, by its rules and on its terms: of the host, of whoever comes too,
// or of the day's seats. Its code is "" where nothing does: exactly then the slot is offered. It is what holding and
// booking ask too, but for Grace.
func (d *Desk) Why(s dialogue.Slot, rules flows.MeetingRules, terms dialogue.Terms) (slots.Reason, error) {
	_, reason, err := d.why(s, about(s, rules, terms))
	return reason, err
}

// why is Why, and the slot with who comes too.
func (d *Desk) why(s dialogue.Slot, q question) (dialogue.Slot, slots.Reason, error) {
	host := d.Workspace.Roster.Rep(s.Rep)
	if host == nil {
		return s, slots.Reason{Code: slots.Away, Say: s.Rep + " is not in the roster."}, nil
	}
	if err := d.know(q, host); err != nil {
		return s, slots.Reason{}, err
	}
	certain, err := d.ensure(host)
	if err != nil {
		return s, slots.Reason{}, err
	}
	if !certain {
		return s, d.unknown(host, s.Start), nil
	}
	if reason, ok := slots.Why(d.request(host, q), s.Start); !ok {
		return s, reason, nil
	}
	with, reason, err := d.guests(s, q)
	if reason.Code == "" {
		s.With = with
	}
	return s, reason, err
}
