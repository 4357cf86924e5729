package rehearse_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"usher/bot/dialogue"
	"usher/bot/rehearse"
	"usher/flows"
)

// words are what visitors of the example say, each at any question.
var words = []string{
	"demo", "price", "help", "something", "250", "35", "4", "this month", "later", "quarter", "skip", "$6,000", "50", "BigCo",
	"priya@bigco.example", "someone@gmail.com", "kim@college.edu", "1", "2", "none of these", "Thursday after 3", "back",
	"start over", "can I talk to a person?", "Does it work offline?", "stop", "yes", "no", "import", "scanner", "the scanner is silent",
}

// chat is a conversation with the example, drawn at random.
func chat(t *rapid.T, w *flows.Workspace) *rehearse.Session {
	world := &rehearse.World{Workspace: w}
	flow := rapid.SampledFrom([]string{"book-a-demo", "get-help"}).Draw(t, "flow")
	s, err := world.Open(flow, time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 7*24).Draw(t, "hour"))*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	inputs := []dialogue.Input{dialogue.Started{Visit: flows.Visit{Page: "/pricing", Timezone: "Asia/Kolkata", Language: "en"}}}
	for i := range rapid.IntRange(0, 14).Draw(t, "turns") {
		inputs = append(inputs, rapid.OneOf(
			rapid.Map(rapid.SampledFrom(words), func(w string) dialogue.Input { return dialogue.Said{ID: fmt.Sprint(i), Text: w} }),
			rapid.Map(rapid.SampledFrom(words), func(w string) dialogue.Input { return dialogue.Said{ID: fmt.Sprint(i), Text: w} }),
			rapid.Map(rapid.SampledFrom(words), func(w string) dialogue.Input { return dialogue.Said{ID: fmt.Sprint(i), Text: w} }),
			rapid.Just[dialogue.Input](dialogue.Visited{Page: "/pricing"}),
			rapid.Just[dialogue.Input](nil),
		).Draw(t, "input"))
	}
	for _, in := range inputs {
		if in == nil {
			_, err = s.Wait(time.Duration(rapid.IntRange(1, 2000).Draw(t, "minutes")) * time.Minute)
		} else {
			_, err = s.Input(in)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func told(s *rehearse.Session) rehearse.Told {
	return rehearse.Told{ID: "c1", Flow: s.Conversation.Flow, Workspace: s.World.Workspace, Journal: s.Journal}
}

func TestTheSameVersionMakesNoDifference(t *testing.T) {
	w, _ := example(t)
	same, problems := flows.Load(flows.SourceFS(w.Sources))
	if same == nil {
		t.Fatal(problems)
	}
	b := &rehearse.Backtest{Workspace: same}
	rapid.Check(t, func(t *rapid.T) {
		s := chat(t, w)
		d, err := b.Run(told(s))
		if err != nil || len(d.What) > 0 || d.Stops != "" || d.Was != d.Is {
			t.Fatalf("%v, %+v\n%+v", err, d, s.Journal)
		}
	})
}

func TestAnotherVersionIsRunOnAnyConversation(t *testing.T) {
	w, _ := example(t)
	b := &rehearse.Backtest{Workspace: otherwise(t, w, "book-a-demo.yaml",
		"      - { to: size }\n\n  - id: prices", "      - { to: start }\n\n  - id: prices", "minutes: 30", "minutes: 45", "optional: true", "tries: 2")}
	rapid.Check(t, func(t *rapid.T) {
		if _, err := b.Run(told(chat(t, w))); err != nil {
			t.Fatal(err)
		}
	})
}

// otherwise is the workspace with words of a file replaced.
func otherwise(t testing.TB, w *flows.Workspace, file string, replace ...string) *flows.Workspace {
	t.Helper()
	sources := maps.Clone(w.Sources)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(sources[file], replace[i]) {
			t.Fatalf("%s does not hold %q", file, replace[i])
		}
		sources[file] = strings.ReplaceAll(sources[file], replace[i], replace[i+1])
	}
	other, problems := flows.Load(flows.SourceFS(sources))
	if other == nil {
		t.Fatal(problems)
	}
	return other
}

func TestWhatAnotherVersionMakesOfAConversation(t *testing.T) {
	w, _ := example(t)
	world := &rehearse.World{Workspace: w}
	s, err := world.Open("book-a-demo", time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Input(dialogue.Started{Visit: flows.Visit{Page: "/", Timezone: "Asia/Kolkata", Language: "en"}}); err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"demo", "about 250", "this month", "skip", "BigCo", "priya@bigco.example", "1"} {
		say(t, s, fmt.Sprint(i), text)
	}
	const flow, team = "book-a-demo.yaml", "team.yaml"
	for _, c := range []struct {
		name, file string
		replace    []string
		what       []string
		stops      string
		is         rehearse.Upshot
		why        []string
	}{
		{"fewer points", flow, []string{"points: 40", "points: 5"}, []string{"score", "grade", "end", "route", "rep"}, "", rehearse.Upshot{}, nil},
		{"another bar", flow, []string{"hot: 60", "hot: 70"}, []string{"grade"}, "", rehearse.Upshot{Score: 60, Grade: "warm", Step: "done", End: "qualified", Route: "enterprise", Rep: "asha"}, []string{"hot begins at 70 instead of 60"}},
		{"a question that was never asked", flow, []string{"  - id: firm\n", "  - { id: who, ask: name, say: Who are you? }\n\n  - id: firm\n", "to: firm }", "to: who }"}, []string{"end", "route", "rep"}, "name", rehearse.Upshot{Score: 60, Grade: "hot", Step: "who"}, []string{"from fit it goes to who instead of firm"}},
		{"a question that comes later", flow, []string{"      - { to: size }\n\n  - id: prices", "      - { to: start }\n\n  - id: prices", "  - id: firm\n", "  - { id: many, ask: team_size, say: How many? }\n\n  - id: firm\n", "to: firm }", "to: many }"}, nil, "", rehearse.Upshot{Score: 60, Grade: "hot", Step: "done", End: "qualified", Route: "enterprise", Rep: "asha"}, nil},
		{"a question that is not asked any more", flow, []string{"      - { to: firm }", "      - { to: mail }"}, nil, "", rehearse.Upshot{Score: 60, Grade: "hot", Step: "done", End: "qualified", Route: "enterprise", Rep: "asha"}, nil},
		{"another route", team, []string{"team_size >= 200, to: enterprise", "team_size >= 300, to: enterprise"}, []string{"route"}, "", rehearse.Upshot{Score: 60, Grade: "hot", Step: "done", End: "qualified", Route: "sales", Rep: "asha"}, []string{"leads go to sales, not to enterprise (when team size is at least 200)"}},
		{"a rep who left", team, []string{"reps: [asha, ben], assign: in_order", "reps: [ben], assign: in_order"}, []string{"rep"}, "", rehearse.Upshot{Score: 60, Grade: "hot", Step: "done", End: "qualified", Route: "enterprise", Rep: "ben"}, []string{"asha cannot have it in this version"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &rehearse.Backtest{Workspace: otherwise(t, w, c.file, c.replace...)}
			d, err := b.Run(told(s))
			if err != nil {
				t.Fatal(err)
			}
			if c.name == "fewer points" {
				if d.Is.Grade != "cold" || d.Is.End != flows.Nurture || d.Why[0] != "“200 seats or more” brings 5 instead of 40 points" ||
					d.Why[1] != "from decide it goes to nurture instead of meet (when grade is hot or grade is warm)" {
					t.Errorf("%+v", d)
				}
				return
			}
			if !slices.Equal(d.What, c.what) || d.Stops != c.stops || d.Is != c.is || !slices.Equal(d.Why, c.why) {
				t.Errorf("%+v", d)
			}
		})
	}
}
