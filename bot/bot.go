package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// Bot is the doer. Its exported fields are set before the first use and not changed after.
type Bot struct {
	Store    Store
	Log      *slog.Logger
	Now      func() time.Time   // nil = time.Now
	Carriers map[string]Carrier // who carries out which kind of job; a kind without a carrier makes no jobs
	// Hears says whether some other system is to be told of an event of JobHook; nil = of each.
	Hears func(event string) bool
	// FoldAfter is how long answers wait that change no more than the score to be added to their person, several at once.
	FoldAfter time.Duration
	// Refresh reads one rep's calendars now, until ctx ends; nil = they are read in the background alone.
	Refresh func(ctx context.Context, rep string) error
	Secret  []byte // of the house: what addresses of erased persons are hashed with
	Vault   Vault  // nil = nothing is kept beside the database
	// Erasers reach what erased persons left in other places, by place.
	Erasers map[string]Eraser

	running   atomic.Pointer[house]
	broken    atomic.Pointer[flows.Problems]
	files     fs.FS      // of the folder that this node was started with; nil = it has none
	adopting  sync.Mutex // guards serving and unread, and which house runs by them
	serving   int64      // the publication that was adopted last
	unread    bool       // what is broken is a publication that this program cannot read
	published hurry      // somebody published
	houses    houses
	hub       hub
	hurry     hurry
	line      line
	refreshes refreshes
	counts    counts
	retired   retired
}

// Say takes what a visitor wrote or chose. A message that is already stored is no error: the transcript has it.
// ErrNotFound is also the answer for a conversation of somebody else.
func (b *Bot) Say(ctx context.Context, conversation, visitor string, said dialogue.Said) error {
	err := b.input(ctx, conversation, visitor, said)
	if errors.Is(err, ErrDuplicate) {
		return nil
	}
	return err
}

// See takes a page view; of a visitor whose browser sent Global Privacy Control none is taken.
func (b *Bot) See(ctx context.Context, conversation, visitor string, v dialogue.Visited) error {
	c, err := b.load(ctx, conversation, visitor)
	if err != nil || c.State.Visit.GPC {
		return err
	}
	return b.input(ctx, conversation, visitor, v)
}

// Join lets a person talk from now on; the bot falls silent. The first wins: *dialogue.JoinedError names who talks
// already.
func (b *Bot) Join(ctx context.Context, conversation string, p dialogue.Person) error {
	if rep := b.rep(p.Rep); rep != nil {
		p.Name, p.Picture = cmp.Or(p.Name, rep.Name), cmp.Or(p.Picture, rep.Picture)
	}
	return b.input(ctx, conversation, "", dialogue.Joined{Person: p})
}

// Speak takes what the joined person said to the visitor; dialogue.ErrNotJoined when nobody has joined. Words that are
// already stored are no error.
func (b *Bot) Speak(ctx context.Context, conversation string, s dialogue.Spoke) error {
	err := b.input(ctx, conversation, "", s)
	if errors.Is(err, ErrDuplicate) {
		return nil
	}
	return err
}

// Leave gives the visitor back to the bot.
func (b *Bot) Leave(ctx context.Context, conversation, rep string) error {
	return b.input(ctx, conversation, "", dialogue.Left{Rep: rep})
}

// Transcript reads what was said after a seq.
func (b *Bot) Transcript(ctx context.Context, conversation string, after int64, limit int) ([]Message, error) {
	return b.Store.Messages(ctx, conversation, after, limit)
}

// Conversation is one of the visitor's conversations, with id "" the newest; ErrNotFound for somebody else's.
func (b *Bot) Conversation(ctx context.Context, id, visitor string) (Conversation, error) {
	if id == "" {
		var err error
		if id, err = b.Store.Latest(ctx, visitor); err != nil {
			return Conversation{}, fmt.Errorf("latest conversation: %w", err)
		}
	}
	return b.load(ctx, id, visitor)
}

// Meeting reads a meeting by its UID, or ErrNotFound.
func (b *Bot) Meeting(ctx context.Context, uid string) (Meeting, error) {
	return b.Store.Meeting(ctx, uid)
}

// Ready says whether a visitor could be served now.
func (b *Bot) Ready(ctx context.Context) error {
	if b.running.Load() == nil {
		return errors.New("no workspace is loaded")
	}
	return b.Store.Ready(ctx)
}

// input takes one input for a conversation that must belong to the visitor, where one is named.
func (b *Bot) input(ctx context.Context, conversation, visitor string, in dialogue.Input) error {
	c, err := b.load(ctx, conversation, visitor)
	if err != nil {
		return err
	}
	if _, err := b.take(ctx, c, in); err != nil {
		return fmt.Errorf("conversation %s: %w", conversation, err)
	}
	return nil
}

// load reads a conversation that must belong to the visitor, where one is named.
func (b *Bot) load(ctx context.Context, id, visitor string) (Conversation, error) {
	c, err := b.Store.Load(ctx, id)
	if err == nil && visitor != "" && c.Visitor != visitor {
		err = ErrNotFound
	}
	if err != nil {
		return Conversation{}, fmt.Errorf("load conversation %s: %w", id, err)
	}
	return c, nil
}

// now is the time of a turn, as fine as both databases keep it: a replay must see what was decided by.
func (b *Bot) now() time.Time {
	now := time.Now
	if b.Now != nil {
		now = b.Now
	}
	return now().UTC().Truncate(time.Microsecond)
}

func (b *Bot) log() *slog.Logger {
	if b.Log == nil {
		return slog.Default()
	}
	return b.Log
}
