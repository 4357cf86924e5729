package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/bot"
)

// saving is how a meeting gets into the calendar of whoever looks at it.
type saving struct {
	File    string // address of the iCalendar file; "" = there is none
	Google  string
	Outlook string // outlook.com, for people
	Office  string // Microsoft 365, for work
}

// savingOf are the ways to save a meeting that takes place; nothing for one that does not. base begins the address of
// the file.
func (s *Server) savingOf(m bot.Meeting, base, signature string) saving {
	if m.Status != bot.Confirmed || !m.End.After(s.now()) {
		return saving{}
	}
	out := saving{Google: google(m), Outlook: outlook("outlook.live.com", m), Office: outlook("outlook.office.com", m)}
	if s.Invitation != nil {
		out.File = base + url.PathEscape(m.UID) + ".ics?s=" + signature
	}
	return out
}

// google is the link that opens a new event with the meeting in it.
func google(m bot.Meeting) string {
	const utc = "20060102T150405Z"
	q := url.Values{"action": {"TEMPLATE"}, "text": {title(m)}, "dates": {m.Start.UTC().Format(utc) + "/" + m.End.UTC().Format(utc)}}
	if m.Place != "" {
		q.Set("location", m.Place)
	}
	return "https://calendar.google.com/calendar/render?" + q.Encode()
}

// outlook is the link that opens a new event in Outlook on the web. It takes a plus for a plus, not for a space.
func outlook(host string, m bot.Meeting) string {
	q := url.Values{
		"path": {"/calendar/action/compose"}, "rru": {"addevent"}, "subject": {title(m)},
		"startdt": {m.Start.UTC().Format(time.RFC3339)}, "enddt": {m.End.UTC().Format(time.RFC3339)},
	}
	if m.Place != "" {
		q.Set("location", m.Place)
	}
	return "https://" + host + "/calendar/0/deeplink/compose?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

func title(m bot.Meeting) string { return cmp.Or(m.Title, "Meeting") }

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
