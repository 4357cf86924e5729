package calendar

import "strings"

// expansion is one reading of one file.
type expansion struct {
	query    Query
	from, to int64
	events   []Event
	problems []Problem
	work     work
	buffer   []civil
	noZone   bool // was reported
}

func (x *expansion) report(e *entry, code, message string) {
	x.say(Problem{UID: e.uid, Line: e.line, Code: code, Message: message})
}

func (x *expansion) say(p Problem) {
	if len(x.problems) < MaxProblems {
		x.problems = append(x.problems, p)
	}
}

// file reads everything under the root.
func (x *expansion) file(root *component) {
	x.work.left = MaxWork
	x.components(root)
}

// components reads on, with what is left of the work. Events of one UID belong together even when they stand in two
// calendars.
func (x *expansion) components(root *component) {
	var order []string
	byUID := map[string][]*entry{}
	bare := &component{props: root.props}
	for _, c := range root.children {
		if c.name != "VCALENDAR" {
			bare.children = append(bare.children, c)
			continue
		}
		order = x.calendar(c, byUID, order)
	}
	order = x.calendar(bare, byUID, order)
	for _, uid := range order {
		x.series(newSeries(byUID[uid]))
	}
}

// calendar reads the entries of one VCALENDAR into their series; an entry without UID is a series of its own.
func (x *expansion) calendar(c *component, byUID map[string][]*entry, order []string) []string {
	z := x.zones(c)
	for _, child := range c.children {
		switch child.name {
		case "VFREEBUSY":
			x.freeBusy(child, z)
		case "VEVENT":
			e := x.entry(child, z)
			if e == nil {
				continue
			}
			if e.uid == "" {
				x.series(newSeries([]*entry{e}))
				continue
			}
			if byUID[e.uid] == nil {
				order = append(order, e.uid)
			}
			byUID[e.uid] = append(byUID[e.uid], e)
		}
	}
	return order
}

// zones finds the zones a calendar names: its own definitions and X-WR-TIMEZONE for times without one.
func (x *expansion) zones(c *component) *zones {
	z := &zones{define: func(c *component) *zone { return define(c, x.from, x.to, &x.work) }}
	for _, child := range c.children {
		if child.name == "VTIMEZONE" {
			if z.own == nil {
				z.own = map[string]*component{}
			}
			z.own[child.text("TZID")] = child
		}
	}
	if name := c.text("X-WR-TIMEZONE"); name != "" {
		z.floating = z.find(name)
	}
	if z.floating == nil && x.query.Zone != nil {
		z.floating = newZone(location{x.query.Zone})
	}
	return z
}

// floating makes sure that there is a zone for times without one.
func (x *expansion) floating(z *zones) {
	if z.floating != nil {
		return
	}
	z.floating = newZone(utc)
	if !x.noZone {
		x.noZone = true
		x.say(Problem{Code: NoZone, Message: "the calendar has times without a zone; they are read as UTC"})
	}
}

// freeBusy reads a VFREEBUSY: periods that are busy, RFC 5545 3.6.4.
func (x *expansion) freeBusy(c *component, z *zones) {
	r := &entryReader{x, z, c, &entry{uid: c.text("UID"), line: c.line, busy: true}}
	periods := 0
	for i := range c.props {
		p := &c.props[i]
		if p.name != "FREEBUSY" || strings.EqualFold(p.param("FBTYPE"), "FREE") {
			continue
		}
		for word := range strings.SplitSeq(p.value, ",") {
			if periods++; periods > MaxInstances || len(x.events) >= MaxTotal {
				r.report("too-much", "it has too many periods; all the time is counted as busy")
				x.give(r.e, x.from, x.to)
				return
			}
			r.busyPeriod(p, word)
		}
	}
}

func (r *entryReader) busyPeriod(p *prop, word string) {
	from, to, _ := strings.Cut(word, "/")
	m, zone, err := r.moment(&prop{params: p.params, value: from})
	if err != nil {
		r.report("bad-period", "FREEBUSY "+clip(word)+" cannot be read")
		return
	}
	start := zone.instant(m.at)
	end, err := r.periodEnd(p, to, period{start: m.at, zone: zone})
	if err != nil {
		r.report("bad-period", "the end of FREEBUSY "+clip(word)+" cannot be read; an hour is counted")
		end = start + unknownLength
	}
	r.give(r.e, start, end)
}
