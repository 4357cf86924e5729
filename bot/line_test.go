package bot_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"usher/bot"
	"usher/bot/desk"
	"usher/bot/dialogue"
)

// behind holds the turn that shares out a team's first lead back until the next one is on its way, whichever of the two
// gets here first.
type behind struct {
	bot.Store
	n      atomic.Int64
	begun  atomic.Bool
	second chan struct{}
	first  chan struct{}
}

func (b *behind) Commit(ctx context.Context, t *bot.Turn) error {
	if len(t.Ledger) == 0 {
		return b.Store.Commit(ctx, t)
	}
	switch n := b.n.Add(1); {
	case n > 2:
	case t.Draws["sales"] == 0 && !b.begun.Swap(true):
		<-b.second
		defer close(b.first)
	default:
		close(b.second)
		<-b.first
	}
	return b.Store.Commit(ctx, t)
}

func TestALeadIsSharedOutWhileTheOneBeforeItIsOnItsWay(t *testing.T) {
	s := newFloor(t)
	memory := &behind{Store: s.Store, first: make(chan struct{}), second: make(chan struct{})}
	s.Store = memory
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { s.offered() })
	}
	all.Wait()
	if n := memory.n.Load(); n != 2 {
		t.Errorf("%d turns were decided for two leads", n)
	}
	for rep, n := range s.shares() {
		if n != 1 {
			t.Errorf("%s has %g leads", rep, n)
		}
	}
}

func TestLeadsAtOnceAreSharedOutEvenly(t *testing.T) {
	s := newFloor(t)
	var all sync.WaitGroup
	for range 24 {
		all.Go(func() { s.offered() })
	}
	all.Wait()
	if shares := s.shares(); shares["asha"] != 8 || shares["ben"] != 8 || shares["cora"] != 8 {
		t.Errorf("shares: %v", shares)
	}
}

// slow keeps whoever asks for the agenda waiting.
type slow struct {
	bot.Store
	asked chan struct{}
	goOn  chan struct{}
}

func (s *slow) Agenda(ctx context.Context, q bot.AgendaQuery) (desk.Agenda, error) {
	s.asked <- struct{}{}
	<-s.goOn
	return s.Store.Agenda(ctx, q)
}

func TestAVisitorDoesNotWaitInTheLineLongerThanTheTurnMayTake(t *testing.T) {
	s := newFloor(t)
	first, second := s.arrive(""), s.arrive("")
	s.say(first, "250")
	s.say(second, "250")
	memory := &slow{Store: s.Store, asked: make(chan struct{}, 2), goOn: make(chan struct{})}
	s.Store = memory
	words := dialogue.Said{ID: "mail", Text: "priya@bigco.example"}
	var all sync.WaitGroup
	all.Go(func() {
		if err := s.Say(t.Context(), first.Conversation.ID, first.Visitor.ID, words); err != nil {
			t.Error(err)
		}
	})
	<-memory.asked
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if err := s.Say(ctx, second.Conversation.ID, second.Visitor.ID, words); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	close(memory.goOn)
	all.Wait()
	if err := s.Say(t.Context(), second.Conversation.ID, second.Visitor.ID, words); err != nil {
		t.Error(err)
	}
}
