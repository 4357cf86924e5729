package calendar

import "slices"

// runClock walks hourly, minutely and secondly rules, passing over days, hours and minutes that do not fit.
func (x *walk) runClock(budget int) (steps int) {
	unit := unitSeconds(x.freq)
	step := unit * civil(x.interval)
	first := x.start - x.start%unit
	at := first
	if x.count == 0 && x.lo > first {
		at += (x.lo - first) / step * step
	}
	weight := x.weight()
	for ; at <= x.hi && steps < budget && !x.done; steps += weight + 2*len(x.set) {
		x.set = x.set[:0]
		next, fits := x.clockFits(at)
		if fits {
			x.fillClock(at)
			x.give()
			next = at + 1
		}
		at += max(1, (next-at+step-1)/step) * step
	}
	return steps
}

func unitSeconds(f frequency) civil {
	switch f {
	case hourly:
		return 3600
	case minutely:
		return 60
	}
	return 1
}

// clockFits says whether the period may hold instances; if not, next is the first moment at which one could.
func (x *walk) clockFits(at civil) (next civil, fits bool) {
	day, second := at.day(), at.second()
	year, month, dom := dateOf(day)
	if len(x.byDay) > 0 && !x.days[weekday(day)] || !x.monthFits(month) || !x.monthDayFits(year, month, dom) || !x.yearDayFits(year, day) {
		return dayCivil(day + 1), false
	}
	if len(x.byHour) > 0 && !slices.Contains(x.byHour, second/3600) {
		return at - at%3600 + 3600, false
	}
	if x.freq < hourly && len(x.byMinute) > 0 && !slices.Contains(x.byMinute, second/60%60) {
		return at - at%60 + 60, false
	}
	if x.freq < minutely && len(x.bySecond) > 0 && !slices.Contains(x.bySecond, second%60) {
		return at + 1, false
	}
	return at, true
}

// fillClock collects the instances within one hour, minute or second.
func (x *walk) fillClock(at civil) {
	second := x.start.second()
	switch x.freq {
	case hourly:
		for _, m := range or(x.byMinute, second/60%60) {
			for _, s := range or(x.bySecond, second%60) {
				x.set = append(x.set, at+civil(m*60+min(s, 59)))
			}
		}
	case minutely:
		for _, s := range or(x.bySecond, second%60) {
			x.set = append(x.set, at+civil(min(s, 59)))
		}
	default:
		x.set = append(x.set, at)
	}
}

func or(list []int, one int) []int {
	if len(list) > 0 {
		return list
	}
	return []int{one}
}
