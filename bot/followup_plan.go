package bot

import (
	"slices"
	"time"

	"usher/flows"
)

// LetterPlan is what it takes to tell when somebody gets the next letter of a sequence.
type LetterPlan struct {
	Letters  []*flows.Letter
	Limit    flows.LetterLimit
	Quiet    flows.Span     // minutes since midnight in the Zone; From > To passes midnight, From = To is never
	Zone     *time.Location // the person's
	Began    time.Time
	Sent     int         // letters of this run
	SentAt   time.Time   // of the last of them; zero = none
	Received []time.Time // letters of all sequences that the person got, those older than the Limit's time may be left out
}

// Next is when the next letter goes; ok is false where there is none. It never lies before its time since the last one, nor
// in a time of quiet, nor where the person would have more letters within the limit's time than the limit. What was due
// before now goes now, where that may be, and those after it keep their distance from it.
func (p LetterPlan) Next(now time.Time) (at time.Time, ok bool) {
	if p.Sent >= len(p.Letters) {
		return time.Time{}, false
	}
	since := p.Began
	if p.Sent > 0 {
		since = p.SentAt
	}
	at = dueAfter(since, p.Letters[p.Sent].After, p.Zone)
	if at.Before(now) {
		at = now
	}
	return awake(p.within(at), p.Quiet, p.Zone).UTC(), true
}

// within moves a time to where the limit has room for one more letter.
func (p LetterPlan) within(at time.Time) time.Time {
	if p.Limit.Letters < 1 || len(p.Received) < p.Limit.Letters {
		return at
	}
	received := slices.SortedFunc(slices.Values(p.Received), time.Time.Compare)
	if free := received[len(received)-p.Limit.Letters].Add(p.Limit.Within); free.After(at) {
		return free
	}
	return at
}

// dueAfter is a time after another: whole days are days of the calendar, so that a letter keeps its hour when the clocks change.
func dueAfter(t time.Time, after time.Duration, zone *time.Location) time.Time {
	const day = 24 * time.Hour
	days := after / day
	return t.In(zone).AddDate(0, 0, int(days)).Add(after - days*day)
}

// awake is the time itself, or the end of the quiet in which it lies. Where the clocks change at that hour the end may not be on
// the clock: then it is the first minute after it that is not quiet.
func awake(at time.Time, quiet flows.Span, zone *time.Location) time.Time {
	local := at.In(zone)
	if !inQuiet(local, quiet) {
		return at
	}
	days := 0
	if quiet.From > quiet.To && minuteOf(local) >= quiet.From {
		days = 1
	}
	y, m, d := local.Date()
	end := time.Date(y, m, d+days, quiet.To/60, quiet.To%60, 0, 0, zone)
	if end.Before(at) {
		end = at.Truncate(time.Minute)
	}
	for inQuiet(end, quiet) || end.Before(at) {
		end = end.Add(time.Minute)
	}
	return end
}

// inQuiet says whether it is a time of quiet there.
func inQuiet(local time.Time, quiet flows.Span) bool {
	minute := minuteOf(local)
	if quiet.From <= quiet.To {
		return quiet.From <= minute && minute < quiet.To
	}
	return minute >= quiet.From || minute < quiet.To
}

func minuteOf(t time.Time) int { return t.Hour()*60 + t.Minute() }
