package calendar

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// nastyFor is how long the worst calendar may take: a sync reads fifty of them every few minutes.
// Before there were bounds some took a minute; with the race detector all take ten times as long.
const nastyFor = time.Minute

func TestNastyCalendarsCostLittle(t *testing.T) {
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	for _, c := range []struct{ name, body string }{
		{"a list of half a million dates", event("UID:a|DTSTART:20261102T090000Z|RDATE:20261103T090000Z" + strings.Repeat(",20261103T090000Z", 550_000))},
		{"half a million exceptions of ten thousand instances", event("UID:a|DTSTART:20261101T000000Z|RRULE:FREQ=MINUTELY;INTERVAL=5|EXDATE:20261103T090001Z" + strings.Repeat(",20261103T090001Z", 550_000))},
		{"rules that give ten thousand each", many(5000, func(i int) string {
			return event(fmt.Sprintf("UID:%d|DTSTART:20261101T000000Z|RRULE:FREQ=MINUTELY;INTERVAL=5", i))
		})},
		{"a thousand rules in one event", event("UID:a|DTSTART:20261101T000000Z" + strings.Repeat("|RRULE:FREQ=MINUTELY;INTERVAL=5", 50_000))},
		{"five thousand changes of one series", event("UID:a|DTSTART:20261101T000000Z|RRULE:FREQ=MINUTELY;INTERVAL=5") + many(4999, func(i int) string {
			return event("UID:a|RECURRENCE-ID;VALUE=DATE:20300101|DTSTART:20261101T000000Z")
		})},
		{"five thousand changes from then on", event("UID:a|DTSTART:20261101T000000Z|RRULE:FREQ=MINUTELY;INTERVAL=5") + many(4999, func(i int) string {
			return event(fmt.Sprintf("UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261101T%02d%02d%02dZ|DTSTART:20261101T000000Z", i/3600, i/60%60, i%60))
		})},
		{"copies of a series", many(5000, func(i int) string { return event("UID:a|DTSTART:20261101T000000Z|RRULE:FREQ=MINUTELY;INTERVAL=5") })},
		{"rules that walk and give nothing", many(5000, func(i int) string {
			return event(fmt.Sprintf("UID:%d|DTSTART:19000101T000000Z|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", i))
		})},
		{"rules that count from long ago", many(5000, func(i int) string {
			return event(fmt.Sprintf("UID:%d|DTSTART:19000101T000000Z|RRULE:FREQ=SECONDLY;COUNT=1000000000", i))
		})},
		{"numbers by the thousand", event("UID:a|DTSTART:19000101T000000Z|RRULE:FREQ=YEARLY;BYDAY=" + strings.Repeat("1MO,-1SU,53TU,", 200_000) + "MO")},
		{"times of day by the thousand", many(2000, func(i int) string {
			return event(fmt.Sprintf("UID:%d|DTSTART:20201101T000000Z|RRULE:FREQ=DAILY;COUNT=9999999;BYHOUR=%s;BYMINUTE=%s;BYSECOND=%s", i, upTo(24), upTo(60), upTo(60)))
		})},
		{"the last of a hundred thousand a year", event("UID:a|DTSTART:19000101T000000Z|RRULE:FREQ=YEARLY;BYHOUR=" + upTo(24) + ";BYMINUTE=" + upTo(60) + ";BYSECOND=" + upTo(60) + ";BYYEARDAY=" + upTo(367)[2:] + ";BYSETPOS=-1")},
		{"zones by the thousand", many(5000, func(i int) string {
			return fmt.Sprintf("BEGIN:VTIMEZONE\r\nTZID:%d\r\n", i) + strings.Repeat("BEGIN:STANDARD\r\nDTSTART:19000101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=DAILY\r\nEND:STANDARD\r\n", 4) + "END:VTIMEZONE\r\n" +
				event(fmt.Sprintf("UID:%d|DTSTART;TZID=%d:20261102T090000", i, i))
		})},
		{"one zone that changes by the second", "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:20200101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" + event("UID:a|DTSTART;TZID=x:20261102T090000")},
		{"a nest", strings.Repeat("BEGIN:VEVENT\r\nBEGIN:VALARM\r\n", 200_000)},
		{"a nest of nothing", strings.Repeat("BEGIN:X\r\n", 1_000_000)},
		{"one line that is folded a million times", event("UID:a|SUMMARY:" + strings.Repeat("x\r\n ", 1_000_000) + "|DTSTART:20261102T090000Z")},
		{"parameters by the million", event("UID:a|DTSTART" + strings.Repeat(";A=b", 2_000_000) + ":20261102T090000Z")},
		{"quotes by the million", event("UID:a|DTSTART;A=" + strings.Repeat("\";", 2_000_000) + ":20261102T090000Z")},
		{"broken lines by the million", event("UID:a|DTSTART:20261102T090000Z|" + strings.Repeat("?|", 2_000_000))},
		{"broken dates by the million", event("UID:a|DTSTART:20261102T090000Z|RDATE:" + strings.Repeat("x,", 4_000_000))},
		{"busy times by the million", "BEGIN:VFREEBUSY\r\nFREEBUSY:20261102T090000Z/PT1H" + strings.Repeat(",20261102T090000Z/PT1H", 440_000) + "\r\nEND:VFREEBUSY\r\n"},
		{"an event that never ends", event("UID:a|DTSTART:00010101T000000Z|DTEND:99991231T235959Z|RRULE:FREQ=DAILY")},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := file(c.body)
			if len(data) > MaxBytes {
				t.Fatalf("%d bytes", len(data))
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			events, problems := Events(data, november())
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			t.Logf("%s, %d MB, %d events, %d problems", took, (after.TotalAlloc-before.TotalAlloc)>>20, len(events), len(problems))
			if took > nastyFor {
				t.Errorf("%s", took)
			}
		})
	}
}

func upTo(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, i)
	}
	return b.String()
}
