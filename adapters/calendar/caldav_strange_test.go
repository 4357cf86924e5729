package calendar

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func with(href, props string) string {
	return `<response><href>` + href + `</href><propstat><prop>` + props + `</prop><status>HTTP/1.1 200 OK</status></propstat></response>`
}

const calendarType = `<resourcetype><collection/><C:calendar/></resourcetype>`

// davEstate is a server with calendars at unusual places: by path, the properties it has.
type davEstate struct {
	props  map[string]string
	events map[string]string // by path, iCalendar
	sync   func(token string) (int, string)
}

func (e *davEstate) open(t *testing.T, address string) *calDAV {
	t.Helper()
	c := scriptedDAV(t, e.answer)
	c.base.Path = address
	return c
}

func (e *davEstate) answer(r *http.Request) (int, string) {
	body := readBody(r)
	switch {
	case r.Method == "PROPFIND" && r.Header.Get("Depth") == "1":
		var b strings.Builder
		for path, props := range e.props {
			if strings.HasPrefix(path, r.URL.Path) {
				b.WriteString(with(path, props))
			}
		}
		return multi(b.String())
	case r.Method == "PROPFIND":
		if props, ok := e.props[r.URL.Path]; ok {
			return multi(with(r.URL.Path, props))
		}
		return http.StatusNotFound, ""
	case strings.Contains(body, "sync-collection"):
		_, token, _ := strings.Cut(body, "<sync-token>")
		token, _, _ = strings.Cut(token, "<")
		return e.sync(token)
	case strings.Contains(body, "calendar-query"), strings.Contains(body, "calendar-multiget"):
		var b strings.Builder
		for path, text := range e.events {
			if strings.Contains(body, "calendar-query") || strings.Contains(body, "<href>"+path) {
				b.WriteString(with(path, `<getetag>"`+fmt.Sprint(len(text))+`"</getetag><C:calendar-data>`+text+`</C:calendar-data>`))
			}
		}
		return multi(b.String())
	}
	return http.StatusMethodNotAllowed, ""
}

