package flows

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"
)

const minimal = "flow: %\nsteps:\n  - { id: bye, end: nurture, say: Bye. }\n"

func load(t *testing.T, files map[string]string) *Workspace {
	t.Helper()
	w, problems := Load(SourceFS(files))
	if problems.Failed() {
		t.Fatal(problems)
	}
	return w
}

func TestPick(t *testing.T) {
	flow := func(id, show string) string { return strings.Replace(minimal, "%", id, 1) + show }
	w := load(t, map[string]string{
		"a.yaml": flow("default", ""),
		"b.yaml": flow("prices", "show: { pages: [/pricing*], priority: 5 }\n"),
		"c.yaml": flow("again", "show: { pages: [/pricing*], if: visits >= 2, priority: 9 }\n"),
		"d.yaml": flow("campaign", "show: { if: utm.source == \"google\" }\n"),
	})
	for want, s := range map[string]Scope{
		"default":  {Page: "/about", Visits: 5},
		"prices":   {Page: "https://acme.example/pricing/teams?x=1", Visits: 1},
		"again":    {Page: "/pricing", Visits: 2},
		"campaign": {Page: "/", UTM: map[string]string{"source": "google"}},
	} {
		if got := w.Pick(&s); got.ID != want {
			t.Errorf("%+v gets %s, want %s", s, got.ID, want)
		}
	}
	only := load(t, map[string]string{"b.yaml": flow("prices", "show: { pages: [/pricing*] }\n")})
	if got := only.Pick(&Scope{Page: "/about"}); got.ID != "prices" {
		t.Error("without a default flow the first is taken, not", got.ID)
	}
	if (&Workspace{}).Pick(&Scope{}) != nil {
		t.Error("a workspace without flows picks one")
	}
}

func TestMatchPath(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"/", "/", true},
		{"/pricing", "/pricing/", true},
		{"/pricing", "/pricing?a=b#c", true},
		{"/pricing", "/pricing/x", false},
		{"/a*c", "/abbc", true},
		{"/a*c", "/abbcd", false},
		{"*", "/x/y", true},
		{"*/docs", "/en/docs", true},
		{"/", "https://a.example", true},
		{"/x", "", false},
		{"*", "", false},
		{"/a*b*c", "/a1b2b3c", true},
		{"/docs/", "/docs", false},
		{"/hi*", "http://a.example/hi/there", true},
	} {
		if got := MatchPath(c.pattern, c.path); got != c.want {
			t.Errorf("%s fits %s is %v", c.path, c.pattern, got)
		}
	}
}

func TestWhatRepsWorkWith(t *testing.T) {
	w := load(t, map[string]string{
		"a.yaml": "flow: a\nlanguages: [en, de]\nsteps:\n  - { id: bye, end: nurture, say: { en: Bye., de: Ade. } }\n",
		"team.yaml": `
timezone: UTC
hours: { all: { mon-sun: "00:00-24:00" } }
reps: [{ id: asha, name: Asha }]
teams: [{ id: sales, reps: [asha], claim: 5m, slack: C1 }, { id: slow, reps: [asha] }]
watch: [BigCo.example]
fallback: { slack: C2 }
routes: [{ to: sales }]
`,
		"replies.yaml": "price: { en: 20 dollars, de: 20 Dollar }\n",
	})
	if sales, slow := w.Roster.Team("sales"), w.Roster.Team("slow"); sales.Claim != 5*time.Minute || slow.Claim != 0 {
		t.Errorf("claim: %s, %s", sales.Claim, slow.Claim)
	}
	if w.Roster.Fallback.Slack != "C2" || !slices.Equal(w.Roster.Watch, []string{"bigco.example"}) {
		t.Errorf("%+v, %q", w.Roster.Fallback, w.Roster.Watch)
	}
	if price := w.Replies["price"]; price.Written("de") != "20 Dollar" || price.String() != "20 dollars" {
		t.Errorf("%+v", w.Replies)
	}
	if w.Sources["replies.yaml"] == "" {
		t.Error("the replies are no part of the revision")
	}
}

