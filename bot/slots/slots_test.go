package slots_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"usher/bot/slots"
	"usher/flows"
)

// office is Monday to Friday from 09:30 to 18:00 and Saturday from 10:00 to 13:00.
func office() *flows.Hours {
	h := &flows.Hours{Name: "office"}
	for d := time.Monday; d <= time.Friday; d++ {
		h.Week[d] = []flows.Span{{From: 9*60 + 30, To: 18 * 60}}
	}
	h.Week[time.Saturday] = []flows.Span{{From: 600, To: 780}}
	return h
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// monday is a request of Monday 23 November 2026, 10:00 in Kolkata.
func monday(t testing.TB) slots.Request {
	return slots.Request{
		Roster: &flows.Roster{Location: zone(t, "Asia/Kolkata"), Holidays: []flows.Date{{Year: 2026, Month: 11, Day: 27}}},
		Rep: &flows.Rep{
			ID: "asha", Name: "Asha Rao", Location: zone(t, "Asia/Kolkata"), Hours: office(),
			Away: []flows.DateRange{{From: flows.Date{Year: 2026, Month: 11, Day: 25}, To: flows.Date{Year: 2026, Month: 11, Day: 26}}},
		},
		Rules:   flows.MeetingRules{Buffer: 10 * time.Minute, Notice: 2 * time.Hour, Horizon: 14 * 24 * time.Hour, Every: 30 * time.Minute},
		Minutes: 30,
		Now:     at(t, "2026-11-23T10:00:00+05:30"),
	}
}

func starts(free []slots.Slot, l *time.Location) []string {
	var out []string
	for _, s := range free {
		out = append(out, s.Start.In(l).Format("Mon 15:04"))
	}
	return out
}

func interval(t testing.TB, from, to string) slots.Interval {
	return slots.Interval{Start: at(t, from), End: at(t, to)}
}

func TestTheSoonestTimeKeepsTheNoticeExactly(t *testing.T) {
	free := slots.Free(monday(t), 1)
	if len(free) != 1 || !free[0].Start.Equal(at(t, "2026-11-23T12:00:00+05:30")) || free[0].End.Sub(free[0].Start) != 30*time.Minute {
		t.Fatalf("free from %v", free)
	}
	if free[0].Start.Location() != time.UTC || free[0].Rep != "asha" {
		t.Errorf("%v is not an instant of asha", free[0])
	}
}

func TestTheLastTimeIsOnTheHorizon(t *testing.T) {
	free := slots.Free(monday(t), 0)
	if last := free[len(free)-1].Start; !last.Equal(at(t, "2026-12-07T10:00:00+05:30")) {
		t.Errorf("the last start is %v", last)
	}
}

func TestWhySaysWhatKeepsATime(t *testing.T) {
	r := monday(t)
	r.Rep.Limits = flows.Limits{Day: 2, Week: 4}
	r.Busy = []slots.Interval{interval(t, "2026-11-23T14:00:00+05:30", "2026-11-23T15:00:00+05:30")}
	r.Blocked = []slots.Interval{interval(t, "2026-11-23T15:50:00+05:30", "2026-11-23T16:40:00+05:30")}
	r.Booked = []time.Time{
		at(t, "2026-11-24T10:00:00+05:30"), at(t, "2026-11-24T11:00:00+05:30"),
		at(t, "2026-11-30T10:00:00+05:30"), at(t, "2026-12-01T10:00:00+05:30"),
		at(t, "2026-12-02T10:00:00+05:30"), at(t, "2026-12-03T10:00:00+05:30"),
	}
	r.Away = []slots.Interval{interval(t, "2026-11-28T11:00:00+05:30", "2026-11-28T12:00:00+05:30")}
	for _, c := range []struct{ start, code string }{
		{"2026-11-23T09:30:00+05:30", slots.InThePast},
		{"2026-11-23T11:30:00+05:30", slots.Notice},
		{"2026-11-23T11:59:00+05:30", slots.Notice},
		{"2026-11-23T12:00:00+05:30", ""},
		{"2026-11-23T12:10:00+05:30", slots.OffGrid},
		{"2026-11-23T13:00:00+05:30", ""},
		{"2026-11-23T13:30:00+05:30", slots.Buffer},
		{"2026-11-23T14:00:00+05:30", slots.Busy},
		{"2026-11-23T14:30:00+05:30", slots.Busy},
		{"2026-11-23T15:00:00+05:30", slots.Buffer},
		{"2026-11-23T15:30:00+05:30", slots.Meeting},
		{"2026-11-23T16:30:00+05:30", slots.Meeting},
		{"2026-11-23T17:30:00+05:30", ""},
		{"2026-11-23T18:00:00+05:30", slots.OutsideHours},
		{"2026-11-24T15:00:00+05:30", slots.DayLimit},
		{"2026-11-25T15:00:00+05:30", slots.Away},
		{"2026-11-26T17:30:00+05:30", slots.Away},
		{"2026-11-27T12:00:00+05:30", slots.Holiday},
		{"2026-11-28T10:30:00+05:30", ""},
		{"2026-11-28T11:30:00+05:30", slots.Away},
		{"2026-11-28T13:00:00+05:30", slots.OutsideHours},
		{"2026-11-29T12:00:00+05:30", slots.OutsideHours},
		{"2026-12-04T12:00:00+05:30", slots.WeekLimit},
		{"2026-12-07T10:00:00+05:30", ""},
		{"2026-12-07T10:30:00+05:30", slots.Horizon},
	} {
		reason, ok := slots.Why(r, at(t, c.start))
		if reason.Code != c.code || ok != (c.code == "") || (reason.Say == "") != ok {
			t.Errorf("%s: %+v %v, want %q", c.start, reason, ok, c.code)
		}
	}
}

func TestASentenceNamesTheRepTheTimeAndTheRule(t *testing.T) {
	r := monday(t)
	reason, _ := slots.Why(r, at(t, "2026-11-23T11:30:00+05:30"))
	if want := "Mon 23 Nov 11:30 is sooner than the notice of 2h."; reason.Say != want {
		t.Errorf("%q, want %q", reason.Say, want)
	}
	reason, _ = slots.Why(r, at(t, "2026-11-25T12:00:00+05:30"))
	if want := "Asha Rao is away at Wed 25 Nov 12:00."; reason.Say != want {
		t.Errorf("%q, want %q", reason.Say, want)
	}
}

func TestTwoMeetingsKeepBothBuffers(t *testing.T) {
	r := monday(t)
	// The meeting from 14:00 to 14:30 blocks 13:50 to 14:40; the next one blocks from ten minutes before its start.
	r.Blocked = []slots.Interval{interval(t, "2026-11-23T13:50:00+05:30", "2026-11-23T14:40:00+05:30")}
	r.Rules.Every = 5 * time.Minute
	for start, want := range map[string]string{
		"2026-11-23T13:10:00+05:30": "", "2026-11-23T13:15:00+05:30": slots.Buffer,
		"2026-11-23T14:45:00+05:30": slots.Buffer, "2026-11-23T14:50:00+05:30": "",
	} {
		if reason, _ := slots.Why(r, at(t, start)); reason.Code != want {
			t.Errorf("%s: %q, want %q", start, reason.Code, want)
		}
	}
}

func TestHoursThatTouchAcrossMidnightAreOne(t *testing.T) {
	r := monday(t)
	r.Rep.Hours = &flows.Hours{}
	r.Rep.Hours.Week[time.Thursday] = []flows.Span{{From: 22 * 60, To: 24 * 60}}
	r.Rep.Hours.Week[time.Friday] = []flows.Span{{From: 0, To: 60}, {From: 90, To: 150}}
	r.Rep.Away, r.Roster.Holidays, r.Minutes = nil, nil, 60
	r.Rules.Horizon = 7 * 24 * time.Hour
	got := starts(slots.Free(r, 0), r.Rep.Location)
	want := []string{"Thu 22:00", "Thu 22:30", "Thu 23:00", "Thu 23:30", "Fri 00:00", "Fri 01:30"}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestAWindowNarrowsTheStarts(t *testing.T) {
	r := monday(t)
	r.From, r.To = at(t, "2026-11-24T11:00:00+05:30"), at(t, "2026-11-24T12:00:00+05:30")
	got := starts(slots.Free(r, 0), r.Rep.Location)
	if len(got) != 2 || got[0] != "Tue 11:00" || got[1] != "Tue 11:30" {
		t.Errorf("%v", got)
	}
	if reason, ok := slots.Why(r, r.To); ok || reason.Code != slots.Window {
		t.Errorf("the end of the window: %+v", reason)
	}
	r.From = r.Now.Add(-time.Hour)
	if got := slots.Free(r, 1); !got[0].Start.Equal(at(t, "2026-11-23T12:00:00+05:30")) {
		t.Errorf("a window from the past begins %v", got[0].Start)
	}
}

func TestTheGridIsCountedOnTheRepsClock(t *testing.T) {
	r := monday(t)
	r.Rep.Location = zone(t, "Asia/Kathmandu") // 15 minutes off Kolkata
	r.Rep.Away = nil
	if got := starts(slots.Free(r, 2), r.Rep.Location); got[0] != "Mon 12:30" || got[1] != "Mon 13:00" {
		t.Errorf("%v", got)
	}
	r.Rules.Every = 45 * time.Minute
	if got := starts(slots.Free(r, 2), r.Rep.Location); got[0] != "Mon 12:45" || got[1] != "Mon 13:30" {
		t.Errorf("every 45 minutes: %v", got)
	}
}

func TestARepWithoutHoursIsNeverFree(t *testing.T) {
	r := monday(t)
	r.Rep.Hours = nil
	if free := slots.Free(r, 0); len(free) != 0 {
		t.Errorf("%v", free)
	}
}

func TestTimesThatLieAreNotCounted(t *testing.T) {
	r := monday(t)
	r.Busy = []slots.Interval{{Start: at(t, "2026-11-23T15:00:00+05:30"), End: at(t, "2026-11-23T11:00:00+05:30")}, {}}
	if free := slots.Free(r, 1); !free[0].Start.Equal(at(t, "2026-11-23T12:00:00+05:30")) {
		t.Errorf("%v", free)
	}
	if reason, ok := slots.Why(r, at(t, "2026-11-23T12:00:00.5+05:30")); ok || reason.Code != slots.OffGrid {
		t.Errorf("half a second off: %+v", reason)
	}
}
