package bot

import (
	"context"
	"time"
)

// SplitCount is what came of one variant of a split: the conversations that the split of one flow gave to another.
type SplitCount struct {
	Split         string // the flow whose split it is
	Flow          string // the variant
	Visitors      int    // different ones
	Conversations int
	Qualified     int // conversations that ended so
	Booked        int // meetings, those cancelled since too
	Held          int // meetings that are over, took place and were not missed by the visitor
	Coming        int // meetings that are still to be held
	Met           int // visitors with a meeting that was held
}

// Splits counts what came of splits.
type Splits interface {
	// SplitCounts counts every variant that any split gave out, by split and flow. A confirmed meeting is held when it
	// ended by now and the visitor was not reported missing.
	SplitCounts(ctx context.Context, now time.Time) ([]SplitCount, error)
}