func TestTheRevisionIsTheSourceAndNothingElse(t *testing.T) {
	text := strings.Replace(minimal, "%", "a", 1)
	w := load(t, map[string]string{"a.yaml": text})
	if len(w.Revision) != 64 {
		t.Error(w.Revision)
	}
	story := load(t, map[string]string{"a.yaml": text, "stories/s.yaml": "story: s\nflow: a\nnow: 2026-11-23T10:00:00Z\nturns: [{ bot: Bye }]\n"})
	if story.Revision != w.Revision || len(story.Sources) != 1 || len(story.Stories) != 1 {
		t.Error("a story is part of the revision")
	}
	changed := load(t, map[string]string{"a.yaml": text + "\n"})
	moved := load(t, map[string]string{"b.yaml": text})
	if changed.Revision == w.Revision || moved.Revision == w.Revision {
		t.Error("another source has the same revision")
	}
	windows, _ := Load(fstest.MapFS{"a.yaml": {Data: []byte("\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"))}})
	if windows.Revision != w.Revision {
		t.Error("line ends and a byte order mark make another revision")
	}
}

func TestStoriesMayStandInAList(t *testing.T) {
	one := "- story: s\n  flow: a\n  now: 2026-11-23T10:00:00Z\n  turns: [{ wait: 5m }, { value: 1 }, { visit: /x }]\n"
	w := load(t, map[string]string{"a.yaml": strings.Replace(minimal, "%", "a", 1), "stories/s.yaml": one + strings.Replace(one, "story: s", "story: t", 1)})
	if len(w.Stories) != 2 || w.Stories[1].Name != "t" || w.Stories[0].Turns[1].Value != "1" {
		t.Errorf("%+v", w.Stories)
	}
}

func TestGraph(t *testing.T) {
	w := load(t, map[string]string{"a.yaml": `flow: a
title: A "tour"
steps:
  - { id: ask, ask: name, say: "What is your <name>?", tries: 2, else: bye }
  - id: fork
    next:
      - { if: name == "x", to: ask }
      - { to: bye }
  - { id: bye, end: nurture, say: Bye. }
`})
	want := `---
title: "A #quot;tour#quot;"
---
flowchart TD
  s0{"ask: ask name<br/>What is your #lt;name#gt;?"}
  s1{{"fork"}}
  s2(["bye: end nurture<br/>Bye."])
  s0 --> s1
  s0 -->|"no answer after 2 tries"| s2
  s1 -->|"name == #quot;x#quot;"| s0
  s1 --> s2
`
	if got := w.Graph("a"); got != want {
		t.Errorf("got\n%s", got)
	}
	if w.Graph("b") != "" {
		t.Error("a flow that is not there has a graph")
	}
}

func TestLimits(t *testing.T) {
	for rule, text := range map[string]string{
		"too-large": "flow: a\nsteps:\n" + strings.Repeat("  - { id: x, say: x }\n", MaxSteps+1),
		"too-deep":  "flow: a\nsteps: " + strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1),
		"not-utf8":  "flow: a\xff",
	} {
		_, problems := Load(SourceFS(map[string]string{"a.yaml": text}))
		found := false
		for _, p := range problems {
			found = found || p.Rule == rule
		}
		if !found {
			t.Errorf("%s: %.200s", rule, problems)
		}
	}
	big := "flow: a\n#" + strings.Repeat("x", MaxFileBytes)
	if _, problems := Load(SourceFS(map[string]string{"a.yaml": big})); len(problems) != 1 || problems[0].Rule != "too-large" {
		t.Error(problems)
	}
	dense := "flow: a\nsteps: [" + strings.Repeat("1,", MaxNodes) + "]"
	if _, problems := Load(SourceFS(map[string]string{"a.yaml": dense})); len(problems) != 1 || problems[0].Rule != "too-large" {
		t.Error(len(problems))
	}
}

