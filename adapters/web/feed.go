package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
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
	meetings, err := s.house().MeetingsOf(r.Context(), rep, now.Add(-feedPast), now.Add(feedAhead))
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
