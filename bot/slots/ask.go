package slots

import "time"

// Ask is Why for any number of starts from lo to hi, both included: what they have in common is worked out once. It says
// only whether the start is bookable.
func Ask(r Request, lo, hi time.Time) func(start time.Time) bool {
	p := newPlan(r, lo.Unix(), hi.Unix())
	return func(start time.Time) bool {
		code, _ := p.reason(start.Unix())
		return code == "" && start.Nanosecond() == 0
	}
}
