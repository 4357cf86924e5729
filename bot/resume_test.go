package bot_test

import (
	"errors"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

func TestALetterLeadsBackToTheOpenQuestion(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.Carriers[bot.JobPerson] = o.FoldPerson
	a := o.visitor("UTC", "ada@bigco.example")
	o.drain()
	o.pass(40 * 24 * time.Hour)
	back := func(token string) bot.Arrived {
		t.Helper()
		in, err := o.Return(t.Context(), bot.Arrival{Token: token, Site: "usher.example", Visit: flows.Visit{Page: "/c/x", Language: "en"}}, a.Conversation.ID)
		must(t, err)
		if in.Conversation.ID != a.Conversation.ID || in.Conversation.State.State != "size" {
			t.Errorf("%+v", in.Conversation)
		}
		return in
	}
	phone := back("")
	if again := back(phone.Token); again.Token != phone.Token {
		t.Error("who comes again gets another token")
	}
	if phone.Token == a.Token || phone.Visitor.ID != a.Visitor.ID {
		t.Errorf("%+v", phone.Visitor)
	}
	if first, err := o.Who(t.Context(), a.Token, "acme.example"); err != nil || first.ID != a.Visitor.ID {
		t.Errorf("the first browser is known as %+v, %v", first, err)
	}
	if said := o.say(phone, "3"); said != "Bye." {
		t.Errorf("it goes on with %q", said)
	}
	p, err := o.Store.PersonOf(t.Context(), a.Conversation.ID)
	must(t, err)
	if !p.Last.Outbound || p.First.Outbound {
		t.Errorf("first %+v, last %+v", p.First, p.Last)
	}
	if _, err := o.Return(t.Context(), bot.Arrival{Site: "usher.example"}, "nobody's"); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
