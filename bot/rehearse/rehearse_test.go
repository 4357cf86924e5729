package rehearse_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"usher/bot/dialogue"
	"usher/bot/rehearse"
	"usher/bot/slots"
	"usher/flows"
)

const teamYAML = `
timezone: UTC
hours:
  office: { mon-fri: "09:00-17:00" }
reps:
  - { id: asha, name: Asha Rao, email: asha@acme.example, hours: office, calendar: calendars/asha.ics }
  - { id: ben, name: Ben Ode, email: ben@acme.example, hours: office }
teams:
  - { id: sales, reps: [asha, ben], assign: fair }
meeting: { buffer: 0m, notice: 2h, horizon: 7d, every: 30m }
routes:
  - { to: sales }
`

const flowYAML = `
flow: book
title: Book
languages: [en]
fields:
  size: { type: number }
steps:
  - { id: hello, say: "Hello  there!" }
  - id: size
    ask: size
    say: How many?
    next:
      - { if: size < 2, to: small }
      - { to: mail }
  - { id: mail, ask: email, say: Which address? }
  - id: meet
    book: { minutes: 30, offer: 3 }
    say: "{{ rep.first_name }} has time."
    next:
      - { if: booked, to: done }
      - { to: small }
  - { id: done, end: qualified, say: See you! }
  - { id: small, end: nurture, say: We will write. }
score:
  - { if: size >= 10, points: 10, because: ten or more, part: need }
  - { if: size < 2, points: 1, because: alone, part: need }
grades: { hot: 10, cold: 0 }
`

