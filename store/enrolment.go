package store

import (
	"context"
	"fmt"
	"time"

	"usher/bot"
)

var _ bot.Enrolments = (*DB)(nil)

// Recipient reads by hash; one that nobody has heard of has Version 0.
func (d *DB) Recipient(ctx context.Context, hash string) (bot.Recipient, error) {
	r := bot.Recipient{Hash: hash}
	err := d.engine.read(ctx, []step{{sql: readRecipient, args: []any{hash}, each: func(row scanner) error {
		var at int64
		err := row.Scan(&r.Version, &at, &r.Because)
		r.Suppressed = instant(at)
		return err
	}}})
	if err != nil {
		return bot.Recipient{}, fmt.Errorf("read recipient: %w", err)
	}
	return r, nil
}

var readRecipient = both(`
	select version, suppressed_at, because
	from recipient
	where hash = $1`)

// Enrolment reads by id, or bot.ErrNotFound.
func (d *DB) Enrolment(ctx context.Context, id string) (bot.Enrolment, error) {
	var e bot.Enrolment
	err := d.one(ctx, step{sql: readEnrolment, args: []any{id}, each: func(row scanner) (err error) {
		e, err = scanEnrolment(row)
		return err
	}})
	if err != nil {
		return bot.Enrolment{}, fmt.Errorf("read enrolment: %w", err)
	}
	return e, nil
}

// sentLetters is how many letters of the run were not refused.
const sentLetters = `(
	  select count(*)
	  from follow_up_letter as l
	  where l.recipient = enrolment.recipient and l.sequence = enrolment.sequence and l.run = enrolment.run)`

const enrolmentColumns = `id, recipient, sequence, conversation, run, began_at, letters, last_at, next_at, state, because`

var readEnrolment = both(`
	select ` + enrolmentColumns + `, ` + sentLetters + `
	from enrolment
	where id = $1`)

