package calendar

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot"
)

// How much of a calendar is read at once, so that days which come into the horizon are there already.
const (
	spanBefore = 24 * time.Hour
	spanBeyond = 3 * 24 * time.Hour
	spanAnew   = 24 * time.Hour // all is read again, for new calendars and for whatever a change's notice may have missed
)

// cloudBook is one account at Google or Microsoft as a Book.
//
// What changes is found by the provider's increments (sync token, delta link), and then the whole stretch is read
// again. The increments themselves are not put together with what is known: Google takes no time bounds with a sync
// token and does not say what an increment holds of a series without end; Microsoft's delta gives occurrences of a
// series without showAs and says nothing of one that was deleted. A stretch is one or two pages, most polls find
// nothing new, and what is read is never a sum of half-known changes.
type cloudBook struct {
	remote
	name  string // names the account in a Ref
	names string // of the calendars that are read; "" = the rep's own
	clock func() time.Time

	asked Query // the query that the stretch was made for
	span  Query // the stretch that is known
	held  []*held
}

// held is one calendar with what is known of it.
type held struct {
	shelf
	mark     string // where the next increment begins; "" = read it all
	events   []Event
	problems []Problem
}

// shelf is a calendar of the account.
type shelf struct {
	id     string
	title  string
	own    bool // the rep's own, or the one that is named in the roster
	writes bool
}

// remote is what the two providers do differently.
type remote interface {
	Put(ctx context.Context, e Entry, at Ref) (Seen, error)
	Look(ctx context.Context, at Ref) (Seen, error)
	Remove(ctx context.Context, at Ref) error
	// who names the account, or says why it is not the rep's: ErrStranger, ErrAuth.
	who(ctx context.Context) (string, error)
	// shelves lists the account's calendars.
	shelves(ctx context.Context) ([]shelf, error)
	// read gives all instances of a calendar in the stretch, and the mark from which changes can be asked for.
	read(ctx context.Context, s shelf, span Query) (Reading, string, error)
	// changed says whether anything happened since the mark, and the next mark: errStale when the mark is too old.
	changed(ctx context.Context, s shelf, mark string) (bool, string, error)
}

var (
	errStale = errors.New("the mark is too old")
	errNames = errors.New("no such calendar in the account")

	_ Book = (*cloudBook)(nil)
)

// Read gives all instances that overlap the query.
func (c *cloudBook) Read(ctx context.Context, q Query) (Reading, error) {
	for again := false; ; again = true {
		if !c.covers(q) {
			if err := c.begin(ctx, q); err != nil {
				return Reading{}, fmt.Errorf("list the calendars: %w", err)
			}
		}
		err := c.renew(ctx)
		if err == nil {
			return c.within(q), nil
		}
		if again || !answeredWith(err, 404) {
			return Reading{}, err
		}
		c.held = nil // a calendar was deleted: the list says which are left
	}
}

func (c *cloudBook) covers(q Query) bool {
	return len(c.held) > 0 && q.Zone == c.asked.Zone && q.Owner == c.asked.Owner &&
		!q.From.Before(c.span.From) && !q.To.After(c.span.To) && q.From.Sub(c.asked.From) < spanAnew
}

// begin lists the calendars; all are to be read.
func (c *cloudBook) begin(ctx context.Context, q Query) error {
	c.held = nil
	all, err := c.shelves(ctx)
	if err != nil {
		return err
	}
	chosen, err := choose(all, c.names)
	if err != nil {
		return err
	}
	c.asked, c.span = q, q
	c.span.From, c.span.To = q.From.Add(-spanBefore).Truncate(time.Hour), q.To.Add(spanBeyond).Truncate(time.Hour)
	for _, s := range chosen {
		c.held = append(c.held, &held{shelf: s})
	}
	return nil
}

// choose takes the calendars that are named, by title or id, or the rep's own. A name that is not there is an error: a
// calendar that was renamed must not leave its rep free.
func choose(all []shelf, names string) ([]shelf, error) {
	var chosen []shelf
	if strings.TrimSpace(names) == "" {
		for _, s := range all {
			if s.own {
				chosen = append(chosen, s)
			}
		}
		if len(chosen) == 0 {
			return nil, fmt.Errorf("%w that is the rep's own; there are: %s", errNames, titles(all))
		}
		return chosen, nil
	}
	for name := range strings.SplitSeq(names, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		found := false
		for _, s := range all {
			if strings.EqualFold(s.title, name) || s.id == name {
				found = true
				chosen = append(chosen, s)
			}
		}
		if !found {
			return nil, fmt.Errorf("%w: %q; there are: %s", errNames, name, titles(all))
		}
	}
	return slices.CompactFunc(chosen, func(a, b shelf) bool { return a.id == b.id }), nil
}

