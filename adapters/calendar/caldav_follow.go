package calendar

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Bounds of what is read of a calendar on a server.
const (
	objectsAtOnce = 50                  // objects of one multiget
	maxRounds     = 20                  // parts in which a server may give its changes
	readBeyond    = 45 * 24 * time.Hour // read beyond the query, so that the next ones need the changes alone
)

// object is one event file on the server.
type object struct {
	at   *url.URL
	etag string // as the server writes it, with its quotes
	data []byte
}

// follow brings what is known of a calendar up to date: nothing when its state is the same, else its changes (RFC 6578),
// else the ETags of all objects in the time and those objects whose ETag is another.
func (c *calDAV) follow(ctx context.Context, cal *collection, q Query) error {
	p, err := c.propfind(ctx, cal.at, `<resourcetype/><sync-token/><S:getctag/>`)
	if err != nil {
		return err
	}
	if p.Type.Calendar == nil {
		return fmt.Errorf("%w any more", ErrNotThere)
	}
	tag := p.SyncToken + "\n" + p.CTag
	covered := cal.objects != nil && q.From.Unix() >= cal.from && q.To.Unix() <= cal.to
	switch {
	case covered && tag != "\n" && tag == cal.tag:
		return nil
	case covered && cal.token != "" && p.SyncToken != "":
		err = c.changes(ctx, cal)
		if err == nil || !refusedToken(err) {
			break
		}
		fallthrough
	default:
		cal.token = p.SyncToken // asked before the list: what changes meanwhile comes again
		err = c.whole(ctx, cal, q)
	}
	if err == nil {
		cal.tag = tag
		return nil
	}
	cal.objects, cal.token, cal.tag = nil, "", ""
	return err
}

// refusedToken says that the server does not know the token any more, or never knew the report. Some say so by 500; whether
// it is the server that is broken, the full list will tell.
func refusedToken(err error) bool {
	switch s := statusOf(err); s {
	case 0, http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return false
	default:
		return s >= 400
	}
}

// changes asks for what changed since the token.
func (c *calDAV) changes(ctx context.Context, cal *collection) error {
	for range maxRounds {
		body := `<sync-collection` + namespaces + `><sync-token>` + xmlText(cal.token) + `</sync-token>` +
			`<sync-level>1</sync-level><prop><getetag/></prop></sync-collection>`
		m, err := c.report(ctx, "REPORT", cal.at, "0", body)
		if err != nil {
			return err
		}
		more, err := c.changed(ctx, cal, m)
		if err != nil {
			return err
		}
		if m.SyncToken == "" {
			return fmt.Errorf("%w: no sync-token in the answer", errXML)
		}
		if cal.token = m.SyncToken; !more {
			return nil
		}
	}
	return errors.New("the server gives its changes in too many parts")
}

// changed takes one part of the changes; more says that the server has not told all (RFC 6578 3.6).
func (c *calDAV) changed(ctx context.Context, cal *collection, m *multistatus) (more bool, err error) {
	var fetch []*object
	for i := range m.Responses {
		r := &m.Responses[i]
		at, err := c.resolve(cal.at, r.Href)
		if err != nil {
			return false, err
		}
		if same(at, cal.at) {
			more = more || davStatus(r.Status) == http.StatusInsufficientStorage
			continue
		}
		p, gone := r.props()
		if gone {
			delete(cal.objects, at.Path)
			continue
		}
		if old := cal.objects[at.Path]; old == nil || old.etag != p.ETag || p.ETag == "" {
			fetch = append(fetch, &object{at: at, etag: p.ETag})
		}
	}
	return more, c.fetch(ctx, cal, fetch)
}

func same(a, b *url.URL) bool {
	return strings.TrimSuffix(a.Path, "/") == strings.TrimSuffix(b.Path, "/")
}

const stamp8601 = "20060102T150405Z"

