package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"
)

func TestRulesThatAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "FREQ=SMONTHLY", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYMONTH=",
		"FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=0MO", "FREQ=DAILY;UNTIL=soon", "FREQ=YEARLY;BYWEEKNO=54", "FREQ=DAILY;BYWODAN=1", "FREQ=YEARLY;RSCALE=HEBREW", "FREQ=DAILY;WKST=XX",
	} {
		if _, err := parseRule(text); !errors.Is(err, errRule) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestRulesAgreeWithAnotherEngine holds our expansion against rrule-go on rules that both read alike.
func TestRulesAgreeWithAnotherEngine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawRule(t)
		start := time.Date(2020, 1, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 2000).Draw(t, "day"))
		from := start.AddDate(0, 0, rapid.IntRange(0, 900).Draw(t, "from"))
		to := from.AddDate(0, 0, rapid.IntRange(1, 400).Draw(t, "days"))
		option, err := rrule.StrToROption(text)
		if err != nil {
			t.Fatal(err)
		}
		option.Dtstart = start
		theirs, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		var want []civil
		for _, x := range theirs.Between(from, to, true) {
			want = append(want, civil(x.Unix()))
		}
		r, err := parseRule(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []civil
		r.each(civil(start.Unix()), civil(from.Unix()), civil(to.Unix()), &work{MaxWork}, func(c civil) bool {
			got = append(got, c)
			return true
		})
		if !slices.Equal(got, want) {
			t.Fatalf("%s from %s\ngot  %v\nwant %v", text, start, got, want)
		}
	})
}

func drawRule(t *rapid.T) string {
	freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"}).Draw(t, "freq")
	parts := []string{"FREQ=" + freq}
	add := func(label, format string, most int) {
		if rapid.Bool().Draw(t, label) {
			parts = append(parts, fmt.Sprintf(format, rapid.IntRange(1, most).Draw(t, label+" value")))
		}
	}
	add("interval", "INTERVAL=%d", 4)
	add("count", "COUNT=%d", 60)
	if freq != "HOURLY" {
		add("hour", "BYHOUR=0,%d", 23)
	}
	if rapid.Bool().Draw(t, "by day") {
		days := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}), 1, 4, rapid.ID).Draw(t, "days")
		parts = append(parts, "BYDAY="+strings.Join(days, ","))
	}
	if freq == "MONTHLY" {
		add("month day", "BYMONTHDAY=%d,-1", 31)
	}
	if freq == "YEARLY" {
		add("month", "BYMONTH=%d", 12)
	}
	return strings.Join(parts, ";")
}

func FuzzRule(f *testing.F) {
	f.Add("FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=1", int64(1_600_000_000))
	f.Add("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO;INTERVAL=3", int64(-90_000_000_000))
	f.Add("FREQ=SECONDLY;INTERVAL=7;BYMINUTE=3;COUNT=9", int64(0))
	f.Fuzz(func(t *testing.T, text string, start int64) {
		r, err := parseRule(text)
		if err != nil || start < -1<<37 || start > 1<<37 {
			return
		}
		last := civil(-1 << 60)
		w := &work{1 << 12}
		r.each(civil(start), civil(start), civil(start)+400*daySeconds, w, func(c civil) bool {
			if c < civil(start) || c < last || c > civil(start)+400*daySeconds {
				t.Fatalf("%q: %d after %d", text, c, last)
			}
			last = c
			return true
		})
		if w.left < 0 {
			t.Fatal("more work than was allowed")
		}
	})
}
