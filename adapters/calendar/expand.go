package calendar

import (
	"slices"
)

// work bounds what a file may cost: days and times looked at, whether or not they hold an instance.
type work struct{ left int }

// maxTimes is how many instances one period may have before BYSETPOS picks among them.
const maxTimes = 50_000

// each gives the starts of a rule between lo and hi (both included) in order, until yield says false. It is false when
// the rule costs more than MaxSteps or than the file has left, and then what was given is not all.
func (r *rule) each(start, lo, hi civil, w *work, yield func(civil) bool) bool {
	if r.until != 0 {
		hi = min(hi, r.until)
	}
	x := &walk{rule: r, start: start, lo: max(lo, start), hi: hi, yield: yield}
	if max(1, len(r.byHour))*max(1, len(r.byMinute))*max(1, len(r.bySecond)) > maxTimes {
		return false
	}
	x.times = r.timesOfDay(start)
	x.startYear, x.startMonth, x.startDay = dateOf(start.day())
	budget := min(MaxSteps, w.left)
	steps := x.run(budget) + len(x.times)
	w.left = max(0, w.left-steps)
	return steps < budget
}

// walk is one pass over the periods of a rule: its years, months, weeks, days, hours, minutes or seconds.
type walk struct {
	*rule
	start, lo, hi civil
	yield         func(civil) bool
	startYear     int
	startMonth    int
	startDay      int
	times         []int   // seconds of the day
	set           []civil // of one period, reused
	counted       int
	done          bool
	over          bool // a period has more than maxTimes
}

func (x *walk) run(budget int) (steps int) {
	if x.freq < daily {
		return x.runClock(budget)
	}
	weight := x.weight()
	for k := x.firstPeriod(); steps < budget && !x.done; k++ {
		first := x.period(k)
		if first > x.hi+daySeconds*7 {
			break
		}
		x.set = x.set[:0]
		x.fill(first.day())
		if x.over {
			return budget
		}
		steps += weight + 2*len(x.set)
		x.give()
	}
	return steps
}

// weight is what looking at one period costs, in steps, its instances not counted.
func (x *walk) weight() int {
	lists := len(x.byMonth) + len(x.byWeekNo) + len(x.byYearDay) + len(x.byMonthDay) + len(x.byDay)
	switch {
	case x.freq < daily:
		return 8 + lists
	case lists == 0:
		return 8
	}
	return 8 + periodDays(x.freq)*(1+lists)
}

// period is the wall-clock time at which the kth period begins.
func (x *walk) period(k int) civil {
	day := x.start.day()
	switch x.freq {
	case yearly:
		return dayCivil(daysOf(x.startYear+k*x.interval, 1, 1))
	case monthly:
		return dayCivil(daysOf(x.startYear, x.startMonth+k*x.interval, 1))
	case weekly:
		return dayCivil(day - (int(weekday(day))-int(x.weekStart)+7)%7 + 7*k*x.interval)
	}
	return dayCivil(day + k*x.interval)
}

// firstPeriod skips the periods before lo. A rule with a COUNT is walked from its start, save the plainest, for its
// instances have to be counted.
func (x *walk) firstPeriod() int {
	days := x.lo.day() - x.start.day() - 7
	if days <= 0 {
		return 0
	}
	k := max(0, days/(periodDays(x.freq)*x.interval)-1)
	if x.count == 0 {
		return k
	}
	if x.freq == daily && x.plain() {
		x.counted = k
		return k
	}
	return 0
}

// periodDays is the most days a period has.
func periodDays(f frequency) int {
	switch f {
	case yearly:
		return 366
	case monthly:
		return 31
	case weekly:
		return 7
	}
	return 1
}

// plain says that every period of a daily rule has one instance.
func (x *walk) plain() bool {
	return len(x.byMonth)+len(x.byYearDay)+len(x.byMonthDay)+len(x.byDay)+len(x.bySetPos) == 0 && len(x.times) == 1
}

// fill collects the period's instances in order.
func (x *walk) fill(first int) {
	switch x.freq {
	case daily:
		x.addDay(first)
	case weekly:
		for day := first; day < first+7; day++ {
			if len(x.byDay) > 0 || weekday(day) == weekday(x.start.day()) {
				x.addDay(day)
			}
		}
	case monthly:
		year, month, _ := dateOf(first)
		x.fillMonth(year, month)
	case yearly:
		year, _, _ := dateOf(first)
		x.fillYear(year)
	}
}

// addDay adds a day of a daily or weekly rule when nothing speaks against it.
func (x *walk) addDay(day int) {
	if len(x.byDay) > 0 && !x.days[weekday(day)] {
		return
	}
	if len(x.byMonth)+len(x.byMonthDay)+len(x.byYearDay) > 0 {
		year, month, dom := dateOf(day)
		if !x.monthFits(month) || !x.monthDayFits(year, month, dom) || !x.yearDayFits(year, day) {
			return
		}
	}
	x.addTimes(day)
}

func (x *walk) fillMonth(year, month int) {
	if !x.monthFits(month) {
		return
	}
	first, length := daysOf(year, month, 1), monthLength(year, month)
	if len(x.byMonthDay)+len(x.byDay)+len(x.byYearDay) == 0 {
		if x.startDay <= length {
			x.addTimes(first + x.startDay - 1)
		}
		return
	}
	for i := range length {
		if x.monthDayFits(year, month, i+1) && x.weekdayFits(first+i, i, length) && x.yearDayFits(year, first+i) {
			x.addTimes(first + i)
		}
	}
}

