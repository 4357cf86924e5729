package store

import (
	"context"
	"fmt"

	"usher/bot"
)

// report reads one statement for each stretch of the period. The stretches lie behind one another, so that together
// they read what one statement would.
func (d *DB) report(ctx context.Context, what string, spans []bot.Span, each func(s bot.Span) step) error {
	steps := make([]step, len(spans))
	for i, s := range spans {
		steps[i] = each(s)
	}
	if len(steps) == 0 {
		return nil
	}
	if err := d.engine.read(ctx, steps); err != nil {
		return fmt.Errorf("report %s: %w", what, err)
	}
	return nil
}

// whole is a period as one stretch.
func whole(q bot.ReportQuery) []bot.Span { return []bot.Span{{From: q.From, To: q.To}} }

// wrongBy says that a report cannot be told apart so.
func wrongBy(report, by string) error {
	return fmt.Errorf("report %s by %q: %w", report, by, bot.ErrNoBy)
}
