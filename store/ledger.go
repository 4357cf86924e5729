package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
)

// ledgerSteps appends to the ledger and keeps the shares it adds up to, so that reading them does not read the ledger.
func ledgerSteps(t *bot.Turn) ([]step, error) {
	return entrySteps(t.Conversation.ID, t.Ledger)
}

func entrySteps(conversation string, lines []desk.Entry) (steps []step, err error) {
	var shares desk.Shares
	for _, e := range lines {
		args, err := ledgerArgs(conversation, e)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step{sql: insertLedger, args: args})
		shares = desk.Enter(shares, e)
	}
	inserts(nil, shareRows(shares), func(n int, args []any) {
		steps = append(steps, step{sql: addShares.of(n, addSharesText), args: args[1:]})
	})
	return steps, nil
}

// Enter adds lines about a conversation outside of its turns.
func (d *DB) Enter(ctx context.Context, conversation string, lines []desk.Entry) error {
	steps, err := entrySteps(conversation, lines)
	if err == nil {
		err = d.engine.write(ctx, append(drawSteps(&bot.Turn{Ledger: lines}), steps...))
	}
	if err != nil {
		return fmt.Errorf("add to the ledger of conversation %s: %w", conversation, err)
	}
	return nil
}

func ledgerArgs(conversation string, e desk.Entry) ([]any, error) {
	args := []any{conversation, e.Team, e.Queue, e.Rep, e.Kind, int64(e.Route), e.Because, int64(e.Leads)}
	for _, v := range []any{e.Among, e.Without, e.Trace} {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("write a line of the ledger: %w", err)
		}
		if string(text) == "null" || string(text) == "{}" {
			text = nil
		}
		args = append(args, string(text))
	}
	return append(args, micros(e.At)), nil
}

// shareRows are what is added to the shares, in the order in which every turn locks them.
func shareRows(shares desk.Shares) (rows [][]any) {
	queues := slices.SortedFunc(maps.Keys(shares), func(a, b routing.Queue) int {
		return cmp.Or(cmp.Compare(a.Team, b.Team), cmp.Compare(a.Name, b.Name))
	})
	for _, q := range queues {
		for _, rep := range slices.Sorted(maps.Keys(shares[q])) {
			s := shares[q][rep]
			rows = append(rows, []any{q.Team, q.Name, rep, s.Count, s.Due, s.Missed, s.Got, s.Gave, int64(s.Weight), micros(s.Last)})
		}
	}
	return rows
}

// drawSteps counts that leads of the teams, and of reps with a limit, were shared out. Where the turn says on which shares it was decided, only
// the first that was decided on them goes through. They come before all else of a turn: whoever must decide again has
// then written nothing.
func drawSteps(t *bot.Turn) (steps []step) {
	var draws []string
	for _, e := range t.Ledger {
		draws = append(draws, e.Draws()...)
	}
	slices.Sort(draws)
	for _, draw := range slices.Compact(draws) {
		if t.Draws == nil {
			steps = append(steps, step{sql: drawOn, args: []any{draw}})
			continue
		}
		steps = append(steps, step{sql: drawNext, args: []any{draw, t.Draws[draw]}, guard: bot.ErrUneven})
	}
	return steps
}

var drawOn = both(`
	insert into draw (team, n)
	values ($1, 1)
	on conflict (team) do update set n = draw.n + 1`)

// drawNext makes the first draw only for who saw none.
var drawNext = guarded("the shares have changed", 1, `
	insert into draw (team, n)
	select $1, 1
	where cast($2 as bigint) = 0 or exists (select 1 from draw where team = $1)
	on conflict (team) do update set n = draw.n + 1 where draw.n = $2
	returning n`)

var insertLedger = both(`
	insert into ledger (conversation, team, queue, rep, kind, route, because, leads, among, without, trace, at)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)

var addShares texts

func addSharesText(n int) statement {
	return both(`
	insert into share (team, queue, rep, count, due, missed, got, gave, weight, last_at)
	values ` + repeated(n, func(i int) string { return "(" + places(10*i+1, 10) + ")" }) + `
	on conflict (team, queue, rep) do update set
	  count = share.count + excluded.count,
	  due = share.due + excluded.due,
	  missed = share.missed + excluded.missed,
	  got = share.got + excluded.got,
	  gave = share.gave + excluded.gave,
	  weight = case when excluded.weight > 0 then excluded.weight else share.weight end,
	  last_at = case when excluded.last_at > share.last_at then excluded.last_at else share.last_at end`)
}
