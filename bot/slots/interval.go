package slots

import (
	"cmp"
	"slices"
	"time"
)

// Interval is a stretch of time, half open: End is free again.
type Interval struct {
	Start, End time.Time
}

// Merge puts intervals in order and joins those that overlap or touch; those without length go.
func Merge(in []Interval) []Interval {
	sorted := slices.SortedFunc(slices.Values(in), func(a, b Interval) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End))
	})
	var out []Interval
	for _, i := range sorted {
		if !i.Start.Before(i.End) {
			continue
		}
		if n := len(out); n > 0 && !i.Start.After(out[n-1].End) {
			if i.End.After(out[n-1].End) {
				out[n-1].End = i.End
			}
			continue
		}
		out = append(out, i)
	}
	return out
}
