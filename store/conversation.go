package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"usher/bot"
)

// Load reads a conversation by id, or bot.ErrNotFound.
func (d *DB) Load(ctx context.Context, id string) (bot.Conversation, error) {
	if kept := d.recent.of(id); kept != nil {
		return kept.load()
	}
	c := bot.Conversation{ID: id}
	var state string
	err := d.one(ctx, step{sql: loadConversation, args: []any{id}, each: func(row scanner) error {
		return row.Scan(&c.Site, &c.Visitor, &c.Split, &c.Seq, &c.Last, &state)
	}})
	if err == nil {
		err = json.Unmarshal([]byte(state), &c.State)
	}
	if err != nil {
		return bot.Conversation{}, fmt.Errorf("load conversation %s: %w", id, err)
	}
	return c, nil
}

var loadConversation = both(`
	select site, visitor, split, seq, last, state
	from conversation
	where id = $1`)

// Commit writes a turn as one, or nothing: bot.ErrStale, bot.ErrDuplicate, *bot.TakenError, bot.ErrBusy. Afterwards the
// turn's messages have their Seq and its conversation has the Seq and Last that a Load would give.
func (d *DB) Commit(ctx context.Context, t *bot.Turn) error {
	var last int64
	steps, err := turnSteps(t, &last)
	if err == nil {
		err = d.engine.write(ctx, d.remembered(steps, t, &last))
	}
	if err != nil {
		d.recent.forget(t.Conversation.ID)
		return fmt.Errorf("commit turn %d of conversation %s: %w", t.Conversation.Seq+1, t.Conversation.ID, err)
	}
	number(t, last)
	d.hub.say(t.Conversation.ID)
	d.engine.signal(t.Conversation.ID)
	return nil
}

// remembered lets the turn be remembered once it is committed.
func (d *DB) remembered(steps []step, t *bot.Turn, last *int64) []step {
	if d.recent == nil {
		return steps
	}
	for i := range steps {
		if steps[i].n == last {
			kept := tailOf(t, steps[i].args[stateArg].(string))
			steps[i].after = func() { d.recent.keep(kept, *last) }
		}
	}
	return steps
}

// turnSteps puts what may be refused first, so that a turn that loses costs little, and takes its locks in one order
// in all turns: the draws of teams, the reps' times, the conversation, the shares.
func turnSteps(t *bot.Turn, last *int64) ([]step, error) {
	lock, err := conversationStep(t, last)
	if err != nil {
		return nil, err
	}
	steps := append(append(drawSteps(t), meetingSteps(t)...), lock)
	if t.Conversation.Seq == 0 {
		alive, err := notErased(bot.ByVisitor, t.Conversation.Visitor)
		if err != nil {
			return nil, err
		}
		steps = append([]step{alive}, steps...)
	}
	for _, add := range []func(*bot.Turn) ([]step, error){visitorSteps, messageSteps, journalSteps, ledgerSteps, leadSteps, waitingSteps, journeySteps, jobSteps} {
		more, err := add(t)
		if err != nil {
			return nil, err
		}
		steps = append(steps, more...)
	}
	return steps, nil
}

// stateArg is where both statements of the optimistic lock have the state.
const stateArg = 3

// conversationStep takes the optimistic lock: it touches a row only if nobody committed since the turn was decided.
func conversationStep(t *bot.Turn, last *int64) (step, error) {
	c := t.Conversation
	state, err := toJSON(c.State)
	if err != nil {
		return step{}, fmt.Errorf("write the state: %w", err)
	}
	s := step{guard: bot.ErrStale, n: last}
	s.sql = updateConversation
	s.args = []any{c.ID, c.Seq, int64(len(t.Messages)), state, c.State.End, micros(c.State.WakeAt), micros(t.Now)}
	if c.Seq == 0 {
		s.sql = insertConversation
		s.args = []any{c.ID, c.Site, c.Visitor, state, int64(len(t.Messages)), c.State.Flow, c.State.Revision, c.State.End, micros(c.State.WakeAt), micros(t.Now), c.Split}
	}
	return s, nil
}

