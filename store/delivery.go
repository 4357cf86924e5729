package store

import (
	"context"
	"fmt"

	"usher/bot"
)

// SaveDeliveries stores new ones with the jobs that send them; what is known already is left alone.
func (d *DB) SaveDeliveries(ctx context.Context, ds []bot.Delivery, jobs ...bot.Job) error {
	var steps []step
	for _, v := range ds {
		steps = append(steps, step{sql: insertDelivery, args: []any{
			v.ID, v.Message, v.Webhook, v.Event, v.Person, v.Conversation, string(v.Body), bot.DeliveryQueued, micros(v.CreatedAt),
		}})
	}
	for _, j := range jobs {
		steps = append(steps, jobStep(j))
	}
	if err := d.engine.write(ctx, steps); err != nil {
		return fmt.Errorf("save %d deliveries: %w", len(ds), err)
	}
	return nil
}

var insertDelivery = both(`
	insert into delivery (id, message, webhook, event, person, conversation, body, state, attempts, status, error, created_at, tried_at)
	values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '', $9, 0)
	on conflict (id) do nothing`)

// Delivery reads one, or bot.ErrNotFound.
func (d *DB) Delivery(ctx context.Context, id string) (v bot.Delivery, err error) {
	err = d.one(ctx, step{sql: readDelivery, args: []any{id}, each: func(row scanner) (err error) {
		v, err = scanDelivery(row)
		return err
	}})
	if err != nil {
		return bot.Delivery{}, fmt.Errorf("read delivery %s: %w", id, err)
	}
	return v, nil
}

const selectDelivery = `
	select id, message, webhook, event, person, conversation, body, state, attempts, status, error, created_at, tried_at
	from delivery`

var readDelivery = both(selectDelivery + `
	where id = $1`)

func scanDelivery(row scanner) (v bot.Delivery, err error) {
	var body string
	var attempts, status, created, tried int64
	err = row.Scan(&v.ID, &v.Message, &v.Webhook, &v.Event, &v.Person, &v.Conversation, &body, &v.State, &attempts, &status, &v.Error, &created, &tried)
	v.Body, v.Attempts, v.Status, v.CreatedAt, v.TriedAt = []byte(body), int(attempts), int(status), instant(created), instant(tried)
	return v, err
}

// Delivered writes how an attempt came out.
func (d *DB) Delivered(ctx context.Context, v bot.Delivery) error {
	args := []any{v.ID, v.State, int64(v.Attempts), int64(v.Status), v.Error, micros(v.TriedAt)}
	if err := d.engine.write(ctx, []step{{sql: updateDelivery, args: args}}); err != nil {
		return fmt.Errorf("write delivery %s: %w", v.ID, err)
	}
	return nil
}

var updateDelivery = both(`
	update delivery
	set state = $2, attempts = $3, status = $4, error = $5, tried_at = $6
	where id = $1`)

// ListDeliveries lists them, the oldest first.
func (d *DB) ListDeliveries(ctx context.Context, q bot.DeliveryQuery) ([]bot.Delivery, error) {
	var all []bot.Delivery
	args := []any{q.Webhook, q.Person, q.State, micros(q.Since), q.After.ID, int64(q.Limit)}
	err := d.engine.read(ctx, []step{{sql: listDeliveries, args: args, each: func(row scanner) error {
		v, err := scanDelivery(row)
		all = append(all, v)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}

var listDeliveries = both(selectDelivery + `
	where ($1 = '' or webhook = $1) and ($2 = '' or person = $2) and ($3 = '' or state = $3) and created_at >= $4
	  and n > coalesce((select n from delivery where id = $5), 0)
	order by n
	limit cast($6 as bigint)`)

// DeliveryCounts counts them by webhook.
func (d *DB) DeliveryCounts(ctx context.Context) ([]bot.DeliveryCount, error) {
	var all []bot.DeliveryCount
	err := d.engine.read(ctx, []step{{sql: countDeliveries, each: func(row scanner) error {
		var c bot.DeliveryCount
		var queued, dead, sent, lastSent, lastFailed int64
		err := row.Scan(&c.Webhook, &queued, &dead, &sent, &lastSent, &lastFailed, &c.Error)
		c.Queued, c.Dead, c.Sent, c.LastSent, c.LastFailed = int(queued), int(dead), int(sent), instant(lastSent), instant(lastFailed)
		all = append(all, c)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("count deliveries: %w", err)
	}
	return all, nil
}

var countDeliveries = both(`
	select d.webhook,
	  count(case when d.state = 'queued' then 1 end),
	  count(case when d.state = 'dead' then 1 end),
	  count(case when d.state = 'sent' then 1 end),
	  cast(coalesce(max(case when d.state = 'sent' then d.tried_at end), 0) as bigint),
	  cast(coalesce(max(case when d.error <> '' then d.tried_at end), 0) as bigint),
	  coalesce((
	    select e.error
	    from delivery e
	    where e.webhook = d.webhook and e.error <> ''
	    order by e.tried_at desc, e.n desc
	    limit 1), '')
	from delivery d
	group by d.webhook
	order by d.webhook`)

// forgetDeliveries is part of Forget.
var forgetDeliveries = both(`
	delete from delivery
	where state = 'sent' and tried_at < $1`)
