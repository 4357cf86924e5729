package rehearse

import (
	"sort"
	"strings"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

// freeAhead is how long a list of free times is good for while nothing of the rep changes.
const freeAhead = 48 * time.Hour

// freeKey is what the free times of a rep depend on beside their meetings and the time.
type freeKey struct {
	rep     string
	minutes int
	rules   flows.MeetingRules
	full    string
}

// freeList is all times of a rep that were free from one moment until the horizon of the last moment it is good for.
type freeList struct {
	version  int
	from, to time.Time
	starts   []slots.Slot
}

// free is slots.Free, looked up in a list that holds until the rep's meetings change: whether a start can be booked
// depends on the time only by the notice and the horizon, so that times of now are a stretch of the list.
func (o *office) free(r slots.Request, limit int) []slots.Slot {
	key := freeKey{r.Rep.ID, r.Minutes, r.Rules, strings.Join(r.Full, " ")}
	l := o.lists[key]
	if l == nil || l.version != o.version[r.Rep.ID] || r.Now.Before(l.from) || r.Now.After(l.to) {
		l = o.list(r)
		o.lists[key] = l
	}
	horizon := r.Rules.Horizon
	if horizon <= 0 {
		horizon = flows.DefaultHorizon
	}
	first, last := r.Now.Add(max(r.Rules.Notice, 0)), r.Now.Add(horizon)
	i := sort.Search(len(l.starts), func(i int) bool { return !l.starts[i].Start.Before(first) })
	j := sort.Search(len(l.starts), func(i int) bool { return l.starts[i].Start.After(last) })
	j = max(i, j)
	if limit > 0 {
		j = min(j, i+limit)
	}
	return l.starts[i:j:j]
}

func (o *office) list(r slots.Request) *freeList {
	l := &freeList{version: o.version[r.Rep.ID], from: r.Now, to: r.Now.Add(freeAhead)}
	if r.Rules.Horizon <= 0 {
		r.Rules.Horizon = flows.DefaultHorizon
	}
	r.Rules.Notice, r.Rules.Horizon = 0, r.Rules.Horizon+freeAhead
	l.starts = slots.Free(r, 0)
	return l
}
