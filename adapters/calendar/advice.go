package calendar

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"usher/adapters/guard"
)

// Advice says in plain words what an operator does about a calendar that cannot be read.
func Advice(err error) string {
	var retry time.Duration
	if after, said := retryAfter(err); said {
		retry = after
	}
	var problem Problem
	switch {
	case errors.Is(err, ErrSource):
		return "give this program the account for such calendars (usher serve --help names the settings), or take a file, a feed or CalDAV in team.yaml"
	case errors.Is(err, ErrAuth):
		return "look at the user and password, or have the rep connect the calendar again: usher calendar connect REP"
	case errors.Is(err, guard.ErrPrivate):
		return "the address lies in a network of your own; if that is meant, name it in USHER_CALENDAR_ALLOW, as 10.1.2.0/24"
	case errors.Is(err, ErrNotCalendar):
		return "open the address in a browser: it has to give an .ics file without a sign-in; copy the secret iCal address of the calendar"
	case errors.Is(err, ErrTruncated):
		return "mostly nothing: the next try brings the rest; if it lasts, export the calendar again"
	case errors.Is(err, ErrNotThere), errors.Is(err, fs.ErrNotExist):
		return "look whether the name in team.yaml is right and the calendar still shared"
	case errors.As(err, &problem):
		return "export the calendar again; usher calendar events FILE shows what is read in it"
	case retry > 0:
		return fmt.Sprintf("nothing: the server asks for patience, the next try is in %s", retry.Round(time.Second))
	case errors.Is(err, context.DeadlineExceeded):
		return "look whether the server answers at all; usher calendar doctor REP tries it"
	}
	return "look whether the server can be reached from here; it is tried again by itself"
}

// Problems says which calendars cannot be read, for the operator: their reps are not offered. The node that reads tells; what
// another one saw a while ago may be long mended.
func (s *Sync) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.follows {
		return nil
	}
	var out []string
	for id, d := range s.reps {
		for _, a := range d.accounts {
			if a.err != nil {
				out = append(out, fmt.Sprintf("calendar: %s is not offered, %s cannot be read: %v (since %s); %s",
					id, a.name, a.err, a.since.UTC().Format(time.RFC3339), Advice(a.err)))
			}
		}
	}
	slices.Sort(out)
	return out
}
