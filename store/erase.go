package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"usher/bot"
)

// Erase removes every row of the subject in one transaction, with the tombstone, the parts, the jobs and the line of the audit
// log.
func (d *DB) Erase(ctx context.Context, e *bot.Erasure, line bot.AuditLine) error {
	tables, err := d.shape(ctx)
	if err != nil {
		return err
	}
	e.Rows, e.Tables = 0, map[string]int{}
	steps, counts, err := eraseSteps(tables, e)
	if err == nil {
		var kept []step
		kept, err = tombstoneSteps(*e)
		steps = append(steps, kept...)
	}
	if err == nil {
		var written []step
		written, err = auditSteps(line)
		steps = append(steps, written...)
	}
	if err == nil {
		err = d.engine.write(ctx, steps)
	}
	for _, id := range e.Subject.Conversations {
		d.recent.forget(id)
	}
	if err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	e.Rows = 0
	for table, n := range counts {
		if *n > 0 {
			e.Tables[table] = int(*n)
		}
	}
	for _, n := range e.Tables {
		e.Rows += n
	}
	if err := d.engine.write(ctx, []step{{sql: countErased, args: []any{e.ID, int64(e.Rows)}}}); err != nil {
		return fmt.Errorf("count what was erased: %w", err)
	}
	for _, id := range e.Subject.Conversations {
		d.hub.say(id)
		d.engine.signal(id)
	}
	return nil
}

var countErased = both(`
	update erasure
	set rows = rows + $2
	where id = $1`)

// first are the tables whose rows turns lock, in the order of turns; conversations are then waited for, so that a turn that is
// under way is seen whole by what comes after, or fails.
var first = []string{"visitor", "meeting", "conversation"}

