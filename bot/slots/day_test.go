package slots_test

import (
	"slices"
	"testing"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

func days(from, to int) flows.DateRange {
	return flows.DateRange{From: flows.Date{Year: 2026, Month: time.November, Day: from}, To: flows.Date{Year: 2026, Month: time.November, Day: to}}
}

func expect(t *testing.T, r slots.Request, codes map[string]string) {
	t.Helper()
	for start, want := range codes {
		if reason, _ := slots.Why(r, at(t, start)); reason.Code != want {
			t.Errorf("%s: %q, want %q", start, reason.Code, want)
		}
	}
}

func TestADateHasHoursOfItsOwn(t *testing.T) {
	r := monday(t) // the 27th is a holiday, on the 25th and 26th the rep is away
	r.Rep.Dates = []flows.DayHours{
		{DateRange: days(24, 24)},
		{DateRange: days(26, 29), Spans: []flows.Span{{From: 600, To: 720}, {From: 840, To: 900}}},
	}
	expect(t, r, map[string]string{
		"2026-11-23T12:00:00+05:30": "",
		"2026-11-24T12:00:00+05:30": slots.OutsideHours, // closed
		"2026-11-26T10:00:00+05:30": slots.Away,         // who is away has no hours to keep
		"2026-11-27T10:00:00+05:30": "",                 // a date of their own goes before the holiday
		"2026-11-27T09:30:00+05:30": slots.OutsideHours,
		"2026-11-27T12:00:00+05:30": slots.OutsideHours,
		"2026-11-27T14:30:00+05:30": "",
		"2026-11-29T11:30:00+05:30": "", // a Sunday
		"2026-11-30T09:30:00+05:30": "",
	})
}

func TestHoursOfADateNeedNoWeek(t *testing.T) {
	r := monday(t)
	r.Rep.Hours = nil
	r.Rep.Dates = []flows.DayHours{{DateRange: days(24, 24), Spans: []flows.Span{{From: 600, To: 660}}}}
	if got := starts(slots.Free(r, 0), r.Rep.Location); !slices.Equal(got, []string{"Tue 10:00", "Tue 10:30"}) {
		t.Errorf("%v", got)
	}
}

func TestOnAJourneyTheHoursAreKeptThere(t *testing.T) {
	r := monday(t)
	r.Rep.Away, r.Roster.Holidays = nil, nil
	berlin := zone(t, "Europe/Berlin")
	r.Rep.Travel = []flows.Stay{{DateRange: days(24, 25), Timezone: "Europe/Berlin", Location: berlin}}
	expect(t, r, map[string]string{
		"2026-11-23T17:30:00+05:30": "",
		"2026-11-24T09:30:00+05:30": slots.OutsideHours, // half past four in the night in Berlin
		"2026-11-24T09:30:00+01:00": "",
		"2026-11-24T17:30:00+01:00": "",
		"2026-11-25T17:30:00+01:00": "",
		"2026-11-25T18:00:00+01:00": slots.OutsideHours,
		"2026-11-26T09:30:00+01:00": "", // home again: 14:00 in Kolkata
		"2026-11-26T09:30:00+05:30": "",
	})
	reason, _ := slots.Why(r, at(t, "2026-11-24T18:00:00+01:00"))
	if want := "The meeting at Tue 24 Nov 18:00 does not fit in the hours of Asha Rao."; reason.Say != want {
		t.Errorf("%q, want the clock where the rep is: %q", reason.Say, want)
	}
}

func TestOnAJourneyGridDaysAndHolidaysAreThoseThere(t *testing.T) {
	r := monday(t)
	r.Rep.Away, r.Rep.Limits = nil, flows.Limits{Day: 1}
	r.Roster.Holidays = []flows.Date{days(25, 25).From}
	r.Rep.Travel = []flows.Stay{{DateRange: days(24, 25), Location: zone(t, "Asia/Kathmandu")}} // a quarter of an hour ahead
	r.Rules.Every = time.Hour
	r.Booked = []time.Time{at(t, "2026-11-23T23:50:00+05:30")} // Tuesday, five past midnight, there
	expect(t, r, map[string]string{
		"2026-11-23T14:00:00+05:30": "",
		"2026-11-24T11:00:00+05:45": slots.DayLimit,
		"2026-11-24T11:00:00+05:30": slots.OffGrid,
		"2026-11-25T11:00:00+05:45": slots.Holiday,
		"2026-11-26T11:00:00+05:30": "",
	})
}

func TestADayWithoutSeatsOffersNothing(t *testing.T) {
	r := monday(t)
	r.Roster.Location = zone(t, "Europe/Berlin")
	if got := slots.Day(r.Roster, at(t, "2026-11-24T04:00:00+05:30")); got != "2026-11-23" {
		t.Errorf("%s is not the day in the workspace's zone", got)
	}
	r.Rep.Hours.Week[time.Tuesday] = []flows.Span{{From: 0, To: 1440}}
	r.Full = []string{"2026-11-24", "no day"}
	expect(t, r, map[string]string{
		"2026-11-24T04:00:00+05:30": "", // still Monday in Berlin
		"2026-11-24T04:30:00+05:30": slots.Seats,
		"2026-11-24T23:30:00+05:30": slots.Seats,
		"2026-11-28T11:00:00+05:30": "",
	})
	reason, _ := slots.Why(r, at(t, "2026-11-24T11:00:00+05:30"))
	if want := "All seats of the day of Tue 24 Nov 11:00 are taken."; reason.Say != want {
		t.Errorf("%q, want %q", reason.Say, want)
	}
}

func TestAGuestComesOffTheirGrid(t *testing.T) {
	host, guest := monday(t), monday(t)
	guest.Rep = &flows.Rep{ID: "nima", Name: "Nima", Location: zone(t, "Asia/Kathmandu"), Hours: office()}
	guest.Busy = []slots.Interval{interval(t, "2026-11-23T12:00:00+05:30", "2026-11-23T13:00:00+05:30")}
	host.To = at(t, "2026-11-23T15:00:00+05:30")
	guest.Guest = true
	can := slots.Ask(guest, host.Now, host.To)
	var kept []slots.Slot
	for _, s := range slots.Free(host, 0) {
		if can(s.Start) {
			kept = append(kept, s)
		}
	}
	if got := starts(kept, host.Rep.Location); !slices.Equal(got, []string{"Mon 13:30", "Mon 14:00", "Mon 14:30"}) {
		t.Errorf("%v", got)
	}
	guest.Guest = false
	if reason, _ := slots.Why(guest, kept[0].Start); reason.Code != slots.OffGrid {
		t.Errorf("%+v: as host the grid is theirs", reason)
	}
}
