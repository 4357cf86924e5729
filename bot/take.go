package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/flows"
)

// MaxTakes is how often one input is decided on again because somebody else committed first: each round somebody's
// turn did land, so only a storm on one conversation gets here.
const MaxTakes = 32

// MaxUneven is how often a lead is shared out again because another one was meanwhile. Each time that other one did land,
// so only a storm of leads of one team on many nodes gets here.
const MaxUneven = 1024

// take lets the dialogue decide on one input and commits the turn. When somebody else committed first it decides again
// on top of that; when a time was lost or a lead was given meanwhile it decides again knowing so.
func (b *Bot) take(ctx context.Context, c Conversation, in dialogue.Input) (Conversation, error) {
	return b.takeWith(ctx, c, in, nil)
}

// takeWith is take, and saves the visitor in the same commit, if there is one.
func (b *Bot) takeWith(ctx context.Context, c Conversation, in dialogue.Input, v *Visitor) (Conversation, error) {
	return b.land(ctx, c, &attempt{input: in, visitor: v})
}

// land decides and commits until the attempt is done, or cannot be.
func (b *Bot) land(ctx context.Context, c Conversation, a *attempt) (Conversation, error) {
	began := time.Now()
	defer func() { b.counts.turn(time.Since(began)) }()
	_, a.drained = a.input.(dialogue.Freed)
	for takes := 0; takes < MaxTakes && a.uneven < MaxUneven; takes++ {
		t, err := b.try(ctx, c, *a)
		var taken *TakenError
		switch {
		case err == nil && t == nil:
			return c, nil
		case err == nil:
			a.done = true
			if len(t.Jobs) > 0 {
				b.hurry.now()
			}
			return t.Conversation, nil
		case errors.As(err, &taken):
			a.lost = append(a.lost, taken.Slot)
		case errors.Is(err, desk.ErrBehind):
			a.drained = !b.serveOlder(ctx)
		case errors.Is(err, ErrUneven):
			a.uneven++
			takes--
		case errors.Is(err, ErrStale) && c.Seq > 0:
			if c, err = b.Store.Load(ctx, c.ID); err != nil {
				return Conversation{}, fmt.Errorf("load again: %w", err)
			}
		default:
			return Conversation{}, err
		}
	}
	return Conversation{}, fmt.Errorf("%w: others committed first, time and again", ErrBusy)
}

// attempt is an input on its way to a committed turn.
type attempt struct {
	input   dialogue.Input
	visitor *Visitor        // saved with the turn; nil = there is none to save
	lost    []dialogue.Slot // that a commit found taken
	uneven  int             // commits that found older shares
	drained bool            // leads that have waited longer were asked first, and nobody of them got anybody
	done    bool            // a turn was committed
}

// try decides and commits once; the turn is nil when the input changes nothing.
func (b *Bot) try(ctx context.Context, c Conversation, a attempt) (*Turn, error) {
	at := place{line: &b.line}
	defer at.leave()
	t, err := b.decide(ctx, c, a, &at)
	if err != nil || t == nil {
		return nil, err
	}
	t.Visitor = a.visitor
	if a.uneven == 0 { // else another node shares out leads too: who decides on what is on its way would be refused as well
		at.decided(t)
	}
	if err := b.Store.Commit(ctx, t); err != nil {
		return nil, fmt.Errorf("commit turn: %w", err)
	}
	return t, nil
}

// decision collects what the dialogue wants in one turn.
type decision struct {
	bot     *Bot
	machine *dialogue.Machine
	before  dialogue.Conversation
	desk    *desk.Desk
	turn    *Turn
	read    func(uid string) (Meeting, error)
	was     map[string]Meeting // rows that the turn changes, as they were
	moves   bool               // the input asks for another time of a meeting
	visits  int                // of the visitor who has come just now, 0 = not known
	lost    int                // commits of this turn that found a time taken
	enter   func() error       // takes the turn's place in the line
}

// decide runs the dialogue and makes of its effects what is to be committed; nil when the input changes nothing.
func (b *Bot) decide(ctx context.Context, c Conversation, a attempt, at *place) (*Turn, error) {
	in := a.input
	h, err := b.houseOf(ctx, c)
	if err != nil {
		return nil, err
	}
	m, ok := h.machines[c.State.Flow]
	if !ok {
		return nil, fmt.Errorf("revision %s has no flow %q", h.Revision, c.State.Flow)
	}
	now := b.now()
	d := decision{bot: b, machine: m, before: c.State, turn: &Turn{Conversation: c, Now: now}, desk: b.deskOf(ctx, h, c, now)}
	d.begin(ctx, a, at)
	state, effects, journal, err := m.Turn(c.State, in, now, d.answer)
	if err != nil {
		return nil, fmt.Errorf("decide: %w", err)
	}
	if len(journal) == 0 {
		return nil, nil
	}
	if err := d.closed(state); err != nil {
		return nil, err
	}
	d.turn.Conversation.State, d.turn.Journal, d.turn.Ledger = state, journal, d.desk.Ledger
	d.turn.Draws = d.desk.Draws()
	d.said(in)
	d.carry(in, effects)
	d.timers(in)
	d.tiers()
	d.waits()
	d.alerts(in)
	d.turn.Lead = leadOf(d.turn.Conversation, now)
	d.folds()
	d.turn.Journey = d.journey(in, effects)
	d.attend()
	d.letters()
	d.hooks(in, effects)
	d.leaves()
	d.followUps(in)
	d.settles()
	if last := d.lastWords(); last != nil && c.State.End == "" {
		last.End = state.End
	}
	return d.turn, nil
}

