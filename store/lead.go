package store

import "usher/bot"

// leadSteps inserts the lead or replaces it by id.
func leadSteps(t *bot.Turn) ([]step, error) {
	l := t.Lead
	if l == nil {
		return nil, nil
	}
	return []step{{sql: saveLead, args: []any{
		l.ID, l.Conversation, l.Name, l.Email, l.Phone, l.Company, l.Score, l.Grade, l.Stage, l.Rep, l.Team, l.Source, micros(l.UpdatedAt),
	}}}, nil
}

var saveLead = both(`
	insert into lead (id, conversation, name, email, phone, company, score, grade, stage, rep, team, source, updated_at)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
	on conflict (id) do update set
	  conversation = excluded.conversation, name = excluded.name, email = excluded.email, phone = excluded.phone,
	  company = excluded.company, score = excluded.score, grade = excluded.grade, stage = excluded.stage,
	  rep = excluded.rep, team = excluded.team, source = excluded.source, updated_at = excluded.updated_at`)
