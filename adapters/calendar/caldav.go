package calendar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"usher/adapters/guard"
	"usher/flows"
)

// CalDAVs opens calendars on CalDAV servers (RFC 4791).
type CalDAVs struct {
	Client *http.Client     // dials; nil = guard.Client without exceptions
	Now    func() time.Time // nil = time.Now
}

// Open makes the Source of a rep's calendars on a server, which is a Book and a Prober too; it is an Opener.
func (o CalDAVs) Open(rep *flows.Rep, c flows.Calendar) (Source, error) {
	password := func() (string, error) { return revealed(c.Password) }
	if _, err := password(); err != nil {
		return nil, err
	}
	if o.Client == nil {
		o.Client = guard.Client(nil)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	server, err := newDAV(o.Client, c.CalDAV, c.User, password)
	if err != nil {
		return nil, err
	}
	return &calDAV{
		dav: server, name: SourceName(c), names: commaList(c.Names), now: o.Now,
		owner: Organizer{Name: rep.Name, Email: rep.Email},
	}, nil
}

// calDAV is the calendars of one account on one server.
type calDAV struct {
	*dav
	name  string   // SourceName
	names []string // of the calendars that are meant; none = all that hold events
	owner Organizer
	now   func() time.Time

	calendars []*collection // those that are read; none = not found yet
	book      *collection   // the one that is written; nil = none can be
	found     time.Time     // when they were
}

var (
	_ Book   = (*calDAV)(nil)
	_ Prober = (*calDAV)(nil)
	_ Opener = CalDAVs{}.Open
)

// Read asks each calendar what changed and reads that.
func (c *calDAV) Read(ctx context.Context, q Query) (Reading, error) {
	if err := c.find(ctx); err != nil {
		return Reading{}, err
	}
	x := newObjectReader(q)
	for _, cal := range c.calendars {
		if err := c.follow(ctx, cal, q); err != nil {
			if errors.Is(err, ErrNotThere) {
				c.calendars, c.book = nil, nil // renamed or moved: found anew the next time
			}
			return Reading{}, fmt.Errorf("calendar %s: %w", cal.shown(), err)
		}
		x.read(cal)
	}
	return x.reading(), nil
}
