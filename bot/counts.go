package bot

import (
	"sync/atomic"
	"time"
)

// counts is what the bot has done since it started, for the metrics.
type counts struct {
	turns atomic.Int64
	nanos atomic.Int64
}

// Counts is a reading of what the bot has done.
type Counts struct {
	Turns   int64
	Seconds float64 // spent in turns, summed
}

// Counts reads what was done since the start.
func (b *Bot) Counts() Counts {
	return Counts{Turns: b.counts.turns.Load(), Seconds: time.Duration(b.counts.nanos.Load()).Seconds()}
}

func (c *counts) turn(d time.Duration) {
	c.turns.Add(1)
	c.nanos.Add(int64(d))
}
