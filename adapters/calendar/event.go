package calendar

import (
	"cmp"
	"strconv"
	"strings"
)

// unknownLength is what an event takes whose end cannot be read: most meetings are no longer.
const unknownLength = 3600

// entry is one VEVENT as read.
type entry struct {
	uid       string
	line      int
	summary   string
	sequence  int
	busy      bool
	cancelled bool
	start     civil
	zone      *zone
	allDay    bool
	nominal   int   // days of the length
	exact     int64 // seconds of the length
	rules     []*rule
	always    bool // a rule within the day could not be read: busy from the start on
	extra     []period
	except    stamps
	replaces  *stamp // RECURRENCE-ID
	future    bool   // RANGE=THISANDFUTURE
}

// period is an RDATE; an end of 0 means the event's own length.
type period struct {
	start civil
	zone  *zone
	end   int64
}

// end is when the instance that starts at c ends.
func (e *entry) end(c civil, at int64) int64 {
	if e.nominal == 0 {
		return at + e.exact
	}
	return e.zone.instant(c+civil(e.nominal*daySeconds)) + e.exact
}

// length is no less than the time the event takes.
func (e *entry) length() int64 {
	longest := e.exact + int64(e.nominal)*daySeconds
	for _, p := range e.extra {
		if p.end != 0 {
			longest = max(longest, p.end-p.zone.instant(p.start))
		}
	}
	return longest
}

// entryReader reads one VEVENT within its calendar.
type entryReader struct {
	*expansion
	zones *zones
	c     *component
	e     *entry
}

func (r *entryReader) report(code, message string) {
	r.say(Problem{UID: r.e.uid, Line: r.c.line, Code: code, Message: message})
}

// entry reads a VEVENT, or nil when nothing is known of its time.
func (x *expansion) entry(c *component, z *zones) *entry {
	r := &entryReader{x, z, c, &entry{uid: c.text("UID"), line: c.line, busy: true}}
	if len(c.broken) > 0 {
		r.report("bad-line", "line "+strconv.Itoa(c.broken[0])+" is no property")
	}
	start := c.prop("DTSTART")
	if start == nil {
		return r.withoutStart("no-start", "it has no DTSTART")
	}
	m, zone, err := r.moment(start)
	if err != nil {
		return r.withoutStart("bad-start", "DTSTART "+strconv.Quote(clip(start.value))+" cannot be read")
	}
	r.e.start, r.e.zone, r.e.allDay = m.at, zone, m.date
	r.words()
	r.length()
	r.recurrence()
	return r.e
}

// withoutStart reads an event whose start cannot be read by what else tells its time: the date that the start begins with
// is busy all day, an end for the hour before it, and what replaces an instance at that instance's time.
func (r *entryReader) withoutStart(code, message string) *entry {
	m, zone, ok := r.guess()
	if !ok {
		r.report(code, message+"; it is left out")
		return nil
	}
	r.e.start, r.e.zone, r.e.allDay = m.at, zone, m.date
	r.words()
	switch {
	case m.date:
		r.e.nominal = 1
		r.report(code, message+"; all of that day is counted")
	default:
		r.e.exact = unknownLength
		r.report(code, message+"; an hour is counted")
	}
	r.recurrence()
	return r.e
}

func (r *entryReader) guess() (moment, *zone, bool) {
	if p := r.c.prop("DTSTART"); p != nil {
		value := strings.TrimSpace(p.value)
		day := &prop{params: p.params, value: value[:min(len(value), 8)]}
		if m, zone, err := r.moment(day); err == nil {
			return m, zone, true
		}
	}
	if p := r.c.prop("RECURRENCE-ID"); p != nil {
		if m, zone, err := r.moment(p); err == nil {
			return m, zone, true
		}
	}
	if p := r.c.prop("DTEND"); p != nil {
		if m, zone, err := r.moment(p); err == nil {
			m.at -= unknownLength
			if m.date {
				m.at -= daySeconds - unknownLength
			}
			return m, zone, true
		}
	}
	return moment{}, nil, false
}

func clip(s string) string { return s[:min(len(s), 60)] }

