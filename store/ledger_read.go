package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/routing"
)

// Ledger lists lines, the oldest first.
func (d *DB) Ledger(ctx context.Context, q bot.LedgerQuery) (lines []bot.LedgerLine, err error) {
	limit := int64(q.Limit)
	if limit == 0 {
		limit = math.MaxInt64
	}
	s := step{sql: ledgerSince, args: []any{micros(q.Since), q.After, limit}}
	if q.Conversation != "" {
		s = step{sql: ledgerOf, args: []any{micros(q.Since), q.After, limit, q.Conversation}}
	}
	s.each = func(row scanner) error {
		l, err := scanLine(row)
		lines = append(lines, l)
		return err
	}
	if err := d.engine.read(ctx, []step{s}); err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	return lines, nil
}

const ledgerColumns = `
	select id, conversation, team, queue, rep, kind, route, because, leads, among, without, trace, at
	from ledger`

var ledgerSince = both(ledgerColumns + `
	where at >= $1 and id > $2
	order by id
	limit cast($3 as bigint)`)

var ledgerOf = both(ledgerColumns + `
	where conversation = $4 and at >= $1 and id > $2
	order by id
	limit cast($3 as bigint)`)

func scanLine(row scanner) (l bot.LedgerLine, err error) {
	var route, leads, at int64
	var among, without, trace string
	e := &l.Entry
	err = row.Scan(&l.ID, &l.Conversation, &e.Team, &e.Queue, &e.Rep, &e.Kind, &route, &e.Because, &leads, &among, &without, &trace, &at)
	if err != nil {
		return l, err
	}
	e.Route, e.Leads, e.At = int(route), int(leads), instant(at)
	for text, into := range map[*string]any{&among: &e.Among, &without: &e.Without, &trace: &e.Trace} {
		if *text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(*text), into); err != nil {
			return l, fmt.Errorf("line %d: %w", l.ID, err)
		}
	}
	return l, nil
}

// Shares is what all lines together have come to.
func (d *DB) Shares(ctx context.Context) (desk.Shares, error) {
	all := desk.Shares{}
	err := d.engine.read(ctx, []step{{sql: allShares, each: func(row scanner) error {
		q, rep, s, err := scanShare(row)
		if all[q] == nil {
			all[q] = map[string]routing.Share{}
		}
		all[q][rep] = s
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("read the shares: %w", err)
	}
	return all, nil
}

var allShares = both(`
	select team, queue, rep, count, due, missed, got, gave, weight, last_at
	from share`)
