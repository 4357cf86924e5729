package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"usher/bot"
)

// Speeds measures how long those waited who came to want a person in the period, by rep, team, hour, or "" for all.
func (d *DB) Speeds(ctx context.Context, q bot.ReportQuery) ([]bot.SpeedCount, error) {
	type waits struct {
		bot.SpeedCount
		took []int64 // microseconds
	}
	if !slices.Contains([]string{"", bot.ByRep, bot.ByTeam, bot.ByHour}, q.By) {
		return nil, wrongBy("speed", q.By)
	}
	found := map[string]*waits{}
	err := d.report(ctx, "speed", whole(q), func(s bot.Span) step {
		return step{sql: readWaits, args: []any{micros(s.From), micros(s.To)}, each: func(row scanner) error {
			var wanted, met int64
			var rep, team string
			if err := row.Scan(&wanted, &met, &rep, &team); err != nil {
				return err
			}
			key := map[string]string{bot.ByRep: rep, bot.ByTeam: team}[q.By]
			if q.By == bot.ByHour {
				key = hourOf(wanted, q.Zone)
			}
			w := found[key]
			if w == nil {
				w = &waits{SpeedCount: bot.SpeedCount{Key: key}}
				found[key] = w
			}
			w.Wanted++
			if met > 0 {
				w.took = append(w.took, met-wanted)
			}
			return nil
		}}
	})
	var out []bot.SpeedCount
	for _, w := range found {
		slices.Sort(w.took)
		w.Answered = len(w.took)
		w.Median, w.P90 = float64(bot.Quantile(w.took, 0.5))/1e6, float64(bot.Quantile(w.took, 0.9))/1e6
		w.Five, _ = slices.BinarySearch(w.took, bot.FirstFive.Microseconds()+1)
		w.FiveRate = bot.RateOf(w.Five, w.Wanted)
		out = append(out, w.SpeedCount)
	}
	slices.SortFunc(out, func(a, b bot.SpeedCount) int { return cmp.Compare(a.Key, b.Key) })
	return out, err
}

var readWaits = both(`
	select wanted_at, met_at, rep, team
	from journey
	where wanted_at > 0 and wanted_at >= $1 and wanted_at < $2`)

// hourOf is the hour of the day in a zone.
func hourOf(at int64, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return instant(at).In(zone).Format("15")
}
