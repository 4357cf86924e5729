package store

import (
	"context"
	"fmt"

	"usher/bot"
	"usher/bot/dialogue"
)

// journalSteps adds what came in, in order, so that the conversation can be replayed.
func journalSteps(t *bot.Turn) ([]step, error) {
	var rows [][]any
	for i, e := range t.Journal {
		input, err := dialogue.MarshalInput(e.Input)
		if err != nil {
			return nil, fmt.Errorf("write the journal: %w", err)
		}
		rows = append(rows, []any{t.Conversation.Seq + 1, int64(i), string(input), micros(e.At)})
	}
	var steps []step
	inserts(t.Conversation.ID, rows, func(n int, args []any) {
		steps = append(steps, step{sql: insertJournal.of(n, journalText), args: args})
	})
	return steps, nil
}

var insertJournal texts

func journalText(n int) statement {
	return both(`
	insert into journal (conversation, turn, n, input, at)
	values ` + repeated(n, func(i int) string { return "($1, " + places(4*i+2, 4) + ")" }))
}

// Journal reads all inputs of a conversation, oldest first.
func (d *DB) Journal(ctx context.Context, conversation string) ([]dialogue.Entry, error) {
	var out []dialogue.Entry
	err := d.engine.read(ctx, []step{{sql: readJournal, args: []any{conversation}, each: func(row scanner) error {
		e, err := scanEntry(row)
		out = append(out, e)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("read the journal of conversation %s: %w", conversation, err)
	}
	return out, nil
}

var readJournal = both(`
	select input, at
	from journal
	where conversation = $1
	order by turn, n`)

func scanEntry(row scanner) (dialogue.Entry, error) {
	var input string
	var at int64
	if err := row.Scan(&input, &at); err != nil {
		return dialogue.Entry{}, err
	}
	in, err := dialogue.UnmarshalInput([]byte(input))
	return dialogue.Entry{Input: in, At: instant(at)}, err
}
