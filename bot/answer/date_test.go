package answer

import (
	"testing"
	"time"

	"usher/flows"
)

func TestADayIsReadAsPeopleSayIt(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeDate)}, []says{
		{"today", "2026-11-23"},
		{"Tomorrow", "2026-11-24"},
		{"the day after tomorrow", "2026-11-25"},
		{"yesterday", "2026-11-22"},
		{"Tuesday", "2026-11-24"},
		{"on Friday", "2026-11-27"},
		{"this Friday", "2026-11-27"},
		{"Monday", "2026-11-30"},
		{"next Tuesday", "2026-12-01"},
		{"next Sunday", "2026-12-06"},
		{"Tuesday next week", "2026-12-01"},
		{"in two weeks", "2026-12-07"},
		{"in 3 days", "2026-11-26"},
		{"in a week", "2026-11-30"},
		{"a week from now", "2026-11-30"},
		{"2 months from today", "2027-01-23"},
		{"in a couple of days", "2026-11-25"},
		{"in a fortnight", "2026-12-07"},
		{"in a year", "2027-11-23"},
		{"two weeks from tomorrow", "2026-12-08"},
		{"a week from Tuesday", "2026-12-01"},
		{"first of next month", "2026-12-01"},
		{"3 days ago", "2026-11-20"},
		{"1 Dec", "2026-12-01"},
		{"1st of December", "2026-12-01"},
		{"the 1st of December, 2026", "2026-12-01"},
		{"December 1st 2026", "2026-12-01"},
		{"Dec 1, 2026", "2026-12-01"},
		{"Dec. 1", "2026-12-01"},
		{"1-Dec-2026", "2026-12-01"},
		{"1 Dec '26", "2026-12-01"},
		{"1dec", "2026-12-01"},
		{"first of December", "2026-12-01"},
		{"Tuesday, 1 December 2026", "2026-12-01"},
		{"१ December", "2026-12-01"},
		{"the 5th", "2026-12-05"},
		{"the 25th", "2026-11-25"},
		{"31st", "2026-12-31"},
		{"end of month", "2026-11-30"},
		{"end of the month", "2026-11-30"},
		{"end of next month", "2026-12-31"},
		{"end of February", "2027-02-28"},
		{"end of the year", "2026-12-31"},
		{"beginning of December", "2026-12-01"},
		{"start of next year", "2027-01-01"},
		{"we'd like to start on 1 December please", "2026-12-01"},
		{"by 1 Dec", "2026-12-01"},
		{"next Tuesday at 3", "2026-12-01"},
		{"1 Dec 10:30", "2026-12-01"},
		{"tomorrow, 3pm", "2026-11-24"},
		{"Friday after 3", "2026-11-27"},
	})
}

func TestADayInFigures(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeDate)}, []says{
		{"2026-12-01", "2026-12-01"},
		{"2026/12/1", "2026-12-01"},
		{"2026.12.01", "2026-12-01"},
		{"1.12.2026", "2026-12-01"},
		{"1.12.26", "2026-12-01"},
		{"13/12/2026", "2026-12-13"},
		{"12/13/2026", "2026-12-13"},
		{"13/12", "2026-12-13"},
		{"12/12", "2026-12-12"},
		{"2028-02-29", "2028-02-29"},
		{"1/12/2026", "!ambiguous"},
		{"1/12", "!ambiguous"},
		{"1-12-2026", "!ambiguous"},
		{"2026-13-01", "!not_a_date"},
		{"2026-02-30", "!not_a_date"},
		{"2027-02-29", "!not_a_date"},
		{"32/12/2026", "!not_a_date"},
		{"13/13/2026", "!not_a_date"},
		{"0000-00-00", "!not_a_date"},
	})
	spec(t, Question{Field: field(flows.TypeDate), Language: "en-US"}, []says{{"1/12/2026", "2026-01-12"}, {"12/1", "2026-12-01"}})
	spec(t, Question{Field: field(flows.TypeDate), Language: "en-GB"}, []says{{"1/12/2026", "2026-12-01"}, {"1/12", "2026-12-01"}})
}

