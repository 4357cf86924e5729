package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"usher/bot"
	"usher/flows"
)

var _ bot.People = (*DB)(nil)

// Person reads by id, also by that of somebody merged since, or bot.ErrNotFound.
func (d *DB) Person(ctx context.Context, id string) (bot.Person, error) {
	p, err := d.person(ctx, personByID, id)
	if err != nil {
		return bot.Person{}, fmt.Errorf("read person %s: %w", id, err)
	}
	return p, nil
}

// forwarded is the id of who a person is now.
const forwarded = `(select case forward when '' then id else forward end from person where id = $1)`

var personByID = both(`
	select ` + personColumns + `
	from person
	where id = ` + forwarded)

// PersonOf is the person of a conversation, or bot.ErrNotFound.
func (d *DB) PersonOf(ctx context.Context, conversation string) (bot.Person, error) {
	p, err := d.person(ctx, personOf, conversation)
	if err != nil {
		return bot.Person{}, fmt.Errorf("read the person of conversation %s: %w", conversation, err)
	}
	return p, nil
}

var personOf = both(`
	select ` + personColumns + `
	from person
	where id in (select person from lead where conversation = $1 and person <> '')
	order by created_at, id
	limit 1`)

func (d *DB) person(ctx context.Context, sql statement, args ...any) (bot.Person, error) {
	var p bot.Person
	err := d.one(ctx, step{sql: sql, args: args, each: func(row scanner) (err error) {
		p, err = scanPerson(row)
		return err
	}})
	return p, err
}

// PeopleBy reads the different persons that any of the keys belongs to, the oldest first.
func (d *DB) PeopleBy(ctx context.Context, keys ...bot.PersonKey) ([]bot.Person, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var args []any
	for _, k := range keys {
		args = append(args, k.Kind, k.Value)
	}
	people, err := d.people(ctx, step{sql: peopleBy.of(len(keys), makePeopleBy), args: args})
	if err != nil {
		return nil, fmt.Errorf("find people by %d keys: %w", len(keys), err)
	}
	return people, nil
}

var peopleBy texts

func makePeopleBy(n int) statement {
	return both(`
	select ` + personColumns + `
	from person
	where id in (
	  select person
	  from person_key
	  where ` + alternatives(n, func(i int) string { return fmt.Sprintf("kind = $%d and value = $%d", 2*i+1, 2*i+2) }) + `)
	order by created_at, id`)
}

func (d *DB) people(ctx context.Context, s step) ([]bot.Person, error) {
	var people []bot.Person
	s.each = func(row scanner) error {
		p, err := scanPerson(row)
		people = append(people, p)
		return err
	}
	return people, d.engine.read(ctx, []step{s})
}

// FindPerson is the person with that id, conversation, e-mail address or phone, or whose name begins so; of several the
// one that changed last. Capitals do not matter. bot.ErrNotFound where there is none.
func (d *DB) FindPerson(ctx context.Context, text string) (bot.Person, error) {
	small := lower(text)
	if small == "" {
		return bot.Person{}, fmt.Errorf("find person: %w", bot.ErrNotFound)
	}
	p, err := d.person(ctx, findPerson, text, small, dialled(text))
	if errors.Is(err, bot.ErrNotFound) {
		p, err = d.person(ctx, findCalled, small, small+lastRune)
	}
	if err != nil {
		return bot.Person{}, fmt.Errorf("find person: %w", err)
	}
	return p, nil
}

var findPerson = both(`
	select ` + personColumns + `
	from person
	where id in (
	  select case forward when '' then id else forward end from person where id = $1
	  union
	  select person from lead where conversation = $1 and person <> ''
	  union
	  select person from person_key where kind = 'email' and value = $2 or kind = 'phone' and value = $3)
	order by updated_at desc, id desc
	limit 1`)

var findCalled = both(`
	select ` + personColumns + `
	from person
	where called >= $1 and called < $2 and called <> '' and forward = ''
	order by updated_at desc, id desc
	limit 1`)

// lastRune sorts behind every letter, byte by byte.
const lastRune = "\U0010FFFF"

const personColumns = `id, version, name, email, phone, company, domain, country, language, timezone, score, grade, scored_at,
	  stage, reason, revisit, owner, team, waiting, owned_at, data, changes, created_at, updated_at`

// personData is what of a person no query asks about.
type personData struct {
	Fields    map[string]flows.Value `json:"fields,omitempty"`
	Learnt    map[string]time.Time   `json:"learnt,omitempty"`
	Standings []bot.Standing         `json:"standings,omitempty"`
	First     bot.Source             `json:"first"`
	Last      bot.Source             `json:"last"`
	Consents  []bot.Consent          `json:"consents,omitempty"`
	Handing   bot.Handing            `json:"handing,omitzero"`
}

func scanPerson(row scanner) (bot.Person, error) {
	var p bot.Person
	var data string
	var scored, revisit, owned, created, updated int64
	err := row.Scan(&p.ID, &p.Version, &p.Name, &p.Email, &p.Phone, &p.Company, &p.Domain, &p.Country, &p.Language, &p.Timezone,
		&p.Score, &p.Grade, &scored, &p.Stage, &p.Reason, &revisit, &p.Owner, &p.Team, &p.Waiting, &owned, &data, &p.Changes, &created, &updated)
	if err != nil {
		return p, err
	}
	p.ScoredAt, p.Revisit, p.OwnedAt = instant(scored), instant(revisit), instant(owned)
	p.CreatedAt, p.UpdatedAt = instant(created), instant(updated)
	var more personData
	if err := json.Unmarshal([]byte(data), &more); err != nil {
		return p, fmt.Errorf("person %s: %w", p.ID, err)
	}
	p.Fields, p.Learnt, p.Standings = more.Fields, more.Learnt, more.Standings
	p.First, p.Last, p.Consents, p.Handing = more.First, more.Last, more.Consents, more.Handing
	return p, nil
}
