package calendar

import (
	"cmp"
	"slices"
	"time"
)

// series is all entries of one UID: the event and its changed instances, in whatever order they stand in the file.
type series struct {
	masters []*entry
	changes []*entry         // with a RECURRENCE-ID
	exact   map[int64]*entry // by the instant they replace
	days    map[int]bool     // that changes replace; true = the day as such, not a time on it
	future  []*entry         // THISANDFUTURE, by the instant they begin at
}

func newSeries(entries []*entry) *series {
	s := &series{}
	for _, e := range entries {
		if e.replaces == nil {
			s.masters = append(s.masters, e)
			continue
		}
		s.changes = append(s.changes, e)
	}
	if len(s.masters) > 1 { // an older copy left in the feed
		last := slices.MaxFunc(s.masters, newest)
		s.masters = slices.DeleteFunc(s.masters, func(e *entry) bool { return e.sequence < last.sequence })
	}
	if len(s.changes) > 0 {
		s.index()
	}
	return s
}

// index finds changes by what they replace; of two changes of one instance the newer counts.
func (s *series) index() {
	s.exact, s.days = make(map[int64]*entry, len(s.changes)), make(map[int]bool, len(s.changes))
	for _, e := range s.changes {
		if old := s.exact[e.replaces.at]; old == nil || old.sequence <= e.sequence {
			s.exact[e.replaces.at] = e
		}
		s.days[e.replaces.day] = s.days[e.replaces.day] || e.replaces.date
	}
	s.changes = slices.DeleteFunc(s.changes, func(e *entry) bool { return s.exact[e.replaces.at] != e })
	for _, e := range s.changes {
		if e.future {
			s.future = append(s.future, e)
		}
	}
	slices.SortFunc(s.future, func(a, b *entry) int { return cmp.Compare(a.replaces.at, b.replaces.at) })
}

// replaced says whether an instance of the master was changed or taken out.
func (s *series) replaced(master *entry, c civil, at int64) bool {
	if s.exact[at] != nil {
		return true
	}
	if asDay, changed := s.days[c.day()]; changed && (asDay || master.allDay) {
		return true
	}
	return master.except.has(c, at)
}

// since is the THISANDFUTURE change that governs an instance, or nil.
func (s *series) since(at int64) *entry {
	n, _ := slices.BinarySearchFunc(s.future, at, func(e *entry, at int64) int { return cmp.Compare(e.replaces.at, at) })
	if n == 0 {
		return nil
	}
	return s.future[n-1]
}

// shift is how far a THISANDFUTURE change moves the wall clock.
func (e *entry) shift(master *entry) civil {
	if e.replaces.date {
		return e.start - dayCivil(e.replaces.day)
	}
	return e.start - master.zone.civil(e.replaces.at)
}

// series gives every instance of one UID within the query.
func (x *expansion) series(s *series) {
	for _, e := range s.masters {
		if !e.cancelled {
			x.master(s, e)
		}
	}
	for _, e := range s.changes {
		if !e.cancelled {
			at := e.zone.instant(e.start)
			x.give(e, at, e.end(e.start, at))
		}
	}
}

func (x *expansion) master(s *series, e *entry) {
	if e.always && e.busy {
		x.throughout(e)
		return
	}
	if len(x.events) >= MaxTotal || len(e.extra) > MaxInstances {
		x.tooMuch(e)
		return
	}
	reachBack, reachOn := e.length()+reach, int64(reach)
	for _, f := range s.future {
		shift := int64(f.shift(e))
		reachBack = max(reachBack, f.length()+reach+shift)
		reachOn = max(reachOn, reach-shift)
	}
	starts, ok := x.starts(e, civil(x.from-reachBack), civil(x.to+reachOn))
	if !ok {
		x.tooMuch(e)
		return
	}
	e.except.sort()
	for _, c := range starts {
		at := e.zone.instant(c)
		if !s.replaced(e, c, at) {
			x.instance(s, e, c, at)
		}
	}
	for _, p := range e.extra {
		x.extra(s, e, p)
	}
}

// starts is DTSTART and what the rules give between two clock times, in order and each once. It is false when there is
// more than may be.
func (x *expansion) starts(e *entry, lo, hi civil) ([]civil, bool) {
	out := x.buffer[:0]
	if lo <= e.start && e.start <= hi {
		out = append(out, e.start)
	}
	for _, r := range e.rules {
		ok := r.each(e.start, lo, hi, &x.work, func(c civil) bool {
			out = append(out, c)
			return len(out) <= MaxInstances
		})
		if !ok || len(out) > MaxInstances {
			return nil, false
		}
	}
	x.buffer = out
	if len(e.rules) > 1 {
		slices.Sort(out)
	}
	return slices.Compact(out), true
}

// instance gives one instance of a master, moved by the change that governs it.
func (x *expansion) instance(s *series, e *entry, c civil, at int64) {
	if f := s.since(at); f != nil {
		if f.cancelled {
			return
		}
		c += f.shift(e)
		at = f.zone.instant(c)
		e = f
	}
	x.give(e, at, e.end(c, at))
}

func (x *expansion) extra(s *series, e *entry, p period) {
	at := p.zone.instant(p.start)
	c := e.zone.civil(at)
	if e.allDay {
		c = p.start
	}
	switch {
	case s.replaced(e, c, at):
	case p.end != 0:
		x.give(e, at, p.end)
	case len(e.rules) == 0 && c == e.start:
	default:
		x.instance(s, e, c, at)
	}
}

// tooMuch refuses an event.
func (x *expansion) tooMuch(e *entry) {
	x.report(e, "too-much", "it repeats too often to work out; it is counted as busy throughout")
	if e.busy {
		x.throughout(e)
	}
}

// throughout counts an event as busy from its start to the end of the query.
func (x *expansion) throughout(e *entry) {
	x.give(e, max(x.from, e.zone.instant(e.start)), x.to)
}

// give adds an instance that overlaps the query.
func (x *expansion) give(e *entry, start, end int64) {
	if start >= x.to || end < x.from || end == x.from && start < end || start == end && start < x.from {
		return
	}
	x.events = append(x.events, Event{
		UID: e.uid, Start: time.Unix(start, 0).UTC(), End: time.Unix(end, 0).UTC(),
		AllDay: e.allDay, Busy: e.busy, Summary: e.summary,
	})
}
