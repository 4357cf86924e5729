package slots

import (
	"cmp"
	"slices"
)

// span is a half open stretch of time in Unix seconds.
type span struct{ from, to int64 }

// spans brings the intervals that touch [lo, hi) into order, without overlaps. Parts of a second count as whole ones.
func spans(in []Interval, lo, hi int64) []span {
	out := make([]span, 0, len(in))
	for _, i := range in {
		s := span{i.Start.Unix(), seconds(i.End)}
		if s.from < s.to && s.from < hi && s.to > lo {
			out = append(out, s)
		}
	}
	return join(out)
}

// join sorts spans in place and makes one of those that overlap or touch.
func join(in []span) []span {
	byStart := func(a, b span) int { return cmp.Compare(a.from, b.from) }
	if !slices.IsSortedFunc(in, byStart) {
		slices.SortFunc(in, byStart)
	}
	out := in[:0]
	for _, s := range in {
		if last := len(out) - 1; last >= 0 && s.from <= out[last].to {
			out[last].to = max(out[last].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// hit is the first of the joined spans that overlaps s.
func hit(in []span, s span) (span, bool) {
	i, _ := slices.BinarySearchFunc(in, s.from, func(x span, at int64) int {
		if x.to <= at {
			return -1
		}
		return 1
	})
	if i < len(in) && in[i].from < s.to {
		return in[i], true
	}
	return span{}, false
}

// within says whether s lies wholly in one of the joined spans.
func within(in []span, s span) bool {
	around, ok := hit(in, s)
	return ok && around.from <= s.from && s.to <= around.to
}
