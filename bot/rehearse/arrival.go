package rehearse

import (
	"cmp"
	"slices"
	"time"
)

// Week is how many visitors come in each hour, by time.Weekday, on the clock of the house. Only the proportions count.
type Week [7][24]float64

// dayCurve is how visits of a business site lie over a day: a rise from seven, a dip at noon, a long evening; in parts
// per thousand or so.
var dayCurve = [24]float64{4, 3, 2, 2, 3, 5, 12, 25, 48, 70, 82, 80, 64, 70, 80, 80, 72, 58, 44, 40, 38, 32, 20, 10}

// weekCurve is how the days compare: full from Monday to Thursday, a shorter Friday, a third at the weekend.
var weekCurve = [7]float64{0.28, 1, 1.06, 1.05, 1, 0.85, 0.32}

// UsualWeek is the curve that is taken where nothing was learned: most visits fall between nine and five from Monday to
// Thursday, a tenth of them on Saturday and Sunday.
func UsualWeek() (w Week) {
	for day := range w {
		for hour := range w[day] {
			w[day][hour] = weekCurve[day] * dayCurve[hour]
		}
	}
	return w
}

// arrival is a visitor and when they come, in Unix seconds.
type arrival struct {
	at      int64
	visitor int
}

// arrivals lays visitors over the time from one instant to another, in the order they come.
func arrivals(d dice, visitors int, week Week, from, to time.Time) []arrival {
	hours, shares := hoursBetween(week, from, to)
	o, ok := oddsOf(shares)
	all := make([]arrival, 0, visitors)
	when := matter("arrives")
	for v := range visitors {
		throw := d.throw(v, when, 0)
		at := from.Unix() + int64(throw*float64(to.Unix()-from.Unix()))
		if ok {
			hour, within := o.pick(throw)
			at = hours[hour] + int64(within*3600)
		}
		all = append(all, arrival{at: min(at, to.Unix()-1), visitor: v})
	}
	slices.SortFunc(all, func(a, b arrival) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.visitor, b.visitor)) })
	return all
}

// hoursBetween is the beginning of each hour with its share of visitors.
func hoursBetween(week Week, from, to time.Time) (hours []int64, shares []float64) {
	for t := from; t.Before(to); t = t.Add(time.Hour) {
		hours = append(hours, t.Unix())
		shares = append(shares, week[t.Weekday()][t.Hour()])
	}
	return hours, shares
}
