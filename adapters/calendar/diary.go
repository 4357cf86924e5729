package calendar

import (
	"errors"
	"fmt"
	"time"

	"usher/bot"
	"usher/bot/slots"
	"usher/flows"
)

// diary is all calendars of a rep and what was last read of them.
type diary struct {
	rep      *flows.Rep
	accounts []*account
	next     time.Time // of a rep without a calendar, when it is stored again that they are free
	flight   *flight   // the reading that is under way
}

// flight is one reading of some of a rep's calendars; whoever wants it waits for done.
type flight struct {
	done chan struct{}
	all  bool  // of all calendars
	err  error // set before done is closed
}

// account is one calendar of a rep.
type account struct {
	of       flows.Calendar
	name     string
	source   Source // nil until it could be opened
	spans    []slots.Interval
	until    time.Time // spans are known up to here
	readAt   time.Time
	err      error // of the last reading
	since    time.Time
	tried    time.Time // also without success
	failures int
	next     time.Time
	anew     bool   // to be read without delay: what was found before does not hold any more
	said     string // what the log says already
}

// newDiary keeps of an older one what was read of calendars on servers that are the same. A file is read again: it is
// quick, and the workspace that has it is another.
func newDiary(rep *flows.Rep, old *diary) *diary {
	d := &diary{rep: rep}
	if old != nil {
		d.flight = old.flight
	}
	for _, c := range rep.Calendars {
		d.accounts = append(d.accounts, old.account(rep, c))
	}
	return d
}

func (d *diary) account(rep *flows.Rep, c flows.Calendar) *account {
	if d != nil && d.rep.Email == rep.Email && d.rep.Timezone == rep.Timezone {
		for _, a := range d.accounts {
			if a.of == c && c.File == "" {
				return a
			}
		}
	}
	return &account{of: c, name: SourceName(c)}
}

// due lists the calendars that are to be read now.
func (d *diary) due(now time.Time) []*account {
	var out []*account
	for _, a := range d.accounts {
		f, isFile := a.source.(*fileSource)
		if a.anew || !now.Before(a.next) || isFile && f.changed() {
			out = append(out, a)
		}
	}
	return out
}

// local says that the rep's calendars are files.
func (d *diary) local() bool {
	for _, a := range d.accounts {
		if a.of.File == "" {
			return false
		}
	}
	return true
}

// known says that each calendar was tried.
func (d *diary) known() bool {
	for _, a := range d.accounts {
		if a.tried.IsZero() {
			return false
		}
	}
	return true
}

// busy is the rep's times of all calendars together; a calendar that could not be read fails all of them.
func (d *diary) busy(now, until time.Time) bot.Busy {
	b := bot.Busy{Rep: d.rep.ID, ReadAt: now, Until: until}
	for _, a := range d.accounts {
		if a.err != nil && b.Failure == "" {
			b.Failure = fmt.Sprintf("calendar of %s, %s: %v", d.rep.ID, a.name, a.err)
		}
		if a.readAt.Before(b.ReadAt) {
			b.ReadAt = a.readAt
		}
		if a.until.Before(b.Until) {
			b.Until = a.until
		}
		b.Spans = append(b.Spans, a.spans...)
	}
	b.Spans = slots.Merge(b.Spans)
	return b
}

// err is why the rep's calendars are not known.
func (d *diary) err() error {
	var errs []error
	for _, a := range d.accounts {
		if a.err != nil {
			errs = append(errs, fmt.Errorf("calendar of %s, %s: %w", d.rep.ID, a.name, a.err))
		}
	}
	return errors.Join(errs...)
}

// Pauses after a failure: the first, doubled each time up to the longest. A server's own word counts up to patience.
const (
	firstPause = 30 * time.Second
	longPause  = 15 * time.Minute
	patience   = 6 * time.Hour
	hasty      = 10 * time.Second // a calendar that just failed is not asked again for each visitor
)

// read keeps what was read and plans the next time.
func (a *account) read(spans []slots.Interval, at, until time.Time, every time.Duration) {
	a.spans, a.readAt, a.tried, a.until = spans, at, at, until
	a.err, a.failures, a.since = nil, 0, time.Time{}
	a.next = at.Add(jitter(every))
}

// failed plans the next try.
func (a *account) failed(err error, now time.Time) {
	if a.err == nil {
		a.since = now
	}
	a.err, a.tried = err, now
	a.failures++
	pause := jitter(min(firstPause<<min(a.failures-1, 10), longPause))
	if after, said := retryAfter(err); said {
		pause = jitter(min(after, patience)) + min(after, patience)/10
	}
	a.next = now.Add(pause)
}

func retryAfter(err error) (time.Duration, bool) {
	var retry *bot.RetryError
	if errors.As(err, &retry) && retry.After > 0 {
		return retry.After, true
	}
	return 0, false
}

// resting says that it is of no use, or was forbidden by the server, to try again for a visitor now.
func (a *account) resting(now time.Time) bool {
	if a.err == nil || a.anew {
		return false
	}
	if _, said := retryAfter(a.err); said {
		return now.Before(a.next)
	}
	return now.Before(a.tried.Add(hasty))
}
