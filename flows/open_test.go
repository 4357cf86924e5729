package flows

import (
	"testing"
	"time"
)

func TestARepWorksByDatesJourneysAndDaysAway(t *testing.T) {
	zone := func(name string) *time.Location {
		l, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	day := func(d int) DateRange { return DateRange{Date{2026, 11, d}, Date{2026, 11, d}} }
	rep := &Rep{
		ID: "asha", Location: zone("Asia/Kolkata"), Hours: officeHours,
		Dates:  []DayHours{{DateRange: day(24)}, {DateRange: day(25), Spans: []Span{{600, 720}}}},
		Travel: []Stay{{DateRange: day(26), Location: zone("America/New_York")}},
		Away:   []DateRange{day(27)},
	}
	r := &Roster{Holidays: []Date{{2026, 11, 25}, {2026, 11, 30}}}
	for now, want := range map[string]bool{
		"2026-11-23T10:00:00+05:30": true,
		"2026-11-24T10:00:00+05:30": false, // closed
		"2026-11-25T10:00:00+05:30": true,  // a date of their own goes before the holiday
		"2026-11-25T12:00:00+05:30": false,
		"2026-11-26T10:00:00+05:30": false, // New York sleeps
		"2026-11-26T10:00:00-05:00": true,
		"2026-11-27T10:00:00+05:30": false, // away
		"2026-11-30T10:00:00+05:30": false, // a holiday
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.manned(&Team{Reps: []*Rep{rep}}, at); got != want {
			t.Errorf("%s: %v", now, got)
		}
	}
	if r.manned(&Team{Reps: []*Rep{rep}}, time.Time{}) {
		t.Error("somebody works at no time")
	}
}
