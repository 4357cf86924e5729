package calendar

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// recurring is what people's calendars are made of.
var recurring = []string{
	"FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20300101T000000Z",
	"FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;COUNT=400;BYDAY=WE", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYMONTHDAY=15",
}

// BenchmarkExpand expands 50 reps × 100 recurring events over 30 days from their rules, and the same with rrule-go.
// The metric ×rrule-go is our time in theirs.
func BenchmarkExpand(b *testing.B) {
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 30)
	zone := newZone(location{mustLoad("Europe/Berlin")})
	var entries []*entry
	var theirs []*rrule.RRule
	for i := range 5000 {
		start := time.Date(2024, 1, 1+i%28, 8+i%9, 0, 0, 0, berlin)
		text := recurring[i%len(recurring)]
		r, err := parseRule(text)
		if err != nil {
			b.Fatal(err)
		}
		e := &entry{start: zone.civil(start.Unix()), zone: zone, exact: 1800, busy: true, rules: []*rule{r}}
		r.fit(e)
		entries = append(entries, e)
		option, err := rrule.StrToROption(text)
		if err != nil {
			b.Fatal(err)
		}
		option.Dtstart = start
		their, err := rrule.NewRRule(*option)
		if err != nil {
			b.Fatal(err)
		}
		theirs = append(theirs, their)
	}
	var ours, peer time.Duration
	for b.Loop() {
		began := time.Now()
		n := 0
		for i := 0; i < len(entries); i += 100 {
			x := &expansion{from: from.Unix(), to: to.Unix(), work: work{MaxWork}}
			for _, e := range entries[i : i+100] {
				x.series(newSeries([]*entry{e}))
			}
			n += len(x.events)
		}
		ours += time.Since(began)
		began = time.Now()
		m := 0
		for _, r := range theirs {
			m += len(r.Between(from.Add(-time.Second), to.Add(-time.Second), true))
		}
		peer += time.Since(began)
		if n < m {
			b.Fatalf("%d instances, rrule-go %d", n, m)
		}
	}
	b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N)/1e6, "ms/ours")
	b.ReportMetric(float64(peer.Nanoseconds())/float64(b.N)/1e6, "ms/rrule-go")
	b.ReportMetric(float64(ours)/float64(peer), "×rrule-go")
}

// BenchmarkDecode reads 1 MB of iCalendar and the same with go-ical.
func BenchmarkDecode(b *testing.B) {
	var text strings.Builder
	for i := 0; text.Len() < 1<<20; i++ {
		fmt.Fprint(&text, event(fmt.Sprintf("UID:%d@acme.example|DTSTAMP:20260101T000000Z|DTSTART;TZID=Europe/Berlin:20261102T090000|DTEND;TZID=Europe/Berlin:20261102T093000"+
			"|SUMMARY:Weekly pipeline review|DESCRIPTION:Numbers first\\, then the deals that moved\\, then those that did not move and | why; bring your forecast"+
			"|ATTENDEE;CN=\"Rao, Asha\";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:asha@acme.example|RRULE:FREQ=WEEKLY;BYDAY=MO|SEQUENCE:2|STATUS:CONFIRMED", i)))
	}
	data := file(text.String())
	b.SetBytes(int64(len(data)))
	var ours, peer time.Duration
	for b.Loop() {
		began := time.Now()
		if root, _ := decode(data); root == nil {
			b.Fatal("not read")
		}
		ours += time.Since(began)
		began = time.Now()
		if _, err := ical.NewDecoder(bytes.NewReader(data)).Decode(); err != nil {
			b.Fatal(err)
		}
		peer += time.Since(began)
	}
	b.ReportMetric(float64(ours)/float64(peer), "×go-ical")
}