var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func workspace(t testing.TB, stories ...string) *flows.Workspace {
	t.Helper()
	files := fstest.MapFS{
		"team.yaml": {Data: []byte(teamYAML)}, "book.yaml": {Data: []byte(flowYAML)},
		"calendars/asha.ics": {Data: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")},
	}
	for i, s := range stories {
		files[fmt.Sprintf("stories/s%d.yaml", i)] = &fstest.MapFile{Data: []byte(s)}
	}
	w, problems := flows.Load(files)
	if w == nil {
		t.Fatal(problems)
	}
	return w
}

func story(t testing.TB, turns string) rehearse.Result {
	t.Helper()
	w := workspace(t, "story: s\nflow: book\nnow: 2026-11-23T08:00:00Z\nvisit: { timezone: UTC, language: en }\nturns:\n"+turns)
	return rehearse.Tell(w, nil, w.Stories[0])
}

// begin starts a session and says what the visitor says.
func begin(t testing.TB, w *rehearse.World, says ...string) *rehearse.Session {
	t.Helper()
	s, err := w.Open("book", monday)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Input(dialogue.Started{Visit: flows.Visit{Timezone: "Asia/Kolkata", Language: "en"}}); err != nil {
		t.Fatal(err)
	}
	for i, text := range says {
		say(t, s, fmt.Sprint(i), text)
	}
	return s
}

func say(t testing.TB, s *rehearse.Session, id, text string) []dialogue.Effect {
	t.Helper()
	effects, err := s.Input(dialogue.Said{ID: id, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return effects
}

func TestAStoryComesOutAsWritten(t *testing.T) {
	r := story(t, `
  - bot: Hello there!
  - bot: How many?
  - visitor: "12"
  - expect: { step: mail, score: 10, grade: hot, parts: { need: 10 }, known: { size: "12" }, meeting: none }
  - visitor: a@bigco.example
  - expect: { step: meet, offers: 3, team: sales }
`)
	if r.Failed != "" {
		t.Error(r.Failed)
	}
	if len(r.Lines) < 6 || r.Flow != "book" {
		t.Errorf("%q", r.Lines)
	}
}

func TestAFailureNamesThePlaceAndBothTexts(t *testing.T) {
	for turns, want := range map[string][]string{
		"  - bot: Good bye":                             {"stories/s0.yaml:6:5: ", "want: Good bye", "said: Hello there! How many?"},
		"  - visitor: \"1\"\n  - bot: How many?":        {"stories/s0.yaml:7:5: ", "said: We will write."},
		"  - expect: { step: mail, score: 3 }":          {"stories/s0.yaml:6:5: ", "step: want mail, is size", "score: want 3, is 0"},
		"  - expect: { meeting: 2026-11-23T12:00:00Z }": {"meeting: want 2026-11-23T12:00:00Z, is (nothing)"},
		"  - expect: { known: { size: \"3\" } }":        {"known size: want 3, is (nothing)"},
		"  - visitor: \"1\"\n  - expect: { end: waitlist, reason: none, rep: asha, team: sales, grade: hot }": {
			"end: want waitlist, is nurture", "reason: want none, is (nothing)", "rep: want asha, is (nothing)", "grade: want hot, is cold",
		},
	} {
		r := story(t, turns)
		for _, part := range want {
			if !strings.Contains(r.Failed, part) {
				t.Errorf("%s\nfails with %q, want %q", turns, r.Failed, part)
			}
		}
	}
}

func TestTimePassesInAStory(t *testing.T) {
	r := story(t, `
  - wait: 30h
  - expect: { step: size, end: lapsed }
  - visitor: "12"
  - expect: { step: mail }
`)
	if r.Failed != "" || r.Duration != 30*time.Hour {
		t.Errorf("%v: %s", r.Duration, r.Failed)
	}
}

func TestAPersonJoinsAndLeaves(t *testing.T) {
	r := story(t, `
  - joins: ben
  - visitor: hello?
  - expect: { step: size, known: { size: "" } }
  - leaves: ben
  - bot: How many?
  - visit: /pricing
  - visitor: "12"
  - expect: { step: mail }
`)
	if r.Failed != "" {
		t.Errorf("%s\n%s", r.Failed, strings.Join(r.Lines, "\n"))
	}
}

func TestCoverageCountsStepsEdgesAndRules(t *testing.T) {
	one := story(t, "  - visitor: \"1\"")
	two := story(t, "  - visitor: \"12\"\n  - visitor: a@bigco.example")
	w := workspace(t)
	got := rehearse.Covered(w, []rehearse.Result{one, two})
	if len(got) != 1 || got[0].Flow != "book" {
		t.Fatalf("%+v", got)
	}
	if c := got[0].Steps; c.All != 6 || c.Used != 5 || !reflect.DeepEqual(c.Unused, []string{"done"}) {
		t.Errorf("steps %+v", c)
	}
	if c := got[0].Edges; c.All != 6 || c.Used != 4 || !reflect.DeepEqual(c.Unused, []string{"meet→done", "meet→small"}) {
		t.Errorf("edges %+v", c)
	}
	if c := got[0].Rules; c.All != 2 || c.Used != 2 {
		t.Errorf("rules %+v", c)
	}
}

func TestTwoSessionsCannotHaveTheSameTime(t *testing.T) {
	w := &rehearse.World{Workspace: workspace(t)}
	taken := map[string]bool{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			s := begin(t, w, "12", "a@bigco.example")
			if _, err := s.Input(dialogue.Said{ID: "pick", Value: s.Conversation.Offers[0].Start.Format(time.RFC3339)}); err != nil {
				t.Error(err)
				return
			}
			if s.Conversation.Meeting == nil { // lost to another session: new times are shown
				if _, err := s.Input(dialogue.Said{ID: "again", Value: s.Conversation.Offers[0].Start.Format(time.RFC3339)}); err != nil {
					t.Error(err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if m := s.Conversation.Meeting; m != nil {
				key := m.Rep + m.Start.String()
				if taken[key] {
					t.Errorf("%s is booked twice", key)
				}
				taken[key] = true
			}
		})
	}
	group.Wait()
	if len(taken) < 2 {
		t.Errorf("only %d meetings", len(taken))
	}
}

func TestATimeLostMeanwhileBringsNewOnes(t *testing.T) {
	w := &rehearse.World{Workspace: workspace(t)}
	byRep := map[string][]*rehearse.Session{}
	for range 4 {
		s := begin(t, w, "12", "a@bigco.example")
		byRep[s.Conversation.Assigned.Rep] = append(byRep[s.Conversation.Assigned.Rep], s)
	}
	quick, slow := byRep["asha"][0], byRep["asha"][1]
	lost := slow.Conversation.Offers[0]
	pick := dialogue.Said{ID: "pick", Value: lost.Start.Format(time.RFC3339)}
	for _, s := range []*rehearse.Session{quick, slow} {
		if _, err := s.Input(pick); err != nil {
			t.Fatal(err)
		}
	}
	if quick.Conversation.Meeting == nil || slow.Conversation.Meeting != nil || len(slow.Conversation.Offers) != 3 {
		t.Fatalf("%+v\n%+v", quick.Conversation, slow.Conversation)
	}
	for _, s := range slow.Conversation.Offers {
		if s.Start.Before(lost.End) && lost.Start.Before(s.End) {
			t.Errorf("%v is offered again", s)
		}
	}
	say(t, slow, "again", "1")
	if slow.Conversation.Meeting == nil {
		t.Errorf("%+v", slow.Conversation)
	}
}

func TestWithoutAFreeTimeTheFlowGoesOn(t *testing.T) {
	full := func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error) {
		return []slots.Interval{{Start: monday, End: monday.AddDate(0, 2, 0)}}, nil
	}
	w := workspace(t)
	ben := w.Roster.Rep("ben")
	ben.Calendars = w.Roster.Rep("asha").Calendars
	s := begin(t, &rehearse.World{Workspace: w, Busy: full}, "12", "a@bigco.example")
	if c := s.Conversation; c.End != flows.Nurture || c.Assigned == nil || !strings.Contains(c.Assigned.Because, "nobody there has a free time") {
		t.Errorf("%+v", c)
	}
}

func TestLeadsOfAWorldAreSharedFairly(t *testing.T) {
	w := &rehearse.World{Workspace: workspace(t)}
	had := map[string]int{}
	for range 20 {
		s := begin(t, w, "12", "a@bigco.example")
		had[s.Conversation.Assigned.Rep]++
		if len(s.Ledger) != 1 || len(s.Traces) == 0 {
			t.Fatalf("%+v", s.Ledger)
		}
	}
	if had["asha"] != 10 || had["ben"] != 10 {
		t.Errorf("%v", had)
	}
}

func TestACalendarThatCannotBeReadOffersNothing(t *testing.T) {
	gone := errors.New("gone")
	w := &rehearse.World{Workspace: workspace(t), Busy: func(rep *flows.Rep, _, _ time.Time) ([]slots.Interval, error) {
		if rep.ID != "asha" {
			t.Errorf("the calendar of %s is read, who has none", rep.ID)
		}
		return nil, gone
	}}
	for range 3 {
		if s := begin(t, w, "12", "a@bigco.example"); s.Conversation.Assigned.Rep != "ben" {
			t.Errorf("%+v", s.Conversation.Assigned)
		}
	}
	if !errors.Is(w.Unread()["asha"], gone) {
		t.Errorf("%v", w.Unread())
	}
}

func TestAFrozenCalendarIsReadOnce(t *testing.T) {
	reads := 0
	w := &rehearse.World{Workspace: workspace(t), Busy: func(_ *flows.Rep, from, to time.Time) ([]slots.Interval, error) {
		reads++
		return []slots.Interval{{Start: monday, End: monday.AddDate(0, 0, 40)}}, nil
	}}
	for range 5 {
		if s := begin(t, w, "12", "a@bigco.example"); s.Conversation.Assigned.Rep != "ben" {
			t.Errorf("%+v", s.Conversation.Assigned)
		}
	}
	if reads != 1 {
		t.Errorf("the calendar was read %d times", reads)
	}
}

func TestTheJournalIsTheConversation(t *testing.T) {
	w := &rehearse.World{Workspace: workspace(t)}
	s := begin(t, w, "12", "a@bigco.example", "back", "13", "none of these")
	m, err := dialogue.Compile(w.Workspace, w.Workspace.Flows[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Replay(s.Journal)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, s.Conversation) {
		t.Errorf("%+v\nis not\n%+v", again, s.Conversation)
	}
}

func TestAnUnknownFlowIsSaid(t *testing.T) {
	w := &rehearse.World{Workspace: workspace(t)}
	if _, err := w.Open("sell", monday); !errors.Is(err, rehearse.ErrNoFlow) {
		t.Error(err)
	}
	s, err := w.Open("", monday)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Input(dialogue.Started{}); err != nil || s.Conversation.Flow != "book" {
		t.Errorf("%q: %v", s.Conversation.Flow, err)
	}
}

func TestAnErrorChangesNothing(t *testing.T) {
	w := &rehearse.World{Workspace: workspace(t)}
	s := begin(t, w, "12")
	before := s.Conversation
	if _, err := s.Input(dialogue.Started{}); err == nil {
		t.Fatal("a second start is taken")
	}
	if !reflect.DeepEqual(before, s.Conversation) || len(s.Journal) != 2 {
		t.Errorf("%+v", s.Conversation)
	}
}

func TestFactsAreLinesWithStableKeys(t *testing.T) {
	w := &rehearse.World{Workspace: workspace(t)}
	s := begin(t, w)
	var lines []string
	for i, text := range []string{"12", "a@bigco.example", "pick"} {
		before := s.Conversation
		in := dialogue.Said{ID: fmt.Sprint(i), Text: text}
		if text == "pick" {
			in = dialogue.Said{ID: "pick", Value: s.Conversation.Offers[0].Start.Format(time.RFC3339)}
		}
		effects, err := s.Input(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range s.Facts(before, effects) {
			data, err := json.Marshal(l)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(data))
		}
	}
	want := []string{
		`{"type":"score","score":10,"grade":"hot","parts":{"need":10},"reasons":[{"points":10,"part":"need","because":"ten or more"}]}`,
		`{"type":"message","from":"bot","step":"mail","text":"Which address?","ask":{"field":"email","type":"email"}}`,
		`{"type":"route","team":"sales","rep":"`,
		`{"type":"offer","slots":[{"start":"2026-11-23T15:30:00+05:30","end":"2026-11-23T16:00:00+05:30","rep":"`,
		`{"type":"message","from":"bot","step":"meet","text":"`,
		`{"type":"meeting","rep":"`,
		`{"type":"message","from":"bot","step":"done","text":"See you!"}`,
		`{"type":"end","step":"done","end":"qualified","reason":""}`,
	}
	if len(lines) != len(want) {
		t.Fatalf("%s", strings.Join(lines, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(lines[i], want[i]) {
			t.Errorf("%s\nwant %s", lines[i], want[i])
		}
	}
}

func TestWhatARetoldStoryWouldHaveToSay(t *testing.T) {
	const text = "story: s\nflow: book\nnow: 2026-11-23T08:00:00Z\nvisit: { timezone: UTC, language: en }\nturns:\n" + `
  - bot: Good bye
  - bot: Where?
  - bot: Anything else?
  - expect: { step: mail, score: 3, rep: asha, meeting: none }
  - visitor: "12"
  - expect: { known: { size: "11" }, grade: cold, parts: { need: 1 } }
`
	w := workspace(t, text)
	r, amendments := rehearse.Retell(w, nil, w.Stories[0])
	if r.Failed != "" || len(amendments) != 5 {
		t.Fatalf("%q, %+v", r.Failed, amendments)
	}
	amended, err := flows.Amend(text, amendments)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(
		"Good bye", "How many?", "Where?", "Hello there!", "  - bot: Anything else?\n", "",
		"step: mail, score: 3, rep: asha, meeting", "step: size, score: 0, meeting",
		`size: "11" }, grade: cold, parts: { need: 1 }`, `size: "12" }, grade: hot, parts: { need: 10 }`,
	).Replace(text)
	if amended != want {
		t.Errorf("got\n%s\nwant\n%s", amended, want)
	}
	t.Run("and then it comes out as written", func(t *testing.T) {
		w := workspace(t, amended)
		if r, amendments := rehearse.Retell(w, nil, w.Stories[0]); r.Failed != "" || amendments != nil {
			t.Error(r.Failed, amendments)
		}
		if r := rehearse.Tell(w, nil, w.Stories[0]); r.Failed != "" {
			t.Error(r.Failed)
		}
	})
}
