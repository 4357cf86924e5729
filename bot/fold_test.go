package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"usher/bot"
	"usher/bot/dialogue"
)

// folding lets the bot fold persons, and keeps what it tells other systems.
func (s *stage) folding() *[]bot.Event {
	var told []bot.Event
	s.Carriers[bot.JobPerson] = s.FoldPerson
	s.Carriers[bot.JobHook] = func(_ context.Context, j bot.Job) error {
		var e bot.Event
		defer func() { told = append(told, e) }()
		return json.Unmarshal(j.Payload, &e)
	}
	return &told
}

// work carries out all jobs that are due now, one after the other.
func (s *stage) work() {
	s.t.Helper()
	for {
		jobs, err := s.Store.Claim(s.t.Context(), s.now(), time.Minute, 100)
		must(s.t, err)
		if len(jobs) == 0 {
			return
		}
		for _, j := range jobs {
			must(s.t, s.Carriers[j.Kind](s.t.Context(), j))
			j.State = bot.JobDone
			must(s.t, s.Store.Finish(s.t.Context(), j))
		}
	}
}

// says has the visitor say things, a minute apart.
func (s *stage) says(a bot.Arrived, words ...string) {
	s.t.Helper()
	for i, text := range words {
		s.pass(time.Minute)
		must(s.t, s.Say(s.t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(s.now(), i), Text: text}))
	}
	s.work()
}

// known is the person that the words mean.
func (s *stage) known(text string) bot.Person {
	s.t.Helper()
	p, err := s.Store.FindPerson(s.t.Context(), text)
	must(s.t, err)
	return p
}

// trail is the person's changes, as text.
func (s *stage) trail(p bot.Person, kinds ...string) (lines []string) {
	s.t.Helper()
	trail, err := s.Store.Trail(s.t.Context(), p.ID)
	must(s.t, err)
	for _, c := range trail {
		if slices.Contains(kinds, c.Kind) {
			lines = append(lines, fmt.Sprintf("%s→%s by %s: %s", c.From, c.To, c.By, c.Because))
		}
	}
	return lines
}

func TestAPersonIsWhatAllConversationsTell(t *testing.T) {
	s := newStage(t)
	hooks := s.folding()
	a := s.arrive("")
	s.work()
	p, err := s.Store.PersonOf(t.Context(), a.Conversation.ID)
	must(t, err)
	if p.Stage != bot.StageVisitor || len(*hooks) > 0 {
		t.Fatalf("%+v %v: a browser is no lead yet", p, *hooks)
	}
	s.says(a, "about 250", "priya@bigco.example")
	p = s.known("PRIYA@bigco.example")
	if p.Email != "priya@bigco.example" || p.Domain != "bigco.example" || p.Grade != "hot" || p.Score != 60 || p.Stage != bot.StageMQL || p.First.Page != "/" || p.Owner != "asha" {
		t.Fatalf("%+v", p)
	}
	s.says(a, "1")
	p = s.known("priya@bigco.example")
	want := []string{"visitor→mql by flow talk: grade hot", "mql→sal by flow talk: a meeting is booked"}
	if got := s.trail(p, bot.ChangedStage); !slices.Equal(got, want) {
		t.Fatalf("%q", got)
	}
	version := p.Version
	must(t, s.FoldPerson(t.Context(), bot.Job{Payload: []byte(`{"conversation":"` + a.Conversation.ID + `"}`)}))
	if p = s.known("priya@bigco.example"); p.Version != version {
		t.Error("a second fold changed something")
	}
	s.pass(8 * 24 * time.Hour)
	s.work()
	if p = s.known("priya@bigco.example"); p.Stage != bot.StageSQL {
		t.Errorf("%s after the meeting", p.Stage)
	}
	var told []string
	for _, e := range *hooks {
		told = append(told, e.Event)
	}
	if got := strings.Join(told, " "); got != "lead.stage_changed lead.created lead.stage_changed lead.owner_changed" && !strings.HasPrefix(got, "lead.created lead.stage_changed") {
		t.Error(got)
	}
	b := s.arrive("")
	s.says(b, "3", "priya@bigco.example")
	if p = s.known("priya@bigco.example"); p.Grade != "hot" || p.Stage != bot.StageSQL {
		t.Errorf("%+v", p)
	}
	of, err := s.Store.ConversationsOf(t.Context(), p.ID)
	must(t, err)
	if len(of) != 2 || p.Fields["seats"].Number != 3 {
		t.Errorf("%d conversations, %+v", len(of), p.Fields)
	}
}

func TestALeadIsNotToldOfAsLaterThanWhatBecameOfIt(t *testing.T) {
	s := newStage(t)
	hooks := s.folding()
	a := s.arrive("")
	for i, text := range []string{"250", "priya@bigco.example", "1"} {
		must(t, s.Say(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: fmt.Sprint(i), Text: text}))
	}
	s.pass(time.Minute) // the record is made later
	s.work()
	changed := map[int64]time.Time{}
	trail, err := s.Store.Trail(t.Context(), s.known("priya@bigco.example").ID)
	must(t, err)
	for _, c := range trail {
		changed[c.N] = c.At
	}
	ofThem := slices.DeleteFunc(*hooks, func(e bot.Event) bool { return e.Person == "" }) // their queue has an order
	if len(ofThem) < 2 || ofThem[0].Event != bot.HookLead {
		t.Fatalf("%+v", ofThem)
	}
	for _, e := range ofThem[1:] {
		if at := changed[e.Change]; e.Change > 0 && at.Before(ofThem[0].At) {
			t.Errorf("%s at %s, and %s at %s", bot.HookLead, ofThem[0].At, e.Event, at)
		}
	}
	if at := ofThem[0].At; at.IsZero() || at.After(s.now()) {
		t.Error(at)
	}
}

func TestAnswersWaitForEachOtherToBeFolded(t *testing.T) {
	s := newStage(t)
	s.FoldAfter = 5 * time.Second
	var folds int
	s.Carriers[bot.JobPerson] = func(ctx context.Context, j bot.Job) error { folds++; return s.FoldPerson(ctx, j) }
	a := s.arrive("")
	s.pass(4 * time.Second)
	must(t, s.Say(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: "1", Text: "3"}))
	s.work()
	if folds != 0 {
		t.Errorf("%d folds before their time", folds)
	}
	s.pass(time.Second) // since the visitor came
	s.work()
	p, err := s.Store.PersonOf(t.Context(), a.Conversation.ID)
	must(t, err)
	if folds != 1 || p.Fields["seats"].Number != 3 {
		t.Errorf("%d folds, %+v", folds, p.Fields)
	}
	must(t, s.Say(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Said{ID: "2", Text: "priya@bigco.example"}))
	s.work() // who they are, and what becomes of them, is known at once
	if p = s.known("priya@bigco.example"); folds != 2 || p.Email == "" {
		t.Errorf("%d folds, %+v", folds, p)
	}
}
