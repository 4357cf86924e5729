package calendar

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/flows"
)

// week is the week in which the tests' meetings are.
var week = Query{
	From: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC),
	Zone: time.UTC, Owner: "asha@acme.example",
}

func appointment(uid, start string) []byte {
	return file(event("UID:" + uid + "|DTSTAMP:20261101T000000Z|DTSTART:" + start + "|DURATION:PT1H|SUMMARY:" + uid))
}

// uids reads an account and gives what is in the week.
func uids(t *testing.T, c *calDAV) string {
	t.Helper()
	reading, err := c.Read(t.Context(), week)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range reading.Events {
		out = append(out, e.UID+" "+e.Start.Format("Mon15:04"))
	}
	return strings.Join(out, ", ")
}

func TestCalDAVReadsWhatChanged(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		s.put("work", "a.ics", appointment("a", "20261124T090000Z"))
		s.put("work", "w.ics", file(event("UID:w|DTSTAMP:20261101T000000Z|DTSTART:20261002T150000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY")))
		s.put("work", "far.ics", appointment("far", "20280101T090000Z"))
		c := open(t, s.account("Work"))
		if got := uids(t, c); got != "a Tue09:00, w Fri15:00" {
			t.Fatalf("first: %s", got)
		}
		s.requests()
		uids(t, c)
		if got := s.requests(); len(got) != 1 {
			t.Errorf("nothing changed, and that took %q", got)
		}
		s.put("work", "a.ics", appointment("a", "20261124T100000Z"))
		s.put("work", "b.ics", appointment("b", "20261125T090000Z"))
		s.plain(http.MethodDelete, s.home+"work/w.ics", "")
		if got := uids(t, c); got != "a Tue10:00, b Wed09:00" {
			t.Errorf("after changes: %s", got)
		}
		if got := s.requests(); len(got) > 3 {
			t.Errorf("changes took %q", got)
		}
		c.calendars[0].token, c.calendars[0].tag = "http://radicale.org/ns/sync/0000000000000000000000000000000000000000000000000000000000000000", "old"
		s.put("work", "c.ics", appointment("c", "20261126T090000Z"))
		if got := uids(t, c); got != "a Tue10:00, b Wed09:00, c Thu09:00" {
			t.Errorf("after a token that the server has forgotten: %s", got)
		}
		later := week
		later.From, later.To = later.From.AddDate(1, 1, 0), later.To.AddDate(1, 2, 0)
		if r, err := c.Read(t.Context(), later); err != nil || len(r.Events) != 1 || r.Events[0].UID != "far" {
			t.Errorf("a query beyond what was read: %+v %v", r, err)
		}
	})
}

func TestCalDAVFindsACalendarThatWasMadeLater(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		s.put("work", "a.ics", appointment("a", "20261124T090000Z"))
		c, now := open(t, s.account("")), noon
		c.now = func() time.Time { return now }
		uids(t, c)
		s.make("later", "Later")
		s.put("later", "l.ics", appointment("l", "20261125T090000Z"))
		now = now.Add(spanAnew)
		if got := uids(t, c); got != "a Tue09:00, l Wed09:00" {
			t.Errorf("a day later: %s", got)
		}
		s.requests()
		uids(t, c)
		if got := s.requests(); len(got) != len(c.calendars) {
			t.Errorf("nothing changed, and that took %q", got)
		}
	})
}

func TestCalDAVFindsCalendarsFromAnyAddress(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		s.make("private", "Dentist &amp; co")
		s.put("work", "a.ics", appointment("a", "20261124T090000Z"))
		s.put("private", "p.ics", appointment("p", "20261125T090000Z"))
		for name, c := range map[string]struct {
			path, names, want string
		}{
			"the server, all calendars": {"/", "", "a Tue09:00, p Wed09:00"},
			"the principal":             {"/asha/", "", "a Tue09:00, p Wed09:00"},
			"the home":                  {s.home, "", "a Tue09:00, p Wed09:00"},
			"the home without a slash":  {strings.TrimSuffix(s.home, "/"), "", "a Tue09:00, p Wed09:00"},
			"a calendar":                {s.home + "work/", "", "a Tue09:00"},
			"a name":                    {"/", "dentist & co", "p Wed09:00"},
			"an end of a path":          {"/", "work", "a Tue09:00"},
			"two names":                 {"/", "private, Work", "a Tue09:00, p Wed09:00"},
		} {
			t.Run(name, func(t *testing.T) {
				account := s.account(c.names)
				account.CalDAV = s.proxy.URL + c.path
				d := open(t, account)
				if got := uids(t, d); got != c.want {
					t.Errorf("%s", got)
				}
				if c.names != "" && !d.book.called(strings.Split(c.names, ",")[0]) {
					t.Errorf("meetings go to %s", d.book.shown())
				}
			})
		}
		d := open(t, s.account("Wrok"))
		if _, err := d.Read(t.Context(), week); !errors.Is(err, ErrNotThere) || !strings.Contains(err.Error(), `"Work"`) {
			t.Errorf("a name that is not there: %v", err)
		}
	})
}

