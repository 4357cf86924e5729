package calendar

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// FiledBusy reads those of a rep's calendars that are files in the workspace's folder; see Accounts.Busy. It dials nobody: what
// is in the rep's other calendars is not known, and counts as free.
func FiledBusy(files fs.FS, rep *flows.Rep, from, to time.Time) ([]slots.Interval, []Problem, error) {
	filed := *rep
	filed.Calendars = slices.DeleteFunc(slices.Clone(rep.Calendars), func(c flows.Calendar) bool { return c.File == "" })
	return new(Accounts).Busy(context.Background(), files, &filed, Query{From: from, To: to})
}

// Busy reads all calendars of a rep once, in the part that the query's instants bound. A rep without a calendar is never
// busy. The error means that nothing can be said; problems are what was read in spite of mistakes.
func (a *Accounts) Busy(ctx context.Context, files fs.FS, rep *flows.Rep, q Query) ([]slots.Interval, []Problem, error) {
	q.Zone, q.Owner = rep.Location, rep.Email
	var spans []slots.Interval
	var problems []Problem
	for _, c := range rep.Calendars {
		reading, err := a.read(ctx, files, rep, c, q)
		if err != nil {
			return nil, problems, fmt.Errorf("calendar of %s, %s: %w", rep.ID, SourceName(c), err)
		}
		problems = append(problems, reading.Problems...)
		spans = append(spans, busyOf(reading.Events, q)...)
	}
	return slots.Merge(spans), problems, nil
}

func (a *Accounts) read(ctx context.Context, files fs.FS, rep *flows.Rep, c flows.Calendar, q Query) (Reading, error) {
	s, err := a.Open(files, rep, c)
	if err != nil {
		return Reading{}, err
	}
	return s.Read(ctx, q)
}

// busyOf is the time that events take, cut to the query.
func busyOf(events []Event, q Query) []slots.Interval {
	var spans []slots.Interval
	for _, e := range events {
		if e.Busy {
			spans = append(spans, cut(e, q))
		}
	}
	return spans
}
