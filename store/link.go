package store

import (
	"context"
	"fmt"
)

// Link reads a value, or bot.ErrNotFound.
func (d *DB) Link(ctx context.Context, kind, key string) (string, error) {
	var value string
	err := d.one(ctx, step{sql: readLink, args: []any{kind, key}, each: func(row scanner) error { return row.Scan(&value) }})
	if err != nil {
		return "", fmt.Errorf("read link %s %s: %w", kind, key, err)
	}
	return value, nil
}

var readLink = both(`
	select value
	from link
	where kind = $1 and key = $2`)

// SaveLink inserts or replaces a value.
func (d *DB) SaveLink(ctx context.Context, kind, key, value string) error {
	if err := d.engine.write(ctx, []step{{sql: saveLink, args: []any{kind, key, value}}}); err != nil {
		return fmt.Errorf("save link %s %s: %w", kind, key, err)
	}
	return nil
}

var saveLink = both(`
	insert into link (kind, key, value)
	values ($1, $2, $3)
	on conflict (kind, key) do update set value = excluded.value`)

// ClaimLink inserts a value where there is none, under any race, and says which value stands and whether it is ours.
func (d *DB) ClaimLink(ctx context.Context, kind, key, value string) (stands string, ours bool, err error) {
	claimed := func(scanner) error {
		ours = true
		return nil
	}
	if err := d.engine.write(ctx, []step{{sql: claimLink, args: []any{kind, key, value}, each: claimed}}); err != nil {
		return "", false, fmt.Errorf("claim link %s %s: %w", kind, key, err)
	}
	if ours {
		return value, true, nil
	}
	stands, err = d.Link(ctx, kind, key)
	return stands, false, err
}

var claimLink = both(`
	insert into link (kind, key, value)
	values ($1, $2, $3)
	on conflict (kind, key) do nothing
	returning kind`)
