package bot_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot"
)

// places are zones of every kind: with and without daylight saving, one that changes at midnight, one that lost a day.
var places = []string{"UTC", "Asia/Kolkata", "America/New_York", "Europe/Berlin", "America/Asuncion", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe"}

func TestMonthsAndQuartersLieBehindOneAnother(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(places).Draw(r, "zone"))
		must(t, err)
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(r, "from"), 0)
		q := bot.ReportQuery{From: from, To: from.Add(time.Duration(rapid.Int64Range(1, 3*366*24*3600).Draw(r, "for")) * time.Second), Zone: zone}
		for name, spans := range map[string][]bot.Span{"2006-01": q.Months(), "2006": q.Quarters()} {
			at := q.From
			for _, s := range spans {
				last := s.To.Add(-1).In(zone).Format(name)
				if !s.From.Equal(at) || !s.To.After(s.From) || s.From.In(zone).Format(name) != last || s.Name[:len(name)] != last {
					r.Fatalf("%+v begins at %v: %v", s, at, spans)
				}
				at = s.To
			}
			if !at.Equal(q.To) {
				r.Fatalf("they end at %v, not %v", at, q.To)
			}
		}
		whole, months := q.WholeMonths(), q.Months()
		if len(whole) != len(months)+1 || whole[1].Name != months[0].Name || whole[1].From.After(q.From) || whole[len(whole)-1].To.Before(q.To) {
			r.Fatalf("%v are whole, of %v", whole, months)
		}
	})
}

func TestAWalkReadsWhatAPathSaysAndNothingElse(t *testing.T) {
	for path, want := range map[string]string{
		"":                       "",
		"hello@0 goal@0 !2s":     "hello 0s,goal 0s,answered 100ms,",
		"  x  @5 !z! a@-1 b@%%":  "",
		"a@zzzzzzzzzzzzzzzzzz":   "",
		"end@1y0 !1y1 end/two@2": "end 2.52s,answered 2.521s,end/two 2ms,",
	} {
		got := ""
		bot.Walk(path, func(step string, since time.Duration) { got += step + " " + since.String() + "," },
			func(since time.Duration) { got += "answered " + since.String() + "," })
		if got != want {
			t.Errorf("%q: %q, not %q", path, got, want)
		}
	}
}

func FuzzWalk(f *testing.F) {
	f.Add("hello@0 goal@0 !2s size@2s")
	f.Fuzz(func(t *testing.T, path string) {
		bot.Walk(path, func(step string, since time.Duration) {
			if step == "" || since < 0 {
				t.Errorf("%q since %v", step, since)
			}
		}, func(since time.Duration) {
			if since < 0 {
				t.Error(since)
			}
		})
	})
}

func TestAQuantileIsTheNearestRank(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(r, "n")
		p := float64(rapid.IntRange(1, 100).Draw(r, "p")) / 100
		values := make([]int64, n)
		for i := range values {
			values[i] = int64(i + 1)
		}
		got := bot.Quantile(values, p)
		if float64(got) < p*float64(n)-1e-6 || float64(got-1) >= p*float64(n) {
			r.Fatalf("%d of %d for %v", got, n, p)
		}
	})
	if bot.Quantile([]int64{}, 0.5) != 0 {
		t.Error("of nothing there is none")
	}
}
