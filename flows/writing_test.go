package flows

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// cursor takes the ‸ out of the texts and says where it stood.
func cursor(t testing.TB, texts map[string]string) (map[string]string, Place) {
	t.Helper()
	texts = maps.Clone(texts)
	for name, text := range texts {
		if before, after, ok := strings.Cut(text, "‸"); ok {
			texts[name] = before + after
			line := strings.Count(before, "\n") + 1
			return texts, Place{name, line, utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1}
		}
	}
	t.Fatal("no cursor")
	return nil, Place{}
}

const (
	writtenFlow = `flow: demo
fields:
  goal: { type: choice, label: Wish, options: { buy: Buy it, help: Get help } }
  size: { type: number, label: Größe }
steps:
  - id: hello
    say: "Hello {{ known(name) ? name : '' }} 👋"
  - id: ask-goal
    ask: goal
    say: What is it?
    next:
      - { if: goal == "help" and open("office"), to: meet }
      - { to: bye }
  - id: meet
    book: { team: sales }
    say: When? {{ size }} of you
    next: bye
  - { id: bye, end: nurture, say: Bye. }
score: [{ if: size > 5, points: 1, because: big, part: need }]
grades: { hot: 1, cold: 0 }
`
	writtenTeam = `timezone: Europe/Berlin
hours: { office: { mon-fri: "09:00-17:00" } }
reps:
  - { id: asha, name: Asha Rao, email: a@acme.example, hours: office }
teams:
  - { id: sales, reps: [asha] }
routes:
  - { if: size > 100, to: asha }
  - { to: sales }
`
	writtenStory = `story: s
flow: demo
now: 2026-11-24T10:00:00+01:00
turns:
  - visitor: buy
  - expect: { step: meet, grade: hot, known: { size: "3" } }
`
)

func written() map[string]string {
	return map[string]string{"demo.yaml": writtenFlow, "team.yaml": writtenTeam, "stories/s.yaml": writtenStory}
}

