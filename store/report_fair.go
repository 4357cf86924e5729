package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
)

// FairShares tells of each team and queue what its reps had of the leads that were shared out in the period.
func (d *DB) FairShares(ctx context.Context, q bot.ReportQuery) ([]bot.FairShare, error) {
	sum := map[fairKey]*routing.Share{}
	err := d.report(ctx, "fairness", whole(q), func(s bot.Span) step {
		return step{sql: sumLedger, args: []any{micros(s.From), micros(s.To)}, each: func(row scanner) error {
			e, n, err := scanAlike(row)
			for rep, change := range e.Changes() {
				k := fairKey{e.Team, e.Queue, rep}
				if sum[k] == nil {
					sum[k] = &routing.Share{}
				}
				had := sum[k]
				had.Count, had.Due, had.Missed = had.Count+n*change.Count, had.Due+n*change.Due, had.Missed+n*change.Missed
				had.Got, had.Gave = had.Got+n*change.Got, had.Gave+n*change.Gave
			}
			return err
		}}
	})
	var out []bot.FairShare
	for k, s := range sum {
		out = append(out, bot.FairShare{
			Team: k.team, Queue: k.queue, Rep: k.rep, Got: int(s.Got), Gave: int(s.Gave), Counted: int(s.Count),
			Target: leadsOfParts(s.Due), Difference: leadsOfParts(s.Count*routing.Lead - s.Due), Missed: leadsOfParts(s.Missed),
		})
	}
	slices.SortFunc(out, func(a, b bot.FairShare) int {
		return cmp.Or(cmp.Compare(a.Team, b.Team), cmp.Compare(a.Queue, b.Queue), cmp.Compare(a.Rep, b.Rep))
	})
	return out, err
}

type fairKey struct{ team, queue, rep string }

// leadsOfParts are parts as leads; more digits would be those of the rounding of parts.
func leadsOfParts(parts int64) float64 { return math.Round(float64(parts)/routing.Lead*1e4) / 1e4 }

// scanAlike reads a line of the ledger, and how many there are that add the same.
func scanAlike(row scanner) (e desk.Entry, n int64, err error) {
	var leads int64
	var among, without string
	if err := row.Scan(&e.Team, &e.Queue, &e.Rep, &e.Kind, &leads, &among, &without, &n); err != nil {
		return e, 0, err
	}
	e.Leads = int(leads)
	for text, into := range map[string]*map[string]int{among: &e.Among, without: &e.Without} {
		if text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return e, 0, fmt.Errorf("read the ledger: %w", err)
		}
	}
	return e, n, nil
}

var sumLedger = both(`
	select team, queue, rep, kind, leads, among, without, count(*)
	from ledger
	where at >= $1 and at < $2 and (leads <> 0 or kind in ('assigned', 'received', 'passed'))
	group by team, queue, rep, kind, leads, among, without`)
