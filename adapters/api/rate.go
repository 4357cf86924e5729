package api

import (
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how often one key may ask. The zero value is the usual.
type Rate struct {
	Burst     int     // at once; 0 = 100
	PerSecond float64 // on and on; 0 = 10
}

// Usual rates of a key: a nightly export of 100,000 leads, 200 a page, takes a minute.
const (
	usualBurst     = 100
	usualPerSecond = 10
)

// budgets keeps what each key has left. There are no more of them than good keys.
type budgets struct {
	Rate
	mu    sync.Mutex
	byKey map[string]*rate.Limiter
}

func newBudgets(r Rate) *budgets {
	if r.Burst <= 0 {
		r.Burst = usualBurst
	}
	if r.PerSecond <= 0 {
		r.PerSecond = usualPerSecond
	}
	return &budgets{Rate: r, byKey: map[string]*rate.Limiter{}}
}

// take takes one request from the key's budget, says whether there was none, and tells the client what is left by the
// headers of draft-ietf-httpapi-ratelimit-headers.
func (b *budgets) take(key string, now time.Time, header func(name, value string)) (wait bool) {
	l := b.of(key)
	wait = !l.AllowN(now, 1)
	left := max(0, l.TokensAt(now))
	full := math.Ceil((float64(b.Burst) - left) / b.PerSecond)
	header("RateLimit-Policy", fmt.Sprintf(`"key";q=%d;w=%.0f`, b.Burst, math.Ceil(float64(b.Burst)/b.PerSecond)))
	header("RateLimit", fmt.Sprintf(`"key";r=%d;t=%.0f`, int(left), full))
	if wait {
		header("Retry-After", strconv.Itoa(int(math.Ceil((1-left)/b.PerSecond))))
	}
	return wait
}

func (b *budgets) of(key string) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.byKey[key]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(b.PerSecond), b.Burst)
		b.byKey[key] = l
	}
	return l
}
