package calendar

import (
	"context"
	"fmt"
	"slices"

	"usher/flows"
)

// takeOut removes the meeting from the calendars of those who do not come.
func (c *carrying) takeOut(ctx context.Context) error {
	var errs []error
	for _, id := range c.refs.reps() {
		if !slices.Contains(c.reps(), id) {
			errs = append(errs, c.takeOutOf(ctx, id))
		}
	}
	return together(errs)
}

func (c *carrying) takeOutOf(ctx context.Context, id string) error {
	was := c.refs[id]
	rep := c.roster.Rep(id)
	i := -1
	if rep != nil {
		i = slices.IndexFunc(rep.Calendars, func(x flows.Calendar) bool { return SourceName(x) == was.Account })
	}
	if i < 0 {
		c.Log.Warn("an event stays in a calendar that the workspace does not name any more", "meeting", c.meeting.UID, "rep", id)
		return c.forget(ctx, id)
	}
	o, err := c.book(rep, rep.Calendars[i])
	if err != nil {
		return fmt.Errorf("calendar of %s: %w", id, never(err))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.book().Remove(ctx, was.Ref); err != nil {
		return fmt.Errorf("calendar of %s: %w", id, never(err))
	}
	return c.forget(ctx, id)
}