func TestComplete(t *testing.T) {
	for name, c := range map[string]struct{ file, from, to, want, not string }{
		"keys of a flow":                          {"demo.yaml", "grades: {", "ca‸\ngrades: {", "caps", "flow"},
		"keys of a step":                          {"demo.yaml", "    ask: goal\n", "    ‸\n", "retry", "say"},
		"keys of a step, at its dash":             {"demo.yaml", "  - { id: bye,", "  - ‸\n  - { id: bye,", "id", "flow"},
		"keys between brackets":                   {"demo.yaml", "{ team: sales }", "{ team: sales, ‸ }", "minutes", "team"},
		"steps where a step leads":                {"demo.yaml", "{ to: bye }", "{ to: ‸ }", "meet", "goal"},
		"steps behind next":                       {"demo.yaml", "    next: bye", "    next: b‸", "bye", "goal"},
		"fields where one is asked":               {"demo.yaml", "ask: goal", "ask: ‸", "size", "meet"},
		"teams and reps":                          {"demo.yaml", "team: sales", "team: ‸", "asha", "meet"},
		"words that are allowed":                  {"demo.yaml", "end: nurture", "end: ‸", "waitlist", "meet"},
		"types":                                   {"demo.yaml", "type: number", "type: ‸", "choices", "goal"},
		"true and false":                          {"demo.yaml", "ask: goal", "ask: goal\n    again: ‸", "true", "goal"},
		"fields in a condition":                   {"demo.yaml", `goal == "help" and open`, `g‸ and open`, "goal", "meet"},
		"functions in a condition":                {"demo.yaml", `goal == "help" and open("office")`, `kn‸`, "known", "meet"},
		"options of what is compared":             {"demo.yaml", `goal == "help" and open("office")`, `goal == ‸`, `"buy"`, "meet"},
		"options inside quotes":                   {"demo.yaml", `goal == "help" and open("office")`, `goal == "‸`, "buy", "goal"},
		"options of a list":                       {"demo.yaml", `goal == "help" and open("office")`, `goal in ["buy", "‸`, "help", "goal"},
		"grades":                                  {"demo.yaml", `goal == "help" and open("office")`, `grade == "‸`, "hot", "goal"},
		"hours in open":                           {"demo.yaml", `open("office")`, `open("‸`, "office", "goal"},
		"members":                                 {"demo.yaml", `goal == "help" and open("office")`, `rep.‸`, "first_name", "goal"},
		"parts":                                   {"demo.yaml", `goal == "help" and open("office")`, `part.‸`, "need", "goal"},
		"fields between braces of a text":         {"demo.yaml", "{{ size }}", "{{ ‸", "size", "meet"},
		"nothing in plain words":                  {"demo.yaml", "When? {{ size }} of you", "When ‸", "", "size"},
		"reps of a team":                          {"team.yaml", "reps: [asha]", "reps: [‸]", "asha", "sales"},
		"hours of a rep":                          {"team.yaml", "hours: office", "hours: ‸", "office", "asha"},
		"where a route leads":                     {"team.yaml", "to: asha", "to: ‸", "owner", "meet"},
		"fields of all flows in a route":          {"team.yaml", "size > 100", "‸", "goal", "meet"},
		"steps of a story's flow":                 {"stories/s.yaml", "step: meet", "step: ‸", "bye", "goal"},
		"what a story knows":                      {"stories/s.yaml", `{ size: "3" }`, `{ ‸ }`, "goal", "meet"},
		"flows of a story":                        {"stories/s.yaml", "flow: demo", "flow: ‸", "demo", "meet"},
		"turns of a story":                        {"stories/s.yaml", "  - visitor: buy", "  - ‸", "wait", "step"},
		"keys of fields, not of what is named so": {"demo.yaml", "  size: {", "  ‸\n  size: {", "", "type"},
	} {
		t.Run(name, func(t *testing.T) {
			before := Write(written(), nil)
			texts := written()
			if !strings.Contains(texts[c.file], c.from) {
				t.Fatal("no", c.from)
			}
			texts[c.file] = strings.Replace(texts[c.file], c.from, c.to, 1)
			texts, at := cursor(t, texts)
			var labels []string
			for _, s := range Write(texts, before).Complete(at) {
				labels = append(labels, s.Label)
			}
			if c.want != "" && !slices.Contains(labels, c.want) || slices.Contains(labels, c.not) {
				t.Errorf("suggests %q, want %s and not %s", labels, c.want, c.not)
			}
		})
	}
}

func TestHover(t *testing.T) {
	for name, c := range map[string]struct{ file, at, want string }{
		"a field":               {"demo.yaml", "ask: g‸oal", "Wish (choice)"},
		"a field in a text":     {"demo.yaml", "{{ s‸ize }}", "Größe (number)"},
		"a step":                {"demo.yaml", "to: m‸eet", "When?"},
		"a team":                {"demo.yaml", "team: s‸ales", "asha"},
		"a key":                 {"demo.yaml", "b‸ook: {", "Offers times"},
		"a key in brackets":     {"team.yaml", "h‸ours: office", "Working hours"},
		"a name of a condition": {"demo.yaml", "and op‸en(\"office\")", "these hours"},
		"a rep":                 {"team.yaml", "[as‸ha]", "Asha Rao"},
	} {
		t.Run(name, func(t *testing.T) {
			texts := written()
			texts[c.file] = strings.Replace(texts[c.file], strings.Replace(c.at, "‸", "", 1), c.at, 1)
			texts, at := cursor(t, texts)
			if text, _ := Write(texts, nil).Hover(at); !strings.Contains(text, c.want) {
				t.Errorf("says %q", text)
			}
		})
	}
}

