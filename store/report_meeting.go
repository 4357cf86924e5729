package store

import (
	"cmp"
	"context"
	"slices"

	"usher/bot"
)

// MeetingCounts counts the meetings that start in the period, by rep, by month, or by "" for both.
func (d *DB) MeetingCounts(ctx context.Context, q bot.ReportQuery) ([]bot.MeetingCount, error) {
	if !slices.Contains([]string{"", bot.ByRep, bot.ByMonth}, q.By) {
		return nil, wrongBy("meetings", q.By)
	}
	spans := q.Months()
	if q.By == bot.ByRep {
		spans = whole(q)
	}
	var all []bot.MeetingCount
	err := d.report(ctx, "meetings", spans, func(s bot.Span) step {
		return step{sql: countMeetings, args: []any{micros(s.From), micros(s.To), micros(q.Now.Add(-bot.HeldAfter))}, each: func(row scanner) error {
			c := bot.MeetingCount{Month: s.Name}
			var n [6]int64
			if err := row.Scan(&c.Rep, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5]); err != nil {
				return err
			}
			c.Booked, c.Held, c.NoShow, c.Cancelled, c.Coming, c.Moved = int(n[0]), int(n[1]), int(n[2]), int(n[3]), int(n[4]), int(n[5])
			all = append(all, c)
			return nil
		}}
	})
	if err != nil {
		return nil, err
	}
	if q.By == bot.ByMonth {
		all = months(all)
	}
	for i := range all {
		c := &all[i]
		c.ShowRate = bot.RateOf(c.Held, c.Held+c.NoShow)
	}
	slices.SortStableFunc(all, func(a, b bot.MeetingCount) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Rep, b.Rep))
	})
	return all, nil
}

// months adds all reps of a month up.
func months(all []bot.MeetingCount) (out []bot.MeetingCount) {
	for _, c := range all {
		c.Rep = ""
		if n := len(out) - 1; n >= 0 && out[n].Month == c.Month {
			o := &out[n]
			o.Booked, o.Held, o.NoShow, o.Cancelled, o.Coming, o.Moved = o.Booked+c.Booked, o.Held+c.Held, o.NoShow+c.NoShow, o.Cancelled+c.Cancelled, o.Coming+c.Coming, o.Moved+c.Moved
			continue
		}
		out = append(out, c)
	}
	return out
}

// countMeetings leaves out the rows that block a meeting's guests: a meeting counts once, for the rep who has it.
var countMeetings = both(`
	select rep, count(*),
	  count(case when status = 'confirmed' and no_show = 0 and end_at <= $3 then 1 end),
	  count(case when status = 'confirmed' and no_show > 0 then 1 end),
	  count(case when status = 'cancelled' then 1 end),
	  count(case when status = 'confirmed' and no_show = 0 and end_at > $3 then 1 end),
	  count(case when moved > 0 then 1 end)
	from meeting
	where of = '' and status in ('confirmed', 'cancelled') and start_at >= $1 and start_at < $2
	group by rep
	order by rep`)