// Enrolments lists them by when they began, the newest first, at most limit.
func (d *DB) Enrolments(ctx context.Context, limit int) ([]bot.Enrolment, error) {
	var all []bot.Enrolment
	err := d.engine.read(ctx, []step{{sql: listEnrolments, args: []any{int64(limit)}, each: func(row scanner) error {
		e, err := scanEnrolment(row)
		all = append(all, e)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list enrolments: %w", err)
	}
	return all, nil
}

var listEnrolments = both(`
	select ` + enrolmentColumns + `, ` + sentLetters + `
	from enrolment
	order by began_at desc, id
	limit cast($1 as bigint)`)

func scanEnrolment(row scanner) (bot.Enrolment, error) {
	var e bot.Enrolment
	var began, letters, last, next, sent int64
	err := row.Scan(&e.ID, &e.Recipient, &e.Sequence, &e.Conversation, &e.Run, &began, &letters, &last, &next, &e.State, &e.Because, &sent)
	e.Sent = int(sent)
	e.BeganAt, e.Letters, e.LastAt, e.NextAt = instant(began), int(letters), instant(last), instant(next)
	return e, err
}

// CommitEnrolment writes one change, or bot.ErrStale where something about the recipient changed meanwhile.
func (d *DB) CommitEnrolment(ctx context.Context, t bot.EnrolmentTurn) error {
	e := t.Enrolment
	lock := step{sql: touchRecipient, args: []any{t.Recipient.Hash, t.Recipient.Version}, guard: bot.ErrStale}
	if t.Recipient.Version == 0 {
		lock.sql, lock.args = meetRecipient, lock.args[:1]
	}
	steps := []step{lock, {sql: saveEnrolment, args: []any{
		e.ID, e.Recipient, e.Sequence, e.Conversation, e.Run, micros(e.BeganAt), int64(e.Letters), micros(e.LastAt), micros(e.NextAt), e.State, e.Because,
	}}}
	if t.Letter > 0 {
		steps = append(steps, step{sql: insertLetter, args: []any{e.Recipient, e.Sequence, e.Run, int64(t.Letter), micros(t.Now)}})
	}
	if t.Refused > 0 {
		steps = append(steps, step{sql: dropLetter, args: []any{e.Recipient, e.Sequence, e.Run, int64(t.Refused)}})
	}
	for _, j := range t.Jobs {
		steps = append(steps, jobStep(j))
	}
	if err := d.engine.write(ctx, steps); err != nil {
		return fmt.Errorf("commit enrolment in %s: %w", e.Sequence, err)
	}
	return nil
}

var meetRecipient = guarded("somebody else wrote to the recipient first", 1, `
	insert into recipient (hash, version, suppressed_at, because)
	values ($1, 1, 0, '')
	on conflict (hash) do nothing
	returning 1 as n`)

var touchRecipient = guarded("somebody else wrote to the recipient first", 1, `
	update recipient
	set version = version + 1
	where hash = $1 and version = $2
	returning 1 as n`)

var saveEnrolment = both(`
	insert into enrolment (` + enrolmentColumns + `)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
	on conflict (id) do update set
	  conversation = excluded.conversation, run = excluded.run, began_at = excluded.began_at, letters = excluded.letters,
	  last_at = excluded.last_at, next_at = excluded.next_at, state = excluded.state, because = excluded.because`)

var insertLetter = both(`
	insert into follow_up_letter (recipient, sequence, run, n, at)
	values ($1, $2, $3, $4, $5)`)

var dropLetter = both(`
	delete from follow_up_letter
	where recipient = $1 and sequence = $2 and run = $3 and n = $4`)

// LettersTo is when the recipient was sent letters since then, the oldest first.
func (d *DB) LettersTo(ctx context.Context, recipient string, since time.Time) ([]time.Time, error) {
	var all []time.Time
	err := d.engine.read(ctx, []step{{sql: lettersTo, args: []any{recipient, micros(since)}, each: func(row scanner) error {
		var at int64
		err := row.Scan(&at)
		all = append(all, instant(at))
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("read letters of a recipient: %w", err)
	}
	return all, nil
}

var lettersTo = both(`
	select at
	from follow_up_letter
	where recipient = $1 and at >= $2
	order by at`)

// Suppress lets no letter go to the recipient any more and stops what runs. Doing it again changes nothing.
func (d *DB) Suppress(ctx context.Context, r bot.Recipient) error {
	err := d.engine.write(ctx, []step{
		{sql: suppress, args: []any{r.Hash, micros(r.Suppressed), r.Because}},
		{sql: stopEnrolments, args: []any{r.Hash, r.Because}},
	})
	if err != nil {
		return fmt.Errorf("suppress recipient: %w", err)
	}
	return nil
}

var suppress = both(`
	insert into recipient (hash, version, suppressed_at, because)
	values ($1, 1, $2, $3)
	on conflict (hash) do update set version = recipient.version + 1, suppressed_at = excluded.suppressed_at, because = excluded.because
	where recipient.suppressed_at = 0`)

var stopEnrolments = both(`
	update enrolment
	set state = 'stopped', because = $2, next_at = 0
	where recipient = $1 and state = 'running'`)

// Unsuppress lets letters go there again; bot.ErrNotFound where they did. What was stopped stays so.
func (d *DB) Unsuppress(ctx context.Context, hash string) error {
	if err := d.engine.write(ctx, []step{{sql: unsuppress, args: []any{hash}, guard: bot.ErrNotFound}}); err != nil {
		return fmt.Errorf("take back that a recipient is suppressed: %w", err)
	}
	return nil
}

var unsuppress = guarded("the recipient is not suppressed", 1, `
	update recipient
	set version = version + 1, suppressed_at = 0, because = ''
	where hash = $1 and suppressed_at > 0
	returning 1 as n`)

// LastHeard is when the visitor of the conversation last said something, in any of theirs; zero = never.
func (d *DB) LastHeard(ctx context.Context, conversation string) (time.Time, error) {
	var at int64
	err := d.engine.read(ctx, []step{{sql: lastHeard, args: []any{conversation}, each: func(row scanner) error { return row.Scan(&at) }}})
	if err != nil {
		return time.Time{}, fmt.Errorf("read when the visitor of conversation %s was heard: %w", conversation, err)
	}
	return instant(at), nil
}

var lastHeard = both(`
	select coalesce(max(at), 0)
	from message
	where sender = 'visitor' and conversation in (
	  select other.id
	  from conversation
	  join conversation as other on other.visitor = conversation.visitor
	  where conversation.id = $1)`)

// AddToken gives a visitor a further token: those there were stay good.
func (d *DB) AddToken(ctx context.Context, visitor string, tokenHash []byte, at time.Time) error {
	if err := d.engine.write(ctx, []step{{sql: addToken, args: []any{tokenHash, visitor, micros(at)}}}); err != nil {
		return fmt.Errorf("give visitor %s a further token: %w", visitor, err)
	}
	return nil
}

var addToken = both(`
	insert into visitor_token (token_hash, visitor, at)
	values ($1, $2, $3)
	on conflict (token_hash) do nothing`)
