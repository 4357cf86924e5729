package bot_test

import (
	"context"
	"errors"
	"testing"

	"usher/bot"
)

// between is a store in which something happens just before a person is committed, once.
type between struct {
	bot.Store
	happens func()
}

func (b *between) CommitPerson(ctx context.Context, t bot.PersonTurn) error {
	if b.happens != nil {
		happens := b.happens
		b.happens = nil
		happens()
	}
	return b.Store.CommitPerson(ctx, t)
}

func TestWhoIsErasedWhileAListBringsThemBackIsNotBroughtBack(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	facts := bot.PersonFacts{Email: "priya@bigco.example", Phone: "+919812345678", By: "import"}
	p, _, err := s.SavePerson(ctx, facts)
	must(t, err)
	_, err = s.Bot.Erase(ctx, bot.Subject{Persons: []string{p.ID}, Emails: []string{"somebody@else.example"}}, "mira@office")
	must(t, err)
	kept := s.Store
	s.Store = &between{kept, func() { // the address is buried only now
		_, err := (&bot.Bot{Store: kept, Secret: s.Secret}).Erase(ctx, bot.Subject{Emails: []string{"priya@bigco.example"}}, "mira@office")
		must(t, err)
	}}
	_, _, err = s.SavePerson(ctx, facts)
	var erased *bot.ErasedError
	if !errors.As(err, &erased) || erased.Key != (bot.PersonKey{Kind: bot.ByEmail, Value: "priya@bigco.example"}) {
		t.Fatal(err)
	}
	facts.Again = true
	if _, made, err := s.SavePerson(ctx, facts); !made || err != nil {
		t.Error(made, err)
	}
}
