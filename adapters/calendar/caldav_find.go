package calendar

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/emersion/go-webdav"
	"github.com/emersion/go-webdav/caldav"
)

// collection is one calendar on the server and what was read of it.
type collection struct {
	at       *url.URL
	name     string // as its owner calls it
	readOnly bool
	objects  map[string]*object // by path
	token    string             // RFC 6578
	tag      string             // what the server gives as the collection's state; "" = nothing
	from, to int64              // what the objects cover
}

// shown names the calendar for people.
func (c *collection) shown() string { return cmp.Or(c.name, lastSegment(c.at.Path)) }

func lastSegment(p string) string { return path.Base(strings.TrimSuffix(p, "/")) }

// called says whether a name in the workspace means this calendar: what its owner sees, or the end of its path.
func (c *collection) called(name string) bool {
	return strings.EqualFold(name, c.name) || strings.EqualFold(name, lastSegment(c.at.Path))
}

func commaList(s string) (out []string) {
	for word := range strings.SplitSeq(s, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// find learns which calendars there are, which of them are read, and which one is written: once, and again when that is
// long ago, for a calendar that was made since keeps its rep busy too.
func (c *calDAV) find(ctx context.Context) error {
	now := c.now()
	if len(c.calendars) > 0 && now.Sub(c.found) < spanAnew {
		return nil
	}
	all, standard, err := c.discover(ctx)
	if err != nil {
		return fmt.Errorf("find calendars: %w", err)
	}
	if len(all) == 0 {
		return fmt.Errorf("%w: the server knows no calendar of this user", ErrNotThere)
	}
	chosen, err := c.choose(all)
	if err != nil {
		return err
	}
	c.know(chosen)
	c.calendars, c.book, c.found = chosen, c.written(chosen, standard), now
	return nil
}

// know keeps what was read of calendars that are still there.
func (c *calDAV) know(chosen []*collection) {
	for _, is := range chosen {
		for _, was := range c.calendars {
			if same(is.at, was.at) {
				is.objects, is.token, is.tag, is.from, is.to = was.objects, was.token, was.tag, was.from, was.to
			}
		}
	}
}

// choose takes the calendars that are named, in that order, or all.
func (c *calDAV) choose(all []*collection) ([]*collection, error) {
	if len(c.names) == 0 {
		return all, nil
	}
	var out []*collection
	for _, name := range c.names {
		i := slices.IndexFunc(all, func(x *collection) bool { return x.called(name) })
		if i < 0 {
			return nil, fmt.Errorf("%w: there is no calendar %q; there is %s", ErrNotThere, name, listed(all))
		}
		if !slices.Contains(out, all[i]) {
			out = append(out, all[i])
		}
	}
	return out, nil
}

func listed(all []*collection) string {
	var names []string
	for _, x := range all {
		names = append(names, fmt.Sprintf("%q", x.shown()))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// usual are names that servers give the calendar everybody begins with.
var usual = []string{"default", "personal", "calendar", "home"}

// written is the calendar that meetings go to: the first that is named; else the one that the server calls the default,
// one with a usual name, or the first by path.
func (c *calDAV) written(chosen []*collection, standard *url.URL) *collection {
	if len(c.names) > 0 {
		return chosen[0]
	}
	open := slices.DeleteFunc(slices.Clone(chosen), func(x *collection) bool { return x.readOnly })
	if len(open) == 0 {
		return chosen[0] // writing to it says that it is read-only
	}
	rank := func(x *collection) int {
		if standard != nil && strings.TrimSuffix(standard.Path, "/") == strings.TrimSuffix(x.at.Path, "/") {
			return -1
		}
		if i := slices.Index(usual, strings.ToLower(lastSegment(x.at.Path))); i >= 0 {
			return i
		}
		return len(usual)
	}
	return slices.MinFunc(open, func(a, b *collection) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.at.Path, b.at.Path))
	})
}

// discover finds calendars as RFC 6764 6 says, whatever the address is: a calendar, a home of calendars, a principal, or
// a server. Of several homes the first is meant.
func (c *calDAV) discover(ctx context.Context) (all []*collection, standard *url.URL, err error) {
	one, err := c.collectionAt(ctx, c.base)
	if one != nil || unclear(err) {
		return []*collection{one}, nil, err
	}
	if c.base.Path != "/" {
		if all, err = c.home(ctx, c.base); len(all) > 0 || unclear(err) {
			return all, nil, err
		}
	}
	principal, err := c.principal(ctx)
	if err != nil {
		return nil, nil, err
	}
	home, err := c.homeOf(ctx, principal)
	if err != nil {
		return nil, nil, err
	}
	if all, err = c.home(ctx, home); err != nil {
		return nil, nil, err
	}
	return all, c.standard(ctx, principal), nil
}

// unclear says that an error is no plain no: the server could not be asked, or not as this user.
func unclear(err error) bool {
	return err != nil && (statusOf(err) == 0 || statusOf(err) >= 500 || errors.Is(err, ErrAuth))
}

const whatItIs = `<resourcetype/><displayname/><current-user-privilege-set/>`

// collectionAt is the calendar at an address; nil where there is something else.
func (c *calDAV) collectionAt(ctx context.Context, at *url.URL) (*collection, error) {
	p, err := c.propfind(ctx, at, whatItIs)
	if err != nil || p.Type.Calendar == nil {
		return nil, err
	}
	u := *at
	if !strings.HasSuffix(u.Path, "/") {
		u.Path, u.RawPath = u.Path+"/", ""
	}
	return &collection{at: &u, name: strings.TrimSpace(p.Name), readOnly: p.readOnly()}, nil
}

// readOnly says that the server tells what the user may do, and that writing is not of it.
func (p *davProps) readOnly() bool {
	if p.Privileges == nil || len(p.Privileges.List) == 0 {
		return false
	}
	for _, one := range p.Privileges.List {
		if one.All != nil || one.Write != nil || one.Content != nil || one.Bind != nil {
			return false
		}
	}
	return true
}

// home lists the calendars for events in a home.
func (c *calDAV) home(ctx context.Context, at *url.URL) ([]*collection, error) {
	client, err := caldav.NewClient(c.dav, c.base.String())
	if err != nil {
		return nil, err
	}
	list, err := client.FindCalendars(ctx, at.Path)
	if err != nil {
		return nil, err
	}
	var out []*collection
	for _, found := range list {
		if len(found.SupportedComponentSet) > 0 && !slices.Contains(found.SupportedComponentSet, "VEVENT") {
			continue
		}
		one, err := c.collectionAt(ctx, &url.URL{Scheme: c.base.Scheme, Host: c.base.Host, Path: found.Path})
		if err != nil {
			return nil, err
		}
		if one != nil {
			out = append(out, one)
		}
	}
	return out, nil
}

// principal is the user as the server knows them: asked at the address, then where RFC 6764 5 says.
func (c *calDAV) principal(ctx context.Context) (*url.URL, error) {
	at := *c.base
	var first error
	for _, place := range []string{c.base.Path, "/.well-known/caldav", "/"} {
		at.Path, at.RawPath = place, ""
		client, err := webdav.NewClient(c.dav, at.String())
		if err != nil {
			return nil, err
		}
		found, err := client.FindCurrentUserPrincipal(ctx)
		if err == nil && found != "" {
			return &url.URL{Scheme: c.base.Scheme, Host: c.base.Host, Path: found}, nil
		}
		if errors.Is(err, ErrAuth) || errors.Is(err, errForeign) {
			return nil, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, fmt.Errorf("%w: the server does not say who the user is: %w", ErrNotThere, first)
}

func (c *calDAV) homeOf(ctx context.Context, principal *url.URL) (*url.URL, error) {
	client, err := caldav.NewClient(c.dav, c.base.String())
	if err != nil {
		return nil, err
	}
	home, err := client.FindCalendarHomeSet(ctx, principal.Path)
	if err != nil {
		return nil, err
	}
	if home == "" {
		return nil, fmt.Errorf("%w: the user has no home of calendars", ErrNotThere)
	}
	return &url.URL{Scheme: c.base.Scheme, Host: c.base.Host, Path: home}, nil
}

// standard is the calendar that the server puts invitations in (RFC 6638 9.2); nil where it does not say.
func (c *calDAV) standard(ctx context.Context, principal *url.URL) *url.URL {
	p, err := c.propfind(ctx, principal, `<C:schedule-inbox-URL/>`)
	if err != nil || p.Inbox.Href == "" {
		return nil
	}
	inbox, err := c.resolve(principal, p.Inbox.Href)
	if err != nil {
		return nil
	}
	if p, err = c.propfind(ctx, inbox, `<C:schedule-default-calendar-URL/>`); err != nil || p.Default.Href == "" {
		return nil
	}
	at, err := c.resolve(inbox, p.Default.Href)
	if err != nil {
		return nil
	}
	return at
}
