package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"usher/bot"
	"usher/flows"
)

// Host is what the writing of meetings needs of the bot.
type Host interface {
	// Meeting reads a meeting, or bot.ErrNotFound.
	Meeting(ctx context.Context, uid string) (bot.Meeting, error)
	// Clash takes that the rep's calendar has the time taken.
	Clash(ctx context.Context, uid, because string) error
	// Shifted takes that the rep put the meeting at another time in their own calendar; bot.ErrNotFree.
	Shifted(ctx context.Context, uid string, start, end time.Time) error
	// Cancel takes that the rep took the meeting out of the calendar.
	Cancel(ctx context.Context, uid, because string) error
	// Placed takes the link that the calendar's provider made.
	Placed(ctx context.Context, uid, place string) error
}

// Memory remembers where events stand; bot.Links is one.
type Memory interface {
	Link(ctx context.Context, kind, key string) (string, error)
	SaveLink(ctx context.Context, kind, key, value string) error
}

var (
	_ Host   = (*bot.Bot)(nil)
	_ Memory = bot.Links(nil)
)

// Writing makes reps' calendars follow the meetings, and the meetings what reps do to them in their calendars. A job says
// only which meeting changed: whatever it is when the job runs, the calendars of its reps show it then, and no others do.
type Writing struct {
	Host      Host
	Memory    Memory
	Workspace func() *flows.Workspace
	Open      Opener // any of a rep's calendars, also one that is only read
	// About is the event's description in plain text: who the visitor is, what they want, the meeting's page. nil = the
	// visitor's name, address and phone.
	About func(ctx context.Context, m bot.Meeting) string
	// Renew reads a rep's calendars again, and anew, where a time that was held for free is taken; nil = nobody does.
	Renew func(ctx context.Context, rep string) error
	Now   func() time.Time
	Log   *slog.Logger

	mu    sync.Mutex
	shelf map[shelved]*opened
	said  map[string]string // by UID, what the log says already
}

var _ bot.Carrier = (*Writing)(nil).Carry

// Writable says whether meetings are written to one of the rep's calendars.
func Writable(rep *flows.Rep) bool {
	_, ok := writable(rep)
	return ok
}

// writable is the first of the rep's calendars that meetings can be written to.
func writable(rep *flows.Rep) (flows.Calendar, bool) {
	if rep == nil {
		return flows.Calendar{}, false
	}
	i := slices.IndexFunc(rep.Calendars, func(c flows.Calendar) bool { return c.CalDAV != "" || c.Google != "" || c.Microsoft != "" })
	if i < 0 {
		return flows.Calendar{}, false
	}
	return rep.Calendars[i], true
}

// rounds is how often one job looks again at a meeting that it changed itself.
const rounds = 3

// Carry carries out a bot.JobCalendar.
func (w *Writing) Carry(ctx context.Context, j bot.Job) error {
	var e bot.Event
	if err := json.Unmarshal(j.Payload, &e); err != nil || e.Meeting == "" {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("job %s names no meeting", j.ID)}
	}
	for range rounds {
		c, err := w.begin(ctx, e.Meeting)
		if err != nil {
			return err
		}
		if again, err := c.carry(ctx); !again || err != nil {
			return err
		}
	}
	return nil
}

// carrying is one meeting on its way into the calendars of its reps.
type carrying struct {
	*Writing
	meeting bot.Meeting
	roster  *flows.Roster
	refs    refs
}

// begin reads the meeting as it is now and where it stands. One that nobody knows any more is to stand nowhere.
func (w *Writing) begin(ctx context.Context, uid string) (*carrying, error) {
	m, err := w.Host.Meeting(ctx, uid)
	if err == nil && m.Of != "" {
		m, err = w.Host.Meeting(ctx, m.Of)
	}
	if errors.Is(err, bot.ErrNotFound) {
		m, err = bot.Meeting{UID: uid, Status: bot.Cancelled}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("write meeting %s: %w", uid, err)
	}
	refs, err := w.refs(ctx, m.UID)
	if err != nil {
		return nil, err
	}
	return &carrying{w, m, w.Workspace().Roster, refs}, nil
}

// carry makes the calendars follow; again means that the meeting is another now.
func (c *carrying) carry(ctx context.Context) (again bool, err error) {
	var errs []error
	switch c.meeting.Status {
	case bot.Confirmed:
		if !c.meeting.End.After(c.Now()) {
			return false, nil // over: the calendars may show it as they do
		}
		if again, err = c.clashes(ctx); again || err != nil {
			return again, err
		}
		for _, id := range c.reps() {
			again, err := c.write(ctx, id)
			if again {
				return true, err
			}
			errs = append(errs, err)
		}
	case bot.Cancelled, bot.Dropped:
	default:
		return false, nil // a hold is in no calendar
	}
	errs = append(errs, c.takeOut(ctx))
	return false, together(errs)
}

