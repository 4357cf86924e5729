package calendar

import (
	"strings"
	"time"
)

// zone makes instants (Unix seconds) of wall-clock times as RFC 5545 3.3.5 says: a time in a gap takes the offset
// before the gap, a time that comes twice means the first.
type zone struct {
	offsets
	// The stretch of instants around the last question within which the offset does not change, so that a series of
	// instances asks the tables only when the clocks change.
	lo, hi int64
	off    int64
}

// offsets answers which offset from UTC holds at an instant, and between which instants it does.
type offsets interface {
	offset(at int64) (off, lo, hi int64)
}

// reach is how far a wall clock can be from UTC, with room: -12 to +14 hours, and local mean times.
const reach = 16 * 3600

func newZone(o offsets) *zone { return &zone{offsets: o, lo: 1} }

func (z *zone) instant(c civil) int64 {
	if at := int64(c) - z.off; at >= z.lo && at < z.hi {
		return at
	}
	before, _, _ := z.offset(int64(c) - reach)
	after, lo, hi := z.offset(int64(c) + reach)
	if at := int64(c) - before; z.holds(at, before) {
		if before == after && lo <= at {
			z.off, z.lo, z.hi = after, lo+2*reach, hi-2*reach
		}
		return at
	}
	if at := int64(c) - after; z.holds(at, after) {
		return at
	}
	return int64(c) - before
}

func (z *zone) holds(at, off int64) bool {
	o, _, _ := z.offset(at)
	return o == off
}

// civil is what a wall clock in the zone shows at an instant.
func (z *zone) civil(at int64) civil {
	off, _, _ := z.offset(at)
	return civil(at + off)
}

// location answers from the zone database.
type location struct{ *time.Location }

const (
	farPast   = -1 << 40
	farFuture = 1 << 40
)

func (l location) offset(at int64) (off, lo, hi int64) {
	t := time.Unix(at, 0).In(l.Location)
	_, o := t.Zone()
	start, end := t.ZoneBounds()
	lo, hi = farPast, farFuture
	if !start.IsZero() {
		lo = start.Unix()
	}
	if !end.IsZero() {
		hi = end.Unix()
	}
	return int64(o), lo, hi
}

// fixed is one offset for ever.
type fixed int64

func (f fixed) offset(int64) (off, lo, hi int64) { return int64(f), farPast, farFuture }

// zones finds the zones of one calendar by TZID.
type zones struct {
	floating *zone                 // for times without a zone
	own      map[string]*component // VTIMEZONE
	define   func(*component) *zone
	found    map[string]*zone // by TZID; nil = not known
}

// find gives the zone of a TZID, or nil. A name of the zone database is taken from there, for the definitions that
// calendars carry along are often cut short or out of date; any other name is first looked for among the calendar's
// own definitions.
func (z *zones) find(tzid string) *zone {
	if found, ok := z.found[tzid]; ok {
		return found
	}
	found := z.resolve(strings.TrimSpace(tzid))
	if z.found == nil {
		z.found = map[string]*zone{}
	}
	z.found[tzid] = found
	return found
}

func (z *zones) resolve(tzid string) *zone {
	if strings.Contains(tzid, "/") || tzid == "UTC" {
		if loc := load(tzid); loc != nil {
			return newZone(location{loc})
		}
	}
	if c := z.own[tzid]; c != nil {
		if own := z.define(c); own != nil {
			return own
		}
	}
	if loc := locate(tzid); loc != nil {
		return newZone(location{loc})
	}
	if off, ok := writtenOffset(tzid); ok {
		return newZone(fixed(off))
	}
	return nil
}

// locate reads a zone's name as other programs write it: IANA, with a vendor's prefix (/mozilla.org/2007/Europe/Paris),
// Windows, or the words Outlook shows.
func locate(name string) *time.Location {
	if loc := load(name); loc != nil {
		return loc
	}
	if iana := windowsZones[name]; iana != "" {
		return load(iana)
	}
	if loc := shown(name); loc != nil {
		return loc
	}
	for rest := name; ; {
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			return nil
		}
		if strings.Contains(after, "/") {
			if loc := load(after); loc != nil {
				return loc
			}
		}
		rest = after
	}
}

func load(name string) *time.Location {
	if name == "" || name == "Local" || len(name) > 64 || strings.Contains(name, "..") {
		return nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return loc
}

// shown reads what Outlook shows: "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna".
func shown(name string) *time.Location {
	words := name
	if strings.HasPrefix(name, "(") {
		_, words, _ = strings.Cut(name, ") ")
	}
	if iana := outlookZones[words]; iana != "" {
		return load(iana)
	}
	for city := range strings.SplitSeq(words, ",") {
		if iana := cityZones[strings.ReplaceAll(strings.TrimSpace(city), " ", "_")]; iana != "" {
			return load(iana)
		}
	}
	return nil
}

// writtenOffset reads a zone that only says how far it is from UTC: "UTC+11", "(UTC-03:00) …", "GMT +0100 …".
func writtenOffset(name string) (int64, bool) {
	s := strings.TrimPrefix(name, "(")
	if !strings.HasPrefix(s, "UTC") && !strings.HasPrefix(s, "GMT") {
		return 0, false
	}
	s = strings.TrimSpace(s[3:])
	if s == "" {
		return 0, true
	}
	sign := int64(1)
	switch s[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false
	}
	n := 1
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] == ':') {
		n++
	}
	number := strings.ReplaceAll(s[1:n], ":", "")
	if len(number) <= 2 {
		number += "00"
	}
	if len(number) > 4 {
		return 0, false
	}
	hm, ok := digits(number)
	if !ok || hm/100 > 14 {
		return 0, false
	}
	return sign * int64(hm/100*3600+hm%100*60), true
}
