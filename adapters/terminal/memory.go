package terminal

import (
	"context"
	"errors"
	"fmt"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/dialogue"
	"usher/flows"
)

// Memory is what is read of a database. Load and Revision give bot.ErrNotFound for what is not there; Journal is
// oldest first; Agenda is what reps have before them. Ledger and Shares are what each got, gave and missed.
type Memory interface {
	Load(ctx context.Context, id string) (bot.Conversation, error)
	Journal(ctx context.Context, conversation string) ([]dialogue.Entry, error)
	Began(ctx context.Context, p bot.Period) ([]bot.Past, error)
	revisions
	Agenda(ctx context.Context, q bot.AgendaQuery) (desk.Agenda, error)
	Waiting(ctx context.Context, q bot.WaitingQuery) ([]bot.Waiting, error)
	Ledger(ctx context.Context, q bot.LedgerQuery) ([]bot.LedgerLine, error)
	Shares(ctx context.Context) (desk.Shares, error)
	FindLead(ctx context.Context, text string) (bot.Lead, error)
	FindPerson(ctx context.Context, text string) (bot.Person, error)
	ConversationsOf(ctx context.Context, person string) ([]bot.Past, error)
	Close() error
}

// MemoryQuery is which conversation of which database.
type MemoryQuery struct {
	Conversation string `arg:"" help:"The conversation's id, as logs and lead cards show it."`
	Database     string `placeholder:"URL" env:"USHER_DATABASE,DATABASE_URL" help:"sqlite:FILE or postgres://…; by default what serve uses."`
	JSON         bool   `name:"json" help:"One object a line, as JSON."`
}

// record is a stored conversation with what it takes to understand it.
type record struct {
	bot.Conversation
	workspace *flows.Workspace
	machine   *dialogue.Machine
	journal   []dialogue.Entry
}

func (q *MemoryQuery) read(ctx context.Context, w *World) (r *record, err error) {
	memory, err := w.OpenMemory(ctx, q.Database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	return q.from(ctx, w, memory)
}

func (q *MemoryQuery) from(ctx context.Context, w *World, memory Memory) (r *record, err error) {
	r = &record{}
	r.Conversation, err = memory.Load(ctx, q.Conversation)
	if errors.Is(err, bot.ErrNotFound) {
		p := printer{out: w.Stderr}
		p.printf("usher: there is no conversation %s in this database\n", q.Conversation)
		return nil, ErrNo
	} else if err != nil {
		return nil, err
	}
	if r.journal, err = memory.Journal(ctx, q.Conversation); err != nil {
		return nil, err
	}
	sources, err := memory.Revision(ctx, r.State.Revision)
	if err != nil {
		return nil, fmt.Errorf("revision %s: %w", r.State.Revision, err)
	}
	return r, r.compile(sources)
}

// compile makes the machine of the revision the conversation is pinned to.
func (r *record) compile(sources map[string]string) (err error) {
	ws, problems := flows.Load(flows.SourceFS(sources))
	if ws == nil {
		return fmt.Errorf("revision %s does not load any more: %w", r.State.Revision, problems)
	}
	f := ws.Flow(r.State.Flow)
	if f == nil {
		return fmt.Errorf("revision %s has no flow %s", r.State.Revision, r.State.Flow)
	}
	r.workspace = ws
	r.machine, err = dialogue.Compile(ws, f)
	return err
}
