package slots_test

import (
	"fmt"
	"testing"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// team is 50 reps, some of them on journeys, with the busy times of 100 recurring events each over 30 days, as the index
// has them: by start.
func team(b *testing.B) []slots.Request {
	zones := []string{"Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Sydney", "UTC"}
	requests := make([]slots.Request, 50)
	for i := range requests {
		r := monday(b)
		r.Rep = &flows.Rep{ID: fmt.Sprint("rep", i), Name: "R", Location: zone(b, zones[i%len(zones)]), Hours: office()}
		r.Rules.Horizon = 30 * 24 * time.Hour
		if i%5 == 0 {
			r.Rep.Dates = []flows.DayHours{{DateRange: days(26, 27), Spans: []flows.Span{{From: 600, To: 720}}}}
			r.Rep.Travel = []flows.Stay{{DateRange: days(24, 28), Location: zone(b, zones[(i/5)%len(zones)])}}
		}
		r.Busy = busy(r.Now, i)
		requests[i] = r
	}
	return requests
}

// busy lays 100 events, half of them daily and half weekly, over the mornings of the month.
func busy(now time.Time, seed int) []slots.Interval {
	var out []slots.Interval
	for day := range 30 {
		for event := range 100 {
			if event%2 == 1 && (day+event)%7 != 0 {
				continue
			}
			start := now.Truncate(24 * time.Hour).Add(time.Duration(day*24*60+event*4+seed) * time.Minute)
			out = append(out, slots.Interval{Start: start, End: start.Add(15 * time.Minute)})
		}
	}
	return out
}

// The figure of the house: the next free times of the whole team from the index in less than 5 ms.
func BenchmarkNextFreeTimesOf50Reps(b *testing.B) {
	requests := team(b)
	spans := 0
	for _, r := range requests {
		spans += len(r.Busy)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, r := range requests {
			slots.Free(r, 3)
		}
	}
	b.ReportMetric(float64(spans), "spans")
}

// All free times of the month, as a picker over many days wants them.
func BenchmarkAllFreeTimesOf50Reps(b *testing.B) {
	requests := team(b)
	b.ReportAllocs()
	free := 0
	for b.Loop() {
		free = 0
		for _, r := range requests {
			free += len(slots.Free(r, 0))
		}
	}
	b.ReportMetric(float64(free), "free")
}

func BenchmarkWhy(b *testing.B) {
	r := team(b)[0]
	start := r.Now.Add(100 * time.Hour)
	for b.Loop() {
		slots.Why(r, start)
	}
}
