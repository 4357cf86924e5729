package desk

import (
	"fmt"
	"maps"
	"time"

	"usher/bot/routing"
	"usher/bot/slots"
	"usher/flows"
)

// Agenda is what the house knows of its reps between two times.
type Agenda struct {
	Busy    map[string][]slots.Interval         // calendars
	Read    map[string]time.Time                // when the calendar was last read; absent = never; then, and after MaxAge, nothing is offered
	Blocked map[string][]slots.Interval         // meetings and live holds, buffers added, without the asking conversation's own hold
	Booked  map[string][]time.Time              // starts of meetings, past ones of this week too
	Away    map[string][]slots.Interval         // announced absence
	Shares  map[string]map[string]routing.Share // team → rep, from the ledger
	Draws   map[string]int64                    // team → how often its leads were shared out when the shares were read
}

// know reads the agenda of those reps that were not asked about yet.
func (d *Desk) know(reps ...*flows.Rep) error {
	var ids []string
	for _, rep := range reps {
		if !d.read[rep.ID] {
			ids = append(ids, rep.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	from, to := d.window()
	more, err := d.Agenda(ids, from, to)
	if err != nil {
		return fmt.Errorf("read the agenda: %w", err)
	}
	if d.read == nil {
		d.read = map[string]bool{}
	}
	for _, id := range ids {
		d.read[id] = true
	}
	d.agenda.add(more)
	return nil
}

// add joins what was read of other reps.
func (a *Agenda) add(more Agenda) {
	a.Busy = joined(a.Busy, more.Busy)
	a.Read = joined(a.Read, more.Read)
	a.Blocked = joined(a.Blocked, more.Blocked)
	a.Booked = joined(a.Booked, more.Booked)
	a.Away = joined(a.Away, more.Away)
	a.Draws = joined(a.Draws, more.Draws)
	for team, shares := range more.Shares {
		a.Shares = joined(a.Shares, map[string]map[string]routing.Share{team: joined(a.Shares[team], shares)})
	}
}

func joined[V any](into, more map[string]V) map[string]V {
	if into == nil {
		into = make(map[string]V, len(more))
	}
	maps.Copy(into, more)
	return into
}

// window is the time that any answer may depend on: the current ISO week, wherever the rep is, for the week limits, up to
// the last day on which a meeting of any flow may begin.
func (d *Desk) window() (from, to time.Time) {
	now := d.Now.UTC()
	sinceMonday := (int(now.Weekday()) + 6) % 7
	monday := time.Date(now.Year(), now.Month(), now.Day()-sinceMonday, 0, 0, 0, 0, time.UTC)
	return monday.AddDate(0, 0, -1), now.Add(max(d.Workspace.Horizon(), flows.DefaultHorizon)).AddDate(0, 0, 1)
}
