package calendar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/adapters/guard"
	"usher/bot"
)

// Limits of one request to a WebDAV server.
const (
	davTimeout = 20 * time.Second
	maxAnswer  = 16 << 20 // as XML, a calendar of MaxBytes is larger
)

// errForeign says that a server sends us elsewhere: the password is for the host that the workspace names.
var errForeign = errors.New("the server points to another host; name that host in the workspace if it is meant")

// dav speaks HTTP with one WebDAV server: with Basic authentication, to that host alone, with bounds. It is the HTTP
// client of go-webdav too.
type dav struct {
	client   *http.Client
	base     *url.URL
	user     string
	password func() (string, error) // asked for each request: a file with a new one counts at once
}

// newDAV checks the address. A password crosses a network by TLS alone.
func newDAV(client *http.Client, address, user string, password func() (string, error)) (*dav, error) {
	base, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, errors.New("the address of the calendar server cannot be read")
	case base.Host == "" || base.Scheme != "https" && base.Scheme != "http":
		return nil, fmt.Errorf("%q is not the address of a calendar server; write it like https://dav.example.com/", base.Redacted())
	case base.Scheme == "http" && !onLoopback(base.Hostname()):
		return nil, fmt.Errorf("%s would carry the password unencrypted; write it with https", base.Redacted())
	}
	if base.User != nil {
		return nil, errors.New("the address of the calendar server has a user in it; write user and password on their own")
	}
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // see follow
	if c.Timeout == 0 {
		c.Timeout = davTimeout
	}
	clean := &url.URL{Scheme: base.Scheme, Host: base.Host, Path: base.Path, RawPath: base.RawPath}
	if clean.Path == "" {
		clean.Path = "/"
	}
	return &dav{&c, clean, user, password}, nil
}

func onLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// statusError is an answer that is no success.
type statusError struct {
	method, path string
	status       int
	condition    string // RFC 4918 16: the name of what the server says was not met
}

func (e *statusError) Error() string {
	text := fmt.Sprintf("%s %s: %d %s", e.method, e.path, e.status, http.StatusText(e.status))
	if e.condition != "" {
		text += ", " + e.condition
	}
	if e.status == http.StatusUnauthorized {
		return ErrAuth.Error() + ": " + text
	}
	return text
}

// Is says which of the sentinel errors the answer is.
func (e *statusError) Is(target error) bool {
	switch target {
	case ErrAuth:
		return e.status == http.StatusUnauthorized
	case ErrNotThere:
		return e.status == http.StatusNotFound || e.status == http.StatusGone
	}
	return false
}

// statusOf is the HTTP status of a refused request, or 0.
func statusOf(err error) int {
	var e *statusError
	if errors.As(err, &e) {
		return e.status
	}
	return 0
}

// answer is a server's whole answer.
type answer struct {
	status int
	header http.Header
	body   []byte
	at     *url.URL // after redirects
}

// ask is a request that can be sent again.
type ask struct {
	method string
	at     *url.URL
	header http.Header
	body   []byte
}

// do sends a request and reads the answer whole. An answer other than 2xx is a *statusError.
func (d *dav) do(ctx context.Context, q ask) (*answer, error) {
	for range guard.MaxRedirects {
		a, err := d.once(ctx, q)
		if err != nil {
			return nil, err
		}
		if a.status < 300 || a.status >= 400 || a.header.Get("Location") == "" {
			return a, d.refused(q, a)
		}
		if q.at, err = d.resolve(q.at, a.header.Get("Location")); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s %s: the server redirects in a circle", q.method, q.at.Path)
}

func (d *dav) once(ctx context.Context, q ask) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, q.method, q.at.String(), bytes.NewReader(q.body))
	if err != nil {
		return nil, err
	}
	for name, values := range q.header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", agent)
	if d.user != "" {
		password, err := d.password()
		if err != nil {
			return nil, err
		}
		req.SetBasicAuth(d.user, password)
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", q.at.Host, guard.Unnamed(err))
	}
	defer resp.Body.Close() //nolint:errcheck // what was read is checked by its own end
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", q.method, q.at.Path, err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("%s %s: the answer is larger than %d MiB", q.method, q.at.Path, maxAnswer>>20)
	}
	return &answer{resp.StatusCode, resp.Header, body, q.at}, nil
}

// refused is the error of an answer that is no success; one that says when to come again is a *bot.RetryError.
func (d *dav) refused(q ask, a *answer) error {
	if a.status/100 == 2 {
		return nil
	}
	err := error(&statusError{q.method, q.at.Path, a.status, condition(a.body)})
	if a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable {
		if after := guard.RetryAfter(a.header, time.Now()); after > 0 {
			return &bot.RetryError{After: min(after, longestWait), Err: err}
		}
	}
	return err
}

// longestWait is the most that a server may ask us to stay away.
const longestWait = time.Hour

// resolve reads a reference that the server gave. It stays on our scheme and host: a server behind a proxy often names
// itself by http or by an inner port, but another host name is another host.
func (d *dav) resolve(at *url.URL, ref string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil {
		return nil, errors.New("the server gives an address that cannot be read")
	}
	u = at.ResolveReference(u)
	if !strings.EqualFold(u.Hostname(), d.base.Hostname()) {
		return nil, fmt.Errorf("%w: %s", errForeign, clip(u.Host))
	}
	return d.at(u), nil
}

// at is a path on our host.
func (d *dav) at(u *url.URL) *url.URL {
	return &url.URL{Scheme: d.base.Scheme, Host: d.base.Host, Path: u.Path, RawPath: u.RawPath}
}

// Do sends a request of go-webdav, which would follow a reference to any host's path on ours: so references to others
// are refused here.
func (d *dav) Do(req *http.Request) (*http.Response, error) {
	q := ask{method: req.Method, at: d.at(req.URL), header: req.Header}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		q.body = body
	}
	a, err := d.do(req.Context(), q)
	if err != nil {
		return nil, err
	}
	if a.status == http.StatusMultiStatus {
		if err := d.ours(a); err != nil {
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Header: a.header, Request: req,
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}, nil
}
