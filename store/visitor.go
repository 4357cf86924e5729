package store

import (
	"context"
	"encoding/json"
	"fmt"

	"usher/bot"
)

// Visitor reads the visitor with that token hash, or bot.ErrNotFound. TokenHash is that of the first token.
func (d *DB) Visitor(ctx context.Context, tokenHash []byte) (bot.Visitor, error) {
	var v bot.Visitor
	var data string
	var created, seen int64
	err := d.one(ctx, step{sql: readVisitor, args: []any{tokenHash}, each: func(row scanner) error {
		return row.Scan(&v.ID, &v.Site, &data, &created, &seen, &v.TokenHash)
	}})
	if err == nil {
		err = json.Unmarshal([]byte(data), &v.Data)
	}
	if err != nil {
		return bot.Visitor{}, fmt.Errorf("read the visitor of a token: %w", err)
	}
	v.CreatedAt, v.SeenAt = instant(created), instant(seen)
	return v, nil
}

var readVisitor = both(`
	select id, site, data, created_at, seen_at, token_hash
	from visitor
	where token_hash = $1
	union all
	select id, site, data, created_at, seen_at, visitor.token_hash
	from visitor_token
	join visitor on visitor.id = visitor_token.visitor
	where visitor_token.token_hash = $1
	limit 1`)

// SaveVisitor inserts or replaces by ID, or bot.ErrNotFound for somebody who was erased meanwhile.
func (d *DB) SaveVisitor(ctx context.Context, v bot.Visitor) error {
	steps, err := visitorSteps(&bot.Turn{Visitor: &v})
	if err == nil {
		var alive step
		alive, err = notErased(bot.ByVisitor, v.ID)
		steps = append([]step{alive}, steps...)
	}
	if err == nil {
		err = d.engine.write(ctx, steps)
	}
	if err != nil {
		return fmt.Errorf("save visitor %s: %w", v.ID, err)
	}
	return nil
}

// visitorSteps inserts the visitor or replaces them by id.
func visitorSteps(t *bot.Turn) ([]step, error) {
	v := t.Visitor
	if v == nil {
		return nil, nil
	}
	data, err := toJSON(v.Data)
	if err != nil {
		return nil, fmt.Errorf("write what is known of visitor %s: %w", v.ID, err)
	}
	var hash any
	if len(v.TokenHash) > 0 {
		hash = v.TokenHash
	}
	return []step{{sql: saveVisitor, args: []any{v.ID, v.Site, hash, data, micros(v.CreatedAt), micros(v.SeenAt)}}}, nil
}

var saveVisitor = both(`
	insert into visitor (id, site, token_hash, data, created_at, seen_at)
	values ($1, $2, $3, $4, $5, $6)
	on conflict (id) do update set
	  site = excluded.site, token_hash = excluded.token_hash, data = excluded.data,
	  created_at = excluded.created_at, seen_at = excluded.seen_at`)
