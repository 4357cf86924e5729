package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"usher/bot"
	"usher/flows"
)

// Place is what erasures call reps' calendars.
const Place = "calendar"

// Eraser takes events of somebody's meetings, past and coming, out of reps' calendars. Writing is nil where no calendar can be
// written: then it only says what there would be to take out.
type Eraser struct{ Writing *Writing }

var _ bot.Eraser = Eraser{}

// stands is a meeting's event in the calendar of one rep.
type stands struct {
	Rep     string `json:"rep"`
	Account string `json:"account"`
	Ref     Ref    `json:"ref"`
}

// Trace says in whose calendars the subject's meetings stand, or were about to.
func (Eraser) Trace(_ bot.Subject, rows []bot.Record) (t bot.Traced) {
	for _, l := range bot.KeptLinks(rows) {
		var in refs
		if l.Kind != eventLink || json.Unmarshal([]byte(l.Value), &in) != nil {
			continue
		}
		for _, rep := range in.reps() {
			target, _ := json.Marshal(stands{rep, in[rep].Account, in[rep].Ref}) // strings always marshal
			t.Targets = append(t.Targets, target)
		}
	}
	return t
}

// errNoCalendars says that nothing can be taken out now.
var errNoCalendars = errors.New("no calendars are connected here")

// Erase takes one event out.
func (e Eraser) Erase(ctx context.Context, target json.RawMessage) (left string, err error) {
	var at stands
	if err := json.Unmarshal(target, &at); err != nil {
		return "", &bot.RetryError{Never: true, Err: fmt.Errorf("read what is to be erased: %w", err)}
	}
	if e.Writing == nil {
		return "", errNoCalendars
	}
	rep := e.Writing.Workspace().Roster.Rep(at.Rep)
	i := -1
	if rep != nil {
		i = slices.IndexFunc(rep.Calendars, func(c flows.Calendar) bool { return SourceName(c) == at.Account })
	}
	if i < 0 {
		return "an event in a calendar of " + at.Rep + " that the workspace does not name any more: delete it there", nil
	}
	c := carrying{Writing: e.Writing, roster: e.Writing.Workspace().Roster}
	o, err := c.book(rep, rep.Calendars[i])
	if err != nil {
		return "", fmt.Errorf("calendar of %s: %w", at.Rep, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	err = o.book().Remove(ctx, at.Ref)
	if errors.Is(err, ErrReadOnly) || errors.Is(err, ErrSource) {
		return strings.TrimSpace("an event in the calendar of " + at.Rep + ": " + err.Error()), nil
	}
	if err != nil {
		return "", fmt.Errorf("calendar of %s: %w", at.Rep, err)
	}
	return "", nil
}
