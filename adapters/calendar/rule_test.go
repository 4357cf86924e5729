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

// TestIntervalsCountCalendarYears: where weeks begin on Saturday, 1 January 2020 lies in the last week of 2019, and the
// rule goes on from 2020 all the same.
func TestIntervalsCountCalendarYears(t *testing.T) {
	r, err := parseRule("FREQ=YEARLY;INTERVAL=2;WKST=SA;BYDAY=MO;BYWEEKNO=1")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2020, 1, 1, 9, 0, 0, 0, time.UTC)
	var got []string
	r.each(civil(start.Unix()), civil(start.Unix()), civil(start.AddDate(4, 6, 0).Unix()), &work{MaxWork}, func(c civil) bool {
		got = append(got, time.Unix(int64(c), 0).UTC().Format(time.DateOnly))
		return true
	})
	if want := []string{"2020-01-06", "2022-01-03", "2024-01-01"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func drawRule(t *rapid.T) string {
	freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "MINUTELY"}).Draw(t, "freq")
	parts := []string{"FREQ=" + freq}
	add := func(label, format string, most int) {
		if rapid.Bool().Draw(t, label) {
			parts = append(parts, fmt.Sprintf(format, rapid.IntRange(1, most).Draw(t, label+" value")))
		}
	}
	add("interval", "INTERVAL=%d", 4)
	if freq == "MINUTELY" { // the other engine walks from the start
		parts = append(parts, "COUNT=5000")
	} else {
		add("count", "COUNT=%d", 60)
	}
	if freq != "HOURLY" && freq != "MINUTELY" {
		add("hour", "BYHOUR=0,%d", 23)
		add("minute", "BYMINUTE=0,%d", 59)
	}
	if rapid.Bool().Draw(t, "week start") {
		parts = append(parts, "WKST="+rapid.SampledFrom([]string{"SU", "WE", "SA"}).Draw(t, "first weekday"))
	}
	if rapid.Bool().Draw(t, "until") {
		parts = append(parts, "UNTIL="+time.Date(2021, 1, rapid.IntRange(1, 1200).Draw(t, "last day"), 9, 0, 0, 0, time.UTC).Format("20060102T150405Z"))
	}
	if freq != "MONTHLY" && freq != "YEARLY" && rapid.Bool().Draw(t, "by day") {
		parts = append(parts, "BYDAY="+drawDays(t))
	}
	switch freq {
	case "MONTHLY":
		add("month day", "BYMONTHDAY=%d,-1", 31)
		parts = append(parts, drawNumbered(t, 5)...)
	case "YEARLY":
		parts = append(parts, drawYear(t)...)
	}
	return strings.Join(parts, ";")
}

func drawDays(t *rapid.T) string {
	days := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}), 1, 4, rapid.ID).Draw(t, "days")
	return strings.Join(days, ",")
}

// drawYear draws what only yearly rules have.
func drawYear(t *rapid.T) []string {
	switch rapid.IntRange(0, 3).Draw(t, "kind of year") {
	case 0:
		return []string{fmt.Sprintf("BYMONTH=%d", rapid.IntRange(1, 12).Draw(t, "month"))}
	case 1:
		return []string{fmt.Sprintf("BYYEARDAY=%d,%d,-%d", rapid.IntRange(1, 366).Draw(t, "early"), rapid.IntRange(1, 366).Draw(t, "late"), rapid.IntRange(1, 366).Draw(t, "back"))}
	case 2:
		return []string{"BYDAY=MO,TH", fmt.Sprintf("BYWEEKNO=%d,-%d", rapid.IntRange(1, 53).Draw(t, "week"), rapid.IntRange(1, 53).Draw(t, "week back"))}
	}
	return drawNumbered(t, 53)
}

// drawNumbered draws the nth weekday, or the nth of a set.
func drawNumbered(t *rapid.T, most int) []string {
	n := rapid.IntRange(-most, most).Draw(t, "nth")
	switch rapid.IntRange(0, 2).Draw(t, "kind of number") {
	case 0:
		if n != 0 {
			return []string{fmt.Sprintf("BYDAY=%dMO,%dFR", n, -n)}
		}
	case 1:
		if n != 0 {
			return []string{"BYDAY=" + drawDays(t), fmt.Sprintf("BYSETPOS=%d", n)}
		}
	}
	return nil
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