var insertConversation = guarded("somebody else committed first", 1, `
	insert into conversation (id, site, visitor, seq, last, state, flow, revision, ending, wake_at, created_at, updated_at, split)
	values ($1, $2, $3, 1, $5, $4, $6, $7, $8, $9, $10, $10, $11)
	on conflict (id) do nothing
	returning last as n`)

var updateConversation = guarded("somebody else committed first", 1, `
	update conversation
	set seq = seq + 1, last = last + $3, state = $4, ending = $5, wake_at = $6, updated_at = $7
	where id = $1 and seq = $2
	returning last as n`)

// number tells the turn what the commit made of it.
func number(t *bot.Turn, last int64) {
	for i := range t.Messages {
		t.Messages[i].Seq = last - int64(len(t.Messages)-1-i)
	}
	t.Conversation.Seq++
	t.Conversation.Last = last
}

// Began lists conversations by when they began, the oldest first.
func (d *DB) Began(ctx context.Context, p bot.Period) ([]bot.Past, error) {
	var out []bot.Past
	args := []any{micros(p.From), micros(p.To), micros(p.After.Began), p.After.ID, int64(p.Limit)}
	err := d.engine.read(ctx, []step{{sql: conversationsBegan, args: args, each: func(row scanner) error {
		c, err := scanPast(row)
		out = append(out, c)
		return err
	}}})
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	return out, nil
}

var conversationsBegan = both(`
	select id, site, visitor, seq, last, state, created_at
	from conversation
	where created_at >= $1 and created_at < $2 and (created_at, id) > ($3, $4)
	order by created_at, id
	limit cast($5 as bigint)`)

func scanPast(row scanner) (c bot.Past, err error) {
	var state string
	var began int64
	if err := row.Scan(&c.ID, &c.Site, &c.Visitor, &c.Seq, &c.Last, &state, &began); err != nil {
		return c, err
	}
	c.Began = instant(began)
	if err := json.Unmarshal([]byte(state), &c.State); err != nil {
		return c, fmt.Errorf("conversation %s: %w", c.ID, err)
	}
	return c, nil
}

// Due lists conversations whose WakeAt has passed, longest first.
func (d *DB) Due(ctx context.Context, now time.Time, limit int) ([]string, error) {
	var ids []string
	err := d.engine.read(ctx, []step{{sql: dueConversations, args: []any{micros(now), int64(limit)}, each: func(row scanner) error {
		var id string
		defer func() { ids = append(ids, id) }()
		return row.Scan(&id)
	}}})
	if err != nil {
		return nil, fmt.Errorf("list due conversations: %w", err)
	}
	return ids, nil
}

var dueConversations = both(`
	select id
	from conversation
	where wake_at > 0 and wake_at <= $1
	order by wake_at, id
	limit cast($2 as bigint)`)

// PutOff lets a conversation that is due now be due at until instead.
func (d *DB) PutOff(ctx context.Context, conversation string, now, until time.Time) error {
	err := d.engine.write(ctx, []step{{sql: putOff, args: []any{conversation, micros(now), micros(until)}}})
	if err != nil {
		return fmt.Errorf("put off conversation %s: %w", conversation, err)
	}
	return nil
}

var putOff = both(`
	update conversation
	set wake_at = $3
	where id = $1 and wake_at > 0 and wake_at <= $2`)

// Latest is the visitor's newest conversation id, or bot.ErrNotFound.
func (d *DB) Latest(ctx context.Context, visitor string) (string, error) {
	var id string
	err := d.one(ctx, step{sql: latestConversation, args: []any{visitor}, each: func(row scanner) error { return row.Scan(&id) }})
	if err != nil {
		return "", fmt.Errorf("find the latest conversation of visitor %s: %w", visitor, err)
	}
	return id, nil
}

var latestConversation = both(`
	select id
	from conversation
	where visitor = $1
	order by created_at desc, id desc
	limit 1`)

// one runs a step that reads at most one row; none is bot.ErrNotFound.
func (d *DB) one(ctx context.Context, s step) error {
	found := false
	each := s.each
	s.each = func(row scanner) error {
		found = true
		return each(row)
	}
	if err := d.engine.read(ctx, []step{s}); err != nil {
		return err
	}
	if !found {
		return bot.ErrNotFound
	}
	return nil
}
