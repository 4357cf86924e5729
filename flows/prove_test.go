package flows

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// largeFlow has a hundred steps that ask, branch and speak, and a score over what they learn.
func largeFlow(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "flow: flow-%d\ntitle: Flow %d\nfields:\n", n, n)
	for i := range 20 {
		fmt.Fprintf(&b, "  size_%d: { type: number, min: 0, max: 1000 }\n  goal_%d: { type: choice, options: { a: Way A, b: Way B, c: Way C } }\n", i, i)
	}
	b.WriteString("steps:\n")
	for i := range 98 {
		b.WriteString(largeStep(i))
	}
	b.WriteString("  - { id: last, end: qualified, say: Done. }\n  - { id: bye, end: nurture, say: Bye. }\nscore:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  - { if: size_%d >= 500, points: 5, because: many, part: need }\n  - { if: goal_%d == \"c\", points: 3, because: way c }\n", i, i)
	}
	b.WriteString("caps: { need: 60 }\ngrades: { hot: 60, warm: 30, cold: 0 }\n")
	return b.String()
}

func largeStep(i int) string {
	of, near, far := i/5, min(i+3, 97), min(i+4, 97)
	switch i % 5 {
	case 0:
		return fmt.Sprintf("  - id: s%d\n    ask: size_%d\n    say: How many are there?\n    retry: A number will do.\n    else: bye\n", i, of)
	case 1:
		return fmt.Sprintf("  - id: s%d\n    next:\n      - { if: size_%d >= 500, to: s%d }\n      - { to: s%d }\n", i, of, near, i+1)
	case 2:
		return fmt.Sprintf("  - id: s%d\n    ask: goal_%d\n    say: Which way?\n", i, of)
	case 3:
		return fmt.Sprintf("  - id: s%d\n    next:\n      - { if: goal_%d == \"a\" and size_%d < 10, to: s%d }\n      - { if: goal_%d == \"b\" or size_%d in 20..40, to: s%d }\n      - { to: s%d }\n", i, of, of, near, of, of, far, i+1)
	}
	return fmt.Sprintf("  - id: s%d\n    say: \"Thank you{{ known(name) ? ', ' + name : '' }}!\"\n", i)
}

// largeWorkspace is 200 flows of a hundred steps.
func largeWorkspace() fs.FS {
	files := map[string]string{}
	for n := range 200 {
		files[fmt.Sprintf("flow-%d.yaml", n)] = largeFlow(n)
	}
	return SourceFS(files)
}

func BenchmarkProve200FlowsOf100Steps(b *testing.B) {
	files := largeWorkspace()
	b.ReportAllocs()
	for b.Loop() {
		if _, _, problems := Prove(files); problems.Failed() {
			b.Fatal(problems)
		}
	}
}

func BenchmarkProveExample(b *testing.B) {
	for b.Loop() {
		if _, _, problems := Prove(Example()); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

// TestWhatIsFoundImpossibleNeverHolds: whatever the reasoning says of a condition is so for every conversation.
func TestWhatIsFoundImpossibleNeverHolds(t *testing.T) {
	v := &vocabulary{roster: &Roster{}, fields: map[string]*Field{
		"size": {Name: "size", Type: TypeNumber, Whole: true}, "urgent": {Name: "urgent", Type: TypeYesNo}, "firm": {Name: "firm", Type: TypeText},
		"goal": {Name: "goal", Type: TypeChoice, Options: []Option{{Value: "a"}, {Value: "b"}, {Value: "c"}}},
		"many": {Name: "many", Type: TypeChoices, Options: []Option{{Value: "x"}, {Value: "y"}}},
	}}
	rapid.Check(t, func(t *rapid.T) {
		source := expressionOf(t, 3)
		var problems Problems
		f := newFile("a.yaml", source, &problems)
		term := (&checker{vocabulary: v, file: f, at: func(int) Place { return Place{"a.yaml", 1, 1} }}).check(source)
		if len(problems) > 0 {
			t.Fatalf("%s: %s", source, problems)
		}
		b := newSenser(v, nil)
		s := b.sense(&Condition{Source: source})
		b.cut()
		_, can, _ := b.solve(b.everything(), s)
		_, cannot, _ := b.solve(b.everything(), not(s))
		for range 20 {
			scope := scopeOf(t)
			holds := term.holds()(scope)
			if holds && !can || !holds && !cannot {
				t.Fatalf("%s is %v for %+v, which was said to be impossible", source, holds, scope)
			}
		}
	})
}

func expressionOf(t *rapid.T, depth int) string {
	if depth > 0 {
		switch rapid.IntRange(0, 3).Draw(t, "join") {
		case 0:
			return "(" + expressionOf(t, depth-1) + " and " + expressionOf(t, depth-1) + ")"
		case 1:
			return "(" + expressionOf(t, depth-1) + " or " + expressionOf(t, depth-1) + ")"
		case 2:
			return "not (" + expressionOf(t, depth-1) + ")"
		}
	}
	return rapid.SampledFrom([]string{
		"size < 5", "size <= 5", "size > 5", "size >= 6", "size == 5", "size != 5", "5 < size", "size in 3..6", "size not in 3..6", "size in [4, 5]",
		"size * 2 > 10", "2 < size < 6", "known(size)", "urgent", "urgent == true", "urgent != true", "known(urgent)", "goal == \"a\"", "goal != \"a\"",
		"goal in [\"a\", \"b\"]", "goal not in [\"a\", \"b\"]", "firm == \"x\"", "firm < \"y\"", "firm startsWith \"x\"", "\"x\" in many", "many contains \"y\"",
		"\"x\" not in many", "booked", "score >= 5", "(size ?? 9) > 5", "visits < 1", "hour > 23", "weekday == \"mon\"",
	}).Draw(t, "atom")
}

func scopeOf(t *rapid.T) *Scope {
	s := &Scope{Values: map[string]Value{}, Booked: rapid.Bool().Draw(t, "booked"), Score: float64(rapid.IntRange(3, 7).Draw(t, "score")), Visits: rapid.IntRange(0, 2).Draw(t, "visits")}
	if rapid.Bool().Draw(t, "sized") {
		s.Values["size"] = Value{Type: TypeNumber, Number: float64(rapid.IntRange(1, 8).Draw(t, "size"))}
	}
	if rapid.Bool().Draw(t, "urged") {
		s.Values["urgent"] = Value{Type: TypeYesNo, Yes: rapid.Bool().Draw(t, "urgent")}
	}
	if goal := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "goal"); goal != "" {
		s.Values["goal"] = Value{Type: TypeChoice, Text: goal}
	}
	if firm := rapid.SampledFrom([]string{"", "a", "x", "xx", "y", "z"}).Draw(t, "firm"); firm != "" {
		s.Values["firm"] = Value{Type: TypeText, Text: firm}
	}
	if rapid.Bool().Draw(t, "listed") {
		s.Values["many"] = Value{Type: TypeChoices, List: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"x", "y"}), rapid.ID).Draw(t, "many")}
	}
	if rapid.Bool().Draw(t, "timed") {
		s.Now = time.Date(2026, 11, rapid.IntRange(1, 28).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC)
	}
	return s
}

