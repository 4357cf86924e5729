package calendar

import (
	"strconv"
	"strings"
)

// recurrence reads RRULE, RDATE, EXDATE and RECURRENCE-ID.
func (r *entryReader) recurrence() {
	for i := range r.c.props {
		switch p := &r.c.props[i]; p.name {
		case "RRULE":
			r.rule(p)
		case "RDATE":
			r.extraTimes(p)
		case "EXDATE":
			r.exceptions(p)
		case "RECURRENCE-ID":
			m, zone, err := r.moment(p)
			if err != nil {
				r.report("bad-recurrence-id", "RECURRENCE-ID "+strconv.Quote(clip(p.value))+" cannot be read; it is taken as an event of its own")
				continue
			}
			s := stampOf(m, zone)
			r.e.replaces = &s
			r.e.future = strings.EqualFold(p.param("RANGE"), "THISANDFUTURE")
		}
	}
}

func stampOf(m moment, z *zone) stamp {
	return stamp{at: z.instant(m.at), day: m.at.day(), date: m.date}
}

// rule reads an RRULE. One that is refused counts as busy: every day at the event's time, or all the time when it
// repeats within the day.
func (r *entryReader) rule(p *prop) {
	if strings.TrimSpace(p.value) == "" {
		return
	}
	rule, err := parseRule(p.value)
	if err == nil {
		rule.fit(r.e)
		r.e.rules = append(r.e.rules, rule)
		return
	}
	r.report("bad-rule", err.Error()+"; it is counted as busy every day")
	text := strings.ToUpper(p.value)
	if strings.Contains(text, "FREQ=HOURLY") || strings.Contains(text, "FREQ=MINUTELY") || strings.Contains(text, "FREQ=SECONDLY") {
		r.e.always = true
		return
	}
	every := &ruleDaily
	if _, after, ok := strings.Cut(text, "UNTIL="); ok {
		until, _, _ := strings.Cut(after, ";")
		bounded := ruleDaily
		if bounded.setUntil(until) == nil {
			bounded.fit(r.e)
			every = &bounded
		}
	}
	r.e.rules = append(r.e.rules, every)
}

var ruleDaily = rule{freq: daily, interval: 1}

// fit makes of an UNTIL what a clock in the event's zone shows then. On a date, parts within the day mean nothing
// (RFC 5545 3.3.10).
func (r *rule) fit(e *entry) {
	if e.allDay {
		r.byHour, r.byMinute, r.bySecond = nil, nil, nil
		if r.freq < daily {
			r.freq, r.interval = daily, 1
		}
	}
	switch {
	case r.until == 0:
	case e.allDay && !r.untilDate:
		if r.untilUTC {
			r.until = e.zone.civil(int64(r.until))
		}
		r.until = dayCivil(r.until.day())
	case r.untilUTC:
		r.until = e.zone.civil(int64(r.until))
	}
}

// extraTimes reads a list of RDATEs: dates, times or periods.
func (r *entryReader) extraTimes(p *prop) {
	for word := range strings.SplitSeq(p.value, ",") {
		from, to, isPeriod := strings.Cut(word, "/")
		m, zone, err := r.moment(&prop{params: p.params, value: from})
		if err != nil {
			r.report("bad-rdate", "RDATE "+strconv.Quote(clip(word))+" cannot be read and is left out")
			continue
		}
		x := period{start: m.at, zone: zone}
		if r.e.allDay {
			x.start = dayCivil(m.at.day())
		} else if m.date {
			x.start += civil(r.e.start.second()) // a date in the list of a timed event: that day at its time
			x.zone = r.e.zone
		}
		if isPeriod {
			x.end, err = r.periodEnd(p, to, x)
		}
		if err != nil {
			r.report("bad-rdate", "the end of RDATE "+strconv.Quote(clip(word))+" cannot be read; the event's own length is counted")
		}
		r.e.extra = append(r.e.extra, x)
	}
}

// periodEnd reads the second half of a PERIOD: an end or a duration.
func (r *entryReader) periodEnd(p *prop, to string, x period) (int64, error) {
	if d, err := parseSpan(to); err == nil {
		return x.zone.instant(x.start+civil(d.days*daySeconds)) + d.seconds, nil
	}
	m, zone, err := r.moment(&prop{params: p.params, value: to})
	if err != nil {
		return 0, err
	}
	end := zone.instant(m.at)
	if end < x.zone.instant(x.start) {
		return 0, errDate
	}
	return end, nil
}

func (r *entryReader) exceptions(p *prop) {
	for word := range strings.SplitSeq(p.value, ",") {
		m, zone, err := r.moment(&prop{params: p.params, value: word})
		if err != nil {
			r.report("bad-exdate", "EXDATE "+strconv.Quote(clip(word))+" cannot be read; that time counts")
			continue
		}
		r.e.except.add(stampOf(m, zone), r.e.allDay)
	}
}

// dateList reads a plain list of dates or times and passes over what it cannot read.
func dateList(value string) []moment {
	var out []moment
	for word := range strings.SplitSeq(value, ",") {
		word, _, _ = strings.Cut(word, "/")
		if m, err := parseMoment(word); err == nil {
			out = append(out, m)
		}
	}
	return out
}
