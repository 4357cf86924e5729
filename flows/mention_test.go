package flows

import (
	"fmt"
	"strings"
	"testing"
)

func TestMentions(t *testing.T) {
	for source, want := range map[string]string{
		`team_size >= 200`:                      "team_size >= [200]",
		`team_size in 20..199`:                  "team_size .. [20 199]",
		`20 < team_size and team_size != 7`:     "team_size < [20]; team_size != [7]",
		`size * 20 + 100 >= 5000`:               "size >= [245]",
		`(budget ?? 0) / 12 < -2`:               "budget < [-24]",
		`size in [1, 2]`:                        "size in [1 2]",
		`not (goal == "demo") or known(budget)`: `goal == ["demo"]; budget known`,
		`email endsWith ".edu"`:                 `email endsWith [".edu"]`,
		`"api" in topics`:                       `topics in ["api"]`,
		`country not in ["IN", "BD"]`:           `country in ["IN" "BD"]`,
		`budget > size * 50`:                    "budget > [50]; size > [50]",
		`visited("/pricing*") or open("sales")`: `visited visited ["/pricing*"]; open open ["sales"]`,
		`utm.source == "google" and hour >= 9`:  `utm.source == ["google"]; hour >= [9]`,
		`urgent`:                                "urgent",
		`urgent ? size > 3 : goal == "x"`:       `urgent; size > [3]; goal == ["x"]`,
		`this is (no expression`:                "",
	} {
		t.Run(source, func(t *testing.T) {
			if got := told(mentions(source)); got != want {
				t.Errorf("mentions %q, not %q", got, want)
			}
		})
	}
	t.Run("a text mentions what stands between its brackets, in every language", func(t *testing.T) {
		text := Text{by: []textIn{{written: `Hi {{ name }}, {{ size > 9 ? "}}" : "" }}`}, {language: "hi", written: "{{ company }}"}}}
		if got := told(text.Mentions()); got != "name; size > [9]; company" {
			t.Errorf("mentions %q", got)
		}
	})
	t.Run("what is not there mentions nothing", func(t *testing.T) {
		if (*Condition)(nil).Mentions() != nil || (*Text)(nil).Mentions() != nil {
			t.Error("mentions something")
		}
	})
}

func told(mentions []Mention) string {
	var all []string
	for _, m := range mentions {
		s := strings.TrimSpace(m.Name + " " + m.Operator)
		if m.Numbers != nil {
			s += " " + fmt.Sprint(m.Numbers)
		}
		if m.Texts != nil {
			s += fmt.Sprintf(" %q", m.Texts)
		}
		all = append(all, s)
	}
	return strings.Join(all, "; ")
}
