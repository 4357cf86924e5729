package api

import (
	"testing"
	"time"
)

// CursorOf makes a good cursor of the meetings' list, unfiltered.
func CursorOf(t testing.TB) string {
	t.Helper()
	return cursor{listOf("meetings", "", Instant{}, Instant{}), time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), "m1"}.String()
}