func titles(all []shelf) string {
	if len(all) == 0 {
		return "none"
	}
	var names []string
	for _, s := range all {
		names = append(names, s.title)
	}
	return strings.Join(names, ", ")
}

// renew reads what changed. What was read of a calendar and its mark are kept together or not at all.
func (c *cloudBook) renew(ctx context.Context) error {
	for _, h := range c.held {
		if h.mark != "" {
			changed, mark, err := c.changed(ctx, h.shelf, h.mark)
			if err != nil && !errors.Is(err, errStale) {
				return fmt.Errorf("read what changed: %w", err)
			}
			if err == nil && !changed {
				h.mark = mark
				continue
			}
			h.mark = ""
		}
		reading, mark, err := c.read(ctx, h.shelf, c.span)
		if err != nil {
			return fmt.Errorf("read the calendar: %w", err)
		}
		h.events, h.problems, h.mark = reading.Events, reading.Problems, mark
	}
	return nil
}

// within is what is known, cut to the query; the same event in two calendars of the account counts twice, which does no
// harm.
func (c *cloudBook) within(q Query) Reading {
	var r Reading
	for _, h := range c.held {
		for _, e := range h.events {
			if e.Start.Before(q.To) && (e.End.After(q.From) || e.End.Equal(e.Start) && !e.Start.Before(q.From)) {
				r.Events = append(r.Events, e)
			}
		}
		r.Problems = append(r.Problems, h.problems...)
	}
	slices.SortStableFunc(r.Events, func(a, b Event) int {
		if n := a.Start.Compare(b.Start); n != 0 {
			return n
		}
		return a.End.Compare(b.End)
	})
	return r
}

// Put writes the meeting.
func (c *cloudBook) Put(ctx context.Context, e Entry, at Ref) (Seen, error) {
	s, err := c.remote.Put(ctx, e, at)
	return c.signed(s), answered("write the meeting", err)
}

// Look reads a meeting that was written. A Ref without Href is found by its UID.
func (c *cloudBook) Look(ctx context.Context, at Ref) (Seen, error) {
	s, err := c.remote.Look(ctx, at)
	return c.signed(s), answered("look at the meeting", err)
}

// Remove deletes it. A Ref without Href is found by its UID, for a meeting whose writing was never answered.
func (c *cloudBook) Remove(ctx context.Context, at Ref) error {
	err := c.remote.Remove(ctx, at)
	if errors.Is(err, ErrGone) || isGone(err) {
		return nil
	}
	return answered("remove the meeting", err)
}

func (c *cloudBook) signed(s Seen) Seen {
	if s.UID != "" {
		s.Source = c.name
	}
	return s
}

// answeredWith says that the server answered with one of these.
func answeredWith(err error, status ...int) bool {
	var s *restError
	return errors.As(err, &s) && s.is(status...)
}

// writtenTimes is what is kept with an event of the times we gave it, so that a time the rep gave it is known for one.
func writtenTimes(start, end time.Time) string {
	return start.UTC().Format(time.RFC3339) + "/" + end.UTC().Format(time.RFC3339)
}

// sequenceOf reads the SEQUENCE with which an event was written last; 0 where it was lost.
func sequenceOf(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// isGone says that the server knows no such event any more.
func isGone(err error) bool {
	return answeredWith(err, 404, 410)
}

// away makes of an account or calendar that is not found an error of its own: it says nothing of the events in it, which
// are not gone.
func away(err error) error {
	if isGone(err) {
		return fmt.Errorf("%w: %v", ErrNotThere, err) //nolint:errorlint // its status must not be taken for the event's
	}
	return err
}

// answered makes the errors of a Book of the server's answers.
func answered(doing string, err error) error {
	var s *restError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &s) || errors.Is(err, ErrAuth):
	case s.is(404, 410):
		err = ErrGone
	case s.is(412):
		err = ErrChanged
	case s.is(400, 413, 422):
		return &bot.RetryError{Never: true, Err: fmt.Errorf("%s: %w", doing, err)}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
