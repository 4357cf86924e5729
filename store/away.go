package store

import (
	"context"
	"fmt"

	"usher/bot/slots"
)

// SaveAway replaces a rep's announced absences.
func (d *DB) SaveAway(ctx context.Context, rep string, spans []slots.Interval) error {
	steps := []step{{sql: deleteAway, args: []any{rep}}}
	for _, s := range spans {
		steps = append(steps, step{sql: insertAway, args: []any{rep, micros(s.Start), micros(s.End)}})
	}
	if err := d.engine.write(ctx, steps); err != nil {
		return fmt.Errorf("save absence of %s: %w", rep, err)
	}
	return nil
}

var deleteAway = both(`
	delete from rep_state
	where rep = $1`)

var insertAway = both(`
	insert into rep_state (rep, start_at, end_at)
	values ($1, $2, $3)
	on conflict do nothing`)
