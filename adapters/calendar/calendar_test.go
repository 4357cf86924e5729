package calendar

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var berlin = mustLoad("Europe/Berlin")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func query(from, to string) Query {
	a, err1 := time.Parse("2006-01-02", from)
	b, err2 := time.Parse("2006-01-02", to)
	if err1 != nil || err2 != nil {
		panic("bad query")
	}
	return Query{From: a, To: b, Zone: time.UTC}
}

// event writes a VEVENT of lines separated by |.
func event(lines string) string {
	return "BEGIN:VEVENT\r\n" + strings.ReplaceAll(lines, "|", "\r\n") + "\r\nEND:VEVENT\r\n"
}

func file(parts ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(parts, "") + "END:VCALENDAR\r\n")
}

// starts are the events as 0102T1504 in UTC, transparent ones in brackets.
func starts(events []Event) string {
	var out []string
	for _, e := range events {
		s := e.Start.Format("0102T1504") + "-" + e.End.Format("1504")
		if !e.Busy {
			s = "(" + s + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func codes(problems []Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Code)
	}
	return strings.Join(out, " ")
}

func TestWhatCalendarsSay(t *testing.T) {
	const vtz = "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n" +
		"RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\n" +
		"RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
	for _, c := range []struct{ name, body, want, problems string }{
		{"an event in UTC", event("UID:a|DTSTART:20261102T090000Z|DTEND:20261102T093000Z"), "1102T0900-0930", ""},
		{"a duration instead of an end", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT45M"), "1102T0900-0945", ""},
		{"an event in a zone", event("UID:a|DTSTART;TZID=Europe/Berlin:20261102T090000|DURATION:PT1H"), "1102T0800-0900", ""},
		{"a Windows zone, quoted", event(`UID:a|DTSTART;TZID="W. Europe Standard Time":20261102T090000|DURATION:PT1H`), "1102T0800-0900", ""},
		{"the words Outlook shows", event(`UID:a|DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20261102T090000|DURATION:PT1H`), "1102T1400-1500", ""},
		{"the words Outlook shows, unquoted", event(`UID:a|DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin, Bern, Rome:20261102T090000|DURATION:PT1H`), "1102T0800-0900", ""},
		{"a vendor's prefix", event("UID:a|DTSTART;TZID=/mozilla.org/20070129_1/America/New_York:20261102T090000|DURATION:PT1H"), "1102T1400-1500", ""},
		{"the calendar's own zone, from 1601", vtz + event("UID:a|DTSTART;TZID=Customized Time Zone:20261102T090000|DURATION:PT1H"), "1102T1400-1500", ""},
		{"a zone that nobody knows", event("UID:a|DTSTART;TZID=Mars:20261102T090000|DURATION:PT1H"), "1102T0900-1000", "unknown-zone"},
		{"a quote that is never closed", event(`UID:a|DTSTART;TZID="W. Europe Standard Time:20261102T090000|DURATION:PT1H`), "1102T0800-0900", ""},
		{"a date is its whole day", event("UID:a|DTSTART;VALUE=DATE:20261102"), "1102T0000-0000", ""},
		{"a date without saying so", event("UID:a|DTSTART:20261102"), "1102T0000-0000", ""},
		{"transparent is not busy", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|TRANSP:TRANSPARENT"), "(1102T0900-1000)", ""},
		{"cancelled does not take place", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|STATUS:CANCELLED"), "", ""},
		{"weekly with an exception", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY|EXDATE:20261109T090000Z"), "1102T0900-1000 1116T0900-1000 1123T0900-1000 1130T0900-1000", ""},
		{"an exception written as a date", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=2|EXDATE;VALUE=DATE:20261109"), "1102T0900-1000", ""},
		{"a list of exceptions, folded", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=4|EXDATE:20261109T0900| 00Z,20261116T090000Z"), "1102T0900-1000 1123T0900-1000", ""},
		{
			"more dates and a period", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RDATE:20261103T090000Z|RDATE;VALUE=PERIOD:20261104T090000Z/PT2H,20261105T090000Z/20261105T091500Z"),
			"1102T0900-1000 1103T0900-1000 1104T0900-1100 1105T0900-0915", "",
		},
		{
			"a moved instance before its master", event("UID:a|RECURRENCE-ID:20261109T090000Z|DTSTART:20261110T140000Z|DURATION:PT1H") + event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=2"),
			"1102T0900-1000 1110T1400-1500", "",
		},
		{
			"an instance moved in from outside", event("UID:a|DTSTART:20261202T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=2") + event("UID:a|RECURRENCE-ID:20261209T090000Z|DTSTART:20261110T140000Z|DURATION:PT1H"),
			"1110T1400-1500", "",
		},
		{
			"a cancelled instance", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=2") + event("UID:a|RECURRENCE-ID:20261109T090000Z|DTSTART:20261109T090000Z|STATUS:CANCELLED"),
			"1102T0900-1000", "",
		},
		{
			"this and future, in another length", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=4") + event("UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T090000Z|DTSTART:20261117T100000Z|DURATION:PT2H"),
			"1102T0900-1000 1109T0900-1000 1117T1000-1200 1124T1000-1200", "",
		},
		{
			"this and future cancelled", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=4") + event("UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T090000Z|DTSTART:20261116T090000Z|STATUS:CANCELLED"),
			"1102T0900-1000 1109T0900-1000", "",
		},
		{"of two copies the newer counts", event("UID:a|SEQUENCE:0|DTSTART:20261102T090000Z|DURATION:PT1H") + event("UID:a|SEQUENCE:1|DTSTART:20261103T090000Z|DURATION:PT1H"), "1103T0900-1000", ""},
		{"two events without UID are two", event("DTSTART:20261102T090000Z|DURATION:PT1H") + event("DTSTART:20261103T090000Z|DURATION:PT1H"), "1102T0900-1000 1103T0900-1000", ""},
		{"a broken event does not lose the others", event("UID:x|DTSTART:tomorrow") + event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H"), "1102T0900-1000", "bad-start"},
		{"no start at all", event("UID:x|SUMMARY:?") + event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H"), "1102T0900-1000", "no-start"},
		{"an unreadable end is an hour", event("UID:a|DTSTART:20261102T090000Z|DTEND:later"), "1102T0900-1000", "bad-end"},
		{"an end before the start is an hour", event("UID:a|DTSTART:20261102T090000Z|DTEND:20261102T080000Z"), "1102T0900-1000", "bad-end"},
		{
			"a refused rule is busy every day until its end", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;BYEASTER=1;UNTIL=20261104T235959Z"),
			"1102T0900-1000 1103T0900-1000 1104T0900-1000", "bad-rule",
		},
		{"a refused rule within the day is busy throughout", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1M|RRULE:FREQ=HOURLY;BYHOUR=77"), "1102T0900-0000", "bad-rule"},
		{"too many instances are busy throughout", event("UID:a|DTSTART:19700101T000000Z|DURATION:PT1S|RRULE:FREQ=SECONDLY"), "1101T0000-0000", "too-much"},
		{"a rule that never comes is only its start", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=HOURLY;INTERVAL=24;BYHOUR=5"), "1102T0900-1000", ""},
		{"30 February never comes", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3"), "1102T0900-1000", ""},
		{
			"free and busy periods", "BEGIN:VFREEBUSY\r\nFREEBUSY:20261102T090000Z/PT1H,20261102T120000Z/20261102T130000Z\r\nFREEBUSY;FBTYPE=FREE:20261103T090000Z/PT1H\r\nEND:VFREEBUSY\r\n",
			"1102T0900-1000 1102T1200-1300", "",
		},
		{"an event whose END is missing", "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261102T090000Z\r\nDURATION:PT1H\r\n" + event("UID:b|DTSTART:20261103T090000Z|DURATION:PT1H"), "1102T0900-1000 1103T0900-1000", ""},
		{"an alarm's duration is not the event's", event("UID:a|DTSTART:20261102T090000Z|BEGIN:VALARM|DURATION:PT5M|END:VALARM|DTEND:20261102T100000Z"), "1102T0900-1000", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, problems := Events(file(c.body), query("2026-11-01", "2026-12-01"))
			if starts(got) != c.want || codes(problems) != c.problems {
				t.Errorf("got  %s [%s]\nwant %s [%s]", starts(got), codes(problems), c.want, c.problems)
			}
		})
	}
}

func TestHowFilesAreWritten(t *testing.T) {
	plain := string(file(event("UID:a|SUMMARY:A long\\, long| \\nname|DTSTART:20261102T090000Z|DURATION:PT1H")))
	one := event("UID:a|SUMMARY:A long\\, long| \\nname|DTSTART:20261102T090000Z|DURATION:PT1H")
	for name, text := range map[string]string{
		"as the standard wants":  plain,
		"with a byte order mark": "\ufeff" + plain,
		"with bare line feeds":   strings.ReplaceAll(plain, "\r\n", "\n"),
		"with bare returns":      strings.ReplaceAll(plain, "\r\n", "\r"),
		"without a calendar":     one,
		"with blank lines":       strings.ReplaceAll(plain, "\r\nDURATION", "\r\n\r\nDURATION"),
		"after another calendar": string(file()) + plain,
		"cut off":                strings.TrimSuffix(plain, "END:VEVENT\r\nEND:VCALENDAR\r\n"),
		"in lower case":          strings.ReplaceAll(strings.ReplaceAll(plain, "BEGIN", "begin"), "DTSTART", "dtstart"),
	} {
		t.Run(name, func(t *testing.T) {
			got, problems := Events([]byte(text), query("2026-11-01", "2026-12-01"))
			if starts(got) != "1102T0900-1000" || got[0].Summary != "A long, long\nname" || len(problems) > 0 {
				t.Errorf("got %s %v", starts(got), problems)
			}
		})
	}
}

func TestWhatIsNoCalendarIsFatal(t *testing.T) {
	many := strings.Repeat(event("DTSTART:20261102T090000Z"), MaxEvents+1)
	for name, data := range map[string][]byte{
		"a page of HTML":  []byte("<html><body>Sign in</body></html>"),
		"nothing":         nil,
		"too many bytes":  make([]byte, MaxBytes+1),
		"too many events": []byte(many),
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := Events(data, query("2026-11-01", "2026-12-01"))
			if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Fatal }) {
				t.Errorf("no fatal problem among %v", problems)
			}
		})
	}
}

func TestZonesOfFloatingTimes(t *testing.T) {
	floats := event("UID:a|DTSTART:20261102T090000|DURATION:PT1H")
	q := query("2026-11-01", "2026-12-01")
	t.Run("the query's zone reads them", func(t *testing.T) {
		q.Zone = berlin
		if got, _ := Events(file(floats), q); starts(got) != "1102T0800-0900" {
			t.Error(starts(got))
		}
	})
	t.Run("the calendar's own zone goes first", func(t *testing.T) {
		q.Zone = berlin
		if got, _ := Events(file("X-WR-TIMEZONE:America/New_York\r\n", floats), q); starts(got) != "1102T1400-1500" {
			t.Error(starts(got))
		}
	})
	t.Run("without any zone it is said once", func(t *testing.T) {
		q.Zone = nil
		got, problems := Events(file(floats, event("UID:b|DTSTART:20261103")), q)
		if starts(got) != "1102T0900-1000 1103T0000-0000" || codes(problems) != NoZone {
			t.Error(starts(got), problems)
		}
	})
	t.Run("a day is as long as its zone's clocks make it", func(t *testing.T) {
		q := query("2026-10-01", "2026-12-01")
		q.Zone = berlin
		got, _ := Events(file(event("UID:a|DTSTART;VALUE=DATE:20261025")), q)
		if len(got) != 1 || got[0].End.Sub(got[0].Start) != 25*time.Hour {
			t.Error(got)
		}
	})
}

func TestWhatTheOwnerDeclinedIsNotBusy(t *testing.T) {
	q := query("2026-11-01", "2026-12-01")
	q.Owner = "asha@acme.example"
	data := file(event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|ATTENDEE;PARTSTAT=DECLINED:mailto:Asha@acme.example"),
		event("UID:b|DTSTART:20261103T090000Z|DURATION:PT1H|ATTENDEE;PARTSTAT=DECLINED:mailto:ben@acme.example"))
	if got, _ := Events(data, q); starts(got) != "(1102T0900-1000) 1103T0900-1000" {
		t.Error(starts(got))
	}
}

func TestBusyIsMergedOverFilesAndCut(t *testing.T) {
	a := file(event("UID:a|DTSTART:20261031T230000Z|DURATION:PT2H"), event("UID:b|DTSTART:20261102T090000Z|DURATION:PT1H"))
	b := file(event("UID:c|DTSTART:20261102T100000Z|DURATION:PT1H"), event("UID:d|DTSTART:20261102T091500Z|DURATION:PT5M"))
	got, _ := Busy(query("2026-11-01", "2026-12-01"), a, b)
	if want := "[{2026-11-01 00:00:00 +0000 UTC 2026-11-01 01:00:00 +0000 UTC} {2026-11-02 09:00:00 +0000 UTC 2026-11-02 11:00:00 +0000 UTC}]"; fmt.Sprint(got) != want {
		t.Error(got)
	}
}

func TestHostileRulesEnd(t *testing.T) {
	for _, rule := range []string{
		"FREQ=SECONDLY", "FREQ=SECONDLY;BYSECOND=59;BYMONTH=2;BYMONTHDAY=30", "FREQ=MINUTELY;COUNT=1000000000",
		"FREQ=HOURLY;INTERVAL=24;BYHOUR=5", "FREQ=SECONDLY;COUNT=1000000000;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=1000000;BYMONTH=2;BYMONTHDAY=30",
		"FREQ=YEARLY;COUNT=5;BYYEARDAY=366;BYMONTH=1", "FREQ=YEARLY;INTERVAL=1048576", "FREQ=SECONDLY;INTERVAL=3;COUNT=999999;BYHOUR=4",
		"FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9",
	} {
		lines := "DTSTART:19700101T090000Z|DURATION:PT1M|RRULE:" + rule
		events, _ := Events(file(event(lines)), query("2026-11-01", "2026-12-01"))
		if len(events) > MaxInstances {
			t.Errorf("%s: %d events", rule, len(events))
		}
	}
}

func FuzzEvents(f *testing.F) {
	names, err := filepath.Glob("testdata/*.ics")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, body := range []string{
		event("UID:a|DTEND:20261102T100000Z|RECURRENCE-ID:20261103T090000Z"), event("UID:a|DTSTART:20261102T99"),
		event("UID:a|DTSTART:20261102T090000Z|RDATE;VALUE=PERIOD:20261104T090000Z/PT2H,20261105T090000Z/20261105T091500Z|EXDATE:20261104T090000,20261105"),
		event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=DAILY") + event("UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T090000Z|DTSTART:20261117T100000Z|DURATION:PT2H"),
		"BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20261102T090000Z/PT1H,20261103T090000Z/20261103T100000Z\r\nEND:VFREEBUSY\r\n",
		"BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:DAYLIGHT\r\nDTSTART:20200101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRDATE:20261101T020000\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n" +
			event("UID:a|DTSTART;TZID=x:20261102T090000|DTEND:20261102T100000"),
	} {
		f.Add(file(body))
	}
	f.Add([]byte("\xff\xfeB\x00E\x00G\x00I\x00N\x00:\x00V\x00E\x00V\x00E\x00N\x00T\x00"))
	f.Add(file(event("UID:a|DTSTART;TZID=Europe/Berlin:20261102T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;BYDAY=MO,-1FR|EXDATE:20261109")))
	f.Add(file("BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		q := query("2026-11-01", "2026-12-01")
		events, _ := Events(data, q)
		for _, e := range events {
			if e.End.Before(e.Start) || e.Start.After(q.To) || e.End.Before(q.From) {
				t.Fatalf("%v lies outside the query or ends before it starts", e)
			}
		}
		spans, _ := Busy(q, data)
		for i, s := range spans {
			if !s.Start.Before(s.End) || i > 0 && !spans[i-1].End.Before(s.Start) {
				t.Fatalf("%v is not merged", spans)
			}
		}
	})
}
