package slots

import (
	"fmt"
	"strings"
	"time"
)

// Reason is why a time cannot be booked: a stable code and a sentence for whoever asks.
type Reason struct{ Code, Say string }

// The codes of a Reason.
const (
	InThePast       = "in_the_past"
	Notice          = "notice"           // sooner than the notice
	Horizon         = "horizon"          // later than the horizon
	Window          = "window"           // outside the From and To of the request
	OffGrid         = "off_grid"         // not one of the starts of `every`
	OutsideHours    = "outside_hours"    // does not fit wholly in the rep's hours
	Holiday         = "holiday"          // of the roster
	Away            = "away"             // of the rep
	Busy            = "busy"             // in the rep's calendar
	Meeting         = "meeting"          // a meeting or a live hold has the time
	Buffer          = "buffer"           // too close to one of those
	Seats           = "seats"            // the seats of that day are gone
	DayLimit        = "day_limit"        // the rep's meetings of that day are enough
	WeekLimit       = "week_limit"       // the rep's meetings of that ISO week are enough
	UnknownCalendar = "unknown_calendar" // the calendar was never read; said by whoever reads calendars
)

// reason is the code that keeps a meeting from starting at the instant, "" for none, and when that may be over (0 = not
// known).
func (p *plan) reason(at int64) (code string, over int64) {
	if code := p.late(at); code != "" {
		return code, 0
	}
	if !p.Guest && p.next(at) != at {
		return OffGrid, 0
	}
	meeting := span{at, at + p.length}
	if !within(p.open, meeting) {
		return OutsideHours, 0
	}
	if s, ok := hit(p.holidays, meeting); ok {
		return Holiday, s.to
	}
	if s, ok := hit(p.away, meeting); ok {
		return Away, s.to
	}
	if s, ok := hit(p.seatless, span{at, at + 1}); ok {
		return Seats, s.to
	}
	if code, over := p.taken(meeting); code != "" {
		return code, over
	}
	return p.full(at), 0
}

// late says whether the instant is outside the times that may be asked for at all.
func (p *plan) late(at int64) string {
	switch {
	case at < p.now:
		return InThePast
	case at < p.notice:
		return Notice
	case at > p.horizon:
		return Horizon
	case at < p.first || at > p.last:
		return Window
	default:
		return ""
	}
}

// taken says whether the calendar or another meeting has the time. A meeting blocks its buffers too, as the database's
// own rule has it: two blocking stretches must not overlap.
func (p *plan) taken(meeting span) (code string, over int64) {
	around := span{meeting.from - p.buffer, meeting.to + p.buffer}
	for _, by := range []struct {
		code  string
		spans []span
	}{{Busy, p.busy}, {Meeting, p.blocked}} {
		s, ok := hit(by.spans, around)
		if !ok {
			continue
		}
		if s, ok := hit(by.spans, meeting); ok {
			return by.code, s.to + p.buffer
		}
		return Buffer, s.to + p.buffer
	}
	return "", 0
}

// full says whether the rep's limits are met on the day or in the week of the instant.
func (p *plan) full(at int64) string {
	limits := p.Rep.Limits
	switch {
	case limits.Day > 0 && p.days[p.zone.date(at)] >= limits.Day:
		return DayLimit
	case limits.Week > 0 && p.weeks[p.zone.week(at)] >= limits.Week:
		return WeekLimit
	default:
		return ""
	}
}

// say is the sentence for a code, with the time in the rep's zone.
func (p *plan) say(code string, start time.Time) string {
	if code == "" {
		return ""
	}
	at := start.In(p.zone.location(start.Unix())).Format("Mon 2 Jan 15:04")
	return Sentence(code, p.Rep.Name, at, p.detail(code))
}

// detail is the figure that a sentence names.
func (p *plan) detail(code string) string {
	switch code {
	case Notice:
		return Duration(p.Rules.Notice)
	case Horizon:
		return Duration(p.Request.horizon())
	case OffGrid:
		return Duration(time.Duration(p.every) * time.Second)
	case Buffer:
		return Duration(p.Rules.Buffer)
	case DayLimit:
		return fmt.Sprint(p.Rep.Limits.Day)
	case WeekLimit:
		return fmt.Sprint(p.Rep.Limits.Week)
	default:
		return ""
	}
}

// Sentence says a code in words: of which rep, at which time, with the figure that the rule names.
func Sentence(code, rep, at, detail string) string {
	switch code {
	case InThePast:
		return at + " is in the past."
	case Notice:
		return fmt.Sprintf("%s is sooner than the notice of %s.", at, detail)
	case Horizon:
		return fmt.Sprintf("%s is more than %s ahead.", at, detail)
	case Window:
		return at + " is not in the stretch of time asked for."
	case OffGrid:
		return fmt.Sprintf("Meetings start every %s from the full hour, not at %s.", detail, at)
	case OutsideHours:
		return fmt.Sprintf("The meeting at %s does not fit in the hours of %s.", at, rep)
	case Holiday:
		return at + " is on a holiday."
	case Away:
		return fmt.Sprintf("%s is away at %s.", rep, at)
	case Busy:
		return fmt.Sprintf("%s is busy at %s.", rep, at)
	case Meeting:
		return fmt.Sprintf("%s has another meeting at %s.", rep, at)
	case Buffer:
		return fmt.Sprintf("%s is closer than %s to something else of %s.", at, detail, rep)
	case Seats:
		return fmt.Sprintf("All seats of the day of %s are taken.", at)
	case DayLimit:
		return fmt.Sprintf("%s already has %s meetings on the day of %s.", rep, detail, at)
	case WeekLimit:
		return fmt.Sprintf("%s already has %s meetings in the week of %s.", rep, detail, at)
	case UnknownCalendar:
		return fmt.Sprintf("The calendar of %s has not been read, so nothing is promised at %s.", rep, at)
	default:
		return code
	}
}

// Duration is a duration as the flow language writes it: 2h, 10m, 14d.
func Duration(d time.Duration) string {
	if d >= 24*time.Hour && d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}
