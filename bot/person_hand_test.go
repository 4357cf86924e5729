package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot"
	"usher/flows"
)

// pair is the small workspace with a second rep, who works in the morning alone.
var pair = fstest.MapFS{
	"talk.yaml": workspace["talk.yaml"],
	"team.yaml": {Data: []byte(strings.NewReplacer(
		"hours: all }\n", "hours: all }\n  - { id: ben, name: Ben Cole, email: ben@acme.example, hours: morning }\n",
		"hours:\n", "hours:\n  morning: { mon-sun: \"06:00-09:30\" }\n",
		"reps: [asha]", "reps: [asha]",
	).Replace(string(workspace["team.yaml"].Data)) + "\n")},
}

func TestAStageIsSetByHandWithAReason(t *testing.T) {
	s := newStage(t)
	hooks := s.folding()
	cards := 0
	s.Carriers[bot.JobCard] = func(context.Context, bot.Job) error {
		cards++
		return nil
	}
	a := s.arrive("")
	s.says(a, "250", "priya@bigco.example", "1")
	p := s.known("priya@bigco.example")
	*hooks, cards = nil, 0
	must(t, s.SetStage(t.Context(), p.ID, bot.StageWon, " signed on Friday ", "asha"))
	s.work()
	if p = s.known("priya@bigco.example"); p.Stage != bot.StageWon || len(*hooks) != 1 || (*hooks)[0].Event != bot.HookStage || (*hooks)[0].Change != p.Changes || cards != 1 {
		t.Fatalf("%+v %+v %d", p, *hooks, cards)
	}
	if got := s.trail(p, bot.ChangedStage); got[len(got)-1] != "sal→won by asha: signed on Friday" {
		t.Error(got)
	}
	version := p.Version
	must(t, s.SetStage(t.Context(), p.ID, bot.StageWon, "again", "asha"))
	if p = s.known("priya@bigco.example"); p.Version != version {
		t.Error("the same stage is a change")
	}
	b := s.arrive("")
	s.says(b, "300", "priya@bigco.example")
	if p = s.known("priya@bigco.example"); p.Stage != bot.StageWon {
		t.Errorf("who was won came back as %s", p.Stage)
	}
	for want, err := range map[error]error{
		bot.ErrNoStage:  s.SetStage(t.Context(), p.ID, "customer", "x", "asha"),
		bot.ErrNoReason: s.SetStage(t.Context(), p.ID, bot.StageLost, "  ", "asha"),
		bot.ErrNotFound: s.SetStage(t.Context(), "nobody", bot.StageLost, "x", "asha"),
	} {
		if !errors.Is(err, want) {
			t.Errorf("%v instead of %v", err, want)
		}
	}
}

func TestAPersonIsHandedOverWithTheMeeting(t *testing.T) {
	s := newStageOn(t, file(t), pair)
	s.folding()
	a := s.arrive("")
	s.says(a, "250", "priya@bigco.example", "1")
	p := s.known("priya@bigco.example")
	c, err := s.Store.Load(t.Context(), a.Conversation.ID)
	must(t, err)
	uid := c.State.Meeting.UID
	if err := s.SetOwner(t.Context(), p.ID, "ben", "his region", "api crm"); !errors.Is(err, bot.ErrNotFree) {
		t.Fatal(err)
	}
	s.work()
	if p = s.known("priya@bigco.example"); p.Owner != "asha" || p.Handing.Rep != "" || len(s.trail(p, bot.ChangedOwner)) != 1 {
		t.Fatalf("%+v %q: he is not free then, so nothing changes", p, s.trail(p, bot.ChangedOwner))
	}
	must(t, s.Cancel(t.Context(), uid, "later"))
	must(t, s.SetOwner(t.Context(), p.ID, "ben", "his region", "api crm"))
	must(t, s.SetOwner(t.Context(), p.ID, "ben", "his region", "api crm"))
	s.work()
	c, err = s.Store.Load(t.Context(), a.Conversation.ID)
	must(t, err)
	p = s.known("priya@bigco.example")
	if got := s.trail(p, bot.ChangedOwner); p.Owner != "ben" || p.Handing.Rep != "" || c.State.Assigned.Rep != "ben" || !strings.Contains(c.State.Assigned.Because, "was given the lead by api crm") || got[len(got)-1] != "asha→ben by api crm: his region" || len(got) != 2 {
		t.Errorf("%+v %q %+v", p, got, c.State.Assigned)
	}
	must(t, s.SetOwner(t.Context(), p.ID, "asha", "back again", "ben"))
	if c, err = s.Store.Load(t.Context(), a.Conversation.ID); err != nil || c.State.Assigned.Rep != "asha" {
		t.Errorf("%+v %v: a claimed lead is handed over too", c.State.Assigned, err)
	}
	if err := s.SetOwner(t.Context(), p.ID, "zoe", "x", "ben"); !errors.Is(err, bot.ErrNoRep) {
		t.Error(err)
	}
}

