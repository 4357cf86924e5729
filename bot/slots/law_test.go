package slots_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/slots"
	"usher/flows"
)

var lawZones = []string{"UTC", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Chatham", "America/Havana"}

// anyRequest draws a request around the clock changes of 2026.
func anyRequest(t *rapid.T) slots.Request {
	location, err := time.LoadLocation(rapid.SampledFrom(lawZones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, time.Month(rapid.SampledFrom([]int{3, 4, 10, 11}).Draw(t, "month")), 1, 0, 0, 0, 0, time.UTC).
		Add(time.Duration(rapid.IntRange(0, 30*24*3600).Draw(t, "second")) * time.Second)
	minutes := func(label string, max int) time.Duration {
		return time.Duration(rapid.IntRange(0, max).Draw(t, label)) * time.Minute
	}
	intervals := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) slots.Interval {
		start := now.Add(time.Duration(rapid.IntRange(-600, 4*1440).Draw(t, "from")) * time.Minute)
		return slots.Interval{Start: start, End: start.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "for")) * time.Minute)}
	}), 0, 6)
	r := slots.Request{
		Roster: &flows.Roster{Location: location},
		Rep:    &flows.Rep{ID: "r", Name: "R", Location: location, Hours: anyHours(t)},
		Rules: flows.MeetingRules{
			Buffer: minutes("buffer", 30), Notice: minutes("notice", 600), Horizon: minutes("horizon", 3*1440),
			Every: time.Duration(rapid.SampledFrom([]int{0, 10, 15, 20, 30, 45, 60, 90}).Draw(t, "every")) * time.Minute,
		},
		Minutes: rapid.IntRange(0, 400).Draw(t, "minutes"),
		Now:     now,
		Busy:    intervals.Draw(t, "busy"),
		Blocked: intervals.Draw(t, "blocked"),
		Away:    intervals.Draw(t, "away"),
	}
	for _, i := range intervals.Draw(t, "booked") {
		r.Booked = append(r.Booked, i.Start)
	}
	r.Rep.Limits = flows.Limits{Day: rapid.IntRange(0, 3).Draw(t, "day limit"), Week: rapid.IntRange(0, 5).Draw(t, "week limit")}
	today := now.In(location)
	date := flows.Date{Year: today.Year(), Month: today.Month(), Day: today.Day()}
	if rapid.Bool().Draw(t, "holiday") {
		r.Roster.Holidays = []flows.Date{date}
	}
	if rapid.Bool().Draw(t, "day off") {
		r.Rep.Away = []flows.DateRange{{From: date, To: date}}
	}
	return r
}

func anyHours(t *rapid.T) *flows.Hours {
	h := &flows.Hours{}
	for day := range h.Week {
		from := rapid.IntRange(0, 1439).Draw(t, "from")
		to := rapid.IntRange(from+1, 1440).Draw(t, "to")
		h.Week[day] = []flows.Span{{From: from, To: to}}
		if from > 0 && rapid.Bool().Draw(t, "split") {
			h.Week[day] = append(h.Week[day], flows.Span{From: 0, To: rapid.IntRange(1, from).Draw(t, "first to")})
		}
	}
	return h
}

func TestFreeOffersExactlyWhatWhyAllows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		offered := map[int64]bool{}
		var last time.Time
		for _, s := range slots.Free(r, 0) {
			if reason, ok := slots.Why(r, s.Start); !ok {
				t.Fatalf("%v is offered, but %s", s.Start, reason.Say)
			}
			if !s.Start.After(last) {
				t.Fatalf("%v comes after %v", s.Start, last)
			}
			last = s.Start
			offered[s.Start.Unix()] = true
		}
		for at := r.Now.Truncate(5 * time.Minute).Add(-time.Hour); at.Before(r.Now.Add(80 * time.Hour)); at = at.Add(5 * time.Minute) {
			reason, ok := slots.Why(r, at)
			if ok != offered[at.Unix()] {
				t.Fatalf("%v: offered %v, why says %+v", at, offered[at.Unix()], reason)
			}
			if !ok && (reason.Code == "" || reason.Say == "") {
				t.Fatalf("%v is refused without a reason", at)
			}
		}
	})
}

// What Free offers is checked here against the rules as a person would read them, one by one.
func TestAnOfferedTimeKeepsEveryRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		for _, s := range slots.Free(r, 0) {
			if s.Start.Before(r.Now.Add(r.Rules.Notice)) {
				t.Fatalf("%v breaks the notice", s.Start)
			}
			padded := slots.Interval{Start: s.Start.Add(-r.Rules.Buffer), End: s.End.Add(r.Rules.Buffer)}
			for _, b := range append(append([]slots.Interval{}, r.Busy...), r.Blocked...) {
				if overlap(padded, b) {
					t.Fatalf("%v with its buffers meets %v", s, b)
				}
			}
			for _, b := range r.Away {
				if overlap(s.Interval, b) {
					t.Fatalf("%v is while the rep is away %v", s, b)
				}
			}
			checkLimits(t, r, s)
		}
	})
}

func checkLimits(t *rapid.T, r slots.Request, s slots.Slot) {
	sameDay, sameWeek := 0, 0
	local := s.Start.In(r.Rep.Location)
	year, week := local.ISOWeek()
	for _, b := range r.Booked {
		b = b.In(r.Rep.Location)
		if b.Format(time.DateOnly) == local.Format(time.DateOnly) {
			sameDay++
		}
		if y, w := b.ISOWeek(); y == year && w == week {
			sameWeek++
		}
	}
	if l := r.Rep.Limits; l.Day > 0 && sameDay >= l.Day || l.Week > 0 && sameWeek >= l.Week {
		t.Fatalf("%v is beyond %+v: %d on the day, %d in the week", s.Start, l, sameDay, sameWeek)
	}
}

func overlap(a, b slots.Interval) bool {
	return b.Start.Before(b.End) && a.Start.Before(b.End) && b.Start.Before(a.End)
}

func TestALimitGivesTheFirstOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		all, n := slots.Free(r, 0), rapid.IntRange(1, 10).Draw(t, "n")
		some := slots.Free(r, n)
		if len(some) != min(n, len(all)) {
			t.Fatalf("%d of %d for a limit of %d", len(some), len(all), n)
		}
		for i := range some {
			if !some[i].Start.Equal(all[i].Start) {
				t.Fatalf("%v is not %v", some[i], all[i])
			}
		}
	})
}