func TestCalDAVFailsClosed(t *testing.T) {
	s := radicale(t)
	s.put("work", "a.ics", appointment("a", "20261124T090000Z"))
	c := open(t, s.account("Work"))
	uids(t, c)
	for name, f := range map[string]fault{"cut": severed, "answer lost": mute, "500": broken, "403": refuse} {
		s.breaks("", f)
		if r, err := c.Read(t.Context(), week); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
		s.breaks("", noFault)
		if got := uids(t, c); got != "a Tue09:00" {
			t.Errorf("after %s: %s", name, got)
		}
	}
	s.breaks("", later)
	_, err := c.Read(t.Context(), week)
	if after, said := retryAfter(err); !said || after != 90*time.Second {
		t.Errorf("a server that asks for patience: %v", err)
	}
	s.breaks("", noFault)
	if code, text := s.plain(http.MethodDelete, s.home+"work/", ""); code/100 != 2 {
		t.Fatalf("%d %s", code, text)
	}
	if _, err := c.Read(t.Context(), week); !errors.Is(err, ErrNotThere) {
		t.Errorf("a calendar that is gone: %v", err)
	}
	wrong := s.account("Work")
	wrong.Password = "open"
	if _, err := open(t, wrong).Read(t.Context(), week); !errors.Is(err, ErrAuth) {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestCalDAVSendsAPasswordOverTLSAlone(t *testing.T) {
	for address, want := range map[string]string{
		"http://dav.example.com/":        "https",
		"ftp://dav.example.com/":         "https://",
		"dav.example.com":                "https://",
		"https://asha:x@dav.example.com": "user",
		"https://dav.example.com/%zz":    "cannot be read",
	} {
		if _, err := (CalDAVs{}).Open(&flows.Rep{Name: asha.Name, Email: asha.Email}, flows.Calendar{CalDAV: address, User: "asha", Password: "x"}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), ":x@") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := (CalDAVs{}).Open(&flows.Rep{Name: asha.Name, Email: asha.Email}, flows.Calendar{CalDAV: "https://dav.example.com", Password: "${TEST_NOT_SET}"}); !errors.Is(err, ErrAuth) || !strings.Contains(err.Error(), "TEST_NOT_SET") {
		t.Errorf("a password that is not set: %v", err)
	}
}

// scriptedDAV is a server that answers each request by a function.
func scriptedDAV(t *testing.T, answer func(r *http.Request) (int, string)) *calDAV {
	t.Helper()
	s := &davServer{t: t, user: "asha"}
	server := newScriptedDAV(t, answer)
	s.proxy = server
	return open(t, s.account(""))
}

func multi(responses string) (int, string) {
	return http.StatusMultiStatus, `<multistatus` + namespaces + `>` + responses + `</multistatus>`
}

const aCalendar = `<response><href>/c/</href><propstat><prop><resourcetype><collection/><C:calendar/></resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response>`

func TestCalDAVGoesToNoOtherHost(t *testing.T) {
	for _, href := range []string{"https://evil.example/x.ics", "//evil.example/x.ics", "http://evil.example:80/c/x.ics"} {
		c := scriptedDAV(t, func(r *http.Request) (int, string) {
			if r.Method == "PROPFIND" {
				return multi(aCalendar)
			}
			return multi(`<response><href>` + href + `</href><propstat><prop><getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response>`)
		})
		if _, err := c.Read(t.Context(), week); !errors.Is(err, errForeign) {
			t.Errorf("%s: %v", href, err)
		}
	}
	c := scriptedDAV(t, func(r *http.Request) (int, string) {
		return multi(`<response><href>/</href><propstat><prop><current-user-principal><href>https://evil.example/me/</href></current-user-principal></prop><status>HTTP/1.1 200 OK</status></propstat></response>`)
	})
	if _, err := c.Read(t.Context(), week); !errors.Is(err, errForeign) {
		t.Errorf("a principal elsewhere: %v", err)
	}
}

func TestCalDAVReadsPastABrokenObject(t *testing.T) {
	list := func(names ...string) string {
		var b strings.Builder
		for _, n := range names {
			fmt.Fprintf(&b, `<response><href>/c/%s</href><propstat><prop><getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response>`, n)
		}
		return b.String()
	}
	data := map[string]string{
		"good.ics":  string(appointment("good", "20261124T090000Z")),
		"html.ics":  "<html>",
		"open.ics":  "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:open\r\nDTSTART:20261125T090000Z\r\nDTEND:nonsense\r\n",
		"bell.ics":  strings.Replace(string(appointment("bell", "20261126T090000Z")), "SUMMARY:bell", "SUMMARY:\x07", 1),
		"after.ics": string(appointment("zz", "20261127T090000Z")),
	}
	c := scriptedDAV(t, func(r *http.Request) (int, string) {
		body := readBody(r)
		switch {
		case r.Method == "PROPFIND":
			return multi(aCalendar)
		case strings.Contains(body, "calendar-query"):
			return multi(list("good.ics", "html.ics", "open.ics", "bell.ics", "after.ics", "gone.ics"))
		case strings.Contains(body, "calendar-multiget"):
			return multi(`<response><href>/c/bell.ics</href><propstat><prop><C:calendar-data>` + data["bell.ics"] + `</C:calendar-data></prop></propstat></response>`)
		}
		text, ok := data[strings.TrimPrefix(r.URL.Path, "/c/")]
		if !ok {
			return http.StatusNotFound, ""
		}
		return http.StatusOK, text
	})
	reading, err := c.Read(t.Context(), week)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range reading.Events {
		got = append(got, e.UID)
	}
	if !slices.Equal(got, []string{"good", "open", "bell", "zz"}) {
		t.Errorf("%q", got)
	}
	if len(reading.Problems) < 2 || !strings.Contains(fmt.Sprint(reading.Problems), "html.ics") {
		t.Errorf("what is broken is told: %v", reading.Problems)
	}
}
