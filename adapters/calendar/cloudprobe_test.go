package calendar_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"usher/adapters/calendar"
	"usher/adapters/calendar/calendarfake"
)

// diagnosis is what a doctor says, a line for each check.
func (s *stage) diagnosis(ctx context.Context) string {
	accounts := calendar.Accounts{Google: s.cloud.Open, Microsoft: s.cloud.Open}
	var lines []string
	for _, f := range accounts.Doctor(ctx, nil, s.rep, s.query()) {
		mark := "ok "
		if !f.OK {
			mark = "no "
			if f.Do == "" {
				mark = "no advice "
			}
		}
		lines = append(lines, mark+f.Check+": "+f.Said)
	}
	return strings.Join(lines, "\n")
}

func TestTheDoctorTriesProviders(t *testing.T) {
	both(t, "an account that works is written to, and nothing is left behind", func(t *testing.T, s *stage) {
		s.AddCalendar(asha, calendarfake.Calendar{ID: "ben", Title: "Ben", Role: "reader", Owner: "ben@acme.example"})
		got := s.diagnosis(t.Context())
		for _, want := range []string{"ok find: the calendar " + asha + " is written to", "ok find: read are: Asha; not read: Ben", "ok create", "ok change", "ok delete", "ok invites: nobody but usher"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in\n%s", want, got)
			}
		}
		if strings.Contains(got, "no ") && strings.Contains(got, "\nno ") || len(s.Events("")) != 0 {
			t.Error(got, s.Events(""))
		}
	})
	both(t, "an answer that is lost leaves nothing behind either", func(t *testing.T, s *stage) {
		s.read(t)
		s.LoseAnswers(1)
		if got := s.diagnosis(t.Context()); !strings.Contains(got, "no create") || len(s.Events("")) != 0 {
			t.Error(got, s.Events(""))
		}
	})
	both(t, "a calendar that is not connected says how to connect it", func(t *testing.T, s *stage) {
		s.consentOnly()
		if got := s.diagnosis(t.Context()); strings.Count(got, "usher calendar connect asha") != 1 || strings.Contains(got, "no advice") {
			t.Error(got)
		}
	})
	both(t, "a program without an account there names the setting, and no link that leads nowhere", func(t *testing.T, s *stage) {
		s.cloud.Settings.SecretKey = ""
		s.consentOnly()
		if got := s.diagnosis(t.Context()); !strings.Contains(got, "USHER_SECRET_KEY is not set") || strings.Contains(got, "usher calendar connect") || strings.Contains(got, "sign-in") {
			t.Error(got)
		}
	})
	t.Run("rights that are missing are named in plain words", func(t *testing.T) {
		s := newStage(t, calendar.Microsoft)
		s.provider.(*calendarfake.Graph).Granted = func(string) bool { return false }
		if got := s.diagnosis(t.Context()); !strings.Contains(got, "application permission Calendars.ReadWrite") {
			t.Error(got)
		}
		s = newStage(t, calendar.Google)
		s.DropCalendar(asha)
		s.AddCalendar(asha, calendarfake.Calendar{ID: asha, Title: "Asha", Role: "reader"})
		if got := s.diagnosis(t.Context()); !strings.Contains(got, "may not write there") {
			t.Error(got)
		}
	})
	both(t, "a server that is down is said to be down", func(t *testing.T, s *stage) {
		s.Fail(99, http.StatusServiceUnavailable, 0)
		if got := s.diagnosis(t.Context()); strings.Count(got, "503") != 1 || strings.Contains(got, "ok ") {
			t.Error(got)
		}
	})
}
