package calendar

import (
	"slices"
	"sort"
)

// definition is a VTIMEZONE: the changes of its clocks, by instant.
type definition struct {
	changes []change
	first   int64 // offset before the first change
}

type change struct{ at, from, to int64 }

func (d *definition) offset(at int64) (off, lo, hi int64) {
	n := sort.Search(len(d.changes), func(i int) bool { return d.changes[i].at > at })
	off, lo, hi = d.first, farPast, farFuture
	if n > 0 {
		off, lo = d.changes[n-1].to, d.changes[n-1].at
	}
	if n < len(d.changes) {
		hi = d.changes[n].at
	}
	return off, lo, hi
}

// maxObservances is how many STANDARD and DAYLIGHT parts one zone may have: the longest real ones have about eighty.
const maxObservances = 500

// changeWork is what keeping and sorting one change costs, in steps.
const changeWork = 64

// define reads a VTIMEZONE. Changes by rule are worked out between the two instants only, with the last ones before;
// nil means that nothing in it can be read.
func define(c *component, from, to int64, w *work) *zone {
	d := &definition{}
	for i, part := range c.children {
		if i == maxObservances {
			return nil
		}
		if (part.name == "STANDARD" || part.name == "DAYLIGHT") && !d.observe(part, from, to, w) {
			return nil
		}
	}
	if len(d.changes) == 0 {
		return nil
	}
	w.left = max(0, w.left-changeWork*len(d.changes))
	slices.SortFunc(d.changes, func(a, b change) int { return int(a.at - b.at) })
	d.first = d.changes[0].from
	return newZone(d)
}

// observe adds the changes to one offset, as far as they can be read. It is false when they are too many to work out.
func (d *definition) observe(part *component, from, to int64, w *work) bool {
	start, err := parseMoment(part.text("DTSTART"))
	off1, ok1 := parseOffset(part.text("TZOFFSETFROM"))
	off2, ok2 := parseOffset(part.text("TZOFFSETTO"))
	if err != nil || !ok1 || !ok2 {
		return true
	}
	add := func(c civil) bool {
		d.changes = append(d.changes, change{int64(c) - off1, off1, off2})
		return len(d.changes) < MaxInstances
	}
	add(start.at)
	// Two years back hold at least one change of every yearly rule.
	lo, hi := civil(from)-2*366*daySeconds, civil(to)+366*daySeconds
	for i := range part.props {
		switch p := &part.props[i]; p.name {
		case "RDATE":
			for _, m := range dateList(p.value) {
				add(m.at)
			}
		case "RRULE":
			if r, err := parseRule(p.value); err == nil {
				if r.untilUTC {
					r.until += civil(off1)
				}
				if !r.each(start.at, lo, hi, w, add) || !d.last(r, start.at, lo, w, add) {
					return false
				}
			}
		}
	}
	return len(d.changes) < MaxInstances
}

// last adds the final change of a rule that ended before the stretch that is looked at, for its offset still holds.
func (d *definition) last(r *rule, start, lo civil, w *work, add func(civil) bool) bool {
	if r.until == 0 || r.until >= lo {
		return true
	}
	return r.each(start, r.until-2*366*daySeconds, r.until, w, add)
}

// parseOffset reads +0530 and -013000.
func parseOffset(s string) (int64, bool) {
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	n, ok := digits(s[1:])
	if !ok {
		return 0, false
	}
	if len(s) == 5 {
		n *= 100
	}
	off := int64(n/10000*3600 + n/100%100*60 + n%100)
	if off > reach {
		return 0, false
	}
	if s[0] == '-' {
		off = -off
	}
	return off, true
}
