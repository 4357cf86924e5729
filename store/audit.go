package store

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"modernc.org/sqlite"

	"usher/bot"
)

// Audit adds a line at the end of the chain.
func (d *DB) Audit(ctx context.Context, l bot.AuditLine) error {
	steps, err := auditSteps(l)
	if err == nil {
		err = d.engine.write(ctx, steps)
	}
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	return nil
}

// auditSteps add lines at the end of the chain. They come last in their transaction: in PostgreSQL one transaction at a time
// adds to the chain, and what holds that lock must wait for nothing else.
func auditSteps(lines ...bot.AuditLine) ([]step, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	steps := []step{{sql: auditLock}}
	for _, l := range lines {
		if l.At.IsZero() {
			l.At = time.Now().UTC().Truncate(time.Microsecond)
		}
		l.Who, l.What, l.Whom = clean(l.Who), clean(l.What), clean(l.Whom)
		detail := map[string]string{}
		for k, v := range l.Detail {
			detail[clean(k)] = clean(v)
		}
		l.Detail = detail
		text, err := toJSON(detail)
		if err != nil {
			return nil, fmt.Errorf("write the audit log: %w", err)
		}
		steps = append(steps, step{sql: insertAudit, args: []any{micros(l.At), l.Who, l.What, l.Whom, text, l.Text()}})
	}
	return steps, nil
}

// auditKey is any number that nobody else locks: "audit" in ASCII.
const auditKey = 0x6175646974

var auditLock = statement{postgres: fmt.Sprintf("select pg_advisory_xact_lock(%d)", auditKey)}

var insertAudit = statement{
	lite:     auditText("sha256_hex(%s)"),
	postgres: auditText("encode(sha256(convert_to(%s, 'UTF8')), 'hex')"),
}

// auditText is the insert with the database's own way to hash.
func auditText(sha256 string) string {
	return `
	insert into audit (n, at, who, what, whom, detail, prev, hash)
	select last.n + 1, cast($1 as bigint), cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), last.hash,
	  ` + fmt.Sprintf(sha256, `last.hash || ' ' || cast(last.n + 1 as text) || ' ' || cast($6 as text)`) + `
	from (
	  select coalesce(max(n), 0) as n, coalesce((select hash from audit order by n desc limit 1), '') as hash
	  from audit
	) as last`
}

// registering gives SQLite, which has none, a hash, once for all connections of the program.
var registering = sync.OnceValue(func() error {
	return sqlite.RegisterDeterministicScalarFunction("sha256_hex", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		text, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("sha256_hex: %T is not text", args[0])
		}
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:]), nil
	})
})

// AuditLines reads the chain, the oldest first.
func (d *DB) AuditLines(ctx context.Context, q bot.AuditQuery) ([]bot.AuditLine, error) {
	var out []bot.AuditLine
	err := d.engine.read(ctx, []step{{sql: auditLines, args: []any{q.After, micros(q.Since), q.Whom, int64(q.Limit)}, each: func(row scanner) error {
		l, err := scanAudit(row)
		out = append(out, l)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return out, nil
}

var auditLines = both(`
	select n, at, who, what, whom, detail, prev, hash
	from audit
	where n > $1 and at >= $2 and (cast($3 as text) = '' or whom = $3)
	order by n
	limit cast($4 as bigint)`)

// AuditHead is the last line, or bot.ErrNotFound.
func (d *DB) AuditHead(ctx context.Context) (l bot.AuditLine, err error) {
	err = d.one(ctx, step{sql: auditHead, each: func(row scanner) (err error) {
		l, err = scanAudit(row)
		return err
	}})
	if err != nil {
		return l, fmt.Errorf("read the end of the audit log: %w", err)
	}
	return l, nil
}

var auditHead = both(`
	select n, at, who, what, whom, detail, prev, hash
	from audit
	order by n desc
	limit 1`)

// scanAudit reads a line. Detail that is not as it was written stays to be seen, and gives another hash.
func scanAudit(row scanner) (l bot.AuditLine, err error) {
	var at int64
	var detail string
	if err := row.Scan(&l.N, &at, &l.Who, &l.What, &l.Whom, &detail, &l.Prev, &l.Hash); err != nil {
		return l, err
	}
	l.At = instant(at)
	if json.Unmarshal([]byte(detail), &l.Detail) != nil {
		l.Detail = map[string]string{"unreadable": detail}
	}
	return l, nil
}