func TestTheTrailSaysWhoGaveALeadToARep(t *testing.T) {
	s := newStageOn(t, file(t), pair)
	s.folding()
	s.says(s.arrive(""), "250", "priya@bigco.example")
	p := s.known("priya@bigco.example")
	must(t, s.SetOwner(t.Context(), p.ID, "ben", "his region", "api crm"))
	s.work()
	got := s.trail(s.known("priya@bigco.example"), bot.ChangedStage)
	if last := got[len(got)-1]; last != "mql→sal by api crm: api crm gave the lead to ben" {
		t.Error(last)
	}
	a := s.arrive("")
	s.says(a, "250", "omar@smallco.example")
	_, err := s.Claim(t.Context(), a.Conversation.ID, "ben")
	must(t, err)
	s.work()
	got = s.trail(s.known("omar@smallco.example"), bot.ChangedStage)
	if last := got[len(got)-1]; last != "mql→sal by ben: ben claimed the lead" {
		t.Error(last)
	}
}

func TestFactsOfOthersAreReadAsAVisitorsAre(t *testing.T) {
	s := newStage(t)
	hooks := s.folding()
	p, created, err := s.SavePerson(t.Context(), bot.PersonFacts{
		Name: "Omar", Email: "Omar@SmallCo.example", Phone: "98123 45678", Country: "India", Company: "SmallCo", By: "import",
		Source: bot.Source{Channel: "import", Outbound: true}, Owner: "asha", Stage: bot.StageNurture,
	})
	must(t, err)
	s.work()
	if !created || p.Email != "Omar@smallco.example" || p.Phone != "+919812345678" || p.Country != "IN" || p.Domain != "smallco.example" || p.Owner != "asha" || !p.First.Outbound || p.Stage != bot.StageNurture {
		t.Errorf("%v %+v", created, p)
	}
	if (*hooks)[0].Event != bot.HookLead {
		t.Errorf("%+v", *hooks)
	}
	a := s.arrive("")
	s.says(a, "250", "omar@smallco.example")
	s.pass(time.Minute)
	again, created, err := s.SavePerson(t.Context(), bot.PersonFacts{
		Name: "Nobody", Email: "omar@smallco.example", Fields: map[string]flows.Value{"seats": {Type: flows.TypeNumber, Number: 1}, "more": {Type: flows.TypeText, Text: "x"}}, Keep: true, By: "import",
	})
	if err != nil || created || again.ID != p.ID || again.Name != "Omar" || again.Fields["seats"].Number != 250 || again.Fields["more"].Text != "x" || again.First.Outbound != true || again.Last.Channel == "import" {
		t.Errorf("%v %v %+v", created, err, again)
	}
	version := s.known("omar@smallco.example").Version
	for fact, f := range map[string]bot.PersonFacts{
		"email": {Email: "omar@"}, "phone": {Phone: "12", Country: "IN"}, "all": {Name: "Omar"}, "country": {Email: "a@b.example", Country: "Atlantis"},
		"stage": {Email: "a@b.example", Stage: "customer"}, "owner": {Email: "a@b.example", Owner: "zoe"}, "timezone": {Email: "a@b.example", Timezone: "Mars/Base"},
		"name": {Email: "a@b.example", Name: strings.Repeat("x", 501)},
	} {
		_, _, err := s.SavePerson(t.Context(), f)
		if no := (*bot.FactError)(nil); !errors.As(err, &no) || no.Fact != fact {
			t.Errorf("%s: %v", fact, err)
		}
	}
	if s.known("omar@smallco.example").Version != version {
		t.Error("a refused fact changed somebody")
	}
}

