package flows

import (
	"testing"
	"time"
)

func TestLapses(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"5s": 5 * time.Second, "10m": 10 * time.Minute, "2h": 2 * time.Hour, "14d": 336 * time.Hour, "2w": 336 * time.Hour,
		"1h30m": 90 * time.Minute, "0m": 0, "3650d": maxLapse,
	} {
		if got, ok := parseLapse(s); !ok || got != want {
			t.Errorf("%s is %v (%v)", s, got, ok)
		}
	}
	for _, s := range []string{"", "5", "m", "-5m", "5 m", "5min", "1.5h", "3651d", "9999999999d", "999999999w", "3650d1s", "५m"} {
		if got, ok := parseLapse(s); ok {
			t.Errorf("%q is read as %v", s, got)
		}
	}
}

func TestClocks(t *testing.T) {
	for s, want := range map[string]int{"09:30": 570, "9:30": 570, "00:00": 0, "24:00": 1440, "23:59": 1439} {
		if got, ok := parseClock(s); !ok || got != want {
			t.Errorf("%s is %d (%v)", s, got, ok)
		}
	}
	for _, s := range []string{"", "9", "9:5", "24:01", "25:00", "-1:00", "12:60", "012:00", "12:000", "a:00"} {
		if got, ok := parseClock(s); ok {
			t.Errorf("%q is read as %d", s, got)
		}
	}
}

func TestDates(t *testing.T) {
	if d, ok := parseDate("2028-02-29"); !ok || d != (Date{2028, time.February, 29}) {
		t.Error(d, ok)
	}
	for _, s := range []string{"", "2026-02-29", "2026-2-1", "26-02-01", "2026-02-01T00:00:00Z", "2026/02/01"} {
		if d, ok := parseDate(s); ok {
			t.Errorf("%q is read as %v", s, d)
		}
	}
}

func TestHours(t *testing.T) {
	w := load(t, map[string]string{"a.yaml": "flow: a\nsteps: [{ id: x, end: nurture }]\n", "team.yaml": `timezone: Asia/Kolkata
hours:
  office: { mon-fri: "09:00-12:00, 13:00-17:00", "sat, sun": "10:00-24:00" }
  night: { fri-mon: "20:00-24:00", tue: closed }
reps:
  - { id: asha, name: Asha Rao, hours: office, calendar: calendars/a.ics }
  - { id: ben, name: Ben, hours: { wed: "8:00-9:00" }, calendar: calendars/b.ics, timezone: Europe/Berlin }
teams: [{ id: all, reps: [asha, ben] }]
`})
	office, night := w.Roster.Hours["office"].Week, w.Roster.Hours["night"].Week
	if len(office[time.Friday]) != 2 || office[time.Friday][1] != (Span{780, 1020}) || office[time.Sunday][0] != (Span{600, 1440}) {
		t.Error(office)
	}
	if len(night[time.Saturday]) != 1 || len(night[time.Monday]) != 1 || night[time.Tuesday] != nil || night[time.Wednesday] != nil {
		t.Error(night)
	}
	asha, ben := w.Roster.Rep("asha"), w.Roster.Rep("ben")
	if asha.Timezone != "Asia/Kolkata" || asha.Location.String() != "Asia/Kolkata" || ben.Timezone != "Europe/Berlin" || ben.Hours.Week[3][0] != (Span{480, 540}) {
		t.Errorf("%+v %+v", asha, ben)
	}
	if w.Roster.Meeting != defaultRules || w.Roster.Team("all").Assign != AssignFair || asha.Weight != 1 {
		t.Errorf("%+v", w.Roster.Meeting)
	}
}
