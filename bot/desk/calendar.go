package desk

import (
	"cmp"
	"fmt"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// MaxRefresh is how many calendars a turn has read anew at most: each may take two seconds, and the visitor waits.
const MaxRefresh = 3

// unread says that the rep has a calendar that was never read or cannot be read any more: what is in it is not known. A
// rep without a calendar is known by the hours alone.
func (d *Desk) unread(rep *flows.Rep) bool {
	_, read := d.agenda.Read[rep.ID]
	return len(rep.Calendars) > 0 && !read
}

// stale says that what was read of the rep's calendar is too old to promise a time by it.
func (d *Desk) stale(rep *flows.Rep) bool {
	read, ok := d.agenda.Read[rep.ID]
	return len(rep.Calendars) > 0 && ok && d.Now.Sub(read) > cmp.Or(d.Workspace.Roster.Stale, flows.DefaultStale)
}

// certain says whether the rep's calendar is known.
func (d *Desk) certain(rep *flows.Rep) bool { return !d.unread(rep) && !d.stale(rep) }

// ensure is certain for a rep whose turn it is: a calendar that is too old is read now.
func (d *Desk) ensure(rep *flows.Rep) (bool, error) {
	if d.stale(rep) && d.Refresh != nil && !d.refreshed[rep.ID] && len(d.refreshed) < MaxRefresh {
		if d.refreshed == nil {
			d.refreshed = map[string]bool{}
		}
		d.refreshed[rep.ID] = true
		if d.Refresh(rep.ID) {
			if err := d.again(rep.ID); err != nil {
				return false, err
			}
		}
	}
	return d.certain(rep), nil
}

// age tells when the rep's calendar was last read.
func (d *Desk) age(rep *flows.Rep) string {
	read, ok := d.agenda.Read[rep.ID]
	if !ok {
		return "it could not be read"
	}
	return "it was last read " + slots.Duration(d.Now.Sub(read).Truncate(time.Minute)) + " ago"
}

// unknown is the reason of a calendar that is not certain.
func (d *Desk) unknown(rep *flows.Rep, at time.Time) slots.Reason {
	r := slots.Reason{Code: slots.UnknownCalendar, Say: slots.Sentence(slots.UnknownCalendar, rep.Name, d.clock(rep, at), "")}
	if _, ok := d.agenda.Read[rep.ID]; ok {
		r.Say = fmt.Sprintf("Nothing is promised at %s by the calendar of %s: %s.", d.clock(rep, at), rep.Name, d.age(rep))
	}
	return r
}
