package store

import (
	"context"
	"fmt"
	"strconv"

	"usher/bot"
)

// Publish makes a revision the current one and stores its sources, or nothing: bot.ErrStale when somebody else published
// first. The node and all others are told by bot.SignalPublished.
func (d *DB) Publish(ctx context.Context, p bot.Publication, sources map[string]string) error {
	var steps []step
	if sources != nil {
		text, err := toJSON(sources)
		if err != nil {
			return fmt.Errorf("publish revision %s: %w", p.Revision, err)
		}
		steps = append(steps, step{sql: saveRevision, args: []any{p.Revision, text, micros(p.At)}})
	}
	steps = append(steps, step{sql: publish, guard: bot.ErrStale, args: []any{p.N, p.Revision, micros(p.At), p.Who, p.Kind, p.Note}})
	written, err := auditSteps(publishedLine(p))
	if err == nil {
		err = d.engine.write(ctx, append(steps, written...))
	}
	if err != nil {
		return fmt.Errorf("publish revision %s: %w", p.Revision, err)
	}
	d.hub.say(bot.SignalPublished)
	d.engine.signal(bot.SignalPublished)
	return nil
}

// publishedLine is the publication as it is written down.
func publishedLine(p bot.Publication) bot.AuditLine {
	what := bot.AuditPublish
	if p.Kind == bot.ByRollback {
		what = bot.AuditRollback
	}
	return bot.AuditLine{At: p.At, Who: p.Who, What: what, Whom: p.Revision, Detail: map[string]string{"publication": strconv.FormatInt(p.N, 10), "kind": p.Kind}}
}

// publish touches a row only if it comes right after the last one. Of two that are sent at once the key lets one in.
var publish = guarded("somebody else published first", 1, `
	insert into published (n, revision, at, who, kind, note)
	select cast($1 as bigint), $2, cast($3 as bigint), $4, $5, $6
	where cast($1 as bigint) = 1 + (select coalesce(max(n), 0) from published)
	on conflict (n) do nothing
	returning n`)

// Published is the current publication, or bot.ErrNotFound.
func (d *DB) Published(ctx context.Context) (bot.Publication, error) {
	all, err := d.Publications(ctx, 1)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("find the published revision: %w", bot.ErrNotFound)
	}
	if err != nil {
		return bot.Publication{}, err
	}
	return all[0], nil
}

// Publications lists them, the newest first, at most limit.
func (d *DB) Publications(ctx context.Context, limit int) ([]bot.Publication, error) {
	var all []bot.Publication
	err := d.engine.read(ctx, []step{{sql: publications, args: []any{int64(limit)}, each: func(row scanner) error {
		var p bot.Publication
		var at int64
		err := row.Scan(&p.N, &p.Revision, &at, &p.Who, &p.Kind, &p.Note)
		p.At = instant(at)
		all = append(all, p)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list publications: %w", err)
	}
	return all, nil
}

var publications = both(`
	select n, revision, at, who, kind, note
	from published
	order by n desc
	limit cast($1 as bigint)`)

// OpenConversations counts the conversations that are still talked in, by the revision they stay on.
func (d *DB) OpenConversations(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	err := d.engine.read(ctx, []step{{sql: openConversations, each: func(row scanner) error {
		var revision string
		var n int64
		err := row.Scan(&revision, &n)
		counts[revision] = int(n)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("count open conversations: %w", err)
	}
	return counts, nil
}

var openConversations = both(`
	select revision, count(*)
	from conversation
	where ending = ''
	group by revision`)