// begin tells the decision of the attempt, and gives it the way to what it asks of the world.
func (d *decision) begin(ctx context.Context, a attempt, at *place) {
	d.lost = len(a.lost)
	if a.visitor != nil {
		d.visits = a.visitor.Data.Visits
	}
	_, d.moves = a.input.(dialogue.Rescheduled)
	d.read = func(uid string) (Meeting, error) { return d.bot.Store.Meeting(ctx, uid) }
	d.enter = func() error { return at.enter(ctx) }
	d.desk.Taken, d.desk.Drained = a.lost, a.drained
	d.desk.Refresh = func(rep string) bool { return at.aside(ctx, func() bool { return d.bot.refresh(ctx, rep) }) }
}

// deskOf is the desk of a turn of the conversation. What is said is of the revision that the conversation began on; who is
// there, when and for whom is of the one that runs.
func (b *Bot) deskOf(ctx context.Context, h *house, c Conversation, now time.Time) *desk.Desk {
	var coming []*Turn
	return &desk.Desk{
		Workspace: b.present(h), Key: c.ID, Now: now,
		Refresh: func(rep string) bool { return b.refresh(ctx, rep) },
		Agenda: func(q desk.Query) (desk.Agenda, error) {
			coming = b.line.expected()
			a, err := b.Store.Agenda(ctx, AgendaQuery{
				Reps: q.Reps, From: q.From, To: q.To, Now: now, Except: c.ID, Kind: q.Kind, Instead: q.Instead, Open: q.Open,
			})
			b.refreshes.learn(a.Read)
			foresee(&a, coming)
			return a, err
		},
		Given: func() ([]desk.Entry, error) {
			lines, err := b.Store.Ledger(ctx, LedgerQuery{Conversation: c.ID})
			given := make([]desk.Entry, len(lines))
			for i, l := range lines {
				given[i] = l.Entry
			}
			return given, err
		},
		Ahead: func() ([]desk.Older, error) { return b.waitedLonger(ctx, c, now, coming) },
		Owner: func(email string) (desk.Owner, error) { return b.ownerOf(ctx, c, email) },
	}
}

// present is a revision with the people of the running one.
func (b *Bot) present(h *house) *flows.Workspace {
	running := b.running.Load()
	if running == nil || running.Revision == h.Revision || running.Roster == nil {
		return h.Workspace
	}
	w := *h.Workspace
	w.Roster = running.Roster
	return &w
}

// houseOf is the revision the conversation is pinned to; the running one serves too when it is the same.
func (b *Bot) houseOf(ctx context.Context, c Conversation) (*house, error) {
	if h := b.running.Load(); h != nil && h.Revision == c.State.Revision {
		return h, nil
	}
	return b.house(ctx, c.State.Revision)
}

// answer asks the desk and keeps the rows that its facts stand for.
func (d *decision) answer(c dialogue.Conversation, e dialogue.Effect) (dialogue.Input, error) {
	if _, shares := e.(dialogue.Assign); shares {
		if err := d.enter(); err != nil {
			return nil, err
		}
	}
	fact, err := d.desk.Answer(c, e)
	if err != nil {
		return nil, err
	}
	if _, taken := fact.(dialogue.Taken); taken && c.Moving != "" {
		return nil, ErrNotFree
	}
	if _, failed := fact.(dialogue.Failed); failed && c.Moving != "" {
		if err := d.stays(c, e); err != nil {
			return nil, err
		}
	}
	if err := d.outcome(c, e); err != nil {
		return nil, err
	}
	return d.keep(e, fact)
}

// lastWords is the last of the bot's messages in this turn, which tells how it came out, or nil.
func (d *decision) lastWords() *Message {
	for i := range slices.Backward(d.turn.Messages) {
		if d.turn.Messages[i].From == FromBot {
			return &d.turn.Messages[i]
		}
	}
	return nil
}

// said adds the person's own words to the transcript.
func (d *decision) said(in dialogue.Input) {
	switch in := in.(type) {
	case dialogue.Said:
		text := in.Text
		if text == "" {
			text = d.label(in.Value)
		}
		d.line(Message{ID: in.ID, From: FromVisitor, Text: text})
	case dialogue.Spoke:
		m := Message{ID: in.ID, From: FromRep, Text: in.Text}
		if p := d.turn.Conversation.State.Joined; p != nil {
			m.Name, m.Picture = p.Name, p.Picture
		}
		d.line(m)
	}
}

// label is a chosen option as the visitor saw it.
func (d *decision) label(value string) string {
	asked := d.machine.Open(d.before, d.turn.Now)
	if asked == nil {
		return value
	}
	for _, o := range asked.Options {
		if o.Value == value {
			return strings.TrimSpace(o.Day + " " + o.Label)
		}
	}
	return value
}

func (d *decision) line(m Message) {
	m.At = d.turn.Now
	d.turn.Messages = append(d.turn.Messages, m)
}
