package bot_test

import (
	"errors"
	"fmt"
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

func TestALetterLeadsBackToTheQuestionThatLedToTheEnd(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	o.Carriers[bot.JobPerson] = o.FoldPerson
	a := o.visitor("UTC", "ada@bigco.example", "3")
	o.until(49 * time.Hour)
	steps := func() string {
		t.Helper()
		all, err := o.Store.Funnel(t.Context(), bot.ReportQuery{To: o.now().Add(time.Hour), Now: o.now(), Zone: time.UTC})
		must(t, err)
		lines := ""
		for _, s := range all {
			lines += fmt.Sprintf("%s reached %d answered %d ended %d left %d open %d\n", s.Step, s.Reached, s.Answered, s.Ended, s.Left, s.Open)
		}
		return lines
	}
	ended := steps()
	back := func(token string) bot.Arrived {
		t.Helper()
		in, err := o.Return(t.Context(), bot.Arrival{Token: token, Site: "usher.example", Visit: flows.Visit{Language: "en"}}, a.Conversation.ID)
		must(t, err)
		return in
	}
	phone := back("")
	all := o.transcript(phone)
	if last := all[len(all)-1]; last.Text != "How many?" || last.Ask == nil || last.Ask.Field != "seats" {
		t.Errorf("it goes on with %+v", last)
	}
	back(phone.Token)
	if again := o.transcript(phone); len(again) != len(all) {
		t.Errorf("opened again it says %+v", again[len(all):])
	}
	if s := o.state(phone); s.End != flows.Nurture || steps() != ended {
		t.Errorf("looking made it %q, counted as\n%snot as\n%s", s.End, steps(), ended)
	}
	o.until(3 * 24 * time.Hour)
	o.only("2026-11-04T10:00Z One", "2026-11-07T10:00Z Two")
	if said := o.say(phone, "60"); said != "Later." {
		t.Errorf("it goes on with %q", said)
	}
	o.until(20 * 24 * time.Hour)
	o.only("2026-11-04T10:00Z One", "2026-11-07T10:00Z Two")
	o.why("stopped answer")
	if s, want := steps(), "mail reached 1 answered 1 ended 0 left 0 open 0\nsize reached 1 answered 1 ended 0 left 0 open 0\nbye reached 1 answered 0 ended 0 left 0 open 0\nlater reached 1 answered 0 ended 1 left 0 open 0\n"; s != want {
		t.Errorf("counted as\n%s", s)
	}
	p, err := o.Store.PersonOf(t.Context(), a.Conversation.ID)
	must(t, err)
	talks, err := o.Store.ConversationsOf(t.Context(), p.ID)
	if err != nil || len(talks) != 1 || p.Stage != bot.StageWaitlist || !p.Last.Outbound {
		t.Errorf("%d conversations, %+v, %v", len(talks), p, err)
	}
	o.replays(phone)
}

func TestWhoComesBackByALetterUnderGlobalPrivacyControlLeavesNoPage(t *testing.T) {
	o := newPostroom(t, letters(five), "2026-11-02T10:00:00Z")
	a := o.visitor("UTC", "ada@bigco.example", "3")
	before := len(o.state(a).Visit.Pages)
	in, err := o.Return(t.Context(), bot.Arrival{Site: "usher.example", Visit: flows.Visit{GPC: true}}, a.Conversation.ID)
	must(t, err)
	if n := len(o.state(in).Visit.Pages); n != before || len(in.Visitor.Data.Pages) != before {
		t.Errorf("%d pages, %+v", n, in.Visitor.Data)
	}
}

func TestWhoGoesOnWithAConversationCameFromSomewhereElseThisTime(t *testing.T) {
	s := newStage(t)
	s.folding()
	visit := func(token string, v flows.Visit) bot.Arrived {
		t.Helper()
		v.Language, v.Timezone, v.Channel = "en", "UTC", "web"
		a, err := s.Arrive(t.Context(), bot.Arrival{Token: token, Site: "https://acme.example", Visit: v})
		must(t, err)
		s.work()
		return a
	}
	from := func(source string) map[string]string { return map[string]string{"source": source} }
	a := visit("", flows.Visit{Page: "/", UTM: from("google")})
	s.says(a, "250", "ada@bigco.example")
	for i, c := range []struct {
		visit flows.Visit
		want  string
	}{
		{flows.Visit{Page: "/pricing", Referrer: "https://acme.example/"}, "google "},
		{flows.Visit{Page: "/pricing"}, "google "},
		{flows.Visit{Page: "/pricing", UTM: from("news")}, "news "},
		{flows.Visit{Page: "/", Referrer: "https://search.example/"}, " https://search.example/"},
		{flows.Visit{Page: "/", UTM: from("spy"), GPC: true}, " https://search.example/"},
	} {
		s.pass(24 * time.Hour)
		back := visit(a.Token, c.visit)
		if i == 2 { // the record is told of the conversation again
			s.says(back, "none of these")
		}
		p := s.known("ada@bigco.example")
		if got := p.Last.UTM["source"] + " " + p.Last.Referrer; back.Conversation.ID != a.Conversation.ID || got != c.want || p.First.UTM["source"] != "google" {
			t.Errorf("visit %d: first %+v, last %+v", i, p.First, p.Last)
		}
	}
}
