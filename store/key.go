package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"usher/bot"
)

// SaveAPIKey stores a new key, or bot.ErrNameTaken.
func (d *DB) SaveAPIKey(ctx context.Context, k bot.APIKey) error {
	args := []any{
		k.ID, k.Name, k.Digest, strings.Join(k.Scopes, " "), k.Who, micros(k.CreatedAt), micros(k.ExpiresAt), micros(k.RevokedAt), micros(k.UsedAt),
	}
	written, err := auditSteps(bot.AuditLine{
		At: k.CreatedAt, Who: k.Who, What: bot.AuditKeyMade, Whom: k.ID, Detail: map[string]string{"name": k.Name, "scopes": strings.Join(k.Scopes, " ")},
	})
	if err == nil {
		err = d.engine.write(ctx, append([]step{{sql: insertKey, guard: bot.ErrNameTaken, args: args}}, written...))
	}
	if err != nil {
		return fmt.Errorf("save key %s: %w", k.Name, err)
	}
	return nil
}

var insertKey = guarded("the name is taken", 1, `
	insert into api_key (`+keyColumns+`)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	on conflict do nothing
	returning 1 as n`)

const keyColumns = `id, name, digest, scopes, who, created_at, expires_at, revoked_at, used_at`

// APIKey reads by id, or bot.ErrNotFound.
func (d *DB) APIKey(ctx context.Context, id string) (bot.APIKey, error) {
	var k bot.APIKey
	err := d.one(ctx, step{sql: readKey, args: []any{id}, each: func(row scanner) (err error) {
		k, err = scanKey(row)
		return err
	}})
	if err != nil {
		return bot.APIKey{}, fmt.Errorf("read key %s: %w", id, err)
	}
	return k, nil
}

var readKey = both(`
	select ` + keyColumns + `
	from api_key
	where id = $1`)

// ListAPIKeys lists all, the newest first.
func (d *DB) ListAPIKeys(ctx context.Context) ([]bot.APIKey, error) {
	var all []bot.APIKey
	err := d.engine.read(ctx, []step{{sql: listKeys, each: func(row scanner) error {
		k, err := scanKey(row)
		all = append(all, k)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return all, nil
}

var listKeys = both(`
	select ` + keyColumns + `
	from api_key
	order by created_at desc, id`)

// RevokeAPIKey ends the key with that id, or bot.ErrNotFound.
func (d *DB) RevokeAPIKey(ctx context.Context, id, who string, at time.Time) error {
	steps := []step{{sql: revokeKey, guard: bot.ErrNotFound, args: []any{id, micros(at)}}}
	written, err := auditSteps(bot.AuditLine{At: at, Who: who, What: bot.AuditKeyGone, Whom: id})
	if err == nil {
		err = d.engine.write(ctx, append(steps, written...))
	}
	if err != nil {
		return fmt.Errorf("revoke key %s: %w", id, err)
	}
	return nil
}

var revokeKey = guarded("the key is not there any more", 1, `
	update api_key
	set revoked_at = $2
	where id = $1 and revoked_at = 0
	returning 1 as n`)

// UsedAPIKey remembers when the key was used last.
func (d *DB) UsedAPIKey(ctx context.Context, id string, at time.Time) error {
	if err := d.engine.write(ctx, []step{{sql: usedKey, args: []any{id, micros(at)}}}); err != nil {
		return fmt.Errorf("save the use of key %s: %w", id, err)
	}
	return nil
}

var usedKey = both(`
	update api_key
	set used_at = $2
	where id = $1 and used_at < $2`)

func scanKey(row scanner) (bot.APIKey, error) {
	var k bot.APIKey
	var scopes string
	var created, expires, revoked, used int64
	err := row.Scan(&k.ID, &k.Name, &k.Digest, &scopes, &k.Who, &created, &expires, &revoked, &used)
	k.Scopes = strings.Fields(scopes)
	k.CreatedAt, k.ExpiresAt, k.RevokedAt, k.UsedAt = instant(created), instant(expires), instant(revoked), instant(used)
	return k, err
}
