package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"usher/bot"
)

// cancelPage asks once more before a meeting is cancelled.
type cancelPage struct {
	W     *words
	Title string
	When  moment
	Back  string
	Send  string
}

// askCancel serves the page that asks whether, and why.
func (s *Server) askCancel(w http.ResponseWriter, r *http.Request) {
	o, ok := s.openMeeting(w, r, r.PathValue("uid"))
	switch {
	case !ok:
	case !s.cancellable(o):
		s.back(w, r, o, "") // the page says how it stands
	default:
		s.page(w, http.StatusOK, "cancel.html", cancelPage{
			W: o.words, Title: title(o.Meeting), When: o.words.moment(o.Meeting, o.zone),
			Back: "../" + url.PathEscape(o.UID) + "?s=" + o.signature, Send: "cancel?s=" + o.signature,
		})
	}
}

// cancelMeeting takes the form of that page.
func (s *Server) cancelMeeting(w http.ResponseWriter, r *http.Request) {
	o, ok := s.act(w, r)
	if !ok {
		return
	}
	err := s.Host.Cancel(r.Context(), o.UID, printable(strings.TrimSpace(r.PostFormValue("because"))))
	switch {
	case errors.Is(err, bot.ErrNotFound):
		s.missing(w)
	case errors.Is(err, bot.ErrBegun):
		s.back(w, r, o, "")
	case err == nil:
		s.back(w, r, o, doneCancelled)
	default:
		s.refuse(w, s.faultOf(err, "cancel meeting", o.Conversation), "")
	}
}

// noShow takes a rep's word that the visitor did not come.
func (s *Server) noShow(w http.ResponseWriter, r *http.Request) {
	o, ok := s.act(w, r)
	if !ok {
		return
	}
	if o.as != forRep {
		s.missing(w)
		return
	}
	err := s.Host.NoShow(r.Context(), o.UID)
	switch {
	case err == nil, errors.Is(err, bot.ErrNotBegun):
		s.back(w, r, o, "")
	case errors.Is(err, bot.ErrNotFound):
		s.missing(w)
	default:
		s.refuse(w, s.faultOf(err, "mark no-show", o.Conversation), "")
	}
}
