package flows_test

import (
	"errors"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"usher/flows"
)

// turnAt is the place of the n-th turn of a story file, from 0.
func turnAt(t *testing.T, text string, n int) flows.Place {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	story := root.Content[0]
	if story.Kind == yaml.SequenceNode {
		story = story.Content[0]
	}
	for i := 0; i < len(story.Content); i += 2 {
		if story.Content[i].Value == "turns" {
			turn := story.Content[i+1].Content[n]
			return flows.Place{Line: turn.Line, Col: turn.Column}
		}
	}
	t.Fatal("no turns")
	return flows.Place{}
}

func TestOnlyWhatIsAmendedChanges(t *testing.T) {
	const head = "# mine\nstory: s   # a name\nturns:\n"
	for _, c := range []struct {
		name, turns string
		turn        int
		values      map[string]string
		want        string
	}{
		{"a plain line", "  - bot: How many?  # ask\n  - visitor: 3\n", 0, map[string]string{"bot": "How much?"}, "  - bot: How much?  # ask\n  - visitor: 3\n"},
		{"words that need quotes", "  - bot: How many?\n", 0, map[string]string{"bot": "Well: [so] # so"}, "  - bot: \"Well: [so] # so\"\n"},
		{"words that are no text without quotes", "  - bot: How many?\n", 0, map[string]string{"bot": "yes: no"}, "  - bot: \"yes: no\"\n"},
		{"the quotes stay", "  - bot: 'It''s you'\n", 0, map[string]string{"bot": "It's me"}, "  - bot: 'It''s me'\n"},
		{"double quotes", `  - { bot: "say \"x\"" } # c` + "\n", 0, map[string]string{"bot": `a "b" \c`}, `  - { bot: "a \"b\" \\c" } # c` + "\n"},
		{"a block", "  - bot: |\n      one\n      two\n  - visitor: x\n", 0, map[string]string{"bot": "three"}, "  - bot: three\n  - visitor: x\n"},
		{"a line over several lines", "  - bot: one\n      two\n  - visitor: x\n", 0, map[string]string{"bot": "three"}, "  - bot: three\n  - visitor: x\n"},
		{"values in a flow map", "  - expect: { step: a, score: 60, parts: { need: 40, time: 20 } } # c\n", 0, map[string]string{"score": "50", "parts.need": "30"}, "  - expect: { step: a, score: 50, parts: { need: 30, time: 20 } } # c\n"},
		{"the first value goes", "  - expect: { rep: asha, step: a }\n", 0, map[string]string{"rep": ""}, "  - expect: { step: a }\n"},
		{"the last value goes", "  - expect: { step: a, rep: asha }\n", 0, map[string]string{"rep": ""}, "  - expect: { step: a }\n"},
		{"one goes and one changes", "  - expect: { step: a, rep: asha, end: x }\n", 0, map[string]string{"rep": "", "end": "y"}, "  - expect: { step: a, end: y }\n"},
		{"values in lines", "  - expect:\n      step: a\n      rep: asha # c\n      score: 1\n", 0, map[string]string{"rep": "", "score": "2.5"}, "  - expect:\n      step: a\n      score: 2.5\n"},
		{"the only value goes with its turn", "  - visitor: x\n  - expect: { rep: asha } # c\n  - visitor: y\n", 1, map[string]string{"rep": ""}, "  - visitor: x\n  - visitor: y\n"},
		{"the only row of a table goes with the table", "  - expect: { step: a, known: { size: \"3\" } }\n", 0, map[string]string{"known.size": ""}, "  - expect: { step: a }\n"},
		{"what is not said any more goes", "  - bot: x\n  - visitor: y\n", 0, map[string]string{"bot": ""}, "  - visitor: y\n"},
		{"a time", "  - expect: { meeting: 2026-11-23T12:00:00+05:30 }\n", 0, map[string]string{"meeting": "none"}, "  - expect: { meeting: none }\n"},
		{"other alphabets before it", "  - { bot: नमस्ते } # हाँ\n", 0, map[string]string{"bot": "कैसे हैं?"}, "  - { bot: कैसे हैं? } # हाँ\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, dress := range []func(string) string{
				func(s string) string { return s },
				func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
				func(s string) string { return strings.TrimSuffix(s, "\n") },
			} {
				text := dress(head + c.turns)
				got, err := flows.Amend(text, []flows.Amendment{{Turn: turnAt(t, text, c.turn), Values: c.values}})
				if want := dress(head + c.want); err != nil || got != want {
					t.Errorf("%v\ngot:\n%q\nwant:\n%q", err, got, want)
				}
			}
		})
	}
}

func TestWhatCannotBeAmendedStaysAsItIs(t *testing.T) {
	for name, text := range map[string]string{
		"the only turn":           "story: s\nturns:\n  - bot: x\n",
		"turns in one line":       "story: s\nturns: [{ bot: x }, { visitor: y }]\n",
		"there is no expectation": "story: s\nturns:\n  - visitor: x\n",
	} {
		t.Run(name, func(t *testing.T) {
			values := map[string]string{"bot": ""}
			if !strings.Contains(text, "bot") {
				values = map[string]string{"step": "z"}
			}
			got, err := flows.Amend(text, []flows.Amendment{{Turn: turnAt(t, text, 0), Values: values}})
			if !errors.Is(err, flows.ErrNotAmended) || got != text {
				t.Errorf("%v\n%s", err, got)
			}
		})
	}
}

func FuzzAmend(f *testing.F) {
	f.Add("story: s\nturns:\n  - bot: x\n", 3, 5, "bot", "y")
	f.Add("- story: s\n  turns:\n    - expect: { step: a, known: { x: 1 } }\n", 3, 7, "known.x", "")
	f.Add("story: s\nturns: [{bot: 'a'}, {expect: {step: \"b\"}}]", 2, 9, "bot", "a: b")
	f.Add("\ufeffstory: s\r\nturns:\r\n  - bot: >\r\n      a\r\n", 3, 5, "bot", "\u2028")
	f.Fuzz(func(t *testing.T, text string, line, col int, key, value string) {
		a := []flows.Amendment{{Turn: flows.Place{Line: line, Col: col}, Values: map[string]string{key: value}}}
		got, err := flows.Amend(text, a)
		if err != nil && got != text {
			t.Fatalf("%v, and yet %q became %q", err, text, got)
		}
		if err == nil && value != "" {
			if again, err := flows.Amend(got, a); err != nil || again != got {
				t.Fatalf("%q became %q and then %q: %v", text, got, again, err)
			}
		}
	})
}
