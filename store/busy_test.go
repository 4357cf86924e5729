package store

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/slots"
)

func TestBusyTimesThatWerePackedCoverTheSameTime(t *testing.T) {
	base := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	minute := func(n int) time.Time { return base.Add(time.Duration(n) * time.Minute) }
	rapid.Check(t, func(t *rapid.T) {
		var spans []slots.Interval
		for range rapid.IntRange(0, 20).Draw(t, "spans") {
			start := rapid.IntRange(-100, 100).Draw(t, "start")
			spans = append(spans, slots.Interval{Start: minute(start), End: minute(start + rapid.IntRange(-2, 40).Draw(t, "long"))})
		}
		from := rapid.IntRange(-150, 150).Draw(t, "from")
		to := from + rapid.IntRange(0, 100).Draw(t, "asked")
		got, err := unpack(pack(spans), minute(from), minute(to))
		if err != nil {
			t.Fatal(err)
		}
		for m := from; m < to; m++ {
			at := minute(m)
			want := slices.ContainsFunc(spans, func(s slots.Interval) bool { return !at.Before(s.Start) && at.Before(s.End) })
			n := 0
			for _, i := range got {
				if !at.Before(i.Start) && at.Before(i.End) {
					n++
				}
			}
			if want != (n == 1) || n > 1 {
				t.Fatalf("minute %d is in %d of %v, in the calendar: %t", m, n, got, want)
			}
		}
	})
}

func FuzzUnpack(f *testing.F) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f.Add(pack([]slots.Interval{{Start: now, End: now.Add(time.Hour)}, {Start: now.Add(2 * time.Hour), End: now.Add(3 * time.Hour)}}))
	f.Add([]byte{0x80})
	f.Fuzz(func(t *testing.T, packed []byte) {
		got, err := unpack(packed, now, now.AddDate(0, 0, 30))
		if err != nil && got != nil {
			t.Error("times and an error")
		}
	})
}