// TestManyCasesAreBounded: a step whose conditions have more cases than can be looked at is proved all the same. To look at
// all of them would take longer than any test may.
func TestManyCasesAreBounded(t *testing.T) {
	var fields, condition, other []string
	asks := ""
	for i := range 20 {
		asks += fmt.Sprintf("  - { id: ask%d, ask: f%d, say: Q }\n", i, i)
		fields = append(fields, fmt.Sprintf("f%d: { type: number }", i))
		condition = append(condition, fmt.Sprintf("f%d > %d", i, i))
		other = append(other, fmt.Sprintf("f%d < f%d", i, (i+1)%20))
	}
	flow := "flow: a\nfields: { " + strings.Join(fields, ", ") + " }\nsteps:\n" + asks + "  - id: fork\n    next:\n      - { if: (" + strings.Join(condition, ") != (") +
		"), to: bye }\n      - { if: \"(" + strings.Join(other, " or ") + ") and not (" + strings.Join(other[:10], " or ") + ") and (" + strings.Join(condition, " or ") + ")\", to: last }\n      - { to: bye }\n" +
		"  - { id: last, end: nurture, say: Last. }\n  - { id: bye, end: nurture, say: Bye. }\n"
	w, surveys, problems := Prove(SourceFS(map[string]string{"a.yaml": flow}))
	if w == nil || len(surveys) != 1 {
		t.Fatal(problems)
	}
}

func TestTheSurveyOfTheExample(t *testing.T) {
	_, surveys, _ := Prove(Example())
	s := surveys[slices.IndexFunc(surveys, func(s Survey) bool { return s.Flow == "book-a-demo" })]
	if s.Shortest != 1 || s.Longest != 7 || s.Endless || s.Roughly {
		t.Errorf("%+v", s)
	}
	if s.Least != -20 || s.Most != 105 || !s.Scored {
		t.Errorf("%+v", s)
	}
	if !strings.HasPrefix(s.ShortestPath, "goal = help → ") {
		t.Error(s.ShortestPath)
	}
}

func TestAQuestionThatIsAskedAgainHasNoMost(t *testing.T) {
	flow := "flow: a\nsteps:\n  - { id: more, ask: more, again: true, say: More? }\n  - { id: fork, next: [{ if: more, to: more }, { to: bye }] }\n  - { id: bye, end: nurture, say: Bye. }\nfields: { more: { type: yesno } }\n"
	_, surveys, problems := Prove(SourceFS(map[string]string{"a.yaml": flow}))
	if len(problems) > 0 || !surveys[0].Endless || surveys[0].Shortest != 1 {
		t.Error(problems, surveys)
	}
}

// FuzzProve: no workspace makes the reasoning panic or go on for ever, and what it adds to Load are warnings alone.
func FuzzProve(f *testing.F) {
	for _, name := range []string{"book-a-demo.yaml", "get-help.yaml", "team.yaml"} {
		text, err := fs.ReadFile(Example(), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), name == "team.yaml")
	}
	f.Add(largeFlow(1), false)
	f.Fuzz(func(t *testing.T, text string, team bool) {
		files := map[string]string{"z.yaml": strings.Replace(minimal, "%", "z", 1), "a.yaml": text}
		if team {
			files = map[string]string{"z.yaml": strings.Replace(minimal, "%", "z", 1), "team.yaml": text}
		}
		w, surveys, problems := Prove(SourceFS(files))
		loaded, _ := Load(SourceFS(files))
		if (w == nil) != (loaded == nil) || (w == nil) != problems.Failed() || w != nil && len(surveys) != len(w.Flows) {
			t.Error("Prove and Load do not agree")
		}
		for _, p := range problems {
			if p.Line < 1 || p.Col < 1 || p.File == "" || p.Message == "" || CheckNamed(p.Rule) == nil {
				t.Errorf("a finding without a place, words or a rule: %+v", p)
			}
		}
	})
}
