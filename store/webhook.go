package store

import (
	"context"
	"encoding/json"
	"fmt"

	"usher/bot"
)

// SaveWebhook inserts or replaces by ID. Its secrets are kept as they are given: encrypted.
func (d *DB) SaveWebhook(ctx context.Context, w bot.Webhook) error {
	secrets, err := toJSON(w.Secrets)
	if err != nil {
		return fmt.Errorf("save webhook %s: %w", w.ID, err)
	}
	events, err := toJSON(w.Events)
	if err != nil {
		return fmt.Errorf("save webhook %s: %w", w.ID, err)
	}
	args := []any{w.ID, w.URL, secrets, events, w.By, micros(w.CreatedAt)}
	if err := d.engine.write(ctx, []step{{sql: saveWebhook, args: args}}); err != nil {
		return fmt.Errorf("save webhook %s: %w", w.ID, err)
	}
	return nil
}

var saveWebhook = both(`
	insert into webhook (id, url, secrets, events, made_by, created_at)
	values ($1, $2, $3, $4, $5, $6)
	on conflict (id) do update set url = excluded.url, secrets = excluded.secrets, events = excluded.events`)

// Webhooks lists them, the oldest first.
func (d *DB) Webhooks(ctx context.Context) ([]bot.Webhook, error) {
	var all []bot.Webhook
	err := d.engine.read(ctx, []step{{sql: listWebhooks, each: func(row scanner) error {
		w, err := scanWebhook(row)
		all = append(all, w)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	return all, nil
}

var listWebhooks = both(`
	select id, url, secrets, events, made_by, created_at
	from webhook
	order by created_at, id`)

func scanWebhook(row scanner) (w bot.Webhook, err error) {
	var secrets, events string
	var at int64
	if err = row.Scan(&w.ID, &w.URL, &secrets, &events, &w.By, &at); err != nil {
		return w, err
	}
	w.CreatedAt = instant(at)
	if err = json.Unmarshal([]byte(secrets), &w.Secrets); err == nil {
		err = json.Unmarshal([]byte(events), &w.Events)
	}
	return w, err
}

// DeleteWebhook forgets one, or says bot.ErrNotFound.
func (d *DB) DeleteWebhook(ctx context.Context, id string) error {
	err := bot.ErrNotFound
	found := func(scanner) error {
		err = nil
		return nil
	}
	if fault := d.engine.write(ctx, []step{{sql: deleteWebhook, args: []any{id}, each: found}}); fault != nil {
		err = fault
	}
	if err != nil {
		return fmt.Errorf("delete webhook %s: %w", id, err)
	}
	return nil
}

var deleteWebhook = both(`
	delete from webhook
	where id = $1
	returning id`)