func (x *walk) fillYear(year int) {
	switch {
	case len(x.byWeekNo) > 0:
		x.fillWeeks(year)
	case len(x.byMonth) == 0 && len(x.byYearDay)+len(x.byDay) == 0:
		x.fillMonth(year, x.startMonth)
	case len(x.byMonth) == 0:
		first, length := daysOf(year, 1, 1), yearLength(year)
		for i := range length {
			if x.yearDayFits(year, first+i) && x.weekdayFits(first+i, i, length) && x.dateFits(first+i) {
				x.addTimes(first + i)
			}
		}
	default:
		for _, month := range x.byMonth {
			x.fillMonth(year, month)
		}
	}
}

// fillWeeks adds the days of a calendar year that BYWEEKNO names: weeks begin on WKST, the first one has four days of
// its year (RFC 5545 3.3.10). A year's first and last days may lie in a week of the year beside it.
func (x *walk) fillWeeks(year int) {
	first := daysOf(year, 1, 1)
	for day := first; day < first+yearLength(year); day++ {
		fits := len(x.byDay) > 0 && x.days[weekday(day)]
		if len(x.byDay) == 0 {
			fits = len(x.byMonthDay)+len(x.byYearDay) > 0 || weekday(day) == weekday(x.start.day())
		}
		if _, month, _ := dateOf(day); fits && x.weekFits(day) && x.monthFits(month) && x.dateFits(day) && x.yearDayFits(year, day) {
			x.addTimes(day)
		}
	}
}

// weekFits says whether the day's week is one of BYWEEKNO, counted from either end of the year that the week belongs to.
func (x *walk) weekFits(day int) bool {
	year := x.weekYear(day)
	first, next := x.firstWeek(year), x.firstWeek(year+1)
	week, weeks := (day-first)/7, (next-first)/7
	return slices.Contains(x.byWeekNo, week+1) || slices.Contains(x.byWeekNo, week-weeks)
}

func (x *walk) firstWeek(year int) int {
	first := daysOf(year, 1, 1)
	back := (int(weekday(first)) - int(x.weekStart) + 7) % 7
	if back <= 3 {
		return first - back
	}
	return first - back + 7
}

func (x *walk) weekYear(day int) int {
	year, _, _ := dateOf(day)
	switch {
	case day < x.firstWeek(year):
		return year - 1
	case day >= x.firstWeek(year+1):
		return year + 1
	}
	return year
}

func (x *walk) monthFits(month int) bool {
	return len(x.byMonth) == 0 || slices.Contains(x.byMonth, month)
}

func (x *walk) dateFits(day int) bool {
	if len(x.byMonthDay) == 0 {
		return true
	}
	year, month, dom := dateOf(day)
	return x.monthDayFits(year, month, dom)
}

func (x *walk) monthDayFits(year, month, dom int) bool {
	return len(x.byMonthDay) == 0 || slices.Contains(x.byMonthDay, dom) ||
		x.byMonthDay[0] < 0 && slices.Contains(x.byMonthDay, dom-1-monthLength(year, month))
}

func (x *walk) yearDayFits(year, day int) bool {
	if len(x.byYearDay) == 0 {
		return true
	}
	i := day - daysOf(year, 1, 1)
	return slices.Contains(x.byYearDay, i+1) || slices.Contains(x.byYearDay, i-yearLength(year))
}

// weekdayFits says whether the day, the ith of a month or year of that length, is one of BYDAY.
func (x *walk) weekdayFits(day, i, length int) bool {
	if len(x.byDay) == 0 {
		return true
	}
	wd := weekday(day)
	if !x.days[wd] {
		return false
	}
	for _, d := range x.byDay {
		if d.day == wd && (d.n == 0 || d.n == i/7+1 || d.n == -((length-1-i)/7+1)) {
			return true
		}
	}
	return false
}

func (x *walk) addTimes(day int) {
	if len(x.set)+len(x.times) > maxTimes {
		x.over = true
		return
	}
	for _, second := range x.times {
		x.set = append(x.set, dayCivil(day)+civil(second))
	}
}

// give hands on the period's set, narrowed by BYSETPOS.
func (x *walk) give() {
	if len(x.bySetPos) == 0 {
		for _, c := range x.set {
			x.offer(c)
		}
		return
	}
	var picked []civil
	for _, pos := range x.bySetPos {
		switch n := len(x.set); {
		case pos > 0 && pos <= n:
			picked = append(picked, x.set[pos-1])
		case pos < 0 && -pos <= n:
			picked = append(picked, x.set[n+pos])
		}
	}
	slices.Sort(picked)
	for _, c := range slices.Compact(picked) {
		x.offer(c)
	}
}

func (x *walk) offer(c civil) {
	if c < x.start || x.done {
		return
	}
	if c > x.hi {
		x.done = true
		return
	}
	x.counted++
	if c >= x.lo && !x.yield(c) || x.count > 0 && x.counted >= x.count {
		x.done = true
	}
}

// timesOfDay is BYHOUR × BYMINUTE × BYSECOND, each from the start where it is not given.
func (r *rule) timesOfDay(start civil) []int {
	second := start.second()
	hours, minutes, seconds := r.byHour, r.byMinute, r.bySecond
	if len(hours)+len(minutes)+len(seconds) == 0 {
		return []int{second}
	}
	if len(hours) == 0 {
		hours = []int{second / 3600}
	}
	if len(minutes) == 0 {
		minutes = []int{second / 60 % 60}
	}
	if len(seconds) == 0 {
		seconds = []int{second % 60}
	}
	var out []int
	for _, h := range hours {
		for _, m := range minutes {
			for _, s := range seconds {
				out = append(out, h*3600+m*60+min(s, 59))
			}
		}
	}
	return slices.Compact(out)
}
