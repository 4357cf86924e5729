package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"usher/adapters/guard"
	"usher/bot"
)

// Bounds of calls at HubSpot. A private app may make 100 calls in ten seconds; one is left for whoever else uses the token.
const (
	hubspotRate   = 9
	hubspotFor    = 20 * time.Second // one call
	hubspotAnswer = 8 << 20          // bytes: a page of 100 records is far less
	hubspotRest   = 10 * time.Second // after a 429 that does not say how long: the limit's own window
	refusedRest   = 5 * time.Minute  // after a token was refused
)

// errToken says that HubSpot does not take the token.
var errToken = errors.New("HubSpot does not take the token: make a new one for the private app and set USHER_HUBSPOT_TOKEN")

// hubspotError is an answer other than 2xx.
type hubspotError struct {
	Status   int
	Message  string `json:"message"`
	Category string `json:"category"`
}

func (e *hubspotError) Error() string {
	message := e.Message
	if len(message) > 300 {
		message = message[:300] + "…"
	}
	return fmt.Sprintf("HubSpot answers %d %s: %s", e.Status, e.Category, message)
}

// answers says whether the error is an answer with one of these.
func answers(err error, status ...int) bool {
	var e *hubspotError
	if errors.As(err, &e) {
		for _, s := range status {
			if e.Status == s {
				return true
			}
		}
	}
	return false
}

// hubspotREST makes the calls, not more of them than HubSpot takes.
type hubspotREST struct {
	base   string
	token  string
	client *http.Client
	now    func() time.Time
	limit  *rate.Limiter

	mu      sync.Mutex
	rest    time.Time // no call is made until then
	because error     // why
	refused bool      // the token was, by the last call
}

// problem is what an operator should mend; "" = nothing.
func (r *hubspotREST) problem() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refused {
		return errToken.Error()
	}
	return ""
}

// resting is how long no call is to be made.
func (r *hubspotREST) resting() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if left := r.rest.Sub(r.now()); left > 0 {
		return &bot.RetryError{Waits: true, After: left, Err: r.because}
	}
	return nil
}

// leave has no call made for a while: what waits is no failure of anybody.
func (r *hubspotREST) leave(d time.Duration, because error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rest, r.because = r.now().Add(d), because
	return &bot.RetryError{Waits: true, After: d, Err: because}
}

// call is what HubSpot is asked.
type call struct {
	method string
	path   string
	query  url.Values
	body   any // marshals; nil = none
}

// do makes one call and reads the answer into out. An answer other than 2xx is a *hubspotError, but for those after which
// nothing is asked for a while.
func (r *hubspotREST) do(ctx context.Context, c call, out any) error {
	if err := r.resting(); err != nil {
		return err
	}
	if err := r.limit.Wait(ctx); err != nil {
		return fmt.Errorf("wait for HubSpot's limit: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, hubspotFor)
	defer cancel()
	req, err := r.request(ctx, c)
	if err != nil {
		return err
	}
	res, err := r.client.Do(req)
	if err != nil {
		return fmt.Errorf("HubSpot does not answer: %w", guard.Unnamed(err))
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, hubspotAnswer))
	if err != nil {
		return fmt.Errorf("HubSpot's answer breaks off: %w", guard.Unnamed(err))
	}
	return r.judge(res, data, out)
}

func (r *hubspotREST) request(ctx context.Context, c call) (*http.Request, error) {
	to := r.base + c.path
	if len(c.query) > 0 {
		to += "?" + c.query.Encode()
	}
	var text io.Reader
	if c.body != nil {
		data, err := json.Marshal(c.body)
		if err != nil {
			return nil, err
		}
		text = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, to, text)
	if err != nil {
		return nil, guard.Unnamed(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("Accept", "application/json")
	if c.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

func (r *hubspotREST) judge(res *http.Response, data []byte, out any) error {
	r.mu.Lock()
	r.refused = res.StatusCode == http.StatusUnauthorized
	r.mu.Unlock()
	switch {
	case res.StatusCode == http.StatusUnauthorized:
		return r.leave(refusedRest, errToken)
	case res.StatusCode == http.StatusTooManyRequests:
		return r.leave(max(min(guard.RetryAfter(res.Header, r.now()), longPause), hubspotRest), errors.New("HubSpot's limit of calls is reached"))
	case res.StatusCode/100 != 2:
		e := &hubspotError{Status: res.StatusCode}
		_ = json.Unmarshal(data, e) // a proxy's page is no JSON: then the status has to do
		e.Status = res.StatusCode
		return e
	case out == nil || len(data) == 0:
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("HubSpot's answer cannot be read: %w", err)
	}
	return nil
}
