package calendar

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"usher/bot"
)

// zoneOf writes a VTIMEZONE of parts: "DAYLIGHT|20070311T020000|-0500|-0400|RRULE:…".
func zoneOf(tzid string, parts ...[5]string) string {
	out := "BEGIN:VTIMEZONE\r\nTZID:" + tzid + "\r\n"
	for _, p := range parts {
		out += "BEGIN:" + p[0] + "\r\nDTSTART:" + p[1] + "\r\nTZOFFSETFROM:" + p[2] + "\r\nTZOFFSETTO:" + p[3] + "\r\n" + p[4] + "\r\nEND:" + p[0] + "\r\n"
	}
	return out + "END:VTIMEZONE\r\n"
}

func TestRareButReal(t *testing.T) {
	eras := zoneOf("Office",
		[5]string{"DAYLIGHT", "19870405T020000", "-0500", "-0400", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z"},
		[5]string{"STANDARD", "19671029T020000", "-0400", "-0500", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z"},
		[5]string{"DAYLIGHT", "20070311T020000", "-0500", "-0400", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"},
		[5]string{"STANDARD", "20071104T020000", "-0400", "-0500", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"})
	ended := zoneOf("Ended", [5]string{"DAYLIGHT", "20000402T020000", "-003000", "+001500", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20050403T073000Z"})
	listed := zoneOf("Listed", [5]string{"STANDARD", "20071104T020000", "+0500", "+0530", "RDATE:20081104T020000,20091104T020000"})
	for _, c := range []struct{ name, body, want, problems string }{
		{"two eras of one zone: the later rule holds", eras + event("UID:a|DTSTART;TZID=Office:20261102T090000|DURATION:PT1H"), "1102T1400-1500", ""},
		{"a zone whose changes ended stays as it was", ended + event("UID:a|DTSTART;TZID=Ended:20261102T090000|DURATION:PT1H"), "1102T0845-0945", ""},
		{"a zone whose changes are listed", listed + event("UID:a|DTSTART;TZID=Listed:20261102T090000|DURATION:PT1H"), "1102T0330-0430", ""},
		{"a zone that says only its offset", event("UID:a|DTSTART;TZID=UTC+11:20261102T110000|DURATION:PT1H"), "1102T0000-0100", ""},
		{"a zone with an offset and words nobody knows", event(`UID:a|DTSTART;TZID="(GMT-03:30) Atlantis":20261102T090000|DURATION:PT1H`), "1102T1230-1330", ""},
		{
			"an end given in UTC counts to the last start", event("UID:a|DTSTART;TZID=Europe/Berlin:20261102T090000|DURATION:PT1H|RRULE:FREQ=DAILY;UNTIL=20261104T080000Z"),
			"1102T0800-0900 1103T0800-0900 1104T0800-0900", "",
		},
		{"an end given as a date holds the day", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RRULE:FREQ=DAILY;UNTIL=20261103"), "1102T0900-1000 1103T0900-1000", ""},
		{"days with an end given as an instant", event("UID:a|DTSTART;VALUE=DATE:20261102|RRULE:FREQ=DAILY;UNTIL=20261103T120000Z"), "1102T0000-0000 1103T0000-0000", ""},
		{"days that claim to repeat by the hour are days", event("UID:a|DTSTART;VALUE=DATE:20261102|RRULE:FREQ=HOURLY;COUNT=2;BYMINUTE=5"), "1102T0000-0000 1103T0000-0000", ""},
		{"weeks by number belong to their own year", event("UID:a|DTSTART:20241231T090000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYWEEKNO=1,45;BYDAY=TU"), "1103T0900-1000", ""},
		{"days of the year from its end", event("UID:a|DTSTART:20251102T090000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYYEARDAY=-60"), "1102T0900-1000", ""},
		{"every Friday the 13th", event("UID:a|DTSTART:20260213T090000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR"), "1113T0900-1000", ""},
		{"an hourly rule over night", event("UID:a|DTSTART:20261102T220000Z|DURATION:PT10M|RRULE:FREQ=HOURLY;INTERVAL=2;COUNT=3"), "1102T2200-2210 1103T0000-0010 1103T0200-0210", ""},
		{"minutes within some hours", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1M|RRULE:FREQ=MINUTELY;INTERVAL=30;BYHOUR=9;BYDAY=MO;UNTIL=20261109T090000Z"), "1102T0900-0901 1102T0930-0931 1109T0900-0901", ""},
		{"a date among the extra times of a timed event", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RDATE;VALUE=DATE:20261105"), "1102T0900-1000 1105T0900-1000", ""},
		{"extra days and excepted days", event("UID:a|DTSTART;VALUE=DATE:20261102|RDATE;VALUE=DATE:20261104,20261106|EXDATE:20261106T000000Z"), "1102T0000-0000 1104T0000-0000", ""},
		{
			"extra times and exceptions nobody can read", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|RDATE:soon,20261103T090000Z/never|EXDATE:later"),
			"1102T0900-1000 1103T0900-1000", "bad-rdate bad-rdate bad-exdate",
		},
		{"a recurrence id nobody can read is an event", event("UID:a|RECURRENCE-ID:once|DTSTART:20261102T090000Z|DURATION:PT1H"), "1102T0900-1000", "bad-recurrence-id"},
		{
			"of two changes the newer counts", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H") +
				event("UID:a|SEQUENCE:2|RECURRENCE-ID:20261102T090000Z|DTSTART:20261102T120000Z|DURATION:PT1H") + event("UID:a|SEQUENCE:1|RECURRENCE-ID:20261102T090000Z|DTSTART:20261102T150000Z|DURATION:PT1H"),
			"1102T1200-1300", "",
		},
		{"a change of a day series named by a time", event("UID:a|DTSTART;VALUE=DATE:20261102|RRULE:FREQ=WEEKLY;COUNT=2") +
			event(`UID:a|RECURRENCE-ID;TZID="W. Europe Standard Time":20261109T000000|DTSTART;VALUE=DATE:20261110`), "1102T0000-0000 1110T0000-0000", ""},
		{"a period of busy time nobody can read", "BEGIN:VFREEBUSY\r\nUID:f\r\nFREEBUSY:soon/PT1H,20261102T090000Z/later\r\nEND:VFREEBUSY\r\n", "1102T0900-1000", "bad-period bad-period"},
		{"Exchange's own word for free", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|X-MICROSOFT-CDO-BUSYSTATUS:FREE"), "(1102T0900-1000)", ""},
		{"a day whose end cannot be read", event("UID:a|DTSTART;VALUE=DATE:20261102|DTEND:never"), "1102T0000-0000", "bad-end"},
		{"a duration that cannot be read", event("UID:a|DTSTART:20261102T090000Z|DURATION:-PT1H"), "1102T0900-1000", "bad-end"},
		{"days in a duration are days on the clock", event("UID:a|DTSTART;TZID=America/New_York:20261031T200000|DURATION:P1DT1H"), "1101T0000-0200", ""},
		{"a line that is no property", event("UID:a|RRULE FREQ=DAILY;COUNT=2|DTSTART:20261102T090000Z|DURATION:PT1H|nonsense"), "1102T0900-1000 1103T0900-1000", "bad-line"},
		{
			"times with dashes, without seconds, with a leap second", event("UID:a|DTSTART:2026-11-02T09:00:00Z|DTEND:20261102T1000Z") + event("UID:b|DTSTART:20261103T085960Z|DURATION:PT1H"),
			"1102T0900-1000 1103T0859-0959", "",
		},
		{"hours that do not exist", event("UID:a|DTSTART:20261102T250000Z") + event("UID:b|DTSTART:20261102 09") + event("UID:c|DTSTART:20261102T09"), "1102T0000-0000 1102T0000-0000 1102T0000-0000", "bad-start bad-start bad-start"},
		{"no start, but an end", event("UID:a|DTEND:20261102T100000Z"), "1102T0900-1000", "no-start"},
		{"no start, but the last day", event("UID:a|DTEND;VALUE=DATE:20261103"), "1102T0000-0000", "no-start"},
		{"no start, but what it replaces", event("UID:a|RECURRENCE-ID:20261102T090000Z"), "1102T0900-1000", "no-start"},
		{"an end without the zone of its start", event("UID:a|DTSTART;TZID=Europe/Berlin:20261102T090000|DTEND:20261102T100000"), "1102T0800-0900", ""},
		{
			"exceptions without the zone of the start", event("UID:a|DTSTART;TZID=Europe/Berlin:20261102T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3|EXDATE:20261103T090000"),
			"1102T0800-0900 1104T0800-0900", "",
		},
		{"declined, with the address beside", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|ATTENDEE;PARTSTAT=DECLINED;EMAIL=asha@acme.example:urn:uuid:1"), "(1102T0900-1000)", ""},
		{"declined, the address bare", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|ATTENDEE;PARTSTAT=DECLINED:Asha@acme.example"), "(1102T0900-1000)", ""},
		{"somebody else was sent", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|ATTENDEE;PARTSTAT=DELEGATED:MAILTO:asha@acme.example"), "(1102T0900-1000)", ""},
		{"somebody else declined", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|ATTENDEE;PARTSTAT=DECLINED:mailto:ben@acme.example"), "1102T0900-1000", ""},
		{"an answer that is still owed is busy", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:asha@acme.example"), "1102T0900-1000", ""},
		{"tentative is busy", event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|STATUS:TENTATIVE"), "1102T0900-1000", ""},
		{"a zone that changes too often to work out is not known", "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:20200101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n" +
			"RRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" + event("UID:a|DTSTART;TZID=x:20261102T090000Z|DURATION:PT1H") + event("UID:b|DTSTART;TZID=x:20261102T090000|DURATION:PT1H"), "1102T0900-1000 1102T0900-1000", "unknown-zone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := query("2026-11-01", "2026-12-01")
			q.Owner = "asha@acme.example"
			got, problems := Events(file(c.body), q)
			if starts(got) != c.want || codes(problems) != c.problems {
				t.Errorf("got  %s [%s]\nwant %s [%s]", starts(got), codes(problems), c.want, c.problems)
			}
		})
	}
}

func TestProblemsSayWhere(t *testing.T) {
	_, problems := Events(file(event("UID:x|DTSTART:soon")), query("2026-11-01", "2026-12-01"))
	if len(problems) != 1 || problems[0].Error() != `line 3: event x: DTSTART "soon" cannot be read; it is left out` {
		t.Error(problems)
	}
}

func TestInvitationSaysHowTheMeetingStands(t *testing.T) {
	for given, want := range map[string]string{bot.Held: "TENTATIVE", bot.Confirmed: "CONFIRMED", bot.Cancelled: "CANCELLED", bot.Dropped: "CANCELLED"} {
		m := meeting
		m.Status = given
		if got := status(m); got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
}

func TestUTF16(t *testing.T) {
	text := string(file(event("UID:a|DTSTART:20261102T090000Z|DURATION:PT1H|SUMMARY:Grüße 🎉")))
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		data := order.AppendUint16(nil, 0xfeff)
		for _, unit := range utf16.Encode([]rune(text)) {
			data = order.AppendUint16(data, unit)
		}
		events, problems := Events(data, november())
		if len(problems) > 0 || starts(events) != "1102T0900-1000" || events[0].Summary != "Grüße 🎉" || whole(data) != nil {
			t.Errorf("%s: %v %v", name, events, problems)
		}
	}
}