func TestFactsThatNameTwoMakeThemOne(t *testing.T) {
	s := newStage(t)
	hooks := s.folding()
	a, _, err := s.SavePerson(t.Context(), bot.PersonFacts{Email: "a@x.example", By: "import", Stage: bot.StageSQL})
	must(t, err)
	s.pass(time.Minute)
	b, _, err := s.SavePerson(t.Context(), bot.PersonFacts{Phone: "+919812345678", By: "import"})
	must(t, err)
	s.pass(time.Minute)
	p, created, err := s.SavePerson(t.Context(), bot.PersonFacts{Email: "A@x.example", Phone: "+919812345678", By: "api crm"})
	must(t, err)
	s.work()
	if p.ID != a.ID || created || p.Stage != bot.StageSQL {
		t.Errorf("%+v", p)
	}
	if of, err := s.Store.Person(t.Context(), b.ID); err != nil || of.ID != a.ID {
		t.Errorf("%v %v", of.ID, err)
	}
	last := (*hooks)[len(*hooks)-1]
	if !slices.ContainsFunc(*hooks, func(e bot.Event) bool { return e.Event == bot.HookMerged && e.Detail == b.ID && e.Person == a.ID }) {
		t.Errorf("%+v", last)
	}
}

func TestFactsThatAreKnownChangeNothing(t *testing.T) {
	s := newStage(t)
	hooks := s.folding()
	f := bot.PersonFacts{
		Name: "Omar", Email: "omar@x.example", Phone: "+919812345678", By: "import", Keep: true, Waiting: "import", Source: bot.Source{Channel: "import"},
		Consents: []bot.Consent{{Field: "news", Wording: "News?", Given: true, At: s.now()}},
	}
	first, created, err := s.SavePerson(t.Context(), f)
	must(t, err)
	s.work()
	if !created || first.Waiting != "import" || first.Owner != "" {
		t.Errorf("%+v", first)
	}
	if told := (*hooks)[1]; told.Event != bot.HookOwner || told.Rep != "" {
		t.Errorf("%+v", told)
	}
	is := s.known("omar@x.example")
	for _, keep := range []bool{true, false} {
		s.pass(time.Hour)
		f.Keep, f.Consents[0].At, f.Source = keep, s.now(), bot.Source{}
		if _, created, err = s.SavePerson(t.Context(), f); err != nil || created {
			t.Error(created, err)
		}
	}
	if again := s.known("omar@x.example"); again.Version != is.Version || len(again.Consents) != 1 {
		t.Errorf("%+v", again)
	}
	f.ID, f.Version, f.Stage = is.ID, is.Version, bot.StageMQL
	if _, _, err = s.SavePerson(t.Context(), f); err != nil {
		t.Error(err)
	}
	f.Stage = bot.StageLost
	if _, _, err = s.SavePerson(t.Context(), f); !errors.Is(err, bot.ErrChanged) {
		t.Errorf("decided on an older one: %v", err)
	}
	if is = s.known("omar@x.example"); is.Stage != bot.StageMQL {
		t.Error(is.Stage)
	}
	_, _, err = s.SavePerson(t.Context(), bot.PersonFacts{ID: is.ID, Owner: "asha", By: "api crm"})
	must(t, err)
	if is = s.known("omar@x.example"); is.Owner != "asha" || is.Waiting != "" {
		t.Errorf("%+v", is)
	}
	lines := s.trail(is, bot.ChangedOwner)
	if want := []string{"→waiting import by import: nobody has them", "waiting import→asha by api crm: as told by api crm"}; !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}
