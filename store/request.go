package store

import (
	"context"
	"fmt"

	"usher/bot"
)

// ClaimRequest stores a request, under any race, and says which one stands and whether it is ours to do.
func (d *DB) ClaimRequest(ctx context.Context, r bot.Request) (stands bot.Request, ours bool, err error) {
	claimed := func(scanner) error {
		ours = true
		return nil
	}
	err = d.engine.write(ctx, []step{
		{sql: forgetRequests, args: []any{micros(r.At.Add(-bot.KeepRequests))}},
		{sql: claimRequest, args: []any{r.Key, r.ID, r.Digest, micros(r.At), micros(r.At.Add(-bot.RequestWait))}, each: claimed},
	})
	if err == nil && !ours {
		stands, err = d.request(ctx, r.Key, r.ID)
	} else {
		stands = bot.Request{Key: r.Key, ID: r.ID, Digest: r.Digest, At: r.At}
	}
	if err != nil {
		return bot.Request{}, false, fmt.Errorf("claim request %s of key %s: %w", r.ID, r.Key, err)
	}
	return stands, ours, nil
}

var forgetRequests = both(`
	delete from api_request
	where at <= $1`)

// claimRequest takes over one that was cut off at its work.
var claimRequest = both(`
	insert into api_request (key, id, digest, made, status, at)
	values ($1, $2, $3, '', 0, $4)
	on conflict (key, id) do update set at = excluded.at
	where api_request.made = '' and api_request.digest = excluded.digest and api_request.at <= $5
	returning key`)

func (d *DB) request(ctx context.Context, key, id string) (bot.Request, error) {
	r := bot.Request{Key: key, ID: id}
	var status, at int64
	err := d.one(ctx, step{sql: readRequest, args: []any{key, id}, each: func(row scanner) error {
		return row.Scan(&r.Digest, &r.Made, &status, &at)
	}})
	r.Status, r.At = int(status), instant(at)
	return r, err
}

var readRequest = both(`
	select digest, made, status, at
	from api_request
	where key = $1 and id = $2`)

// FinishRequest remembers what came of a request; with Made "" it is forgotten and may be asked again.
func (d *DB) FinishRequest(ctx context.Context, r bot.Request) error {
	s := step{sql: finishRequest, args: []any{r.Key, r.ID, r.Made, int64(r.Status)}}
	if r.Made == "" {
		s = step{sql: dropRequest, args: []any{r.Key, r.ID}}
	}
	if err := d.engine.write(ctx, []step{s}); err != nil {
		return fmt.Errorf("finish request %s of key %s: %w", r.ID, r.Key, err)
	}
	return nil
}

var finishRequest = both(`
	update api_request
	set made = $3, status = $4
	where key = $1 and id = $2`)

var dropRequest = both(`
	delete from api_request
	where key = $1 and id = $2 and made = ''`)
