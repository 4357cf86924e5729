package calendar

import (
	"context"
	"errors"
	"fmt"
	"time"

	"usher/bot"
	"usher/flows"
)

// clashes looks, before the meeting is put at a time in somebody's calendar, whether that time is still free there. Where
// it is not the bot is told, and nothing is written.
func (c *carrying) clashes(ctx context.Context) (again bool, err error) {
	for _, id := range c.reps() {
		rep := c.roster.Rep(id)
		to, _ := writable(rep)
		if was := c.refs[id]; was.Account == SourceName(to) && was.Start.Equal(c.meeting.Start) && was.End.Equal(c.meeting.End) {
			continue
		}
		other, err := c.other(ctx, rep, to)
		if err != nil {
			return false, fmt.Errorf("calendar of %s: %w", id, never(err))
		}
		if other != nil {
			c.renew(ctx, id)
			return c.tell(ctx, func() error { return c.Host.Clash(ctx, c.meeting.UID, because(rep, other)) })
		}
	}
	return false, nil
}

// renewWait is how long a visitor whose time is taken waits for other times that are surely free.
const renewWait = 5 * time.Second

// renew lets the busy times know what was found, before the visitor is offered others and the next one the same again.
func (c *carrying) renew(ctx context.Context, rep string) {
	if c.Renew == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, renewWait)
	defer cancel()
	if err := c.Renew(ctx, rep); err != nil {
		c.Log.Warn("other times are offered by what was read before", "rep", rep, "meeting", c.meeting.UID, "err", err)
	}
}

// because says what was found, and not what it is: that is the rep's own affair.
func because(rep *flows.Rep, e *Event) string {
	zone := rep.Location
	if zone == nil {
		zone = time.UTC
	}
	const clock = "Mon 2 Jan 15:04"
	return fmt.Sprintf("the calendar of %s has something else from %s to %s", rep.Name, e.Start.In(zone).Format(clock), e.End.In(zone).Format(clock))
}

// other is a busy event in the rep's calendars at the meeting's time that is none of our meetings. Where the meeting
// stands at that time already, the rep has put it there: then there is none. The calendar that is written has to be
// read; another of the rep's that cannot be read keeps no meeting out of it.
func (c *carrying) other(ctx context.Context, rep *flows.Rep, to flows.Calendar) (*Event, error) {
	q := Query{From: c.meeting.Start, To: c.meeting.End, Zone: rep.Location, Owner: rep.Email}
	var found *Event
	for _, of := range rep.Calendars {
		events, err := c.read(ctx, rep, of, q)
		if err != nil && of == to {
			return nil, err
		}
		if err != nil {
			c.Log.Warn("a calendar could not be asked before a meeting was written", "rep", rep.ID, "calendar", SourceName(of), "err", err)
		}
		for _, e := range events {
			if e.UID == c.meeting.UID && e.Start.Equal(c.meeting.Start) && e.End.Equal(c.meeting.End) {
				return nil, nil
			}
			ours, err := c.passes(ctx, e)
			if err != nil {
				return nil, err
			}
			if !ours && found == nil {
				found = &e
			}
		}
	}
	return found, nil
}

func (c *carrying) read(ctx context.Context, rep *flows.Rep, of flows.Calendar, q Query) ([]Event, error) {
	o, err := c.calendar(rep, of)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	reading, err := o.source.Read(ctx, q)
	return reading.Events, err
}

// passes says that an event keeps nobody from the meeting: it is not busy, at another time, or a meeting of ours, whose
// row in the store blocks the rep where it has to.
func (c *carrying) passes(ctx context.Context, e Event) (bool, error) {
	if !e.Busy || !e.Start.Before(c.meeting.End) || !e.End.After(c.meeting.Start) || e.UID == c.meeting.UID {
		return true, nil
	}
	_, err := c.Host.Meeting(ctx, e.UID)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return true, err
}