// reps are those in whose calendars the meeting is to stand: of them the first has it.
func (c *carrying) reps() []string {
	if c.meeting.Status != bot.Confirmed {
		return nil
	}
	var out []string
	for _, id := range append([]string{c.meeting.Rep}, strings.Fields(c.meeting.With)...) {
		if Writable(c.roster.Rep(id)) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// entry is the meeting as it stands in a calendar.
func (c *carrying) entry(ctx context.Context) Entry {
	e := Entry{Meeting: c.meeting, Organizer: c.person(c.meeting.Rep)}
	for _, id := range strings.Fields(c.meeting.With) {
		e.Others = append(e.Others, c.person(id))
	}
	if c.About != nil {
		e.About = c.About(ctx, c.meeting)
		return e
	}
	e.About = strings.Join(slices.DeleteFunc([]string{c.meeting.Name, c.meeting.Attendee, c.meeting.Phone}, func(s string) bool { return s == "" }), "\n")
	return e
}

func (c *carrying) person(id string) Organizer {
	if rep := c.roster.Rep(id); rep != nil {
		return Organizer{Name: rep.Name, Email: rep.Email}
	}
	return Organizer{Name: id}
}

// write makes one rep's calendar show the meeting.
func (c *carrying) write(ctx context.Context, id string) (again bool, err error) {
	rep := c.roster.Rep(id)
	to, _ := writable(rep)
	entry, was := c.entry(ctx), c.refs[id]
	now := ref{Account: SourceName(to), Start: c.meeting.Start, End: c.meeting.End, Sequence: c.meeting.Sequence, Digest: digest(entry), At: c.Now()}
	if was.Account == now.Account && was.Digest == now.Digest {
		return false, nil
	}
	if was.Account != "" && was.Account != now.Account { // the rep has another calendar now
		if err := c.takeOutOf(ctx, id); err != nil {
			return false, err
		}
		was = ref{}
	}
	o, err := c.book(rep, to)
	if err != nil {
		return false, fmt.Errorf("calendar of %s: %w", id, never(err))
	}
	if was.Account == "" {
		if was, err = c.intend(ctx, id, to); err != nil {
			return false, err
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	seen, again, err := c.put(ctx, o.book(), entry, id, was)
	if again || err != nil || seen == nil {
		return again, err
	}
	now.Ref = seen.Ref
	c.refs[id] = now
	if err := c.remember(ctx); err != nil {
		return false, err
	}
	if id == c.meeting.Rep && c.meeting.Made != "" && seen.Place != "" && seen.Place != c.meeting.Place {
		return c.tell(ctx, func() error { return c.Host.Placed(ctx, c.meeting.UID, seen.Place) })
	}
	return false, nil
}

// put writes into one calendar, unless the meeting has to follow what its rep did there: nil seen is nothing written.
func (c *carrying) put(ctx context.Context, b Book, entry Entry, id string, was ref) (seen *Seen, again bool, err error) {
	moved := !was.Start.Equal(c.meeting.Start) || !was.End.Equal(c.meeting.End)
	if was.Account != "" && !moved && id == c.meeting.Rep {
		if again, err := c.notice(ctx, b, was); again || err != nil {
			return nil, again, err
		}
	}
	is, err := b.Put(ctx, entry, was.Ref)
	switch {
	case errors.Is(err, ErrGone) && id == c.meeting.Rep && !moved:
		again, err = c.cancel(ctx, bot.TookOut)
		return nil, again, err
	case errors.Is(err, ErrGone):
		is, err = b.Put(ctx, entry, Ref{})
	case errors.Is(err, ErrChanged):
		again, err = c.yield(ctx, b, id, was)
		return nil, again, err
	}
	if err != nil {
		return nil, false, fmt.Errorf("calendar of %s: %w", id, never(err))
	}
	return &is, false, nil
}

// intend remembers where a meeting is about to be written: if the answer is lost and the meeting then goes elsewhere or does not
// take place, it is looked for there.
func (c *carrying) intend(ctx context.Context, id string, to flows.Calendar) (ref, error) {
	c.refs[id] = ref{Ref: Ref{UID: c.meeting.UID, Source: SourceName(to)}, Account: SourceName(to)}
	return c.refs[id], c.remember(ctx)
}

// never says of what somebody has to mend first that trying again is of no use.
func never(err error) error {
	if errors.Is(err, ErrAuth) || errors.Is(err, ErrReadOnly) || errors.Is(err, ErrSource) {
		return &bot.RetryError{Never: true, Err: err}
	}
	return err
}

// together is one error of several; it is of no use to try again only where that holds for each.
func together(errs []error) error {
	hopeful := slices.IndexFunc(errs, func(err error) bool {
		var retry *bot.RetryError
		return err != nil && !(errors.As(err, &retry) && retry.Never)
	})
	if hopeful >= 0 {
		return errs[hopeful]
	}
	return errors.Join(errs...)
}
