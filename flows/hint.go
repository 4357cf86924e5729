package flows

import (
	"fmt"
	"slices"
	"strings"
)

// didYouMean is a hint at the known name that is closest to the one written, or else the names there are.
func didYouMean(written string, known []string) string {
	if best := closest(written, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return oneOf(known)
}

// maxListed is how many names a hint lists: more cannot be taken in at a glance.
const maxListed = 14

func oneOf(known []string) string {
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	if len(known) == 0 || len(known) > maxListed {
		return ""
	}
	return "known: " + strings.Join(known, ", ")
}

// closest is the known name within a third of its length of the one written, or one that only goes on or stops
// earlier; "" when there is none.
func closest(written string, known []string) string {
	best, least := "", 1<<30
	w := strings.ToLower(written)
	for _, k := range known {
		if len(k) > len(w)+64 || len(w) > len(k)+64 {
			continue // far apart, and costly to measure
		}
		name := strings.ToLower(k)
		d := distance(w, name)
		near := d <= max(1, len([]rune(k))/3) && d < len([]rune(k))
		if len(w) > 2 && len(name) > 2 && (strings.HasPrefix(w, name) || strings.HasPrefix(name, w)) {
			near = true
		}
		if near && d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the least number of letters to add, drop, change or swap with their neighbour (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before, above, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(t)]
}
