package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"usher/flows"
)

// readyWait is how long the store may take to say that it is there; a balancer asks every few seconds.
const readyWait = 2 * time.Second

// healthz says that the process answers. It touches nothing: a lost database is no reason to be killed.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n")) // an error here is the client gone
}

// readyz says whether a visitor could be served now, and what is wrong in the workspace and with other channels, which
// does not hinder: the last good one serves.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	answer := struct {
		Ready    bool           `json:"ready"`
		Store    string         `json:"store"`
		Revision string         `json:"revision,omitempty"`
		Problems flows.Problems `json:"problems,omitempty"`
		Alarms   []string       `json:"alarms,omitempty"`
	}{Ready: true, Store: "ok"}
	ctx, cancel := context.WithTimeout(r.Context(), readyWait)
	defer cancel()
	if err := s.Host.Ready(ctx); err != nil {
		s.log().Warn("not ready", "err", err)
		answer.Ready, answer.Store = false, "unavailable"
	}
	if s.stopping() {
		answer.Ready = false
	}
	if ws := s.Host.Workspace(); ws != nil {
		answer.Revision = ws.Revision
	}
	if s.Problems != nil {
		answer.Problems = s.Problems()
	}
	if s.Alarms != nil {
		answer.Alarms = s.Alarms()
	}
	body, err := json.Marshal(answer)
	if err != nil {
		s.refuse(w, s.faultOf(err, "readyz", ""), "")
		return
	}
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "2")
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, status, append(body, '\n'))
}
