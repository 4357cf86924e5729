package calendar

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"usher/adapters/guard"
	"usher/bot"
)

// Limits of one call of a provider.
const (
	answerLimit  = 10 << 20         // bytes: 2,500 events with few fields are about 1 MB
	callLasts    = 20 * time.Second // one request with its answer
	callTries    = 3                // of a call that the server had no time for
	longestPause = 3 * time.Second  // within a call; whoever has to wait longer comes back later
	firstWait    = 500 * time.Millisecond
	busyWait     = 30 * time.Second // where the server does not say how long
)

// rest makes the calls of one provider as one user.
type rest struct {
	provider string
	base     string
	client   *http.Client
	session  *session
	wait     func(ctx context.Context, d time.Duration) error
	now      func() time.Time
}

// call is one request. A path that begins with the base is taken as it is: links to further pages.
type call struct {
	method string
	path   string
	query  url.Values
	match  string // If-Match
	prefer []string
	body   any
	out    any
}

// restError is an answer other than 2xx.
type restError struct {
	provider string
	Status   int
	Reason   string // the provider's word for it
	Message  string
	after    time.Duration // Retry-After
}

func (e *restError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s answers %d %s: %s", brand(e.provider), e.Status, e.Reason, clip200(e.Message)))
}

func clip200(s string) string {
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}

// is says whether the answer was one of these.
func (e *restError) is(status ...int) bool { return slices.Contains(status, e.Status) }

// busy says that the server did not do it for want of time: at Google some answers of 403 mean that too.
func (e *restError) busy() bool {
	return e.is(429, 503) || e.Status == 403 && slices.Contains([]string{"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"}, e.Reason)
}

// missing says in plain words what a refusal for want of rights (403) means.
func (e *restError) missing() string {
	switch e.Reason {
	case "insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT":
		return "the consent lacks a right; connect the calendar again and leave every box ticked"
	case "accessNotConfigured", "SERVICE_DISABLED":
		return "the Google Calendar API is not enabled in the project of the client or service account"
	case "requiredAccessLevel", "forbiddenForNonOrganizer":
		return "the account may only read this calendar"
	case "ErrorAccessDenied", "Authorization_RequestDenied":
		return "the app lacks the application permission Calendars.ReadWrite with an administrator's consent, or a policy keeps it from this mailbox"
	}
	return "a right is missing"
}

// do makes the call and reads the answer into out. A token that is not taken any more is renewed once; what the server
// had no time for is tried again while the waits are short. Everything it may try again has not been done, or can be
// done twice.
func (r *rest) do(ctx context.Context, c call) error {
	renewed := false
	for try := 1; ; try++ {
		access, _, err := r.session.access(ctx)
		if err != nil {
			return err
		}
		err = r.once(ctx, c, access)
		var s *restError
		if err == nil || !errors.As(err, &s) {
			return err
		}
		switch {
		case s.Status == http.StatusUnauthorized && !renewed:
			renewed = true
			r.session.refused(access)
		case s.Status == http.StatusUnauthorized:
			return fmt.Errorf("%w: %w", ErrAuth, err)
		case s.busy() || s.Status >= 500 && c.method == http.MethodGet:
			wait := max(s.after, firstWait<<try/2) + rand.N(firstWait/2)
			if try == callTries || wait > longestPause {
				return &bot.RetryError{After: max(s.after, busyWait), Err: err}
			}
			if err := r.wait(ctx, wait); err != nil {
				return err
			}
		case s.Status == http.StatusForbidden:
			return fmt.Errorf("%w: %s: %w", ErrAuth, s.missing(), err)
		default:
			return err
		}
	}
}

func (r *rest) once(ctx context.Context, c call, access string) error {
	ctx, cancel := context.WithTimeout(ctx, callLasts)
	defer cancel()
	req, err := r.request(ctx, c)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+access)
	res, err := r.client.Do(req)
	if err != nil {
		return fmt.Errorf("%s does not answer: %w", brand(r.provider), guard.Unnamed(err))
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, answerLimit+1))
	switch {
	case err != nil:
		return fmt.Errorf("%s's answer breaks off: %w", brand(r.provider), guard.Unnamed(err))
	case len(data) > answerLimit:
		return fmt.Errorf("%s's answer is larger than %d MB", brand(r.provider), answerLimit>>20)
	case res.StatusCode/100 != 2:
		return r.failed(res, data)
	case c.out == nil || len(data) == 0:
		return nil
	}
	if err := json.Unmarshal(data, c.out); err != nil {
		return fmt.Errorf("%s's answer cannot be read: %w", brand(r.provider), err)
	}
	return nil
}

var errElsewhere = errors.New("a link of the answer leads to another server")

// request makes the HTTP request. The token goes to the provider's own server alone, whatever an answer's link says.
func (r *rest) request(ctx context.Context, c call) (*http.Request, error) {
	to := c.path
	if !strings.Contains(to, "://") {
		to = r.base + to
	} else if !strings.HasPrefix(to, r.base+"/") {
		return nil, errElsewhere
	}
	if len(c.query) > 0 {
		to += "?" + c.query.Encode()
	}
	var body io.Reader
	if c.body != nil {
		data, err := json.Marshal(c.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, to, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "usher")
	if c.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.match != "" {
		req.Header.Set("If-Match", c.match)
	}
	for _, p := range c.prefer {
		req.Header.Add("Prefer", p)
	}
	return req, nil
}

// failed reads an error as both providers write it: {"error":{"code":…,"message":…}}, at Google with reasons.
func (r *rest) failed(res *http.Response, data []byte) error {
	var a struct {
		Error struct {
			Code    any    `json:"code"`
			Message string `json:"message"`
			Errors  []struct {
				Reason string `json:"reason"`
			} `json:"errors"`
		} `json:"error"`
	}
	e := &restError{provider: r.provider, Status: res.StatusCode, after: askAgain(res.Header, r.now())}
	if json.Unmarshal(data, &a) == nil { // a proxy's page is no JSON: then the status has to do
		e.Message = a.Error.Message
		e.Reason, _ = a.Error.Code.(string)
		if len(a.Error.Errors) > 0 {
			e.Reason = a.Error.Errors[0].Reason
		}
	}
	return e
}

// longestRest is the most that a server is left alone, whatever it asks for.
const longestRest = time.Hour

// askAgain is how long the server wants to be left alone.
func askAgain(h http.Header, now time.Time) time.Duration {
	return min(guard.RetryAfter(h, now), longestRest)
}

// errorCode is the error of RFC 6749 5.2, which the library does not read everywhere.
func errorCode(r *oauth2.RetrieveError) string {
	if r.ErrorCode != "" {
		return r.ErrorCode
	}
	var a struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(r.Body, &a) // another body has no code
	return a.Error
}

// pause waits, or not any longer than ctx.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
