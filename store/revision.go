package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// SaveRevision stores the sources once; the same revision again does nothing.
func (d *DB) SaveRevision(ctx context.Context, revision string, sources map[string]string, at time.Time) error {
	text, err := toJSON(sources)
	if err == nil {
		err = d.engine.write(ctx, []step{{sql: saveRevision, args: []any{revision, text, micros(at)}}})
	}
	if err != nil {
		return fmt.Errorf("save revision %s: %w", revision, err)
	}
	return nil
}

var saveRevision = both(`
	insert into revision (id, sources, at)
	values ($1, $2, $3)
	on conflict (id) do nothing`)

// Revision reads the sources, or bot.ErrNotFound.
func (d *DB) Revision(ctx context.Context, revision string) (map[string]string, error) {
	var text string
	var sources map[string]string
	err := d.one(ctx, step{sql: readRevision, args: []any{revision}, each: func(row scanner) error { return row.Scan(&text) }})
	if err == nil {
		err = json.Unmarshal([]byte(text), &sources)
	}
	if err != nil {
		return nil, fmt.Errorf("read revision %s: %w", revision, err)
	}
	return sources, nil
}

var readRevision = both(`
	select sources
	from revision
	where id = $1`)
