package calendar

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"usher/flows"
)

// findings are checks with + or -.
func findings(list []Finding) string {
	var out []string
	for _, f := range list {
		sign := "-"
		if f.OK {
			sign = "+"
		}
		out = append(out, sign+f.Check)
	}
	return strings.Join(out, " ")
}

func TestDoctor(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("good.ics", string(oneMeeting))
	write("odd.ics", string(file(event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=SOMETIMES"))))
	write("half.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")
	examine := func(a *Accounts, calendars ...flows.Calendar) []Finding {
		return a.Doctor(t.Context(), os.DirFS(folder), &flows.Rep{ID: "asha", Calendars: calendars}, november())
	}
	for _, c := range []struct{ name, file, want, said, do string }{
		{"a good file", "good.ics", "+find +read +age", "1 events", ""},
		{"one with a rule that nobody knows", "odd.ics", "+find +read -read +age", "FREQ=SOMETIMES", "save it again"},
		{"one that is half written", "half.ics", "-read", "ends in the middle", "export"},
		{"one that is not there", "none.ics", "-find", "none.ics", "team.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := examine(&Accounts{}, flows.Calendar{File: c.file})
			var said, do string
			for _, f := range list {
				said, do = said+f.Said, do+f.Do
			}
			if findings(list) != c.want || !strings.Contains(said, c.said) || !strings.Contains(do, c.do) {
				t.Errorf("%+v", list)
			}
		})
	}
	t.Run("a feed behind a sign-in, and a good file", func(t *testing.T) {
		s := feed(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }).(*feedSource)
		list := examine(&Accounts{Client: s.client}, flows.Calendar{URL: s.address}, flows.Calendar{File: "good.ics"})
		if findings(list) != "-read +find +read +age" || strings.Contains(list[0].Said+list[0].Source, "private-0123") {
			t.Errorf("%+v", list)
		}
	})
	t.Run("no calendar at all", func(t *testing.T) {
		if list := examine(&Accounts{}); findings(list) != "-find" || list[0].Do == "" {
			t.Errorf("%+v", list)
		}
	})
	t.Run("a kind that is not set up", func(t *testing.T) {
		if list := examine(&Accounts{}, flows.Calendar{Google: "asha@acme.example"}); findings(list) != "-find" || !strings.Contains(list[0].Do, "--help") {
			t.Errorf("%+v", list)
		}
	})
	t.Run("a source that can be tried further is", func(t *testing.T) {
		a := &Accounts{CalDAV: func(*flows.Rep, flows.Calendar) (Source, error) { return probed{}, nil }}
		if list := examine(a, flows.Calendar{CalDAV: "https://dav.acme.example"}); findings(list) != "-read +create" || list[1].Source == "" {
			t.Errorf("%+v", list)
		}
	})
}

// probed is a source that cannot be read, but tried.
type probed struct{}

func (probed) Read(context.Context, Query) (Reading, error) { return Reading{}, errors.New("no") }
func (probed) Probe(context.Context) []Finding              { return []Finding{{Check: "create", OK: true}} }