func TestCalDAVFindsCalendarsBehindAWellKnownPlace(t *testing.T) {
	e := &davEstate{
		props: map[string]string{
			"/remote/dav/": `<current-user-principal><href>/remote/dav/principals/asha/</href></current-user-principal><resourcetype/>`,
			"/remote/dav/principals/asha/": `<C:calendar-home-set><href>/remote/dav/calendars/asha/</href></C:calendar-home-set>` +
				`<C:schedule-inbox-URL><href>/remote/dav/calendars/asha/inbox/</href></C:schedule-inbox-URL><resourcetype/>`,
			"/remote/dav/calendars/asha/":         `<resourcetype><collection/></resourcetype>`,
			"/remote/dav/calendars/asha/inbox/":   `<resourcetype><collection/><C:schedule-inbox/></resourcetype><C:schedule-default-calendar-URL><href>/remote/dav/calendars/asha/k2/</href></C:schedule-default-calendar-URL>`,
			"/remote/dav/calendars/asha/tasks/":   calendarType + `<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>`,
			"/remote/dav/calendars/asha/default/": calendarType + `<displayname>Holidays</displayname>`,
			"/remote/dav/calendars/asha/k2/":      calendarType + `<displayname>Asha</displayname>`,
			"/remote/dav/calendars/asha/a-team/":  calendarType + `<displayname>Team</displayname><current-user-privilege-set><privilege><read/></privilege></current-user-privilege-set>`,
		},
	}
	c := scriptedDAV(t, nil)
	server := newScriptedDAV(t, e.answer)
	c.base.Host = strings.TrimPrefix(server.URL, "http://")
	server.Config.Handler = redirecting{"/.well-known/caldav", "/remote/dav/", server.Config.Handler}
	if err := c.find(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := listed(c.calendars); got != `"Asha", "Holidays", "Team"` {
		t.Errorf("read are %s", got)
	}
	if c.book.shown() != "Asha" {
		t.Errorf("meetings go to %s, and the server's default is Asha", c.book.shown())
	}
	c.calendars, c.names = nil, []string{"Team"}
	if err := c.find(t.Context()); err != nil || !c.book.readOnly {
		t.Errorf("%+v %v", c.book, err)
	}
	if got := checks(c.Probe(t.Context())); !strings.HasPrefix(got, "find, create: give this user the right") {
		t.Error(got)
	}
}

// redirecting is a server that moves one path as servers do that never meant PROPFIND.
type redirecting struct {
	from, to string
	next     http.Handler
}

func (h redirecting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == h.from {
		w.Header().Set("Location", h.to)
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	h.next.ServeHTTP(w, r)
}

func TestCalDAVFollowsNoRedirectToAnotherHost(t *testing.T) {
	c := scriptedDAV(t, nil)
	for to, want := range map[string]error{"https://evil.example/": errForeign, "/": nil} {
		server := newScriptedDAV(t, nil)
		server.Config.Handler = redirecting{"/", to, nil}
		c.base.Host = strings.TrimPrefix(server.URL, "http://")
		if _, err := c.Read(t.Context(), week); err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v", to, err)
		}
	}
}

func TestCalDAVReadsServersWithoutTokens(t *testing.T) {
	e := &davEstate{
		props:  map[string]string{"/c/": calendarType},
		events: map[string]string{"/c/a.ics": string(appointment("a", "20261124T090000Z")), "/c/b.ics": string(appointment("b", "20261125T090000Z"))},
	}
	c := e.open(t, "/c/")
	if got := uids(t, c); got != "a Tue09:00, b Wed09:00" {
		t.Error(got)
	}
	delete(e.events, "/c/a.ics")
	e.events["/c/b.ics"] = string(appointment("bb", "20261125T100000Z"))
	if got := uids(t, c); got != "bb Wed10:00" {
		t.Errorf("by ETag: %s", got)
	}
	delete(e.props, "/c/")
	if _, err := c.Read(t.Context(), week); !errors.Is(err, ErrNotThere) {
		t.Error(err)
	}
}

func TestCalDAVReadsChangesInParts(t *testing.T) {
	e := &davEstate{
		props: map[string]string{"/c/": calendarType + `<sync-token>t0</sync-token>`},
		events: map[string]string{
			"/c/a.ics": string(appointment("a", "20261124T090000Z")), "/c/b.ics": string(appointment("b", "20261125T090000Z")),
		},
	}
	c := e.open(t, "/c/")
	uids(t, c)
	e.events["/c/c%20c.ics"] = string(appointment("c", "20261126T090000Z"))
	e.props["/c/"] = calendarType + `<sync-token>t2</sync-token>`
	e.sync = func(token string) (int, string) {
		if token == "t0" {
			return multi(`<response><href>/c/a.ics</href><status>HTTP/1.1 404 Not Found</status></response>` +
				`<response><href>/c/</href><status>HTTP/1.1 507 Insufficient Storage</status></response><sync-token>t1</sync-token>`)
		}
		return multi(with(`http://127.0.0.1:1/c/c%20c.ics`, `<getetag>"x"</getetag>`) + `<sync-token>t2</sync-token>`)
	}
	if got := uids(t, c); got != "b Wed09:00, c Thu09:00" {
		t.Error(got)
	}
	e.props["/c/"] = calendarType + `<sync-token>t3</sync-token>`
	e.sync = func(string) (int, string) {
		return multi(`<response><href>/c/</href><status>HTTP/1.1 507 Insufficient Storage</status></response><sync-token>again</sync-token>`)
	}
	if _, err := c.Read(t.Context(), week); err == nil {
		t.Error("changes without an end have one")
	}
}

func TestACalendarThatIsTooMuchIsRefused(t *testing.T) {
	var many strings.Builder
	for i := range MaxEvents + 1 {
		fmt.Fprintf(&many, `<response><href>/c/%d.ics</href><propstat><prop><getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response>`, i)
	}
	for name, answer := range map[string]func(*http.Request) (int, string){
		"too many events": func(*http.Request) (int, string) { return multi(many.String()) },
		"no XML":          func(*http.Request) (int, string) { return http.StatusMultiStatus, "<html>" },
		"no multistatus":  func(*http.Request) (int, string) { return http.StatusOK, "hello" },
		"too long": func(*http.Request) (int, string) {
			return http.StatusMultiStatus, strings.Repeat(" ", maxAnswer+1)
		},
	} {
		c := scriptedDAV(t, func(r *http.Request) (int, string) {
			if r.Method == "PROPFIND" {
				return multi(aCalendar)
			}
			return answer(r)
		})
		if r, err := c.Read(t.Context(), week); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func FuzzMultistatus(f *testing.F) {
	_, body := multi(aCalendar + with("/c/a.ics", `<getetag>"1"</getetag><C:calendar-data>BEGIN:VCALENDAR</C:calendar-data>`))
	f.Add(body)
	_, body = multi(with("https://evil.example/", calendarType+`<sync-token>a</sync-token>`))
	f.Add(body)
	base := &url.URL{Scheme: "https", Host: "dav.example", Path: "/c/"}
	f.Fuzz(func(t *testing.T, body string) {
		d := &dav{base: base}
		m, err := readMultistatus([]byte(body))
		if err != nil {
			return
		}
		for i := range m.Responses {
			m.Responses[i].props()
			if at, err := d.resolve(base, m.Responses[i].Href); err == nil && (at.Host != base.Host || at.Scheme != base.Scheme) {
				t.Fatalf("%s leads to %s", m.Responses[i].Href, at)
			}
		}
		if err := d.ours(&answer{body: []byte(body), at: base}); err == nil && strings.Contains(body, "//evil.example/</href>") && !strings.Contains(body, "<!") && len(m.Responses) > 0 && strings.Contains(m.Responses[0].Href, "//evil.example/") {
			t.Fatal("another host passes")
		}
	})
}

func FuzzSeenIn(f *testing.F) {
	f.Add(string(appointment("a", "20261124T090000Z")))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Berlin:20261124T090000\nDURATION:P1D")
	f.Fuzz(func(t *testing.T, data string) {
		if seen, ok := seenIn([]byte(data), "a"); ok && seen.End.Before(seen.Start) {
			t.Fatalf("%+v", seen)
		}
	})
}

func FuzzKeep(f *testing.F) {
	f.Add(strings.Replace(string(appointment("a", "20261124T090000Z")), "BEGIN:VEVENT", additions, 1))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nX;A=\"b\",\"c\":d\nBEGIN:VALARM\nEND:VEVENT\nBEGIN:VEVENT")
	ours := appointment("a", "20261125T090000Z")
	want, _ := seenIn(ours, "a")
	f.Fuzz(func(t *testing.T, stands string) {
		got := keep(ours, []byte(stands), "a")
		if seen, ok := seenIn(got, "a"); !ok || seen != want {
			t.Fatalf("our words are lost: %+v\n%s", seen, got)
		}
		if strings.Count(string(got), "BEGIN:VEVENT\r\n") != strings.Count(string(got), "END:VEVENT\r\n") {
			t.Fatalf("%s", got)
		}
	})
}