// eraseSteps remove the rows of all tables. What a turn may have added while its conversation was waited for is removed after
// that: only visitors and meetings came before.
func eraseSteps(tables shape, e *bot.Erasure) (steps []step, counts map[string]*int64, err error) {
	order := slices.Concat(first, slices.DeleteFunc(tables.tables(), func(t string) bool { return t == "visitor" || t == "conversation" }))
	lists := listsOf(e.Subject)
	counts = map[string]*int64{}
	for _, table := range order {
		where := tables.whose(table)
		if where == "" {
			continue
		}
		if watched[table] != nil {
			counts[table] = new(int64)
			s, err := tables.watchedSteps(table, e, counts[table])
			if err != nil {
				return nil, nil, err
			}
			steps = append(steps, s...)
			continue
		}
		text := "delete from " + table + " where " + where + " returning 1"
		if columns, ok := unnamed[table]; ok {
			text = "update " + table + " set " + blank(tables, table, columns) + " where " + where + " returning 1"
		}
		s, err := tables.step(text, lists, func(scanner) error {
			e.Tables[table]++
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
		steps = append(steps, s)
	}
	return steps, counts, nil
}

// blank sets the columns that a table has of these.
func blank(tables shape, table string, columns map[string]string) string {
	var out []string
	for _, c := range slices.Sorted(maps.Keys(columns)) {
		if tables.has(table, c) {
			out = append(out, quoted(c)+" = "+columns[c])
		}
	}
	return strings.Join(out, ", ")
}

// tombstoneSteps store what stays: of somebody whose time was over, nothing, unless something is left to do.
func tombstoneSteps(e bot.Erasure) ([]step, error) {
	var steps []step
	if len(e.Hashes)+len(e.Parts) > 0 {
		steps = burySteps(e.Tombstone)
	}
	for _, p := range e.Parts {
		steps = append(steps, partStep(e.ID, p))
	}
	for _, j := range e.Jobs {
		steps = append(steps, jobStep(j))
	}
	return steps, nil
}

func burySteps(t bot.Tombstone) []step {
	steps := []step{{sql: insertErasure, args: []any{t.ID, micros(t.At), t.Who}}}
	for _, h := range t.Hashes {
		steps = append(steps, step{sql: insertErased, args: []any{h, t.ID, micros(t.At)}})
	}
	return steps
}

var insertErasure = both(`
	insert into erasure (id, at, who, rows)
	values ($1, $2, $3, 0)
	on conflict (id) do nothing`)

// insertErased keeps the newest: somebody may come again and be erased again.
var insertErased = both(`
	insert into erased (hash, erasure, at)
	values ($1, $2, $3)
	on conflict (hash) do update set erasure = excluded.erasure, at = excluded.at`)

func partStep(erasure string, p bot.ErasurePart) step {
	return step{sql: savePart, args: []any{erasure, int64(p.N), p.Place, string(p.Target), p.State, p.Said, micros(p.At)}}
}

var savePart = both(`
	insert into erasure_part (erasure, n, place, target, state, said, at)
	values ($1, $2, $3, $4, $5, $6, $7)
	on conflict (erasure, n) do update set target = excluded.target, state = excluded.state, said = excluded.said, at = excluded.at`)

// Part reads a part, or bot.ErrNotFound.
func (d *DB) Part(ctx context.Context, erasure string, n int) (p bot.ErasurePart, err error) {
	err = d.one(ctx, step{sql: readPart, args: []any{erasure, int64(n)}, each: func(row scanner) (err error) {
		p, err = scanPart(row)
		return err
	}})
	if err != nil {
		return p, fmt.Errorf("read part %d of erasure %s: %w", n, erasure, err)
	}
	return p, nil
}

var readPart = both(`
	select n, place, target, state, said, at
	from erasure_part
	where erasure = $1 and n = $2`)

func scanPart(row scanner) (p bot.ErasurePart, err error) {
	var n, at int64
	var target string
	err = row.Scan(&n, &p.Place, &target, &p.State, &p.Said, &at)
	p.N, p.Target, p.At = int(n), []byte(target), instant(at)
	return p, err
}

// SavePart changes a part.
func (d *DB) SavePart(ctx context.Context, erasure string, p bot.ErasurePart) error {
	if err := d.engine.write(ctx, []step{partStep(erasure, p)}); err != nil {
		return fmt.Errorf("save part %d of erasure %s: %w", p.N, erasure, err)
	}
	return nil
}

// Bury stores the tombstone of an erasure that this database does not know.
func (d *DB) Bury(ctx context.Context, t bot.Tombstone) error {
	if err := d.engine.write(ctx, burySteps(t)); err != nil {
		return fmt.Errorf("store the tombstone %s: %w", t.ID, err)
	}
	return nil
}

// Erasures lists them, the newest first, with their parts.
func (d *DB) Erasures(ctx context.Context, limit int) ([]bot.Erasure, error) {
	return d.erasures(ctx, "order by at desc, id limit cast($1 as bigint)", int64(limit))
}

// Erasure reads one with its parts, or bot.ErrNotFound.
func (d *DB) Erasure(ctx context.Context, id string) (bot.Erasure, error) {
	all, err := d.erasures(ctx, "where id = $1", id)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("read erasure %s: %w", id, bot.ErrNotFound)
	}
	if err != nil {
		return bot.Erasure{}, err
	}
	return all[0], nil
}

// ErasedBy is the erasure of whoever had one of the hashes, or bot.ErrNotFound.
func (d *DB) ErasedBy(ctx context.Context, hashes ...string) (bot.Erasure, error) {
	s, err := shape{}.step("id in (select erasure from erased where hash in {hashes})", map[string][]string{"hashes": hashes}, nil)
	if err != nil {
		return bot.Erasure{}, err
	}
	const last = " order by at desc limit 1"
	all, err := d.erasuresBy(ctx, statement{lite: "where " + s.sql.lite + last, postgres: "where " + s.sql.postgres + last}, s.args...)
	if err == nil && len(all) == 0 {
		err = bot.ErrNotFound
	}
	if err != nil {
		return bot.Erasure{}, fmt.Errorf("look for a tombstone: %w", err)
	}
	return all[0], nil
}

func (d *DB) erasures(ctx context.Context, which string, args ...any) ([]bot.Erasure, error) {
	return d.erasuresBy(ctx, both(which), args...)
}

func (d *DB) erasuresBy(ctx context.Context, which statement, args ...any) ([]bot.Erasure, error) {
	const columns = "select id, at, who, rows from erasure "
	var all []bot.Erasure
	err := d.engine.read(ctx, []step{{sql: statement{lite: columns + which.lite, postgres: columns + which.postgres}, args: args, each: func(row scanner) error {
		var e bot.Erasure
		var at, rows int64
		err := row.Scan(&e.ID, &at, &e.Who, &rows)
		e.At, e.Rows = instant(at), int(rows)
		all = append(all, e)
		return err
	}}})
	for i := 0; i < len(all) && err == nil; i++ {
		err = d.readParts(ctx, &all[i])
	}
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return all, nil
}

// readParts adds the parts and the hashes.
func (d *DB) readParts(ctx context.Context, e *bot.Erasure) error {
	return d.engine.read(ctx, []step{
		{sql: readParts, args: []any{e.ID}, each: func(row scanner) error {
			p, err := scanPart(row)
			e.Parts = append(e.Parts, p)
			return err
		}},
		{sql: readHashes, args: []any{e.ID}, each: func(row scanner) error {
			var hash string
			err := row.Scan(&hash)
			e.Hashes = append(e.Hashes, hash)
			return err
		}},
	})
}

var readParts = both(`
	select n, place, target, state, said, at
	from erasure_part
	where erasure = $1
	order by n`)

var readHashes = both(`
	select hash
	from erased
	where erasure = $1
	order by hash`)