// whole lists all objects that touch the query's time and some beyond, and fetches those that are not known as they are.
func (c *calDAV) whole(ctx context.Context, cal *collection, q Query) error {
	from, to := q.From.Add(-readBeyond), q.To.Add(readBeyond)
	listed := map[string]*object{}
	for _, filter := range []string{
		`<C:time-range start="` + from.UTC().Format(stamp8601) + `" end="` + to.UTC().Format(stamp8601) + `"/>`,
		`<C:prop-filter name="RRULE"/>`, // some servers look at the first instance alone
		`<C:prop-filter name="RDATE"/>`,
	} {
		if err := c.list(ctx, cal, filter, listed); err != nil {
			return err
		}
	}
	old := cal.objects
	cal.objects = map[string]*object{}
	var fetch []*object
	for name, o := range listed {
		if known := old[name]; known != nil && known.etag == o.etag && o.etag != "" {
			cal.objects[name] = known
			continue
		}
		fetch = append(fetch, o)
	}
	if err := c.fetch(ctx, cal, fetch); err != nil {
		return err
	}
	cal.from, cal.to = from.Unix(), to.Unix()
	return nil
}

// list collects the objects with events that pass the filter.
func (c *calDAV) list(ctx context.Context, cal *collection, filter string, into map[string]*object) error {
	m, err := c.query(ctx, cal, filter)
	if err != nil {
		return err
	}
	for i := range m.Responses {
		p, gone := m.Responses[i].props()
		at, err := c.resolve(cal.at, m.Responses[i].Href)
		if err != nil {
			return err
		}
		if !gone && !same(at, cal.at) {
			into[at.Path] = &object{at: at, etag: p.ETag}
		}
	}
	return nil
}

// query asks for the ETags of the objects with events that pass the filter, RFC 4791 7.8.
func (c *calDAV) query(ctx context.Context, cal *collection, filter string) (*multistatus, error) {
	return c.report(ctx, "REPORT", cal.at, "1", `<C:calendar-query`+namespaces+`><prop><getetag/></prop><C:filter>`+
		`<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">`+filter+`</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`)
}

// fetch reads objects, many at a time.
func (c *calDAV) fetch(ctx context.Context, cal *collection, list []*object) error {
	if len(cal.objects)+len(list) > MaxEvents {
		return fmt.Errorf("the calendar has more than %d events in the time", MaxEvents)
	}
	for part := range slices.Chunk(list, objectsAtOnce) {
		err := c.multiget(ctx, cal, part)
		if errors.Is(err, errXML) { // perhaps for a letter in one event that XML cannot hold
			err = c.oneByOne(ctx, cal, part)
		}
		if err != nil {
			return err
		}
	}
	size := 0
	for o := range maps.Values(cal.objects) {
		size += len(o.data)
	}
	if size > MaxBytes {
		return fmt.Errorf("the calendar is larger than %d MiB in the time", MaxBytes>>20)
	}
	return nil
}

func (c *calDAV) multiget(ctx context.Context, cal *collection, part []*object) error {
	var b strings.Builder
	b.WriteString(`<C:calendar-multiget` + namespaces + `><prop><getetag/><C:calendar-data/></prop>`)
	left := map[string]*object{}
	for _, o := range part {
		b.WriteString(`<href>` + xmlText(o.at.EscapedPath()) + `</href>`)
		left[o.at.Path] = o
	}
	b.WriteString(`</C:calendar-multiget>`)
	m, err := c.report(ctx, "REPORT", cal.at, "1", b.String())
	if err != nil {
		return err
	}
	for i := range m.Responses {
		at, err := c.resolve(cal.at, m.Responses[i].Href)
		if err != nil {
			return err
		}
		p, gone := m.Responses[i].props()
		if gone {
			delete(cal.objects, at.Path)
			delete(left, at.Path)
			continue
		}
		if o := left[at.Path]; o != nil && p.Data != "" {
			o.etag, o.data = p.ETag, []byte(p.Data)
			cal.objects[at.Path] = o
			delete(left, at.Path)
		}
	}
	return c.oneByOne(ctx, cal, slices.Collect(maps.Values(left))) // what the server did not bring is asked for by name
}

// oneByOne reads objects as files.
func (c *calDAV) oneByOne(ctx context.Context, cal *collection, list []*object) error {
	for _, o := range list {
		a, err := c.do(ctx, ask{method: http.MethodGet, at: o.at})
		switch {
		case errors.Is(err, ErrNotThere):
			delete(cal.objects, o.at.Path)
			continue
		case err != nil:
			return err
		}
		o.etag, o.data = a.header.Get("ETag"), a.body
		cal.objects[o.at.Path] = o
	}
	return nil
}
