package store

import (
	"cmp"
	"context"
	"slices"

	"usher/bot"
)

// LeadCounts counts the people who first were here in the period, by source, campaign, page, industry, language, country,
// channel, month or quarter; by "" all of them in one line.
func (d *DB) LeadCounts(ctx context.Context, q bot.ReportQuery) ([]bot.LeadCount, error) {
	sql, spans := countLeads[q.By], whole(q)
	switch q.By {
	case bot.ByMonth:
		sql, spans = countLeads[""], q.Months()
	case bot.ByQuarter:
		sql, spans = countLeads[""], q.Quarters()
	}
	if sql == (statement{}) {
		return nil, wrongBy("leads", q.By)
	}
	var out []bot.LeadCount
	for _, s := range spans {
		if s.Name != "" {
			out = append(out, bot.LeadCount{Key: s.Name, Grades: map[string]int{}})
		}
	}
	err := d.report(ctx, "leads", spans, func(s bot.Span) step {
		return step{sql: sql, args: []any{micros(s.From), micros(s.To)}, each: func(row scanner) error {
			var key, grade string
			var n [6]int64
			if err := row.Scan(&key, &grade, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5]); err != nil {
				return err
			}
			out = addLeads(out, cmp.Or(s.Name, key), grade, n)
			return nil
		}}
	})
	for i := range out {
		c := &out[i]
		c.MQLRate, c.SALRate = bot.RateOf(c.MQL, c.Leads), bot.RateOf(c.SAL, c.MQL)
		c.SQLRate, c.WonRate = bot.RateOf(c.SQL, c.SAL), bot.RateOf(c.Won, c.SQL)
	}
	if sql != countLeads[""] {
		slices.SortStableFunc(out, func(a, b bot.LeadCount) int { return cmp.Compare(b.Leads, a.Leads) })
	}
	return out, err
}

// addLeads adds those of one grade to the line of their key.
func addLeads(out []bot.LeadCount, key, grade string, n [6]int64) []bot.LeadCount {
	at := len(out) - 1
	for at >= 0 && out[at].Key != key {
		at--
	}
	if at < 0 {
		at, out = len(out), append(out, bot.LeadCount{Key: key, Grades: map[string]int{}})
	}
	c := &out[at]
	c.Grades[grade] += int(n[0])
	c.Leads += int(n[0])
	c.MQL += int(n[1])
	c.SAL += int(n[2])
	c.SQL += int(n[3])
	c.Won += int(n[4])
	c.Lost += int(n[5])
	return out
}

var countLeads = func() map[string]statement {
	out := map[string]statement{"": countLeadsBy("''")}
	for _, column := range []string{
		bot.BySource, bot.ByCampaign, bot.ByPage, bot.ByIndustry, bot.ByLanguage, bot.ByCountry, bot.ByChannel,
	} {
		out[column] = countLeadsBy(column)
	}
	return out
}()

func countLeadsBy(key string) statement {
	return both(`
	select key, grade, count(*), count(case when mql_at > 0 then 1 end), count(case when sal_at > 0 then 1 end),
	  count(case when sql_at > 0 then 1 end), count(case when won_at > 0 then 1 end), count(case when stage = 'lost' then 1 end)
	from (select ` + key + ` as key, grade, stage, mql_at, sal_at, sql_at, won_at from prospect where created_at >= $1 and created_at < $2) as p
	group by key, grade
	order by key, grade`)
}

// Totals counts what began, or was reached, in each of the spans.
func (d *DB) Totals(ctx context.Context, spans []bot.Span) ([]bot.Total, error) {
	all := make([]bot.Total, 0, len(spans))
	err := d.report(ctx, "totals", spans, func(s bot.Span) step {
		return step{sql: countTotals, args: []any{micros(s.From), micros(s.To)}, each: func(row scanner) error {
			var n [5]int64
			err := row.Scan(&n[0], &n[1], &n[2], &n[3], &n[4])
			all = append(all, bot.Total{Conversations: int(n[0]), Leads: int(n[1]), MQL: int(n[2]), SQL: int(n[3]), Won: int(n[4])})
			return err
		}}
	})
	return all, err
}

var countTotals = both(`
	select
	  (select count(*) from journey where began_at >= $1 and began_at < $2),
	  (select count(*) from prospect where created_at >= $1 and created_at < $2),
	  (select count(*) from prospect where mql_at > 0 and mql_at >= $1 and mql_at < $2),
	  (select count(*) from prospect where sql_at > 0 and sql_at >= $1 and sql_at < $2),
	  (select count(*) from prospect where won_at > 0 and won_at >= $1 and won_at < $2)`)
