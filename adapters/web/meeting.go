package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// meetingPage is what somebody with the link may see: what, when and with whom. Neither score nor words.
type meetingPage struct {
	Title     string
	Status    string // confirmed, cancelled, or held
	Day       string
	Clock     string
	Zone      string
	Starts    string // for machines
	Minutes   int
	Rep       string
	Role      string
	Picture   string
	Place     string
	PlaceLink bool
	File      string // address of the iCalendar file; "" = there is none
	Google    string
	Cancel    string // address to cancel it at; "" = it cannot be
}

// meeting serves a meeting's page, and with .ics at the end of the path its iCalendar file. A wrong signature and a
// meeting that is not there look the same.
func (s *Server) meeting(w http.ResponseWriter, r *http.Request) {
	uid, asFile := strings.CutSuffix(r.PathValue("uid"), ".ics")
	if !s.admits(w, r, uid) {
		return
	}
	m, err := s.Host.Meeting(r.Context(), uid)
	switch {
	case errors.Is(err, bot.ErrNotFound), err == nil && m.Status == bot.Dropped:
		s.page(w, http.StatusNotFound, "missing.html", nil)
	case err != nil:
		s.refuse(w, s.faultOf(err, "meeting", ""), "")
	case asFile:
		s.invitation(w, r, m)
	default:
		s.page(w, http.StatusOK, "meeting.html", s.meetingPage(m, r.URL.Query().Get("s")))
	}
}

// admits lets in whoever has a meeting's link, and answers everybody else.
func (s *Server) admits(w http.ResponseWriter, r *http.Request, uid string) bool {
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, no-store")
	switch {
	case !s.signed(uid, r.URL.Query().Get("s")): // before the rates: a budget is kept for what is ours alone
		s.page(w, http.StatusNotFound, "missing.html", nil)
	case !s.rates.sends("m:"+uid, s.address(r), s.now()):
		s.refuse(w, faultRate, "")
	default:
		return true
	}
	return false
}

// maxReason is the longest form that cancels a meeting, in bytes: a few sentences.
const maxReason = 4 << 10

// cancelMeeting takes the form of the meeting's page; the link it was opened by is what allows it.
func (s *Server) cancelMeeting(w http.ResponseWriter, r *http.Request) {
	uid := r.PathValue("uid")
	if !s.admits(w, r, uid) {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxReason)
	err := s.Host.Cancel(r.Context(), uid, printable(strings.TrimSpace(r.PostFormValue("because"))))
	switch {
	case errors.Is(err, bot.ErrNotFound):
		s.page(w, http.StatusNotFound, "missing.html", nil)
	case err == nil, errors.Is(err, bot.ErrBegun): // the page says how it stands
		http.Redirect(w, r, s.MeetingLink(uid), http.StatusSeeOther)
	default:
		s.refuse(w, s.faultOf(err, "cancel meeting", ""), "")
	}
}

// invitation sends the meeting as a file to save.
func (s *Server) invitation(w http.ResponseWriter, r *http.Request, m bot.Meeting) {
	if s.Invitation == nil {
		http.NotFound(w, r)
		return
	}
	text, err := s.Invitation(m)
	if err != nil {
		s.refuse(w, s.faultOf(err, "write invitation", m.Conversation), "")
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="meeting.ics"`)
	w.Write(text) // an error here is the client gone
}

func (s *Server) meetingPage(m bot.Meeting, signature string) meetingPage {
	at, err := time.LoadLocation(m.Timezone)
	if err != nil || m.Timezone == "" {
		at = time.UTC
	}
	start, end := m.Start.In(at), m.End.In(at)
	p := meetingPage{
		Title: cmp.Or(m.Title, "Meeting"), Status: m.Status, Starts: m.Start.UTC().Format(time.RFC3339),
		Day: start.Format("Monday 2 January 2006"), Clock: start.Format("15:04") + " – " + end.Format("15:04"),
		Zone: strings.ReplaceAll(at.String(), "_", " ") + " (" + start.Format("UTC-07:00") + ")", Minutes: int(m.End.Sub(m.Start).Minutes()),
		Rep: m.Rep, Place: m.Place, PlaceLink: strings.HasPrefix(m.Place, "https://"),
	}
	if rep := s.rep(m.Rep); rep != nil {
		p.Rep, p.Role, p.Picture = rep.Name, rep.Title, rep.Picture
	}
	if m.Status == bot.Confirmed {
		p.Google = google(m)
		if m.Start.After(s.now()) {
			p.Cancel = url.PathEscape(m.UID) + "/cancel?s=" + signature
		}
		if s.Invitation != nil {
			p.File = url.PathEscape(m.UID) + ".ics?s=" + signature
		}
	}
	return p
}

func (s *Server) rep(id string) *flows.Rep {
	if ws := s.Host.Workspace(); ws != nil && ws.Roster != nil {
		return ws.Roster.Rep(id)
	}
	return nil
}

// google is the link that opens a new event with the meeting in it.
func google(m bot.Meeting) string {
	const utc = "20060102T150405Z"
	q := url.Values{"action": {"TEMPLATE"}, "text": {m.Title}, "dates": {m.Start.UTC().Format(utc) + "/" + m.End.UTC().Format(utc)}}
	if m.Place != "" {
		q.Set("location", m.Place)
	}
	return "https://calendar.google.com/calendar/render?" + q.Encode()
}
