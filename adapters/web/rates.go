package web

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rates keeps the budgets of visitors, addresses and sites.
type rates struct {
	sites     *table[string]
	visitors  *table[string]
	addresses *table[netip.Addr]
}

func newRates(l Limits) *rates {
	return &rates{
		sites:     newTable[string](rate.Limit(l.SiteRate), l.SiteBurst),
		visitors:  newTable[string](rate.Limit(l.VisitorRate), l.VisitorBurst),
		addresses: newTable[netip.Addr](rate.Limit(l.AddressRate), l.AddressBurst),
	}
}

// arrives says whether somebody may arrive from there. Loopback is exempt: it is this machine, or a proxy that was not
// named, for which one budget would lock out everybody.
func (r *rates) arrives(from netip.Addr, now time.Time) bool {
	return from.IsLoopback() || r.addresses.allow(household(from), now, helloCost)
}

// comes says whether a site has room for somebody new, which is what a flood from very many addresses takes away. Those
// who come again need none, so that it locks out no conversation.
func (r *rates) comes(from netip.Addr, site string, newcomer bool, now time.Time) bool {
	return from.IsLoopback() || !newcomer || r.sites.allow(site, now, 1)
}

// sends says whether a visitor may send a frame from there.
func (r *rates) sends(visitor string, from netip.Addr, now time.Time) bool {
	return r.visitors.allow(visitor, now, 1) && r.knocks(from, now)
}

// knocks says whether anybody may send a frame from there, before it is known who: looking that up costs too.
func (r *rates) knocks(from netip.Addr, now time.Time) bool {
	return from.IsLoopback() || r.addresses.allow(household(from), now, 1)
}

// table holds one budget a key. It is bounded: the key longest unseen is forgotten first, and with it at most a
// budget that has filled up again.
type table[K comparable] struct {
	limit rate.Limit
	burst int

	mu   sync.Mutex
	keys map[K]*list.Element
	seen *list.List // of *budget[K], last seen in front
}

type budget[K comparable] struct {
	key     K
	limiter *rate.Limiter
}

func newTable[K comparable](limit rate.Limit, burst int) *table[K] {
	return &table[K]{limit: limit, burst: burst, keys: map[K]*list.Element{}, seen: list.New()}
}

func (t *table[K]) allow(key K, now time.Time, cost int) bool {
	return t.budget(key).AllowN(now, min(cost, t.burst))
}

func (t *table[K]) budget(key K) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.keys[key]; ok {
		t.seen.MoveToFront(e)
		return e.Value.(*budget[K]).limiter
	}
	if len(t.keys) >= maxTableSize {
		oldest := t.seen.Back()
		delete(t.keys, oldest.Value.(*budget[K]).key)
		t.seen.Remove(oldest)
	}
	b := &budget[K]{key: key, limiter: rate.NewLimiter(t.limit, t.burst)}
	t.keys[key] = t.seen.PushFront(b)
	return b.limiter
}
