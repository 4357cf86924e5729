package terminal

import (
	"fmt"
	"strings"

	"usher/flows"
)

// summary is what a flow comes to, as `check --json --summary` prints it: a finding that is none, so that whoever reads findings
// can read it too.
type summary struct {
	flows.Place
	Severity  string    `json:"severity"` // info
	Rule      string    `json:"rule"`     // summary
	Message   string    `json:"message"`
	Hint      string    `json:"hint"`
	Path      string    `json:"path"`
	Flow      string    `json:"flow"`
	Questions questions `json:"questions"`
	Score     *reach    `json:"score,omitempty"`
}

// questions is how many are asked in the shortest and the longest conversation; no most when it is endless.
type questions struct {
	Least     int    `json:"least"`
	Most      *int   `json:"most"`
	LeastPath string `json:"least_path"`
	MostPath  string `json:"most_path"`
}

// reach is the least and the most score.
type reach struct {
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

func summaryOf(s flows.Survey) summary {
	out := summary{
		Place: s.Place, Severity: "info", Rule: "summary", Message: said(s), Flow: s.Flow,
		Questions: questions{Least: s.Shortest, LeastPath: s.ShortestPath, MostPath: s.LongestPath},
	}
	if !s.Endless {
		out.Questions.Most = &s.Longest
	}
	if s.Scored {
		out.Score = &reach{s.Least, s.Most}
	}
	return out
}

// said is a survey in one line.
func said(s flows.Survey) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", s.Flow)
	switch {
	case s.Endless:
		fmt.Fprintf(&b, "%s or more, without a bound", plural(s.Shortest, "question"))
	case s.Shortest == s.Longest:
		b.WriteString(plural(s.Shortest, "question"))
	default:
		fmt.Fprintf(&b, "%d to %s", s.Shortest, plural(s.Longest, "question"))
	}
	if s.Scored {
		fmt.Fprintf(&b, ", a score from %s to %s", plain(s.Least), plain(s.Most))
	}
	if s.Roughly {
		b.WriteString(" (bounds: there are too many cases to look at all)")
	}
	return b.String()
}

func plain(n float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", n), "0"), ".")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