func TestRenameKeepsTheWorkspace(t *testing.T) {
	for name, c := range map[string]struct {
		file, at, to string
		places       int
	}{
		"a step":                         {"demo.yaml", "id: m‸eet", "book-it", 3},
		"a step, where a story names it": {"stories/s.yaml", "step: m‸eet", "book-it", 3},
		"a field, in conditions, texts, routes and stories": {"demo.yaml", "s‸ize: {", "seats", 5},
		"a field by a condition":                            {"demo.yaml", "if: go‸al ==", "wish", 3},
		"a rep":                                             {"team.yaml", "[as‸ha]", "ben", 3},
		"a team":                                            {"team.yaml", "to: sa‸les", "closers", 3},
		"hours":                                             {"team.yaml", "hours: { off‸ice", "shop", 3},
		"a grade":                                           {"demo.yaml", "{ ho‸t: 1", "high", 2},
	} {
		t.Run(name, func(t *testing.T) {
			texts := written()
			texts[c.file] = strings.Replace(texts[c.file], strings.Replace(c.at, "‸", "", 1), c.at, 1)
			texts, at := cursor(t, texts)
			_, before := Load(SourceFS(texts))
			w := Write(texts, nil)
			stretches, err := w.Rename(at, c.to)
			if err != nil || len(stretches) != c.places {
				t.Fatalf("%d places, %v: %v", len(stretches), err, stretches)
			}
			after := replaced(texts, stretches, c.to)
			_, problems := Load(SourceFS(after))
			if problems.Failed() || len(problems) != len(before) {
				t.Errorf("after it:\n%s%v\nbefore:\n%v", after[c.file], problems, before)
			}
			if at, ok := w.Definition(at); !ok || !slices.Contains(stretches, at) {
				t.Error("its making is not among them")
			}
			if refused, err := w.Rename(at, "no good"); err == nil && c.at[0] != '{' {
				t.Error("a name with a blank is taken", refused)
			}
		})
	}
	w := Write(written(), nil)
	if _, err := w.Rename(Place{"demo.yaml", 6, 10}, "bye"); err == nil || !strings.Contains(err.Error(), "already") {
		t.Error("a name that is taken is taken again:", err)
	}
	if _, err := w.Rename(Place{"demo.yaml", 10, 11}, "x"); err == nil {
		t.Error("plain words are renamed")
	}
}

// replaced puts a word in the place of the stretches, the last first.
func replaced(texts map[string]string, stretches []Stretch, word string) map[string]string {
	texts = maps.Clone(texts)
	stretches = slices.Clone(stretches)
	slices.SortFunc(stretches, func(a, b Stretch) int { return b.Line*10000 + b.Col - a.Line*10000 - a.Col })
	for _, s := range stretches {
		lines := strings.Split(texts[s.File], "\n")
		runes := []rune(lines[s.Line-1])
		lines[s.Line-1] = string(runes[:s.Col-1]) + word + string(runes[s.To-1:])
		texts[s.File] = strings.Join(lines, "\n")
	}
	return texts
}

func TestSymbols(t *testing.T) {
	var names []string
	for _, s := range Write(written(), nil).Symbols("demo.yaml") {
		names = append(names, s.Kind+" "+s.Name)
	}
	if got := strings.Join(names, ", "); got != "flow demo, field goal, field size, step hello, step ask-goal, step meet, step bye, grade hot, grade cold" {
		t.Error(got)
	}
}

// FuzzWriting: whatever stands in the files and wherever is asked, there is an answer.
func FuzzWriting(f *testing.F) {
	every2(f, func(_, text string) { f.Add(text, 3, 7) })
	f.Add(writtenFlow, 12, 20)
	f.Fuzz(func(t *testing.T, text string, line, col int) {
		before := Write(written(), nil)
		for _, file := range []string{"demo.yaml", "team.yaml", "stories/s.yaml"} {
			texts := written()
			texts[file] = text
			w := Write(texts, before)
			at := Place{file, line, col}
			w.Complete(at)
			w.Hover(at)
			w.Definition(at)
			w.Word(at)
			for _, s := range w.References(at) {
				if s.Line < 1 || s.To < s.Col {
					t.Fatal(s)
				}
			}
			if _, err := w.Rename(at, "x"); err != nil {
				_ = fmt.Sprint(err)
			}
			w.Symbols(file)
		}
	})
}
