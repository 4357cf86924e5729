package web

import (
	"context"
	"sync/atomic"
	"time"
)

// deadlines gives contexts that end after about one wait. Those asked for in the same second share one, so that a
// thousand turns cost one timer.
type deadlines struct {
	parent context.Context
	wait   time.Duration
	latest atomic.Pointer[deadline]
}

type deadline struct {
	ctx   context.Context
	since time.Time
}

// from gives a context that ends a wait after now, or up to a second earlier. It needs no cancelling: it ends soon.
func (d *deadlines) from(now time.Time) context.Context {
	if l := d.latest.Load(); l != nil && now.Sub(l.since) < time.Second && !now.Before(l.since) {
		return l.ctx
	}
	ctx, cancel := context.WithTimeout(d.parent, d.wait)
	context.AfterFunc(ctx, cancel)
	d.latest.Store(&deadline{ctx, now})
	return ctx
}
