package store

import (
	"context"
	"encoding/json"
	"fmt"

	"usher/bot"
	"usher/bot/dialogue"
)

// messageSteps adds the transcript. The seq is counted back from the conversation's last, which the turn has already
// moved. A client's id that is known ends the turn with bot.ErrDuplicate.
func messageSteps(t *bot.Turn) ([]step, error) {
	var rows [][]any
	for i, m := range t.Messages {
		ask, err := askText(m.Ask)
		if err != nil {
			return nil, err
		}
		back := int64(len(t.Messages) - 1 - i)
		rows = append(rows, []any{back, m.ID, m.From, m.Name, m.Picture, m.Text, ask, m.Meeting, m.End, micros(m.At)})
	}
	var steps []step
	inserts(t.Conversation.ID, rows, func(n int, args []any) {
		steps = append(steps, step{sql: insertMessages.of(n, messagesText), args: args, guard: bot.ErrDuplicate})
	})
	return steps, nil
}

var insertMessages texts

// messagesText lets each database refuse a known client's id in its cheapest way: SQLite by a row that does not come
// back, PostgreSQL, where looking for it costs more than the insert, by its unique index.
func messagesText(n int) statement {
	text := `
	insert into message (conversation, seq, client, sender, name, picture, body, ask, meeting, ending, at)
	values ` + repeated(n, func(i int) string {
		return fmt.Sprintf("($1, (select last from conversation where id = $1) - $%d, %s)", 10*i+2, places(10*i+3, 9))
	})
	return statement{
		lite: text + `
	on conflict (conversation, client) where client <> '' do nothing
	returning seq as n`,
		postgres: text,
		rows:     n,
		unique:   "message_client",
	}
}

func askText(a *dialogue.Ask) (string, error) {
	if a == nil {
		return "", nil
	}
	s, err := toJSON(a)
	if err != nil {
		return "", fmt.Errorf("write the question: %w", err)
	}
	return s, nil
}

// Messages reads the transcript after a seq, oldest first, at most limit.
func (d *DB) Messages(ctx context.Context, conversation string, after int64, limit int) ([]bot.Message, error) {
	if kept := d.recent.of(conversation); kept != nil {
		if messages, known := kept.after(after, limit); known {
			return messages, nil
		}
	}
	var out []bot.Message
	err := d.engine.read(ctx, []step{{sql: readMessages, args: []any{conversation, after, int64(limit)}, each: func(row scanner) error {
		m, err := scanMessage(row)
		out = append(out, m)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("read messages of conversation %s: %w", conversation, err)
	}
	return out, nil
}

var readMessages = both(`
	select seq, client, sender, name, picture, body, ask, meeting, ending, at
	from message
	where conversation = $1 and seq > $2
	order by seq
	limit cast($3 as bigint)`)

func scanMessage(row scanner) (bot.Message, error) {
	var m bot.Message
	var ask string
	var at int64
	if err := row.Scan(&m.Seq, &m.ID, &m.From, &m.Name, &m.Picture, &m.Text, &ask, &m.Meeting, &m.End, &at); err != nil {
		return m, err
	}
	m.At = instant(at)
	if ask == "" {
		return m, nil
	}
	m.Ask = &dialogue.Ask{}
	return m, json.Unmarshal([]byte(ask), m.Ask)
}