func TestAFileOfNothingButMistakesIsToldInBounds(t *testing.T) {
	dense := "flow: a\nsteps: [" + strings.Repeat("{id: x, "+strings.Repeat("y", 60)+": 1},", 6000) + "]"
	_, problems := Load(SourceFS(map[string]string{"a.yaml": dense}))
	if len(problems) > MaxProblems+2 || !problems.Failed() || len(problems.String()) > 1<<20 {
		t.Error(len(problems), len(problems.String()))
	}
}

// FuzzLoad: nothing that stands in a file makes Load panic, every problem has a place and words, and what loads gives
// the same revision from its sources.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"book-a-demo.yaml", "team.yaml", "faq.yaml", "stories/books.yaml"} {
		text, err := fs.ReadFile(Example(), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), name)
	}
	f.Add("a: &x [*x]\n", "a.yaml")
	f.Add("flow: a\nsteps: [{ id: x, next: [{ if: a in [\"b\"], to: x }] }]\n", "a.yaml")
	f.Fuzz(func(t *testing.T, text, name string) {
		switch name {
		case "team.yaml", "faq.yaml", "stories/books.yaml":
		default:
			name = "a.yaml"
		}
		files := map[string]string{"z.yaml": strings.Replace(minimal, "%", "z", 1), name: text}
		w, problems := Load(SourceFS(files))
		for _, p := range problems {
			if p.Line < 1 || p.Col < 1 || p.File == "" || p.Message == "" || p.Rule == "" {
				t.Errorf("a problem without a place or words: %+v", p)
			}
		}
		if problems.Failed() {
			return
		}
		again, _ := Load(SourceFS(w.Sources))
		if again == nil || again.Revision != w.Revision {
			t.Error("the sources give another revision")
		}
		for _, flow := range w.Flows {
			w.Graph(flow.ID)
		}
	})
}

// TestAnythingCutOutIsFoundOrHarmless: with a line of the example taken out or doubled, Load says what is wrong at a
// place that exists, or the workspace is still one.
func TestAnythingCutOutIsFoundOrHarmless(t *testing.T) {
	files := []string{"book-a-demo.yaml", "get-help.yaml", "team.yaml", "faq.yaml"}
	rapid.Check(t, func(t *rapid.T) {
		sources := map[string]string{}
		for _, name := range files {
			text, err := fs.ReadFile(Example(), name)
			if err != nil {
				t.Fatal(err)
			}
			sources[name] = string(text)
		}
		name := rapid.SampledFrom(files).Draw(t, "file")
		lines := strings.Split(sources[name], "\n")
		at := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
		switch rapid.IntRange(0, 2).Draw(t, "change") {
		case 0:
			lines = append(lines[:at:at], lines[at+1:]...)
		case 1:
			lines = append(lines[:at+1:at+1], lines[at:]...)
		case 2:
			lines[at] = strings.ReplaceAll(lines[at], rapid.SampledFrom([]string{":", "e", "[", "\"", "{", "1"}).Draw(t, "old"), rapid.SampledFrom([]string{"", "x", "{", "&", "- "}).Draw(t, "new"))
		}
		sources[name] = strings.Join(lines, "\n")
		w, _, problems := Prove(SourceFS(sources))
		for _, p := range problems {
			if text, ok := sources[p.File]; ok && p.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("%s is beyond the end", p.Place)
			}
		}
		if (w == nil) != problems.Failed() {
			t.Fatal("a workspace and errors, or neither")
		}
		if w != nil {
			if again, _ := Load(SourceFS(w.Sources)); again == nil || again.Revision != w.Revision {
				t.Fatal("the sources give another revision")
			}
		}
	})
}

func BenchmarkLoadExample(b *testing.B) {
	for b.Loop() {
		if _, problems := Load(Example()); problems.Failed() {
			b.Fatal(problems)
		}
	}
}
