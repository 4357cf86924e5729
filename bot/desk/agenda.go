package desk

import (
	"fmt"
	"maps"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// Agenda is what the house knows of its reps between two times.
type Agenda struct {
	Busy    map[string][]slots.Interval // calendars
	Read    map[string]time.Time        // when the calendar was last read; absent = never, or it failed since: then nothing is offered
	Blocked map[string][]slots.Interval // meetings and live holds, buffers added, without the asking conversation's own hold
	Booked  map[string][]time.Time      // starts of meetings, past ones of this week too
	Away    map[string][]slots.Interval // announced absence
	Open    map[string]int              // leads that are the rep's and neither closed, booked nor let go, but the asking one
	Shares  Shares                      // from the ledger
	Draws   map[string]int64            // team → how often its leads were shared out when the shares were read
	Seats   map[string]map[string]int   // kind → slots.Day → meetings and live holds of others
}

// Query is what a desk asks of the agenda.
type Query struct {
	Reps     []string
	From, To time.Time
	Open     []string // reps whose open leads are counted
	Kind     string   // of meetings that are counted by day; "" = none
	Instead  string   // UID of a meeting that is to be at another time: neither it nor its guests' rows block or count; "" = none
}

// know reads the agenda of those reps that were not asked about yet, and the seats of the question's kind.
func (d *Desk) know(q question, reps ...*flows.Rep) error {
	instead := ""
	if q.Instead != nil {
		instead = q.Instead.UID
	}
	if d.read == nil || d.instead != instead {
		d.agenda, d.read, d.instead = Agenda{}, map[string]bool{}, instead
	}
	ask := Query{Instead: instead}
	for _, rep := range reps {
		if !d.read[rep.ID] {
			ask.Reps, d.read[rep.ID] = append(ask.Reps, rep.ID), true
			if limited(rep) {
				ask.Open = append(ask.Open, rep.ID)
			}
		}
	}
	if _, counted := d.agenda.Seats[q.Kind]; q.Seats > 0 && !counted {
		ask.Kind = q.Kind
	}
	if len(ask.Reps) == 0 && ask.Kind == "" {
		return nil
	}
	return d.ask(ask)
}

// limited says whether a rep has no more than so many leads at once.
func limited(rep *flows.Rep) bool { return rep.Limits.Open > 0 }

func (d *Desk) ask(q Query) error {
	q.From, q.To = d.window()
	more, err := d.Agenda(q)
	if err != nil {
		d.read = nil
		return fmt.Errorf("read the agenda: %w", err)
	}
	if q.Kind != "" && more.Seats[q.Kind] == nil {
		more.Seats = map[string]map[string]int{q.Kind: {}}
	}
	d.agenda.add(more)
	return nil
}

// again reads one rep's agenda once more.
func (d *Desk) again(rep string) error {
	for _, was := range []map[string][]slots.Interval{d.agenda.Busy, d.agenda.Blocked, d.agenda.Away} {
		delete(was, rep)
	}
	delete(d.agenda.Read, rep)
	delete(d.agenda.Booked, rep)
	return d.ask(Query{Reps: []string{rep}, Instead: d.instead})
}

// add joins what was read of other reps.
func (a *Agenda) add(more Agenda) {
	a.Busy = joined(a.Busy, more.Busy)
	a.Read = joined(a.Read, more.Read)
	a.Blocked = joined(a.Blocked, more.Blocked)
	a.Booked = joined(a.Booked, more.Booked)
	a.Away = joined(a.Away, more.Away)
	a.Open = joined(a.Open, more.Open)
	a.Draws = joined(more.Draws, a.Draws) // the oldest stand: a share that was read before them may be older than newer ones
	a.Seats = joined(a.Seats, more.Seats)
	for q, shares := range more.Shares {
		a.Shares = joined(a.Shares, Shares{q: joined(a.Shares[q], shares)})
	}
}

func joined[K comparable, V any](into, more map[K]V) map[K]V {
	if into == nil {
		into = make(map[K]V, len(more))
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
