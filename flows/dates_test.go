package flows

import (
	"slices"
	"testing"
	"time"
)

func TestReminders(t *testing.T) {
	for meeting, want := range map[string][]time.Duration{
		"{}":                          {24 * time.Hour, time.Hour},
		"{ remind: [] }":              {},
		"{ remind: [15m] }":           {15 * time.Minute},
		"{ remind: [1h, 1w, 24h] }":   {7 * 24 * time.Hour, 24 * time.Hour, time.Hour},
		"{ stale: 1h, every: 15m }":   {24 * time.Hour, time.Hour},
		"{ remind: [1h], stale: 1h }": {time.Hour},
	} {
		w := load(t, map[string]string{"a.yaml": "flow: a\nsteps: [{ id: x, end: nurture }]\n", "team.yaml": "timezone: UTC\nmeeting: " + meeting + "\n"})
		if got := w.Roster.Reminders(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", meeting, got, want)
		}
	}
}

func TestWithoutATeamNobodyIsRemindedLess(t *testing.T) {
	w := load(t, map[string]string{"a.yaml": "flow: a\nsteps: [{ id: x, end: nurture }]\n"})
	if w.Roster.Stale != DefaultStale || len(w.Roster.Reminders()) != 2 {
		t.Errorf("%v %v", w.Roster.Stale, w.Roster.Reminders())
	}
}
