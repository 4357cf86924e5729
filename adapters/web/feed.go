package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"usher/bot"
)

// What of a rep's meetings stands in the feed.
const (
	feedPast  = 30 * 24 * time.Hour
	feedAhead = 400 * 24 * time.Hour // beyond any horizon that a roster asks for
)

// feed serves a rep's meetings as a calendar to subscribe to. A calendar asks for it again and again, mostly for nothing:
// what it has is not sent again.
func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	private(w)
	rep, named := strings.CutSuffix(r.PathValue("file"), ".ics")
	if _, worth := s.opens(rep, r.URL.Query().Get("s"), forFeed); worth != good || !named || s.Feed == nil || s.rep(rep) == nil {
		s.missing(w)
		return
	}
	if !s.rates.sends("r:"+rep, s.address(r), s.now()) {
		s.refuse(w, faultRate, "")
		return
	}
	now := s.now()
	meetings, err := s.meetingsOf(r.Context(), rep, now.Add(-feedPast), now.Add(feedAhead))
	if err != nil {
		s.refuse(w, s.faultOf(err, "read meetings of "+rep, ""), "")
		return
	}
	text, err := s.Feed(rep, meetings)
	if err != nil {
		s.refuse(w, s.faultOf(err, "write feed of "+rep, ""), "")
		return
	}
	sum := sha256.Sum256(text)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", tag)
	if knows(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	w.Write(text) // an error here is the client gone
}

// meetingsOf are a rep's meetings, each whole: a guest's row only says which meeting it is of.
func (s *Server) meetingsOf(ctx context.Context, rep string, from, to time.Time) ([]bot.Meeting, error) {
	all, err := s.Host.MeetingsOf(ctx, rep, from, to)
	if err != nil {
		return nil, err
	}
	for i, m := range all {
		if m.Of == "" {
			continue
		}
		if all[i], err = s.Host.Meeting(ctx, m.Of); err != nil {
			return nil, fmt.Errorf("meeting %s, of which %s is a guest: %w", m.Of, rep, err)
		}
	}
	return all, nil
}
