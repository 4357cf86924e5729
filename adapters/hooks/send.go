package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"usher/adapters/guard"
	"usher/bot"
)

// Bounds of one message's way.
const (
	sendFor   = 15 * time.Second // the specification recommends 15 to 30
	answerMax = 64 << 10         // bytes of an answer that are read so that the connection can be used again
	keepOn    = 24 * time.Hour
	longPause = 6 * time.Hour // the most that a Retry-After is heeded
	agent     = "Usher/1 (webhooks; +https://www.standardwebhooks.com)"
)

// pauses are those after each failure, about a day in all.
var pauses = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour,
	4 * time.Hour, 6 * time.Hour, 7 * time.Hour,
}

// Errors of a delivery that is given up without being tried.
var (
	errGone    = errors.New("the webhook is not there any more")
	errNothing = errors.New("the receiver took nothing for a day")
	errRefused = errors.New("the receiver wants no more (410)")
)

// Send carries a bot.JobHookSend: it sends one delivery, or says when to try again. A message may arrive twice under the
// same webhook-id where its answer is lost.
func (h *Hooks) Send(ctx context.Context, j bot.Job) error {
	var s sent
	if err := json.Unmarshal(j.Payload, &s); err != nil {
		return &bot.RetryError{Never: true, Err: fmt.Errorf("read delivery's job: %w", err)}
	}
	d, err := h.Memory.Delivery(ctx, s.Delivery)
	switch {
	case errors.Is(err, bot.ErrNotFound), err == nil && d.State == bot.DeliverySent:
		return nil // erased, or sent already
	case err != nil:
		return err
	}
	w, err := h.endpoint(ctx, d.Webhook)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return h.drop(ctx, d, errGone)
	case err != nil:
		return err
	case w.Disabled != "":
		return h.drop(ctx, d, errors.New(w.Disabled))
	}
	if wait := h.calm.enter(w.ID, h.Now()); wait > 0 {
		if h.late(s.From, wait) {
			return h.giveUp(ctx, d, errNothing)
		}
		return &bot.RetryError{Waits: true, After: wait, Err: errors.New("the receiver is busy")}
	}
	return h.try(ctx, d, w, s.From)
}

// try sends once and writes down how it went.
func (h *Hooks) try(ctx context.Context, d bot.Delivery, w bot.Webhook, from time.Time) error {
	a := h.post(ctx, d, w)
	h.calm.leave(w.ID, h.Now(), a)
	d.Attempts++
	d.TriedAt, d.Status, d.Error, d.State = h.Now(), a.status, "", bot.DeliverySent
	switch {
	case a.err == nil:
		return h.Memory.Delivered(ctx, d)
	case a.status == http.StatusGone:
		if err := h.disable(ctx, w.ID, errRefused.Error()); err != nil {
			return err
		}
		return h.giveUp(ctx, d, errRefused)
	}
	pause := max(a.after, jittered(pauses[min(d.Attempts, len(pauses))-1]))
	if d.Attempts > len(pauses) || h.late(from, pause) {
		return h.giveUp(ctx, d, a.err)
	}
	d.State, d.Error = bot.DeliveryQueued, a.err.Error()
	if err := h.Memory.Delivered(ctx, d); err != nil {
		return err
	}
	return &bot.RetryError{After: pause, Err: fmt.Errorf("%s to %s: %w", d.Event, w.ID, a.err)}
}

func jittered(d time.Duration) time.Duration { return d - d/8 + rand.N(d/4) }

// late says whether there is no more time for another try.
func (h *Hooks) late(from time.Time, pause time.Duration) bool {
	return h.Now().Add(pause).Sub(from) > keepOn
}

// giveUp keeps a delivery for the operator, and has the house tell so.
func (h *Hooks) giveUp(ctx context.Context, d bot.Delivery, because error) error {
	if err := h.drop(ctx, d, because); err != nil {
		return err
	}
	return &bot.RetryError{Never: true, Err: fmt.Errorf("%s to the webhook %s was given up (usher hooks replay %s): %w", d.Event, d.Webhook, d.ID, because)}
}

// drop keeps a delivery that is not sent.
func (h *Hooks) drop(ctx context.Context, d bot.Delivery, because error) error {
	d.State, d.Error, d.TriedAt = bot.DeliveryDead, because.Error(), h.Now()
	return h.Memory.Delivered(ctx, d)
}

// answer is how an attempt came out: err is nil where the receiver took the message.
type answer struct {
	status int
	after  time.Duration
	err    error
}

// post sends the message, signed now.
func (h *Hooks) post(ctx context.Context, d bot.Delivery, w bot.Webhook) answer {
	w, err := h.opened(w)
	if err != nil {
		return answer{err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(d.Body))
	if err != nil {
		return answer{err: guard.Unnamed(err)}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", agent)
	if err := Sign(req.Header, d.Message, h.Now(), d.Body, w.Secrets...); err != nil {
		return answer{err: err}
	}
	res, err := h.Client.Do(req)
	if err != nil {
		return answer{err: plainly(err)}
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, answerMax)) // what it says does not matter; its end lets the connection be used again
	return h.judge(res)
}

// judge reads an answer: 2xx is taken, everything else is not.
func (h *Hooks) judge(res *http.Response) answer {
	a := answer{status: res.StatusCode}
	switch {
	case res.StatusCode/100 == 2:
		return a
	case res.StatusCode/100 == 3:
		a.err = fmt.Errorf("the receiver answers %d and leads elsewhere, which is not followed: write its new address", res.StatusCode)
	default:
		a.err = fmt.Errorf("the receiver answers %d", res.StatusCode)
	}
	a.after = min(guard.RetryAfter(res.Header, h.Now()), longPause)
	return a
}

// plainly is a transport's error in words that an operator can act on.
func plainly(err error) error {
	err = guard.Unnamed(err)
	switch {
	case errors.Is(err, guard.ErrPrivate):
		return fmt.Errorf("%w; where that is meant, name the network in USHER_HOOKS_ALLOW", err)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the receiver does not answer within %s", sendFor)
	}
	return err
}

// client follows a redirect only to the same host over https, and only where the message stays a POST (RFC 9110 15.4.8 and
// 15.4.9): any other is the receiver's answer.
func client(guarded *http.Client) *http.Client {
	c := *guarded
	c.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		same := strings.EqualFold(req.URL.Host, via[0].URL.Host) && req.URL.Scheme == "https"
		if !same || req.Method != http.MethodPost || len(via) > guard.MaxRedirects {
			return http.ErrUseLastResponse
		}
		req.Header.Del("Referer")
		return nil
	}
	return &c
}
