package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// Bounds of a request.
const (
	maxBody   = 1 << 20                 // Slack's largest events are some 100 KB
	storeWait = 2500 * time.Millisecond // Slack waits three seconds for the acknowledgement
)

// Handler takes what Slack sends over HTTP.
func (a *App) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", a.signed(a.events))
	mux.HandleFunc("POST /slack/interactive", a.signed(a.interactive))
	mux.HandleFunc("POST /slack/commands", a.signed(a.commands))
	return mux
}

// signed reads the body and lets only what Slack signed through.
func (a *App) signed(next func(w http.ResponseWriter, r *http.Request, body []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			http.Error(w, "larger than anything Slack sends", http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			http.Error(w, "the body could not be read", http.StatusBadRequest)
			return
		}
		if err := a.verify(r.Header, body); err != nil {
			a.log().Warn("slack: request refused", "path", r.URL.Path, "err", err)
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		next(w, r, body)
	}
}

// events takes the Events API, and proves to Slack that the address is ours.
func (a *App) events(w http.ResponseWriter, r *http.Request, body []byte) {
	var hello struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
	}
	if err := json.Unmarshal(body, &hello); err != nil {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	if hello.Type == "url_verification" {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"challenge": hello.Challenge}) // an error here is Slack gone
		return
	}
	a.take(w, r, body, a.readEvent)
}

func (a *App) interactive(w http.ResponseWriter, r *http.Request, body []byte) {
	a.take(w, r, body, a.readInteractiveForm)
}

func (a *App) commands(w http.ResponseWriter, r *http.Request, body []byte) {
	a.take(w, r, body, a.readCommandForm)
}

// take stores what came, then acknowledges. What could not be stored is not acknowledged: Slack sends it again.
func (a *App) take(w http.ResponseWriter, r *http.Request, body []byte, read func([]byte) (Event, error)) {
	err := a.store(r.Context(), body, read)
	switch {
	case errors.Is(err, errForeign):
		w.Header().Set("X-Slack-No-Retry", "1")
		http.Error(w, err.Error(), http.StatusForbidden)
	case errors.Is(err, errShape):
		w.Header().Set("X-Slack-No-Retry", "1")
		http.Error(w, err.Error(), http.StatusBadRequest)
	case err != nil:
		http.Error(w, "not stored; send it again", http.StatusServiceUnavailable)
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// store reads what came and keeps it as a job: one statement, before the acknowledgement. What is of no interest is
// not stored and is no error.
func (a *App) store(ctx context.Context, payload []byte, read func([]byte) (Event, error)) error {
	e, err := read(payload)
	if errors.Is(err, errNothing) {
		return nil
	}
	if err != nil {
		a.log().Warn("slack: event refused", "err", err)
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if err := a.keep(ctx, e); err != nil {
		a.log().Error("slack: event not stored, and so not acknowledged", "event", e.ID, "err", err)
		return err
	}
	return nil
}
