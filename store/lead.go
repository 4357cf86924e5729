package store

import (
	"context"
	"fmt"
	"strings"

	"usher/bot"
)

// leadSteps inserts the lead or replaces it by id; whose it is stays.
func leadSteps(t *bot.Turn) ([]step, error) {
	l := t.Lead
	if l == nil {
		return nil, nil
	}
	return []step{{sql: saveLead, args: []any{
		l.ID, l.Conversation, l.Name, l.Email, l.Phone, l.Company, l.Score, l.Grade, l.Stage, l.Rep, l.Team, l.Source, micros(l.UpdatedAt),
		domainOf(l.Email),
	}}}, nil
}

var saveLead = both(`
	insert into lead (` + leadColumns + `, domain)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
	on conflict (id) do update set
	  conversation = excluded.conversation, name = excluded.name, email = excluded.email, phone = excluded.phone,
	  company = excluded.company, score = excluded.score, grade = excluded.grade, stage = excluded.stage,
	  rep = excluded.rep, team = excluded.team, source = excluded.source, updated_at = excluded.updated_at,
	  domain = excluded.domain`)

// domainOf is the domain of an address, in small letters.
func domainOf(email string) string {
	_, domain, _ := strings.Cut(strings.ToLower(email), "@")
	return domain
}

const leadColumns = `id, conversation, name, email, phone, company, score, grade, stage, rep, team, source, updated_at`

// LeadsOf lists a rep's leads, the one that changed last first, at most limit.
func (d *DB) LeadsOf(ctx context.Context, rep string, limit int) ([]bot.Lead, error) {
	var leads []bot.Lead
	err := d.engine.read(ctx, []step{{sql: leadsOf, args: []any{rep, int64(limit)}, each: func(row scanner) error {
		l, err := scanLead(row)
		leads = append(leads, l)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list leads of %s: %w", rep, err)
	}
	return leads, nil
}

var leadsOf = both(`
	select ` + leadColumns + `, person
	from lead
	where rep = $1
	order by updated_at desc, id
	limit cast($2 as bigint)`)

// FindLead is the lead with that id, conversation or e-mail address, or whose person's name begins so; of several the
// one that changed last. Capitals do not matter. bot.ErrNotFound where there is none.
func (d *DB) FindLead(ctx context.Context, text string) (bot.Lead, error) {
	var l bot.Lead
	if text == "" {
		return l, fmt.Errorf("find lead: %w", bot.ErrNotFound)
	}
	err := d.one(ctx, step{sql: findLead, args: []any{text, strings.ToLower(text)}, each: func(row scanner) (err error) {
		l, err = scanLead(row)
		return err
	}})
	if err != nil {
		return bot.Lead{}, fmt.Errorf("find lead: %w", err)
	}
	return l, nil
}

// findLead compares names as written too, for lower folds ASCII alone in SQLite.
var findLead = both(`
	select ` + leadColumns + `, person
	from lead
	where id = $1 or conversation = $1 or lower(email) = $2
	  or substr(lower(name), 1, length($2)) = $2 or substr(name, 1, length($1)) = $1
	order by case when id = $1 or conversation = $1 then 0 when lower(email) = $2 then 1 else 2 end, updated_at desc, id
	limit 1`)

func scanLead(row scanner) (bot.Lead, error) {
	var l bot.Lead
	var updated int64
	err := row.Scan(&l.ID, &l.Conversation, &l.Name, &l.Email, &l.Phone, &l.Company, &l.Score, &l.Grade, &l.Stage, &l.Rep, &l.Team,
		&l.Source, &updated, &l.Person)
	l.UpdatedAt = instant(updated)
	return l, err
}
