package terminal

import "errors"

// CalendarFeed prints the address of a rep's feed of all meetings.
type CalendarFeed struct{ linkFlags }

// Help teaches.
func (CalendarFeed) Help() string {
	return `Prints an address for the rep alone: a calendar program that subscribes to it shows all meetings of the rep from 30 days
back on. It works without a sign-in and does not run out: it ends when the rep leaves team.yaml, or, for all reps and
with every other link, with another key. The settings are those of the running server, or the address is not good.

  usher calendar feed asha --workspace acme --url https://chat.acme.example`
}

// Run prints the address.
func (c *CalendarFeed) Run(w *World) error {
	ws, err := w.load(c.Workspace)
	if err != nil {
		return err
	}
	if _, err := patients(ws.Roster, c.Rep); err != nil {
		return err
	}
	if w.FeedLink == nil {
		return errors.New("there are no feeds here")
	}
	return c.print(w, w.FeedLink)
}
