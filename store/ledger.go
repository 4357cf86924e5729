package store

import (
	"cmp"
	"slices"

	"usher/bot"
	"usher/bot/desk"
)

// ledgerSteps appends to the ledger and keeps the shares it adds up to, so that reading them does not read the ledger.
func ledgerSteps(t *bot.Turn) ([]step, error) {
	var lines, shares []step
	var teams []string
	for _, e := range t.Ledger {
		lines = append(lines, step{sql: insertLedger, args: []any{t.Conversation.ID, e.Team, e.Rep, e.Kind, int64(e.Route), e.Because, int64(e.Counts()), micros(e.At)}})
	}
	for _, e := range inOrder(t.Ledger) {
		if e.Counts() != 0 {
			teams = append(teams, e.Team)
			shares = append(shares, step{sql: addShare, args: []any{e.Team, e.Rep, int64(e.Counts()), micros(e.At)}})
		}
	}
	return append(append(lines, drawSteps(t, slices.Compact(teams))...), shares...), nil
}

// drawSteps counts that leads of the teams were shared out. Where the turn says on which shares it was decided, only
// the first that was decided on them goes through.
func drawSteps(t *bot.Turn, teams []string) []step {
	var steps []step
	for _, team := range teams {
		if t.Draws == nil {
			steps = append(steps, step{sql: drawOn, args: []any{team}})
			continue
		}
		steps = append(steps, step{sql: drawNext, args: []any{team, t.Draws[team]}, guard: bot.ErrUneven})
	}
	return steps
}

var drawOn = both(`
	insert into draw (team, n)
	values ($1, 1)
	on conflict (team) do update set n = draw.n + 1`)

var drawNext = guarded("the shares have changed", 1, `
	insert into draw (team, n)
	values ($1, 1)
	on conflict (team) do update set n = draw.n + 1 where draw.n = $2
	returning n`)

// inOrder sorts by team and rep: every turn locks shares in the same order.
func inOrder(entries []desk.Entry) []desk.Entry {
	return slices.SortedStableFunc(slices.Values(entries), func(a, b desk.Entry) int {
		return cmp.Or(cmp.Compare(a.Team, b.Team), cmp.Compare(a.Rep, b.Rep))
	})
}

var insertLedger = both(`
	insert into ledger (conversation, team, rep, kind, route, because, leads, at)
	values ($1, $2, $3, $4, $5, $6, $7, $8)`)

var addShare = both(`
	insert into share (team, rep, count, last_at)
	values ($1, $2, $3, $4)
	on conflict (team, rep) do update set
	  count = share.count + excluded.count,
	  last_at = case when excluded.last_at > share.last_at then excluded.last_at else share.last_at end`)
