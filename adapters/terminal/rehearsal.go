package terminal

import (
	"slices"
	"strings"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// busy reads calendars of one workspace for a rehearsal.
func (w *World) busy(ws *flows.Workspace) func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
	return func(rep *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
		return w.FiledBusy(ws, rep, from, to)
	}
}

// rehearsable loads a workspace and says whose calendars stand where a rehearsal does not look.
func (w *World) rehearsable(dir string) (*flows.Workspace, error) {
	ws, err := w.load(dir)
	if err != nil {
		return nil, err
	}
	p := printer{out: w.Stderr}
	if away := unfiled(ws); len(away) > 0 {
		p.printf("usher: calendars on servers are not read here and count as free: %s\n", strings.Join(away, ", "))
	}
	return ws, p.err
}

// unfiled are the reps who have a calendar that is no file of the workspace.
func unfiled(ws *flows.Workspace) (ids []string) {
	if ws.Roster == nil {
		return nil
	}
	for _, rep := range ws.Roster.Reps {
		if slices.ContainsFunc(rep.Calendars, func(c flows.Calendar) bool { return c.File == "" }) {
			ids = append(ids, rep.ID)
		}
	}
	return ids
}
