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

// refusing counts the turns that were decided in vain.
type refusing struct {
	bot.Store
	uneven atomic.Int64
}

func (r *refusing) Commit(ctx context.Context, t *bot.Turn) error {
	err := r.Store.Commit(ctx, t)
	if errors.Is(err, bot.ErrUneven) {
		r.uneven.Add(1)
	}
	return err
}

func TestLeadsAtOnceOnOneNodeAreEachSharedOutOnce(t *testing.T) {
	s := newFloor(t)
	counting := &refusing{Store: s.Store}
	s.Store = counting
	var all sync.WaitGroup
	for range 24 {
		all.Go(func() { s.offered() })
	}
	all.Wait()
	if n := counting.uneven.Load(); n > 0 {
		t.Errorf("%d turns were decided in vain", n)
	}
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
