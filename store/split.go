package store

import (
	"context"
	"fmt"
	"time"

	"usher/bot"
)

// SplitCounts counts every variant that any split gave out, by split and flow.
func (d *DB) SplitCounts(ctx context.Context, now time.Time) ([]bot.SplitCount, error) {
	var all []bot.SplitCount
	err := d.engine.read(ctx, []step{{sql: splitCounts, args: []any{micros(now)}, each: func(row scanner) error {
		var c bot.SplitCount
		var n [7]int64
		err := row.Scan(&c.Split, &c.Flow, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6])
		c.Visitors, c.Conversations, c.Qualified = int(n[0]), int(n[1]), int(n[2])
		c.Booked, c.Held, c.Coming, c.Met = int(n[3]), int(n[4]), int(n[5]), int(n[6])
		all = append(all, c)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("count splits: %w", err)
	}
	return all, nil
}

// splitCounts leaves out the rows that block a meeting's guests: a meeting counts once.
var splitCounts = both(`
	select c.split, c.flow, count(distinct c.visitor), count(*),
	  count(case when c.ending = 'qualified' then 1 end),
	  cast(coalesce(sum(m.booked), 0) as bigint),
	  cast(coalesce(sum(m.held), 0) as bigint),
	  cast(coalesce(sum(m.coming), 0) as bigint),
	  count(distinct case when m.held > 0 then c.visitor end)
	from conversation c
	left join (
	  select conversation,
	    count(case when status in ('confirmed', 'cancelled') then 1 end) as booked,
	    count(case when status = 'confirmed' and no_show = 0 and end_at <= $1 then 1 end) as held,
	    count(case when status = 'confirmed' and end_at > $1 then 1 end) as coming
	  from meeting
	  where of = ''
	  group by conversation
	) m on m.conversation = c.id
	where c.split <> ''
	group by c.split, c.flow
	order by c.split, c.flow`)
