package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"usher/adapters/terminal/sheet"
	"usher/bot"
)

// importBatch is how many rows are taken at once, and written at once: a database writes many in the time of one, and beside
// a server each time has to be waited for.
const importBatch = 256

// all takes all rows, a batch at a time, and reports them in their order.
func (im *importing) all(ctx context.Context, rows *sheet.Reader, out *importReport) error {
	for {
		batch, err := im.batch(rows)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		lines, failed := im.together(ctx, batch)
		failed = errors.Join(failed, im.routed(ctx, lines))
		for _, l := range lines {
			if failed == nil || l.Line > 0 && l.Lead != "" {
				out.line(l)
			}
		}
		switch {
		case failed != nil:
			return failed
		case out.out.err != nil:
			return out.out.err
		case errors.Is(err, io.EOF):
			return nil
		}
	}
}

// together takes the rows of a batch at once, but for those with the phone of an earlier one: who of them has it shows when
// that one is in.
func (im *importing) together(ctx context.Context, batch []rowFacts) ([]importLine, error) {
	lines := make([]importLine, len(batch))
	left := make([]int, len(batch))
	for i := range left {
		left[i] = i
	}
	had := map[string]bool{"": true} // phones of which it is known who has them
	for len(left) > 0 {
		var now, later []int
		asked := map[string]bool{}
		for _, i := range left {
			if phone := batch[i].Phone; !had[phone] && asked[phone] {
				later = append(later, i)
			} else {
				asked[phone] = true
				now = append(now, i)
			}
		}
		if err := im.atOnce(ctx, now, batch, lines); err != nil {
			return lines, err
		}
		for _, i := range now {
			had[batch[i].Phone] = had[batch[i].Phone] || lines[i].Lead != ""
		}
		left = later
	}
	return lines, nil
}

// routed gives leads whom nobody has to reps, one after the other: who comes first in the table does so with the reps.
func (im *importing) routed(ctx context.Context, lines []importLine) error {
	im.gate.open(1)
	defer im.gate.leave()
	for i := range lines {
		l := &lines[i]
		if !im.route || l.Lead == "" || l.Owner != "" || l.closed {
			continue
		}
		if im.dry {
			l.Notes = append(l.Notes, "would be routed")
			continue
		}
		p, err := im.RoutePerson(ctx, l.Lead, waitsAt)
		if err != nil && !errors.Is(err, bot.ErrNobody) {
			return fmt.Errorf("line %d: %w", l.Line, err)
		}
		if l.Owner = p.Owner; p.Owner != "" {
			l.Waiting = ""
			l.Notes = append(l.Notes, "goes to "+p.Owner)
		}
	}
	return nil
}

// atOnce takes these rows of a batch.
func (im *importing) atOnce(ctx context.Context, which []int, batch []rowFacts, lines []importLine) error {
	var at errgroup.Group
	im.gate.open(len(which))
	for _, i := range which {
		at.Go(func() (err error) {
			defer im.gate.leave()
			lines[i], err = im.take(ctx, batch[i])
			return err
		})
	}
	return at.Wait()
}

func (im *importing) batch(rows *sheet.Reader) (batch []rowFacts, err error) {
	for len(batch) < importBatch {
		row, err := rows.Next()
		var broken *sheet.RowError
		switch {
		case errors.As(err, &broken):
			batch = append(batch, rowFacts{line: broken.Line, why: broken.Why})
		case err != nil:
			return batch, err
		default:
			batch = append(batch, im.read(row))
		}
	}
	return batch, nil
}
