package slackfake

import (
	"math"
	"time"
)

// bucket counts what is left of a limit.
type bucket struct {
	left float64
	at   time.Time
}

// limited says how many seconds a call must wait; 0 when it may go on. Methods have a tier for the whole workspace;
// chat.postMessage takes about one message a second in each channel, with a short burst. The lock is held.
func (f *Fake) limited(m method, c *call) int {
	if f.options.Unlimited {
		return 0
	}
	if m.tier == 0 {
		return f.take(c.method+" "+c.args["channel"], 1, float64(f.options.Burst))
	}
	perSecond := float64(m.tier) / 60
	return f.take(c.method, perSecond, math.Max(float64(m.tier)/2, 1))
}

// take takes one of a limit that refills by so many a second and holds so many at most.
func (f *Fake) take(key string, perSecond, most float64) int {
	now := time.Now()
	perSecond /= f.options.Scale
	b := f.rates[key]
	if b == nil {
		b = &bucket{left: most, at: now}
		f.rates[key] = b
	}
	b.left = math.Min(most, b.left+now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.left >= 1 {
		b.left--
		return 0
	}
	return max(1, int(math.Ceil((1-b.left)/perSecond)))
}