func TestADayWithoutAYearIsTheNextOne(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeDate)}, []says{{"23 Nov", "2026-11-23"}, {"22 Nov", "2027-11-22"}, {"1 March", "2027-03-01"}, {"29 Feb", "2028-02-29"}, {"30 Feb", "!not_a_date"}})
	past := &flows.Field{Type: flows.TypeDate, Latest: "today"}
	spec(t, Question{Field: past}, []says{{"1 March", "2026-03-01"}, {"1 March 2027", "!too_late"}, {"tomorrow", "!too_late"}})
}

func TestWhatNamesNoDayIsRefused(t *testing.T) {
	spec(t, Question{Field: field(flows.TypeDate)}, []says{
		{"next month", "!too_vague"},
		{"next week", "!too_vague"},
		{"December", "!too_vague"},
		{"soon", "!too_vague"},
		{"next year", "!too_vague"},
		{"Q1", "!too_vague"},
		{"after 1 Dec", "!too_vague"},
		{"before Friday", "!too_vague"},
		{"not tomorrow", "!too_vague"},
		{"the weekend", "!too_vague"},
		{"in December", "!too_vague"},
		{"mid December", "!too_vague"},
		{"1 Dec or 2 Dec", "!ambiguous"},
		{"1-5 Dec", "!ambiguous"},
		{"Monday 1 December 2026", "!ambiguous"},
		{"Monday or Tuesday", "!ambiguous"},
		{"whatever", "!not_a_date"},
		{"250", "!not_a_date"},
		{"", "!empty"},
		{"in 99999999 days", "!not_a_date"},
		{"we may decide", "!not_a_date"},
	})
}

func TestADayKeepsTheFieldsBounds(t *testing.T) {
	spec(t, Question{Field: &flows.Field{Type: flows.TypeDate, Earliest: "today", Latest: "30d"}}, []says{
		{"today", "2026-11-23"}, {"yesterday", "!too_early"}, {"23 December 2026", "2026-12-23"}, {"24 December 2026", "!too_late"},
	})
	spec(t, Question{Field: &flows.Field{Type: flows.TypeDate, Earliest: "2026-12-01", Latest: "2026-12-31"}}, []says{{"30 Nov 2026", "!too_early"}, {"1 Dec", "2026-12-01"}, {"1 Jan", "!too_late"}})
	spec(t, Question{Field: &flows.Field{Type: flows.TypeDate, Earliest: "-1m", Latest: "2w"}}, []says{{"2026-10-23", "2026-10-23"}, {"2026-10-22", "!too_early"}, {"2026-12-07", "2026-12-07"}, {"2026-12-08", "!too_late"}})
	_, err := Read(Question{Field: &flows.Field{Type: flows.TypeDate, Earliest: "today"}, Language: "en", Now: aMonday}, "yesterday")
	if want := "That is too early: it should be 23 November 2026 or later."; err.(*Refusal).Say != want {
		t.Errorf("the refusal says %q, want %q", err.(*Refusal).Say, want)
	}
}

func TestTodayIsTheVisitors(t *testing.T) {
	kolkata := time.FixedZone("IST", 5*3600+1800)
	late := time.Date(2026, time.November, 23, 20, 0, 0, 0, time.UTC)
	spec(t, Question{Field: field(flows.TypeDate), Now: late.In(kolkata)}, []says{{"today", "2026-11-24"}})
	spec(t, Question{Field: field(flows.TypeDate), Now: late}, []says{{"today", "2026-11-23"}})
	lastOfJanuary := time.Date(2027, time.January, 31, 9, 0, 0, 0, time.UTC)
	spec(t, Question{Field: field(flows.TypeDate), Now: lastOfJanuary}, []says{{"in a month", "2027-02-28"}, {"end of next month", "2027-02-28"}, {"the 30th", "2027-03-30"}})
}
