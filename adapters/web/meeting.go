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

// opened is a meeting and whoever's link opened it.
type opened struct {
	bot.Meeting
	as        purpose
	signature string
	words     *words
	zone      *time.Location // in which whoever looks reads times
}

// Done is what the page says was done just before it is shown; as a query it changes nothing but that sentence.
const (
	doneMoved     = "moved"
	doneCancelled = "cancelled"
)

// meeting serves a meeting's page, and with .ics at the end of the path its iCalendar file. Looking changes nothing,
// whoever looks: programs that scan letters open links too.
func (s *Server) meeting(w http.ResponseWriter, r *http.Request) {
	uid, asFile := strings.CutSuffix(r.PathValue("uid"), ".ics")
	o, ok := s.openMeeting(w, r, uid)
	switch {
	case !ok:
	case asFile:
		s.invitation(w, r, o.Meeting)
	default:
		if now := s.follow(r, o); now.UID != o.UID {
			s.back(w, r, now, "")
			return
		}
		s.page(w, http.StatusOK, "meeting.html", s.meetingPage(r, o))
	}
}

// openMeeting reads the meeting for whoever has a link to it, and answers everybody else. A wrong signature and a meeting that
// is not there look the same; a link that has run out says so.
func (s *Server) openMeeting(w http.ResponseWriter, r *http.Request, uid string) (opened, bool) {
	private(w)
	signature := r.URL.Query().Get("s")
	as, worth := s.opens(uid, signature, forVisitor, forRep, forOld)
	if worth == forged { // before the rates: a budget is kept for what is ours alone
		s.missing(w)
		return opened{}, false
	}
	if !s.rates.sends("m:"+uid, s.address(r), s.now()) {
		s.refuse(w, faultRate, "")
		return opened{}, false
	}
	m, err := s.Host.Meeting(r.Context(), uid)
	if errors.Is(err, bot.ErrNotFound) || err == nil && (m.Status == bot.Dropped || m.Of != "") {
		s.missing(w)
		return opened{}, false
	}
	if err != nil {
		s.refuse(w, s.faultOf(err, "meeting", ""), "")
		return opened{}, false
	}
	o := opened{Meeting: m, as: as, signature: signature, words: wordsIn(m.Language), zone: located(m.Timezone)}
	if as == forRep {
		o.words, o.zone = &english, s.zoneOf(m.Rep)
	}
	if worth == expired {
		s.page(w, http.StatusGone, "expired.html", expiredPage{W: o.words, Write: s.contact(m.Rep)})
		return opened{}, false
	}
	return o, true
}

// private sets what every answer has that is for the holder of a link alone.
func private(w http.ResponseWriter) {
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, no-store")
}

func (s *Server) missing(w http.ResponseWriter) {
	s.page(w, http.StatusNotFound, "missing.html", nil)
}

// act lets in a form that the meeting's own page sent. The link is what allows it; that a browser says the form comes
// from another site is reason enough to do nothing.
func (s *Server) act(w http.ResponseWriter, r *http.Request) (opened, bool) {
	if s.foreign(r) {
		s.refuse(w, faultOrigin, "")
		return opened{}, false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	return s.openMeeting(w, r, r.PathValue("uid"))
}

// maxForm is the longest form of a meeting's page, in bytes: a few sentences.
const maxForm = 4 << 10

// foreign says whether the page of another site sends the form. A page that tells nobody where it is sends "null".
func (s *Server) foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "cross-site", "same-site":
		return true
	}
	origin := r.Header.Get("Origin")
	u, err := url.Parse(s.URL)
	return origin != "" && origin != "null" && !sameHost(origin, r.Host) && (err != nil || !sameHost(origin, u.Host))
}

// back leads to the meeting's page, with the link that was used.
func (s *Server) back(w http.ResponseWriter, r *http.Request, o opened, done string) {
	to := strings.TrimSuffix(s.URL, "/") + "/m/" + url.PathEscape(o.UID) + "?s=" + o.signature
	if done != "" {
		to += "&done=" + done
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// How a meeting stands, as its page shows it.
const (
	standsConfirmed = "confirmed"
	standsRunning   = "running"
	standsOver      = "over"
	standsMissed    = "missed"
	standsClashed   = "clashed"
	standsCancelled = "cancelled"
	standsHeld      = "held"
)

// stands is how the meeting is now.
func stands(m bot.Meeting, now time.Time) string {
	switch {
	case m.Status == bot.Cancelled && m.Clashed:
		return standsClashed
	case m.Status == bot.Cancelled:
		return standsCancelled
	case m.Status != bot.Confirmed:
		return standsHeld
	case !m.NoShow.IsZero():
		return standsMissed
	case !m.End.After(now):
		return standsOver
	case !m.Start.After(now):
		return standsRunning
	}
	return standsConfirmed
}

// movable says whether another time can be chosen on the page.
func (s *Server) movable(o opened) bool {
	state := stands(o.Meeting, s.now())
	return o.as != forOld && (state == standsConfirmed || state == standsClashed)
}

// cancellable says whether the meeting can be cancelled on the page.
func (s *Server) cancellable(o opened) bool { return stands(o.Meeting, s.now()) == standsConfirmed }

// missable says whether a rep can say that nobody came.
func (s *Server) missable(o opened) bool {
	state := stands(o.Meeting, s.now())
	return o.as == forRep && (state == standsRunning || state == standsOver)
}

// located is the zone with that name, UTC where there is none.
func located(name string) *time.Location {
	at, err := time.LoadLocation(name)
	if err != nil || name == "" {
		return time.UTC
	}
	return at
}

func (s *Server) zoneOf(rep string) *time.Location {
	if r := s.rep(rep); r != nil && r.Location != nil {
		return r.Location
	}
	if ws := s.Host.Workspace(); ws != nil && ws.Roster != nil && ws.Roster.Location != nil {
		return ws.Roster.Location
	}
	return time.UTC
}

func (s *Server) rep(id string) *flows.Rep {
	if ws := s.Host.Workspace(); ws != nil && ws.Roster != nil {
		return ws.Roster.Rep(id)
	}
	return nil
}

// contact is whom to write to; zero where nobody is known.
func (s *Server) contact(id string) contact {
	rep := s.rep(id)
	if rep == nil || rep.Email == "" {
		return contact{}
	}
	return contact{Name: cmp.Or(rep.Name, rep.ID), Mail: rep.Email}
}

type contact struct{ Name, Mail string }

type expiredPage struct {
	W     *words
	Write contact
}
