package flows

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// MaxCalendars of one rep: every one is read every few minutes.
const MaxCalendars = 10

var (
	secretPattern = regexp.MustCompile(`^\$\{[A-Z][A-Z0-9_]*\}$`)
	signInPattern = regexp.MustCompile(`^[a-z]+://[^/?#]*@`)
	namedPattern  = regexp.MustCompile(`^[a-z]+://[^/?#:@]*:\$\{[A-Z][A-Z0-9_]*\}@`) // the password by name
)

// calendars are those of the rep in the order written; one that is wrong is reported and left out.
func (m *rosterMaker) calendars(s *repShape) (all []Calendar) {
	c := s.Calendar
	if len(c.list) == 0 {
		s.ID.doubt("no-calendar", "add calendar: a file, an https feed, or a CalDAV, Google or Microsoft account", "%s has no calendar; only meetings booked here count as busy", s.ID.text)
	}
	if len(c.list) > MaxCalendars {
		c.list[MaxCalendars].wrong("too-large", "", "a rep has at most %d calendars", MaxCalendars)
		c.list = c.list[:MaxCalendars]
	}
	for _, source := range c.list {
		one := m.calendar(source)
		switch {
		case one == Calendar{}:
		case slices.Contains(all, one):
			source.wrong("duplicate-calendar", "write each once", "this calendar stands in the list already")
		default:
			all = append(all, one)
		}
	}
	return all
}

func (m *rosterMaker) calendar(s sourceShape) Calendar {
	switch {
	case s.caldav.set():
		return s.caldav.calendar()
	case s.google.set():
		return s.google.calendar()
	case s.microsoft.set():
		return s.microsoft.calendar()
	case secretPattern.MatchString(s.address.text):
		return Calendar{URL: s.address.text}
	case strings.Contains(s.address.text, "://"):
		s.address.dialled("neither an https nor a webcal address", "https://", "webcal://")
		s.address.known()
		return Calendar{URL: s.address.text}
	case s.address.text != "":
		m.calendarFile(s.address)
		return Calendar{File: s.address.text}
	}
	return Calendar{}
}

// dialled reports an address that is not one of a server, and one with a password in it. Plain HTTP is for this machine
// alone.
func (w word) dialled(not string, schemes ...string) {
	if w.text == "" {
		return
	}
	known := slices.ContainsFunc(append(schemes, "http://127.0.0.1", "http://localhost", "http://[::1]"), func(prefix string) bool {
		return strings.HasPrefix(w.text, prefix)
	})
	switch {
	case !known:
		w.wrong("bad-address", "", "%q is %s", w.text, not)
	case signInPattern.MatchString(w.text) && !namedPattern.MatchString(w.text):
		w.wrong("secret-in-file", "write ${NAME} for it; a CalDAV account has user and password keys", "a password is never written in an address")
	}
}

// known doubts the secret address of a Google calendar, which whoever reads the file can read the calendar by.
func (w word) known() {
	if strings.Contains(w.text, "calendar.google.com/calendar/ical/") && strings.Contains(w.text, "/private-") && !strings.Contains(w.text, "${") {
		w.doubt("secret-in-file", "write ${NAME}: it is read from the environment or from the file in NAME_FILE", "this address is a secret: who knows it can read the calendar")
	}
}

func (m *rosterMaker) calendarFile(w word) {
	if !fs.ValidPath(w.text) {
		w.wrong("no-such-file", "write it as calendars/NAME.ics", "%q is not the name of a file in the workspace", w.text)
		return
	}
	if m.pinned {
		return
	}
	if _, err := fs.Stat(m.files, w.text); err != nil {
		w.wrong("no-such-file", m.nearFile(w.text), "there is no file %q in the workspace", w.text)
	}
}

func (m *rosterMaker) nearFile(name string) string {
	found, err := fs.Glob(m.files, "calendars/*.ics")
	if err != nil {
		return ""
	}
	return didYouMean(name, found)
}

func (s caldavShape) calendar() Calendar {
	s.CalDAV.dialled("not an https address", "https://")
	if s.Password.text != "" && !secretPattern.MatchString(s.Password.text) {
		s.Password.wrong("secret-in-file", "write ${NAME}: it is read from the environment or from the file in NAME_FILE", "a password is never written in a file")
	}
	if s.Password.set() && !s.User.set() {
		s.Password.wrong("no-user", "add user: who signs in", "there is a password, but nobody who signs in with it")
	}
	if s.User.set() && !s.Password.set() {
		s.User.doubt("no-password", "add password: ${NAME}", "%s signs in without a password", s.User.text)
	}
	return Calendar{CalDAV: s.CalDAV.text, User: s.User.text, Password: s.Password.text, Names: calendarNames(s.Names)}
}

func (s googleShape) calendar() Calendar {
	if id := s.Google.text; id != "" && id != "primary" && !looksLikeEmail(id) {
		s.Google.wrong("bad-address", "write the rep's address, the calendar's id, or primary", "%q is not the id of a Google calendar", id)
	}
	return Calendar{Google: s.Google.text, Names: calendarNames(s.Names)}
}

func (s microsoftShape) calendar() Calendar {
	if user := s.Microsoft.text; user != "" && !looksLikeEmail(user) {
		s.Microsoft.wrong("bad-address", "write the address the rep signs in with", "%q is not a user of Microsoft 365", user)
	}
	return Calendar{Microsoft: s.Microsoft.text, Names: calendarNames(s.Names)}
}

// calendarNames are kept with commas between, so none has one.
func calendarNames(list []word) string {
	var names []string
	for _, w := range list {
		name := strings.TrimSpace(w.text)
		switch {
		case name == "":
		case strings.Contains(name, ","):
			w.wrong("bad-name", "rename the calendar, or leave names out", "the name %q has a comma", name)
		case slices.Contains(names, name):
			w.wrong("duplicate-calendar", "write each once", "%q stands in the list already", name)
		default:
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}
