package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"usher/bot"
)

// CommitPerson writes one change: bot.ErrStale where the person, or somebody merged, changed meanwhile, a key became
// somebody else's, or whoever had it was erased.
func (d *DB) CommitPerson(ctx context.Context, t bot.PersonTurn) error {
	steps, err := personSteps(t)
	if err == nil {
		err = d.engine.write(ctx, steps)
	}
	if err != nil {
		return fmt.Errorf("commit change %d of person %s: %w", t.Person.Version+1, t.Person.ID, err)
	}
	return nil
}

// personSteps takes its locks in one order in all changes: draws, persons by id, keys by kind and value, conversations, shares.
func personSteps(t bot.PersonTurn) ([]step, error) {
	p := t.Person
	save, err := personStep(t)
	if err != nil {
		return nil, err
	}
	rows := map[string]step{p.ID: save}
	for _, m := range t.Merged {
		rows[m.ID] = step{sql: forwardPerson, args: []any{m.ID, m.Version, p.ID}, guard: bot.ErrStale}
	}
	steps, err := stillThere(t)
	if err != nil {
		return nil, err
	}
	shared, err := entrySteps(p.ID, t.Ledger)
	if err != nil {
		return nil, err
	}
	steps = append(drawSteps(&bot.Turn{Ledger: t.Ledger, Draws: t.Draws}), steps...)
	for _, id := range sortedKeys(rows) {
		steps = append(steps, rows[id])
	}
	for _, m := range t.Merged {
		for _, sql := range moves {
			steps = append(steps, step{sql: sql, args: []any{m.ID, p.ID}})
		}
	}
	keys := slices.SortedFunc(slices.Values(t.Keys), func(a, b bot.PersonKey) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	for _, k := range keys {
		steps = append(steps, step{sql: takeKey, args: []any{k.Kind, k.Value, p.ID}, guard: bot.ErrStale})
	}
	for _, f := range t.Folded {
		steps = append(steps, step{sql: foldConversation, args: []any{f.Conversation, p.ID, strings.Join(f.Facts, "\n")}})
	}
	for i, c := range t.Changes {
		steps = append(steps, step{sql: insertChange, args: []any{
			p.ID, p.Changes + int64(i) + 1, c.Kind, c.From, c.To, c.By, c.Because, c.Conversation, micros(c.At),
		}})
	}
	for _, j := range t.Jobs {
		steps = append(steps, jobStep(j))
	}
	audits, err := auditSteps(byHand(t)...) // last, for what holds its lock waits for nothing else
	return append(append(append(steps, prospectSteps(t)...), shared...), audits...), err
}

// byHand are the lines of the audit log: what somebody did. Why stands in the trail alone, for it may name people.
func byHand(t bot.PersonTurn) (all []bot.AuditLine) {
	acts := map[string]string{bot.ChangedStage: bot.AuditStage, bot.ChangedOwner: bot.AuditOwner, bot.ChangedConsent: bot.AuditConsent}
	for _, c := range t.Changes {
		if what := acts[c.Kind]; what != "" && bot.ByHand(c.By) {
			all = append(all, bot.AuditLine{At: c.At, Who: c.By, What: what, Whom: t.Person.ID, Detail: map[string]string{"from": c.From, "to": c.To}})
		}
	}
	return all
}

// personStep takes the optimistic lock: it touches a row only if nobody changed the person, or merged them, since.
func personStep(t bot.PersonTurn) (step, error) {
	p := t.Person
	data, err := toJSON(personData{
		Fields: p.Fields, Learnt: p.Learnt, Standings: p.Standings, First: p.First, Last: p.Last, Consents: p.Consents, Handing: p.Handing,
	})
	if err != nil {
		return step{}, fmt.Errorf("write what is known of the person: %w", err)
	}
	s := step{sql: insertPerson, guard: bot.ErrStale, args: []any{
		p.ID, p.Name, lower(p.Name), p.Email, p.Phone, p.Company, p.Domain, p.Country, p.Language, p.Timezone,
		p.Score, p.Grade, micros(p.ScoredAt), p.Stage, p.Reason, micros(p.Revisit), p.Owner, p.Team, p.Waiting, micros(p.OwnedAt),
		cmp.Or(p.First.UTM["source"], p.First.Referrer), p.First.UTM["campaign"], p.First.Page, p.First.Channel, flag(p.First.Outbound),
		data, p.Changes + int64(len(t.Changes)), micros(p.CreatedAt), micros(p.UpdatedAt),
	}}
	if p.Version > 0 {
		s.sql, s.args = updatePerson, append(s.args, p.Version)
	}
	return s, nil
}

var insertPerson = guarded("somebody else changed the person first", 1, `
	insert into person (id, version, forward, name, called, email, phone, company, domain, country, language, timezone,
	  score, grade, scored_at, stage, reason, revisit, owner, team, waiting, owned_at,
	  source, campaign, page, channel, outbound, data, changes, created_at, updated_at)
	values ($1, 1, '', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
	  $21, $22, $23, $24, $25, $26, $27, $28, $29)
	on conflict (id) do nothing
	returning 1 as n`)

var updatePerson = guarded("somebody else changed the person first", 1, `
	update person
	set version = version + 1, name = $2, called = $3, email = $4, phone = $5, company = $6, domain = $7, country = $8,
	  language = $9, timezone = $10, score = $11, grade = $12, scored_at = $13, stage = $14, reason = $15, revisit = $16,
	  owner = $17, team = $18, waiting = $19, owned_at = $20, source = $21, campaign = $22, page = $23, channel = $24,
	  outbound = $25, data = $26, changes = $27, created_at = $28, updated_at = $29
	where id = $1 and version = $30 and forward = ''
	returning 1 as n`)

// forwardPerson leaves of somebody merged nothing but who they are now.
var forwardPerson = guarded("somebody else changed the person first", 1, `
	update person
	set version = version + 1, forward = $3, name = '', called = '', email = '', phone = '', company = '', domain = '',
	  owner = '', team = '', waiting = '', data = '{}'
	where id = $1 and version = $2 and forward = ''
	returning 1 as n`)

// moves give the second person what was the first one's.
var moves = []statement{
	both(`update person set forward = $2 where forward = $1 and forward <> ''`),
	both(`update person_key set person = $2 where person = $1`),
	both(`update lead set person = $2 where person = $1 and person <> ''`),
	both(`update person_change set person = $2 where person = $1`),
}

// takeKey touches a row only if the key was nobody's, or the person's already.
var takeKey = guarded("the key belongs to another", 1, `
	insert into person_key (kind, value, person)
	values ($1, $2, $3)
	on conflict (kind, value) do update set person = excluded.person where person_key.person = excluded.person
	returning 1 as n`)

var foldConversation = both(`
	update lead
	set person = $2, facts = $3
	where conversation = $1`)

var insertChange = both(`
	insert into person_change (of, n, person, kind, was, became, who, because, conversation, at)
	values ($1, $2, $1, $3, $4, $5, $6, $7, $8, $9)`)
