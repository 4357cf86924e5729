package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestGapsAndOverlapsReadAsTheStandardSays(t *testing.T) {
	for _, c := range []struct{ name, zone, clock, want string }{
		{"a time in the gap takes the offset before it", "America/New_York", "20260308T023000", "2026-03-08T03:30:00-04:00"},
		{"a time that comes twice is the first", "America/New_York", "20261101T013000", "2026-11-01T01:30:00-04:00"},
		{"a day that was left out", "Pacific/Apia", "20111230T120000", "2011-12-31T12:00:00+14:00"},
		{"a change of half an hour", "Australia/Lord_Howe", "20261004T021500", "2026-10-04T02:45:00+11:00"},
		{"a change at midnight", "America/Asuncion", "20231001T003000", "2023-10-01T01:30:00-03:00"},
		{"an ordinary day", "Asia/Kolkata", "20261102T090000", "2026-11-02T09:00:00+05:30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			loc := mustLoad(c.zone)
			m, err := parseMoment(c.clock)
			if err != nil {
				t.Fatal(err)
			}
			got := time.Unix(newZone(location{loc}).instant(m.at), 0).In(loc).Format(time.RFC3339)
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestZoneAgreesWithItself holds the remembered stretch against a zone asked afresh, and the law of RFC 5545 3.3.5:
// the instant shows the clock, and none before it does; or the clock is in a gap.
func TestZoneAgreesWithItself(t *testing.T) {
	names := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Kolkata", "America/Sao_Paulo"}
	zones := map[string]*zone{}
	for _, n := range names {
		zones[n] = newZone(location{mustLoad(n)})
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "zone")
		c := civil(rapid.Int64Range(0, 2_500_000_000).Draw(t, "clock")) / 900 * 900
		at := zones[name].instant(c)
		if fresh := newZone(location{mustLoad(name)}).instant(c); at != fresh {
			t.Fatalf("%s %d: remembered %d, fresh %d", name, c, at, fresh)
		}
		z := zones[name]
		if z.civil(at) != c {
			before, _, _ := z.offset(at - 26*3600)
			if at != int64(c)-before {
				t.Fatalf("%s %d: a time in a gap takes the offset before it", name, c)
			}
			return
		}
		for _, earlier := range []int64{1800, 3600, 7200} {
			if z.civil(at-earlier) == c {
				t.Fatalf("%s %d: not the first", name, c)
			}
		}
	})
}

func FuzzZone(f *testing.F) {
	for _, s := range []string{"Europe/Berlin", "W. Europe Standard Time", "(UTC-05:00) Eastern Time (US & Canada)", "GMT +0100 (Standard)", "../../etc/passwd", "/x/America/Argentina/Buenos_Aires", "UTC+11"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		z := (&zones{}).find(name)
		if z == nil {
			return
		}
		if off, _, _ := z.offset(1_800_000_000); off > reach || off < -reach {
			t.Fatalf("%q is %d seconds from UTC", name, off)
		}
	})
}
