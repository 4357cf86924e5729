package desk

import (
	"fmt"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// Seats is the code of the Reason that the day has no more meetings of the step.
const Seats = "seats"

// Day is the day on which a meeting has its seat: 2026-11-24 in the roster's zone.
func Day(r *flows.Roster, start time.Time) string {
	if r.Location != nil {
		return start.In(r.Location).Format(time.DateOnly)
	}
	return start.UTC().Format(time.DateOnly)
}

// full is the reason that the day's seats are taken; its code is "" where one is left.
func (d *Desk) full(q question, start time.Time) slots.Reason {
	day := Day(d.Workspace.Roster, start)
	if q.Seats <= 0 || d.agenda.Seats[q.Kind][day] < q.Seats {
		return slots.Reason{}
	}
	meetings := fmt.Sprintf("%d meetings", q.Seats)
	if q.Seats == 1 {
		meetings = "one meeting"
	}
	return slots.Reason{Code: Seats, Say: fmt.Sprintf("%s on %s are taken by others, no more are held that day.", meetings, day)}
}
