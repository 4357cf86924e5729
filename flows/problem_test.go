package flows

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestAProblemIsPrintedWithItsLineAndACaret(t *testing.T) {
	for _, c := range []struct {
		source string
		col    int
		want   string
	}{
		{"  goal: x", 9, "      goal: x\n            ^\n"},
		{"\tgoal: x", 8, "    \tgoal: x\n    \t      ^\n"},
		{"say: नमस्ते {{ x }}", 16, "    say: नमस्ते {{ x }}\n                 ^\n"},
		{"say: 你好 x", 9, "    say: 你好 x\n              ^\n"},
	} {
		p := Problem{Place: Place{"a.yaml", 3, c.col}, Severity: Error, Rule: "r", Message: "no x", Hint: "say y", Source: c.source}
		if got, want := p.String(), "a.yaml:3:"+itoa(c.col)+": error: no x (say y) [r]\n"+c.want; got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
}

func itoa(n int) string { return plainNumber(float64(n)) }

func TestAProblemAsJSON(t *testing.T) {
	got, err := json.Marshal(Problem{Place: Place{"a.yaml", 7, 9}, Severity: Warning, Rule: "unknown-field", Message: "m", Hint: "h", Path: "goal = demo → meet", Source: "s"})
	if want := `{"file":"a.yaml","line":7,"col":9,"severity":"warning","rule":"unknown-field","message":"m","hint":"h","path":"goal = demo → meet"}`; string(got) != want || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	got, err = json.Marshal(Problem{Place: Place{"a.yaml", 7, 9}, Severity: Error, Rule: "r", Message: "m"})
	if want := `{"file":"a.yaml","line":7,"col":9,"severity":"error","rule":"r","message":"m","hint":"","path":""}`; string(got) != want || err != nil {
		t.Errorf("without a hint: %s, %v", got, err)
	}
}

func TestOnlyErrorsFail(t *testing.T) {
	warned := Problems{{Severity: Warning}}
	if warned.Failed() || warned.Err() != nil {
		t.Error("a warning fails")
	}
	var problems Problems
	if failed := append(warned, Problem{Severity: Error}); !failed.Failed() || !errors.As(failed.Err(), &problems) || len(problems) != 2 {
		t.Error("an error does not fail")
	}
}

func TestDidYouMean(t *testing.T) {
	known := []string{"team_size", "budget", "email", "goal", "x"}
	for written, want := range map[string]string{
		"teamsize": "team_size", "team_szie": "team_size", "Budget": "budget", "mail": "email", "emial": "email", "goals": "goal",
		"telephone": "", "y": "", "g": "", "bud": "budget",
	} {
		if got := closest(written, known); got != want {
			t.Errorf("%s: %q, want %q", written, got, want)
		}
	}
	if got := didYouMean("zzz", known); got != "known: budget, email, goal, team_size, x" {
		t.Error(got)
	}
}
