package calendar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"usher/adapters/guard"
	"usher/bot"
	"usher/flows"
)

// Errors of a feed.
var (
	ErrNotCalendar = errors.New("the address answers something else than a calendar")
	ErrNotThere    = errors.New("there is no calendar at the address")
	ErrTruncated   = errors.New("the calendar ends in the middle")
)

// feedFor bounds a fetch from the first byte to the last: a server that sends a byte a second is not waited for.
const feedFor = 30 * time.Second

// agent is who asks.
const agent = "Usher/1 (calendar; +https://www.rfc-editor.org/rfc/rfc5545)"

// feedSource is a calendar at an https or webcal address. What it fetched stays, and is fetched again only when the
// server says that it changed.
type feedSource struct {
	client  *http.Client
	address string
	data    []byte
	etag    string
	changed string // Last-Modified
}

func (a *Accounts) feed(c flows.Calendar) (Source, error) {
	address, err := revealed(c.URL)
	if err != nil {
		return nil, err
	}
	if !feedScheme(feedAddress(address)) {
		return nil, fmt.Errorf("%w: a feed is read from an https or webcal address", ErrNotThere)
	}
	client := a.Client
	if client == nil {
		client = guard.Client(nil)
	}
	return &feedSource{client: client, address: feedAddress(address)}, nil
}

// feedAddress is the address that is dialled: webcal is https by another name.
func feedAddress(address string) string {
	if rest, ok := strings.CutPrefix(address, "webcal://"); ok {
		return "https://" + rest
	}
	return address
}

// feedScheme says that nobody on the way reads the address along: it is https, or does not leave the machine.
func feedScheme(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

// Read fetches the feed where it changed.
func (f *feedSource) Read(ctx context.Context, q Query) (Reading, error) {
	ctx, cancel := context.WithTimeout(ctx, feedFor)
	defer cancel()
	if err := f.fetch(ctx); err != nil {
		return Reading{}, err
	}
	return readText(f.data, q, "the feed")
}

// Fetch reads a calendar at an address once.
func Fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, feedFor)
	defer cancel()
	f := &feedSource{client: client, address: feedAddress(address)}
	err := f.fetch(ctx)
	return f.data, err
}

// Fetch reads a calendar at an address that a person typed. The machine that it names by its number or as localhost is
// meant, whatever network that is in; where a name or a redirect leads is checked as for any feed.
func (s Settings) Fetch(ctx context.Context, address string) ([]byte, error) {
	allow, err := s.Allowed()
	if err != nil {
		return nil, err
	}
	return Fetch(ctx, guard.Client(append(allow, guard.Meant(feedAddress(address))...)), address)
}

func (f *feedSource) fetch(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address, nil)
	if err != nil {
		return fmt.Errorf("%w: it is not an address", ErrNotThere)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "text/calendar, */*;q=0.1")
	if f.data != nil && f.etag != "" {
		req.Header.Set("If-None-Match", f.etag)
	}
	if f.data != nil && f.changed != "" {
		req.Header.Set("If-Modified-Since", f.changed)
	}
	res, err := f.client.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w", req.URL.Host, guard.Unnamed(err))
	}
	defer res.Body.Close() //nolint:errcheck // what was read is checked by its own end
	if res.StatusCode == http.StatusNotModified && f.data != nil {
		return nil
	}
	if res.StatusCode != http.StatusOK {
		return refused(res)
	}
	return f.take(res)
}

// take reads the body, no more of it than a calendar may have, also when it grows as it is unpacked.
func (f *feedSource) take(res *http.Response) error {
	data, err := io.ReadAll(io.LimitReader(res.Body, MaxBytes+1))
	if err != nil {
		return fmt.Errorf("%w: after %d bytes: %w", ErrTruncated, len(data), guard.Unnamed(err))
	}
	if err := whole(data); err != nil {
		return err
	}
	f.data, f.etag, f.changed = data, res.Header.Get("ETag"), res.Header.Get("Last-Modified")
	return nil
}

// dated is when the feed last changed, as its server says.
func (f *feedSource) dated() time.Time {
	at, err := http.ParseTime(f.changed)
	if err != nil {
		return time.Time{} // it does not say
	}
	return at
}

// refused says what an answer other than a calendar means.
func refused(res *http.Response) error {
	switch code := res.StatusCode; code {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("%w: %s", ErrAuth, res.Status)
	case http.StatusNotFound, http.StatusGone:
		return fmt.Errorf("%w: %s", ErrNotThere, res.Status)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return &bot.RetryError{After: guard.RetryAfter(res.Header, time.Now()), Err: fmt.Errorf("the server answers %s", res.Status)}
	default:
		return fmt.Errorf("the server answers %s", res.Status)
	}
}

// whole refuses what is no calendar, or the first part of one: the rep would look free in the part that is missing.
func whole(data []byte) error {
	if len(data) > MaxBytes {
		return nil // the reader says so
	}
	upper := bytes.ToUpper(plain(data))
	switch begin, end := bytes.LastIndex(upper, []byte("BEGIN:VCALENDAR")), bytes.LastIndex(upper, []byte("END:VCALENDAR")); {
	case begin < 0 && bytes.Contains(upper[:min(len(upper), 1024)], []byte("<HTML")):
		return fmt.Errorf("%w: a web page, maybe one to sign in", ErrNotCalendar)
	case begin < 0 && !bytes.Contains(upper, []byte("BEGIN:V")):
		return ErrNotCalendar
	case begin > end:
		return fmt.Errorf("%w: END:VCALENDAR is missing", ErrTruncated)
	}
	return nil
}