// moment reads a DATE or DATE-TIME with its zone.
func (r *entryReader) moment(p *prop) (moment, *zone, error) {
	tzid, value := p.param("TZID"), p.value
	m, err := parseMoment(value)
	if i := strings.LastIndexByte(value, ':'); err != nil && i >= 0 {
		// A zone's name with a colon in it that nobody quoted: TZID=(UTC-05:00) Eastern Time:20260102T090000
		tzid, value = strings.Trim(tzid+":"+value[:i], `"`), value[i+1:]
		m, err = parseMoment(value)
	}
	if err != nil {
		return m, nil, err
	}
	if strings.EqualFold(p.param("VALUE"), "DATE") && !m.date {
		m = moment{at: dayCivil(m.at.day()), date: true}
	}
	return m, r.zoneOf(m, tzid), nil
}

var utc = fixed(0)

func (r *entryReader) zoneOf(m moment, tzid string) *zone {
	switch {
	case m.utc:
		return newZone(utc)
	case tzid == "" && !m.date && r.e.zone != nil && !r.e.allDay:
		return r.e.zone // an end or an exception whose writer forgot the zone that the start has
	case m.date || tzid == "":
		r.floating(r.zones)
		return r.zones.floating
	}
	if z := r.zones.find(tzid); z != nil {
		return z
	}
	r.report("unknown-zone", "the zone "+strconv.Quote(clip(tzid))+" is not known; its times are read in the calendar's zone")
	r.floating(r.zones)
	return r.zones.floating
}

// words reads what does not depend on time.
func (r *entryReader) words() {
	r.e.summary = unescape(r.c.text("SUMMARY"))
	r.e.sequence, _ = strconv.Atoi(r.c.text("SEQUENCE")) // absent or unreadable is 0, the first
	r.e.cancelled = strings.EqualFold(r.c.text("STATUS"), "CANCELLED")
	switch transp := r.c.text("TRANSP"); {
	case strings.EqualFold(transp, "TRANSPARENT"):
		r.e.busy = false
	case transp == "" && strings.EqualFold(r.c.text("X-MICROSOFT-CDO-BUSYSTATUS"), "FREE"):
		r.e.busy = false
	}
	if r.query.Owner != "" && r.declined() {
		r.e.busy = false
	}
}

// declined says that the owner does not come: they said so, or sent somebody else.
func (r *entryReader) declined() bool {
	for i := range r.c.props {
		p := &r.c.props[i]
		if p.name != "ATTENDEE" || !strings.EqualFold(address(p), r.query.Owner) {
			continue
		}
		if said := p.param("PARTSTAT"); strings.EqualFold(said, "DECLINED") || strings.EqualFold(said, "DELEGATED") {
			return true
		}
	}
	return false
}

// address is the mail address of an attendee: that of the value, or the one beside a value that is something else.
func address(p *prop) string {
	value := strings.TrimSpace(p.value)
	if len(value) > len("mailto:") && strings.EqualFold(value[:len("mailto:")], "mailto:") {
		return strings.TrimSpace(value[len("mailto:"):])
	}
	if email := p.param("EMAIL"); email != "" {
		return email
	}
	return value
}

// length reads DTEND or DURATION. With neither, a date takes its day and a time takes none (RFC 5545 3.6.1).
func (r *entryReader) length() {
	end, duration := r.c.prop("DTEND"), r.c.text("DURATION")
	switch {
	case end != nil:
		r.lengthTo(end)
	case duration != "":
		d, err := parseSpan(duration)
		if err != nil {
			r.unknownEnd("DURATION", duration)
			return
		}
		r.e.nominal, r.e.exact = d.days, d.seconds
	case r.e.allDay:
		r.e.nominal = 1
	}
}

func (r *entryReader) lengthTo(end *prop) {
	m, zone, err := r.moment(end)
	if err != nil {
		r.unknownEnd("DTEND", end.value)
		return
	}
	if r.e.allDay {
		r.e.nominal = max(1, m.at.day()-r.e.start.day())
		return
	}
	r.e.exact = zone.instant(m.at) - r.e.zone.instant(r.e.start)
	if r.e.exact < 0 {
		r.unknownEnd("DTEND", end.value)
	}
}

func (r *entryReader) unknownEnd(name, value string) {
	r.report("bad-end", name+" "+strconv.Quote(clip(value))+" cannot be read; an hour is counted")
	r.e.exact = unknownLength
	if r.e.allDay {
		r.e.nominal, r.e.exact = 1, 0
	}
}

// newest orders entries that stand for the same thing.
func newest(a, b *entry) int { return cmp.Compare(a.sequence, b.sequence) }
