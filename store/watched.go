package store

import (
	"slices"
	"strings"

	"usher/bot"
)

// watched are the tables that tell of what is done elsewhere, with the columns by which a row is known as one that was seen: what
// is removed of them was seen before, or nothing is removed at all.
var watched = map[string][]string{
	"link": {"kind", "key", "value"},
	"job":  {"id", "state", "attempts"},
}

// watchedSteps remove the subject's rows of a watched table, and count them into n. The steps end with bot.ErrStale where there is
// one that the erasure has not seen: PostgreSQL looks at what it has removed, for it waits for whoever changes a row.
func (s shape) watchedSteps(table string, e *bot.Erasure, n *int64) ([]step, error) {
	of := listsOf(e.Subject)
	of["seen"] = seenOf(table, e.Seen)
	var columns []string
	for _, c := range watched[table] {
		columns = append(columns, "cast("+table+"."+quoted(c)+" as text)")
	}
	known, where := strings.Join(columns, " || ' ' || "), s.whose(table)
	look, err := s.step("select count(*) as n from "+table+" where "+where+" having count(case when "+known+" not in {seen} then 1 end) = 0", of, nil)
	if err != nil {
		return nil, err
	}
	remove, err := s.step("delete from "+table+" where "+where, of, nil)
	if err != nil {
		return nil, err
	}
	both, err := s.step("with gone as (delete from "+table+" where "+where+" returning "+known+" as seen) select count(*)::bigint, "+
		"case when count(case when seen not in {seen} then 1 end) > 0 then refuse('something of theirs came meanwhile') end from gone", of, nil)
	if err != nil {
		return nil, err
	}
	look.sql.postgres, look.sql.rows, look.guard, look.n = both.sql.postgres, 1, bot.ErrStale, n
	remove.sql.postgres = ""
	return []step{look, remove}, nil
}

// seenOf is how the rows of a table are known that were seen.
func seenOf(table string, rows []bot.Record) (out []string) {
	for _, r := range rows {
		if r.Table == table {
			var values []string
			for _, c := range watched[table] {
				values = append(values, r.Values[c])
			}
			out = append(out, strings.Join(values, " "))
		}
	}
	slices.Sort(out)
	return out
}
