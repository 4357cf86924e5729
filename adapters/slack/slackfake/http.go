package slackfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// target is where the app hears over HTTP.
type target struct{ events, interactive, commands string }

// Deliver names the app's address: requests go to /slack/events, /slack/interactive and /slack/commands below it.
func (f *Fake) Deliver(base string) {
	base = strings.TrimSuffix(base, "/")
	f.DeliverTo(base+"/slack/events", base+"/slack/interactive", base+"/slack/commands")
}

// DeliverTo names the app's three addresses.
func (f *Fake) DeliverTo(events, interactive, commands string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.target = target{events, interactive, commands}
	f.changed()
}

// Verify asks the app's events address for a challenge, as Slack does when the address is entered.
func (f *Fake) Verify(ctx context.Context) error {
	f.mu.Lock()
	to, challenge := f.target.events, f.id("challenge")
	f.mu.Unlock()
	status, body, reason, _ := f.post(ctx, to, "application/json", fmt.Appendf(nil, `{"token":"XXYYZZ","challenge":%q,"type":"url_verification"}`, challenge), nil)
	if reason != "" || status != http.StatusOK || !strings.Contains(string(body), challenge) {
		return fmt.Errorf("the events address did not answer the challenge: status %d %s", status, reason)
	}
	return nil
}

// Sign gives the signature of a request: v0= and the HMAC-SHA256 of version, time and raw body (docs.slack.dev:
// verifying requests from Slack).
func Sign(secret string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%d:", at.Unix())
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// Request makes a signed request as the workspace would send it, for tests that alter it first.
func (f *Fake) Request(to, contentType string, body []byte, at time.Time) *http.Request {
	r, err := http.NewRequest(http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		panic(err) // the address of a test
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("X-Slack-Signature", Sign(f.options.SigningSecret, at, body))
	return r
}

// postEvent sends an event over HTTP; again says that the app did not take it and did not forbid a retry.
func (f *Fake) postEvent(e *Event, number int, because string) (reason string, again bool) {
	f.mu.Lock()
	to := f.target.events
	f.mu.Unlock()
	if to == "" {
		return "connection_failed", false // nobody ever asked to hear
	}
	header := http.Header{}
	if number > 0 {
		header.Set("X-Slack-Retry-Num", strconv.Itoa(number))
		header.Set("X-Slack-Retry-Reason", because)
	}
	_, _, reason, forbidden := f.post(f.done, to, "application/json", e.Body, header)
	return reason, reason != "" && !forbidden
}

// post sends a signed request and waits for an answer as long as Slack does. The reason is "" when the app took it.
func (f *Fake) post(ctx context.Context, to, contentType string, body []byte, header http.Header) (status int, answer []byte, reason string, noRetry bool) {
	ctx, cancel := context.WithTimeout(ctx, f.options.Within)
	defer cancel()
	r := f.Request(to, contentType, body, time.Now()).WithContext(ctx)
	for key, values := range header {
		r.Header[key] = values
	}
	res, err := f.client.Do(r)
	if err != nil {
		return 0, nil, whyFailed(err), false
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, maxBody))
	switch {
	case err != nil:
		return res.StatusCode, nil, whyFailed(err), false
	case res.StatusCode < 200 || res.StatusCode > 299:
		return res.StatusCode, answer, "http_error", res.Header.Get("X-Slack-No-Retry") == "1"
	}
	return res.StatusCode, answer, "", false
}

var errRedirects = errors.New("more than two redirects")

func twoRedirects(_ *http.Request, via []*http.Request) error {
	if len(via) > 2 {
		return errRedirects
	}
	return nil
}

// whyFailed names a failure as X-Slack-Retry-Reason does.
func whyFailed(err error) string {
	var u *url.Error
	switch {
	case errors.Is(err, errRedirects):
		return "too_many_redirects"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &u) && u.Timeout():
		return "http_timeout"
	}
	return "connection_failed"
}
