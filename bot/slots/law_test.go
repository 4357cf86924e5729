package slots_test

import (
	"cmp"
	"slices"
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
	r.Rep.Dates, r.Rep.Travel = anyDates(t, today), anyTravel(t, today)
	for range rapid.IntRange(0, 2).Draw(t, "full") {
		r.Full = append(r.Full, slots.Day(r.Roster, now.Add(minutes("full day", 4*1440))))
	}
	return r
}

// anyRun is a day or a few, near the one given.
func anyRun(t *rapid.T, near time.Time) flows.DateRange {
	from := near.AddDate(0, 0, rapid.IntRange(-2, 4).Draw(t, "days on"))
	return flows.DateRange{From: date(from), To: date(from.AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "days long")))}
}

func anyDates(t *rapid.T, near time.Time) (all []flows.DayHours) {
	for range rapid.IntRange(0, 2).Draw(t, "dates") {
		all = append(all, flows.DayHours{DateRange: anyRun(t, near), Spans: anyHours(t).Week[rapid.IntRange(0, 6).Draw(t, "like")]})
		if rapid.Bool().Draw(t, "closed") {
			all[len(all)-1].Spans = nil
		}
	}
	return all
}

func anyTravel(t *rapid.T, near time.Time) (all []flows.Stay) {
	for range rapid.IntRange(0, 2).Draw(t, "stays") {
		l, err := time.LoadLocation(rapid.SampledFrom(append(lawZones, "Pacific/Kiritimati", "Pacific/Pago_Pago")).Draw(t, "stay"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, flows.Stay{DateRange: anyRun(t, near), Location: l})
	}
	return all
}

// local is the instant where the rep is: on a stay if it is one of its days there, else at home.
func local(r slots.Request, at time.Time) time.Time {
	for _, s := range r.Rep.Travel {
		if there := at.In(s.Location); contains(s.DateRange, there) {
			return there
		}
	}
	return at.In(r.Rep.Location)
}

func contains(d flows.DateRange, t time.Time) bool {
	day := t.Format(time.DateOnly)
	return midnight(d.From).Format(time.DateOnly) <= day && day <= midnight(d.To).Format(time.DateOnly)
}

func midnight(d flows.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// worked says whether all of the meeting is in hours that some day has in its zone, minute by minute.
func worked(r slots.Request, s slots.Slot) bool {
	for at := s.Start; at.Before(s.End); at = at.Add(time.Minute) {
		if !workedAt(r, at) {
			return false
		}
	}
	return true
}

func workedAt(r slots.Request, at time.Time) bool {
	for back := -3; back <= 3; back++ {
		day := at.In(r.Rep.Location).AddDate(0, 0, back)
		day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
		l, spans := r.Rep.Location, r.Rep.Hours.Week[day.Weekday()]
		for i := len(r.Rep.Travel) - 1; i >= 0; i-- {
			if contains(r.Rep.Travel[i].DateRange, day) {
				l = r.Rep.Travel[i].Location
			}
		}
		own := false
		for i := len(r.Rep.Dates) - 1; i >= 0; i-- {
			if contains(r.Rep.Dates[i].DateRange, day) {
				own, spans = true, r.Rep.Dates[i].Spans
			}
		}
		if slices.Contains(r.Roster.Holidays, date(day)) && !own {
			continue
		}
		for _, s := range spans {
			if !at.Before(read(day, s.From, l)) && at.Before(read(day, s.To, l)) {
				return true
			}
		}
	}
	return false
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
			checkReason(t, r, at, reason.Code)
		}
	})
}

// checkReason holds the reasons that depend on where the rep is against the rules as a person would read them.
func checkReason(t *rapid.T, r slots.Request, at time.Time, code string) {
	minutes, every := cmp.Or(r.Minutes, flows.DefaultMinutes), cmp.Or(r.Rules.Every, flows.DefaultEvery)
	clock := local(r, at)
	switch onGrid := (time.Duration(clock.Hour())*time.Hour+time.Duration(clock.Minute())*time.Minute)%every == 0; {
	case code == slots.OffGrid && onGrid && clock.Second() == 0:
		t.Fatalf("%v is on the grid of %v", clock, every)
	case code == slots.OutsideHours && worked(r, slots.Slot{Interval: slots.Interval{Start: at, End: at.Add(time.Duration(minutes) * time.Minute)}}):
		t.Fatalf("%v is in the hours", clock)
	case code == slots.Seats && !slices.Contains(r.Full, slots.Day(r.Roster, at)):
		t.Fatalf("%v has a seat left", clock)
	}
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
			if !worked(r, s) {
				t.Fatalf("%v is not in the hours", s)
			}
			if slices.Contains(r.Full, slots.Day(r.Roster, s.Start)) {
				t.Fatalf("%v has no seat left", s)
			}
			checkLimits(t, r, s)
		}
	})
}

func checkLimits(t *rapid.T, r slots.Request, s slots.Slot) {
	sameDay, sameWeek := 0, 0
	start := local(r, s.Start)
	year, week := start.ISOWeek()
	for _, b := range r.Booked {
		b = local(r, b)
		if b.Format(time.DateOnly) == start.Format(time.DateOnly) {
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

// A guest comes to the times of somebody else, off their own grid; Ask and Why agree on which.
func TestAskSaysWhatWhySays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		host, guest := anyRequest(t), anyRequest(t)
		guest.Now, guest.Guest = host.Now, true
		can := slots.Ask(guest, host.Now, host.Now.Add(flows.DefaultHorizon)) // a horizon of nothing is that one
		for _, s := range slots.Free(host, 0) {
			reason, ok := slots.Why(guest, s.Start)
			if ok != can(s.Start) {
				t.Fatalf("%v: can come %v, why says %+v", s, !ok, reason)
			}
			if reason.Code == slots.OffGrid {
				t.Fatalf("%v: a guest is asked for a grid", s)
			}
		}
	})
}

// However odd a request is, what it costs is bounded by its days and its grid.
func TestWorkIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		r.Minutes = rapid.SampledFrom([]int{1, 30, 1440, 10_000}).Draw(t, "minutes")
		r.Rules.Every = rapid.SampledFrom([]time.Duration{-1, time.Second, time.Minute, 7 * time.Hour, 100 * time.Hour}).Draw(t, "every")
		r.Rules.Horizon = 24 * time.Hour
		every := r.Rules.Every
		if every < time.Second {
			every = flows.DefaultEvery
		}
		// Every midnight, clock change and journey begins the grid anew.
		if free := slots.Free(r, 0); len(free) > int(24*time.Hour/every)+20 {
			t.Fatalf("%d starts in a day", len(free))
		}
	})
}
