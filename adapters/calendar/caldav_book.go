package calendar

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"usher/bot"
)

// ErrReadOnly says that the calendar may be read and not written by this user.
var ErrReadOnly = errors.New("the calendar may be read only")

// Put writes the meeting. A new one has a name made of its UID and is written only where nothing has that name, so that
// a lost answer never makes two; a change is written only over what was looked at just before, whose alarms and other
// additions of the rep stay.
func (c *calDAV) Put(ctx context.Context, e Entry, at Ref) (Seen, error) {
	if err := c.find(ctx); err != nil {
		return Seen{}, err
	}
	data, err := resource(e, c.now())
	if err != nil {
		return Seen{}, &bot.RetryError{Never: true, Err: err}
	}
	p := &putting{c, e, data}
	seen, err := p.put(ctx, at)
	if err != nil {
		return seen, fmt.Errorf("write to calendar %s: %w", c.book.shown(), c.plain(err))
	}
	return seen, nil
}

// Look reads an event of ours where it was, or where the rep has put it: then the Ref is another. ErrGone only when the
// calendar it was in is there, and none of the account's has it.
func (c *calDAV) Look(ctx context.Context, at Ref) (Seen, error) {
	if err := c.find(ctx); err != nil {
		return Seen{}, err
	}
	place, err := c.place(at)
	if err != nil {
		return Seen{}, err
	}
	is, err := c.look(ctx, place, at.UID)
	return is.Seen, err
}

// stood is an event of ours with the file it stands in.
type stood struct {
	Seen
	data []byte
}

func (c *calDAV) look(ctx context.Context, place *url.URL, uid string) (stood, error) {
	is, err := c.get(ctx, place, uid)
	if errors.Is(err, ErrNotThere) {
		return c.search(ctx, place, uid)
	}
	return is, err
}

// Remove deletes an event of ours, also one that the rep has added to.
func (c *calDAV) Remove(ctx context.Context, at Ref) error {
	if err := c.find(ctx); err != nil {
		return err
	}
	for range 3 {
		place, err := c.place(at)
		if err != nil {
			return err
		}
		err = c.delete(ctx, place, at.ETag)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, ErrNotThere) && statusOf(err) != http.StatusPreconditionFailed:
			return fmt.Errorf("take %s out of the calendar: %w", at.UID, c.plain(err))
		}
		seen, err := c.Look(ctx, at)
		if errors.Is(err, ErrGone) {
			return nil
		}
		if err != nil {
			return err
		}
		at = seen.Ref
	}
	return fmt.Errorf("take %s out of the calendar: %w", at.UID, ErrChanged)
}

// place is where a Ref's event stands, or where one of that UID would.
func (c *calDAV) place(at Ref) (*url.URL, error) {
	if at.Href != "" {
		return c.resolve(c.base, at.Href)
	}
	sum := sha256.Sum256([]byte(at.UID))
	u := *c.book.at
	u.Path, u.RawPath = u.Path+"usher-"+hex.EncodeToString(sum[:16])+".ics", ""
	return &u, nil
}

// errUnread says that a file was got in which the event is not to be found.
var errUnread = errors.New("it is in the calendar and cannot be read")

// get reads an event of ours from a file.
func (c *calDAV) get(ctx context.Context, place *url.URL, uid string) (stood, error) {
	a, err := c.do(ctx, ask{method: http.MethodGet, at: place})
	if err != nil {
		return stood{}, err
	}
	seen, ok := seenIn(a.body, uid)
	if !ok {
		return stood{}, fmt.Errorf("%s: %w", uid, errUnread)
	}
	seen.Ref = Ref{UID: uid, Source: c.name, Href: place.EscapedPath(), ETag: a.header.Get("ETag")}
	return stood{seen, a.body}, nil
}

// search looks for an event that is not where it was: first whether its calendar is there at all, for a calendar that is
// away says nothing of its events; then in all calendars of the account.
func (c *calDAV) search(ctx context.Context, was *url.URL, uid string) (stood, error) {
	parent := *was
	parent.Path, parent.RawPath = strings.TrimSuffix(was.Path, lastSegment(was.Path)), ""
	p, err := c.propfind(ctx, &parent, `<resourcetype/>`)
	if err != nil || p.Type.Calendar == nil {
		return stood{}, fmt.Errorf("the calendar itself is not to be found: %w", cmp.Or(err, errXML))
	}
	for _, cal := range c.calendars {
		place, err := c.byUID(ctx, cal, uid)
		if err != nil {
			return stood{}, err
		}
		if place != nil {
			return c.get(ctx, place, uid)
		}
	}
	return stood{}, fmt.Errorf("%s: %w", uid, ErrGone)
}

// byUID finds the file of a UID in a calendar; nil when it is not there.
func (c *calDAV) byUID(ctx context.Context, cal *collection, uid string) (*url.URL, error) {
	m, err := c.query(ctx, cal, `<C:prop-filter name="UID"><C:text-match collation="i;octet">`+xmlText(uid)+`</C:text-match></C:prop-filter>`)
	if err != nil {
		return nil, err
	}
	for i := range m.Responses {
		at, err := c.resolve(cal.at, m.Responses[i].Href)
		if err != nil {
			return nil, err
		}
		if _, gone := m.Responses[i].props(); gone || same(at, cal.at) {
			continue
		}
		// The match is of a part of the text: only the file says whose UID it is.
		_, err = c.get(ctx, at, uid)
		switch {
		case err == nil:
			return at, nil
		case !errors.Is(err, errUnread) && !errors.Is(err, ErrNotThere):
			return nil, err
		}
	}
	return nil, nil
}

func (c *calDAV) delete(ctx context.Context, place *url.URL, etag string) error {
	header := http.Header{}
	if etag != "" {
		header.Set("If-Match", strong(etag))
	}
	_, err := c.do(ctx, ask{method: http.MethodDelete, at: place, header: header})
	return err
}

// strong is an ETag for If-Match, which never holds for a weak one: proxies that compress make ETags weak.
func strong(etag string) string { return strings.TrimPrefix(etag, "W/") }

// plain says in plain words what a server's refusal to write means.
func (c *calDAV) plain(err error) error {
	switch s := statusOf(err); {
	case s == http.StatusForbidden, s == http.StatusMethodNotAllowed:
		return &bot.RetryError{Never: true, Err: fmt.Errorf("%w by this user: %w", ErrReadOnly, err)}
	case s == http.StatusUnauthorized:
		return &bot.RetryError{Never: true, Err: fmt.Errorf("look at its user and password: %w", err)}
	case s == http.StatusInsufficientStorage:
		return fmt.Errorf("the calendar's server has no room left: %w", err)
	case s == http.StatusRequestEntityTooLarge:
		return &bot.RetryError{Never: true, Err: fmt.Errorf("the calendar's server takes no event of that size: %w", err)}
	case s == http.StatusNotFound, s == http.StatusConflict:
		c.calendars, c.book = nil, nil // found anew the next time
		return fmt.Errorf("the calendar is not where it was: %w", err)
	}
	return err
}
